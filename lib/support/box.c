/* Integer boxes; see stream/support/box.h. */

#include "stream/support/box.h"

#include <string.h>

bool stream_box_equal(const stream_box *a, const stream_box *b) {
    return memcmp(a, b, sizeof *a) == 0;
}

bool stream_box_is_empty(const stream_box *box) {
    for (int32_t d = 0; d < box->rank; ++d)
        if (box->size[d] <= 0)
            return true;
    return false;
}

int64_t stream_box_volume(const stream_box *box) {
    int64_t volume = 1;
    for (int32_t d = 0; d < box->rank; ++d)
        volume *= box->size[d];
    return volume;
}

bool stream_box_intersect(const stream_box *a, const stream_box *b, stream_box *out) {
    stream_box common = {.rank = a->rank};
    for (int32_t d = 0; d < a->rank; ++d) {
        int32_t a_hi = a->lo[d] + a->size[d], b_hi = b->lo[d] + b->size[d];
        int32_t lo = a->lo[d] > b->lo[d] ? a->lo[d] : b->lo[d];
        int32_t hi = a_hi < b_hi ? a_hi : b_hi;
        if (lo >= hi)
            return false;
        common.lo[d] = lo;
        common.size[d] = hi - lo;
    }
    *out = common;
    return true;
}

int32_t stream_box_subtract(const stream_box *a, const stream_box *b, stream_box *out) {
    stream_box common;
    if (!stream_box_intersect(a, b, &common)) {
        out[0] = *a;
        return 1;
    }
    int32_t n = 0;
    stream_box rest = *a;
    for (int32_t d = 0; d < a->rank; ++d) {
        int32_t below = common.lo[d] - rest.lo[d];
        int32_t above = rest.lo[d] + rest.size[d] - (common.lo[d] + common.size[d]);
        if (below > 0) {
            out[n] = rest;
            out[n++].size[d] = below;
        }
        if (above > 0) {
            out[n] = rest;
            out[n].lo[d] = common.lo[d] + common.size[d];
            out[n++].size[d] = above;
        }
        rest.lo[d] = common.lo[d];
        rest.size[d] = common.size[d];
    }
    return n;
}

stream_box stream_box_whole(int32_t rank, const int64_t *shape) {
    stream_box box = {.rank = rank};
    for (int32_t d = 0; d < rank; ++d)
        box.size[d] = (int32_t)shape[d];
    return box;
}
