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

/* The common part of the d-th interval; false: there is none. */
static bool common_interval(const stream_box *a, const stream_box *b, int32_t d, int32_t *lo,
                            int32_t *hi) {
    int32_t a_hi = a->lo[d] + a->size[d], b_hi = b->lo[d] + b->size[d];
    *lo = a->lo[d] > b->lo[d] ? a->lo[d] : b->lo[d];
    *hi = a_hi < b_hi ? a_hi : b_hi;
    return *lo < *hi;
}

bool stream_box_intersect(const stream_box *a, const stream_box *b, stream_box *out) {
    stream_box common = {.rank = a->rank};
    for (int32_t d = 0; d < a->rank; ++d) {
        int32_t hi;
        if (!common_interval(a, b, d, &common.lo[d], &hi))
            return false;
        common.size[d] = hi - common.lo[d];
    }
    *out = common;
    return true;
}

int32_t stream_box_subtract(const stream_box *a, const stream_box *b, stream_box *out) {
    int32_t lo[STREAM_MAX_RANK], hi[STREAM_MAX_RANK], n = 0;
    stream_box rest = *a;
    for (int32_t d = 0; d < a->rank; ++d)
        if (!common_interval(a, b, d, &lo[d], &hi[d])) {
            out[0] = rest;
            return 1;
        }
    for (int32_t d = 0; d < rest.rank; ++d) {
        int32_t end = rest.lo[d] + rest.size[d];
        if (lo[d] > rest.lo[d]) {
            out[n] = rest;
            out[n++].size[d] = lo[d] - rest.lo[d];
        }
        if (end > hi[d]) {
            out[n] = rest;
            out[n].lo[d] = hi[d];
            out[n++].size[d] = end - hi[d];
        }
        rest.lo[d] = lo[d];
        rest.size[d] = hi[d] - lo[d];
    }
    return n;
}

int32_t stream_box_trim(stream_box *a, const stream_box *b) {
    int32_t axis = -1, from = 0, to = 0, parts = 0;
    for (int32_t d = 0; d < a->rank; ++d) {
        int32_t a_hi = a->lo[d] + a->size[d], b_hi = b->lo[d] + b->size[d];
        if (a->lo[d] >= b_hi || b->lo[d] >= a_hi)
            return 1;
        bool below = a->lo[d] < b->lo[d], above = b_hi < a_hi;
        if (!below && !above)
            continue;
        axis = d;
        from = below ? a->lo[d] : b_hi;
        to = below ? b->lo[d] : a_hi;
        parts += below + above;
    }
    if (parts > 1)
        return -1;
    if (parts == 1) {
        a->lo[axis] = from;
        a->size[axis] = to - from;
    }
    return parts;
}

stream_box stream_box_whole(int32_t rank, const int64_t *shape) {
    stream_box box = {.rank = rank};
    for (int32_t d = 0; d < rank; ++d)
        box.size[d] = (int32_t)shape[d];
    return box;
}
