/* Static index over ranges; see range_tree.h. */

#include "stream/support/range_tree.h"

#include "stream/support/integer.h"

#include <string.h>

#define LEAF 4

typedef struct {
    int32_t dims;
    const int64_t *ranges;
    int32_t *items;
    int64_t *nodes;
    int64_t *keys; /* [n] centre of each range along the dimension that is being split */
} builder;

static bool overlaps(const int64_t *a, const int64_t *b, int32_t dims) {
    for (const int64_t *end = a + 2 * dims; a < end; a += 2, b += 2)
        if (a[0] >= b[1] || b[0] >= a[1] || a[0] >= a[1])
            return false;
    return true;
}

static const int64_t *range_of(const builder *b, int32_t item) {
    return b->ranges + (size_t)item * 2 * (size_t)b->dims;
}

static int64_t centre(const int64_t *range, int32_t d) {
    return range[2 * d] / 2 + range[2 * d + 1] / 2;
}

static void around(const builder *b, int32_t first, int32_t n, int64_t *all) {
    memcpy(all, range_of(b, b->items[first]), 2 * (size_t)b->dims * sizeof *all);
    for (int32_t i = first + 1; i < first + n; ++i) {
        const int64_t *range = range_of(b, b->items[i]);
        for (int32_t d = 0; d < 2 * b->dims; d += 2) {
            all[d] = stream_min_i64(all[d], range[d]);
            all[d + 1] = stream_max_i64(all[d + 1], range[d + 1]);
        }
    }
}

/* The dimension along which the items are spread most, in mean lengths. */
static int32_t widest(const builder *b, int32_t first, int32_t n) {
    int64_t least[STREAM_RANGE_DIMS], most[STREAM_RANGE_DIMS] = {0};
    double length[STREAM_RANGE_DIMS] = {0}, best_spread = -1;
    int32_t best = 0;
    for (int32_t d = 0; d < b->dims; ++d)
        least[d] = INT64_MAX;
    for (int32_t i = first; i < first + n; ++i) {
        const int64_t *range = range_of(b, b->items[i]);
        for (int32_t d = 0; d < b->dims; ++d) {
            int64_t at = centre(range, d);
            least[d] = stream_min_i64(least[d], at);
            most[d] = stream_max_i64(most[d], at);
            length[d] += (double)range[2 * d + 1] - (double)range[2 * d];
        }
    }
    for (int32_t d = 0; d < b->dims; ++d) {
        double spread = (double)(most[d] - least[d]) / (length[d] / n + 1);
        if (spread > best_spread) {
            best_spread = spread;
            best = d;
        }
    }
    return best;
}

static bool before(const builder *b, int32_t x, int32_t y) {
    return b->keys[x] != b->keys[y] ? b->keys[x] < b->keys[y] : x < y;
}

/* One of [lo, hi], scattered by a sequence that is the same for every tree: what buffers are in is
 * often a few sorted runs, in which the middle is next to an end. */
static int32_t scattered(uint32_t *state, int32_t lo, int32_t hi) {
    *state = *state * 1664525u + 1013904223u;
    return lo + (int32_t)((uint64_t)*state * (uint64_t)(hi - lo + 1) >> 32);
}

/* Orders items[lo .. hi] so that the k-th stands in its place: Hoare's selection. */
static void select_kth(const builder *b, int32_t lo, int32_t hi, int32_t k) {
    uint32_t state = 1;
    while (lo < hi) {
        int32_t pivot = b->items[scattered(&state, lo, hi)], i = lo, j = hi;
        while (i <= j) {
            while (before(b, b->items[i], pivot))
                ++i;
            while (before(b, pivot, b->items[j]))
                --j;
            if (i <= j) {
                int32_t swap = b->items[i];
                b->items[i++] = b->items[j];
                b->items[j--] = swap;
            }
        }
        if (k <= j)
            hi = j;
        else if (k >= i)
            lo = i;
        else
            return;
    }
}

static void build(const builder *b, int32_t node, int32_t first, int32_t n) {
    around(b, first, n, b->nodes + (size_t)node * 2 * (size_t)b->dims);
    if (n <= LEAF)
        return;
    int32_t d = widest(b, first, n);
    for (int32_t i = first; i < first + n; ++i)
        b->keys[b->items[i]] = centre(range_of(b, b->items[i]), d);
    select_kth(b, first, first + n - 1, first + n / 2);
    build(b, 2 * node + 1, first, n / 2);
    build(b, 2 * node + 2, first + n / 2, n - n / 2);
}

/* Nodes of a tree over n items whose halves differ by at most one. */
static size_t node_count(int32_t n) {
    size_t depth = 0;
    for (; n > LEAF; n = n - n / 2)
        ++depth;
    return ((size_t)2 << depth) - 1;
}

void stream_range_tree_build(int32_t dims, const int64_t *ranges, int32_t n, stream_arena *arena,
                             stream_range_tree *out) {
    *out = (stream_range_tree){.dims = dims, .n = n};
    if (n == 0)
        return;
    size_t size = 2 * (size_t)dims;
    stream_arena *scratch = stream_arena_create();
    builder b = {.dims = dims,
                 .ranges = ranges,
                 .items = STREAM_NEW(arena, int32_t, (size_t)n),
                 .nodes = STREAM_NEW(arena, int64_t, size * node_count(n)),
                 .keys = STREAM_NEW(scratch, int64_t, (size_t)n)};
    for (int32_t i = 0; i < n; ++i)
        b.items[i] = i;
    build(&b, 0, 0, n);
    int64_t *ordered = STREAM_NEW(arena, int64_t, size * (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        memcpy(ordered + size * (size_t)i, range_of(&b, b.items[i]), size * sizeof *ordered);
    out->items = b.items;
    out->nodes = b.nodes;
    out->ranges = ordered;
    stream_arena_destroy(scratch);
}

static bool find(const stream_range_tree *tree, const int64_t *query, int32_t node, int32_t first,
                 int32_t n, stream_range_visit visit, void *user) {
    size_t size = 2 * (size_t)tree->dims;
    if (!overlaps(tree->nodes + size * (size_t)node, query, tree->dims))
        return true;
    if (n > LEAF)
        return find(tree, query, 2 * node + 1, first, n / 2, visit, user) &&
               find(tree, query, 2 * node + 2, first + n / 2, n - n / 2, visit, user);
    for (int32_t i = first; i < first + n; ++i)
        if (overlaps(tree->ranges + size * (size_t)i, query, tree->dims) &&
            !visit(user, tree->items[i]))
            return false;
    return true;
}

void stream_range_tree_find(const stream_range_tree *tree, const int64_t *query,
                            stream_range_visit visit, void *user) {
    if (tree->n > 0)
        find(tree, query, 0, 0, tree->n, visit, user);
}

int64_t *stream_range_of_box(const stream_box *box, int64_t *range) {
    for (int32_t d = 0; d < box->rank; ++d) {
        *range++ = box->lo[d];
        *range++ = (int64_t)box->lo[d] + box->size[d];
    }
    return range;
}
