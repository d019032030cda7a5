/* Boxes through collapse and expand; see reshape.h. */

#include "reshape.h"

/* Past the dimensions from `first` on that belong to `group`. */
static int32_t group_end(const int32_t *map, int32_t rank, int32_t first, int32_t group) {
    while (first < rank && map[first] == group)
        ++first;
    return first;
}

/* Unit dimensions that belong to no group (a reshape to rank 0). */
static void unit_dims(const int32_t *map, int32_t rank, stream_box *box) {
    for (int32_t d = 0; d < rank; ++d)
        if (map[d] < 0) {
            box->lo[d] = 0;
            box->size[d] = 1;
        }
}

static int32_t group_first(const int32_t *map, int32_t rank, int32_t group) {
    int32_t first = 0;
    while (first < rank && map[first] != group)
        ++first;
    return first;
}

/* Sets dims [first, end) of `box` to cover the row-major range [lo, lo + size) of `shape`, and the
 * range to what is covered. */
static void cover(const int64_t *shape, int32_t first, int32_t end, stream_box *box, int32_t *lo,
                  int32_t *size) {
    int64_t inner = 1, a = *lo, b = *lo + (int64_t)*size - 1, base = 0;
    for (int32_t d = first; d < end; ++d)
        inner *= shape[d];
    bool whole = false;
    for (int32_t d = first; d < end; ++d) {
        inner /= shape[d];
        int64_t from = whole ? 0 : a / inner, to = whole ? shape[d] - 1 : b / inner;
        box->lo[d] = (int32_t)from;
        box->size[d] = (int32_t)(to - from + 1);
        if (whole)
            continue;
        a -= from * inner;
        b -= to * inner;
        base += from * inner;
        if (from != to) {
            whole = true;
            *lo = (int32_t)base;
            *size = (int32_t)((to - from + 1) * inner);
        }
    }
}

stream_box stream_collapse_source(const stream_view *source, const stream_view *view,
                                  const stream_box *asked, stream_box *made) {
    stream_box box = {.rank = source->rank};
    *made = *asked;
    unit_dims(view->map, source->rank, &box);
    for (int32_t g = 0; g < view->rank; ++g) {
        int32_t first = group_first(view->map, source->rank, g);
        int32_t end = group_end(view->map, source->rank, first, g);
        cover(source->shape, first, end, &box, &made->lo[g], &made->size[g]);
    }
    return box;
}

/* Grows dims [first, end) of `made` to a contiguous form; its row-major range is *lo, *size. */
static void contiguous(const int64_t *shape, int32_t first, int32_t end, stream_box *made,
                       int32_t *lo, int32_t *size) {
    int64_t at = 0, count = 1;
    bool whole = false;
    for (int32_t d = first; d < end; ++d) {
        if (whole) {
            made->lo[d] = 0;
            made->size[d] = (int32_t)shape[d];
        }
        whole |= made->size[d] > 1;
        at = at * shape[d] + made->lo[d];
        count *= made->size[d];
    }
    *lo = (int32_t)at;
    *size = (int32_t)count;
}

stream_box stream_expand_source(const stream_view *source, const stream_view *view,
                                const stream_box *asked, stream_box *made) {
    stream_box box = {.rank = source->rank};
    *made = *asked;
    for (int32_t g = 0; g < source->rank; ++g) {
        int32_t first = group_first(view->map, view->rank, g);
        int32_t end = group_end(view->map, view->rank, first, g);
        contiguous(view->shape, first, end, made, &box.lo[g], &box.size[g]);
    }
    return box;
}
