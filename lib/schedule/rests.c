/* What of a box is still to be fetched; see rests.h. */

#include "rests.h"

#include "stream/support/integer.h"

bool stream_rests_cut(box_rests *r, const stream_box *there) {
    stream_box next[STREAM_MOST_RESTS + 2 * STREAM_MAX_RANK];
    int32_t first = 0;
    while (first < r->n && !stream_box_overlaps(&r->boxes[first], there))
        ++first;
    int32_t n = first;
    for (int32_t i = first; i < r->n; ++i) {
        if (n > STREAM_MOST_RESTS)
            return false;
        n += stream_box_subtract(&r->boxes[i], there, &next[n]);
    }
    if (n > STREAM_MOST_RESTS)
        return false;
    for (int32_t i = first; i < n; ++i)
        r->boxes[i] = next[i];
    r->n = n;
    return true;
}

int64_t stream_rests_bits(const engine *e, int32_t tensor, int32_t instance, const box_rests *r) {
    int64_t sum = 0;
    for (int32_t i = 0; i < r->n; ++i)
        sum = stream_sum_i64(
            sum, stream_engine_rounded(e, instance,
                                       stream_ct_graph_bits(e->m->graph, tensor, &r->boxes[i])));
    return sum;
}
