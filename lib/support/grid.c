/* Intervals between the borders of boxes; see stream/support/grid.h. */

#include "stream/support/grid.h"

#include "stream/support/sort.h"

static int32_t sort_cuts(const stream_box *const *boxes, int32_t n, int32_t d, int32_t *cuts) {
    int32_t m = 0;
    for (int32_t i = 0; i < n; ++i) {
        cuts[2 * (size_t)i] = boxes[i]->lo[d];
        cuts[2 * (size_t)i + 1] = boxes[i]->lo[d] + boxes[i]->size[d];
    }
    stream_sort_i32(cuts, 2 * (size_t)n);
    for (size_t i = 0; i < 2 * (size_t)n; ++i)
        if (m == 0 || cuts[m - 1] != cuts[i])
            cuts[m++] = cuts[i];
    return m;
}

/* By marking coordinates, where the dim is not much longer than there are boxes. */
static int32_t mark_cuts(const stream_box *const *boxes, int32_t n, int32_t d, int32_t extent,
                         int32_t *interval, int32_t *cuts) {
    int32_t m = 0;
    for (int32_t i = 0; i < n; ++i)
        interval[boxes[i]->lo[d]] = interval[boxes[i]->lo[d] + boxes[i]->size[d]] = 1;
    for (int32_t x = 0; x <= extent; ++x) {
        if (interval[x])
            cuts[m++] = x;
        interval[x] = m - 1;
    }
    return m;
}

void stream_grid_build(const stream_box *const *boxes, int32_t n, int32_t rank,
                       const int64_t *shape, size_t most_cells, stream_arena *arena,
                       stream_grid *out) {
    *out = (stream_grid){.rank = rank, .n_cells = 1};
    for (int32_t d = 0; d < rank; ++d) {
        bool mark = shape[d] <= 4 * (int64_t)n + 4096;
        size_t extent = (size_t)shape[d] + 1;
        int32_t *cuts = STREAM_NEW(arena, int32_t, mark ? extent : 2 * (size_t)n);
        int32_t *interval = mark ? STREAM_NEW(arena, int32_t, extent) : NULL;
        out->n_cuts[d] = mark ? mark_cuts(boxes, n, d, (int32_t)shape[d], interval, cuts)
                              : sort_cuts(boxes, n, d, cuts);
        out->cuts[d] = cuts;
        out->interval[d] = interval;
        out->n_cells *= (size_t)(out->n_cuts[d] - 1);
        if (out->n_cells > most_cells)
            out->n_cells = 0;
    }
}

/* Index of the last cut <= x, or -1; x is inside the tensor. */
static int32_t interval(const stream_grid *g, int32_t d, int32_t x) {
    int32_t lo = 0, hi = g->n_cuts[d];
    if (g->interval[d])
        return g->interval[d][x];
    while (lo < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        if (g->cuts[d][mid] <= x)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo - 1;
}

bool stream_grid_range(const stream_grid *g, const stream_box *box, stream_cell_range *out) {
    for (int32_t d = 0; d < g->rank; ++d) {
        out->from[d] = interval(g, d, box->lo[d]);
        out->to[d] = interval(g, d, box->lo[d] + box->size[d] - 1);
        if (out->from[d] < 0)
            out->from[d] = 0;
        if (out->to[d] > g->n_cuts[d] - 2)
            out->to[d] = g->n_cuts[d] - 2;
        if (out->to[d] < out->from[d])
            return false;
    }
    return true;
}

bool stream_grid_spans(const stream_grid *g, const stream_box *box) {
    for (int32_t d = 0; d < g->rank; ++d)
        if (box->lo[d] < g->cuts[d][0] || box->lo[d] + box->size[d] > g->cuts[d][g->n_cuts[d] - 1])
            return false;
    return true;
}

size_t stream_grid_cell(const stream_grid *g, const int32_t *at) {
    size_t cell = 0;
    for (int32_t d = 0; d < g->rank; ++d)
        cell = cell * (size_t)(g->n_cuts[d] - 1) + (size_t)at[d];
    return cell;
}

bool stream_grid_next(const stream_grid *g, const stream_cell_range *range, int32_t *at) {
    for (int32_t d = g->rank - 1; d >= 0; --d) {
        if (++at[d] <= range->to[d])
            return true;
        at[d] = range->from[d];
    }
    return false;
}
