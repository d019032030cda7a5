/* R11: CTs that accumulate into one box run one after the other, in program order. */

#include "context.h"

#include <inttypes.h>

void check_order(check *c) {
    for (int32_t i = 0; i < c->graph->n_cts; ++i) {
        int32_t previous = c->previous[i];
        const stream_ct_slot *slots = c->schedule->slots;
        if (previous >= 0 && slots[i].start < slots[previous].end)
            check_report(c, check_ct_loc(c, i), "R11",
                         "%s starts at %" PRId64 " and accumulates onto CT %" PRId32
                         ", which ends at %" PRId64,
                         check_ct_name(c, i).s, slots[i].start, previous, slots[previous].end);
    }
}
