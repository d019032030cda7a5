/* What of a box is still to be fetched; see rests.h. */

#include "rests.h"

#include "stream/support/integer.h"

/* Each rest from the i-th on may leave several; n are kept of those before. */
static bool cut_apart(box_rests *r, int32_t i, int32_t n, const stream_box *there) {
    stream_box next[STREAM_MOST_RESTS + 2 * STREAM_MAX_RANK];
    int32_t first = n;
    for (; i < r->n; ++i) {
        if (n > STREAM_MOST_RESTS)
            return false;
        n += stream_box_subtract(&r->boxes[i], there, &next[n]);
    }
    if (n > STREAM_MOST_RESTS)
        return false;
    for (int32_t k = first; k < n; ++k)
        r->boxes[k] = next[k];
    r->n = n;
    return true;
}

bool stream_rests_cut(box_rests *r, const stream_box *there) {
    int32_t n = 0;
    for (int32_t i = 0; i < r->n; ++i) {
        int32_t left = stream_box_trim(&r->boxes[i], there);
        if (left < 0)
            return cut_apart(r, i, n, there);
        if (left > 0 && n != i)
            r->boxes[n] = r->boxes[i];
        n += left;
    }
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
