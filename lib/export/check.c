/* What exporters rely on; see stream/export/export.h. */

#include "stream/export/export.h"

#include "stream/support/integer.h"

#include <inttypes.h>

static int64_t last_event(const stream_export *e) {
    int64_t last = 0;
    for (int32_t i = 0; i < e->problem->graph->n_cts; ++i)
        last = stream_max_i64(last, e->schedule->slots[i].end);
    for (int32_t i = 0; i < e->schedule->n_transfers; ++i)
        last = stream_max_i64(last, e->schedule->transfers[i].end);
    return last;
}

stream_status stream_export_check(const stream_export *e, stream_loc loc, const stream_diag *diag) {
    int64_t end = last_event(e), said = e->schedule->summary.latency_cycles;
    if (said == end)
        return STREAM_OK;
    return stream_error(diag, STREAM_INVALID, loc,
                        "the summary says %" PRId64 " cycles, but the last event ends at %" PRId64
                        ": nothing is drawn of a schedule whose summary is not its own",
                        said, end);
}
