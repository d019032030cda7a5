/* Static index over ranges; see range_tree.h. */

#include "range_tree.h"

#include "stream/support/integer.h"

#include <string.h>

#define LEAF 4

typedef struct {
    check_range_tree *tree;
    int32_t *items;
    check_range *nodes;
    int64_t *keys; /* [n] centre of each range along the dimension that is being split */
} builder;

static bool overlaps(const check_range *a, const check_range *b, int32_t dims) {
    for (int32_t d = 0; d < dims; ++d)
        if (a->lo[d] >= b->hi[d] || b->lo[d] >= a->hi[d] || a->lo[d] >= a->hi[d])
            return false;
    return true;
}

static int64_t centre(const check_range *range, int32_t d) {
    return range->lo[d] / 2 + range->hi[d] / 2;
}

static check_range around(const builder *b, int32_t first, int32_t n) {
    const check_range *ranges = b->tree->ranges;
    check_range all = ranges[b->items[first]];
    for (int32_t i = first + 1; i < first + n; ++i)
        for (int32_t d = 0; d < b->tree->dims; ++d) {
            all.lo[d] = stream_min_i64(all.lo[d], ranges[b->items[i]].lo[d]);
            all.hi[d] = stream_max_i64(all.hi[d], ranges[b->items[i]].hi[d]);
        }
    return all;
}

/* Spread of the items along `d`, in mean lengths. */
static double spread(const builder *b, int32_t first, int32_t n, int32_t d) {
    const check_range *ranges = b->tree->ranges;
    int64_t least = INT64_MAX, most = 0;
    double length = 0;
    for (int32_t i = first; i < first + n; ++i) {
        const check_range *range = &ranges[b->items[i]];
        least = stream_min_i64(least, centre(range, d));
        most = stream_max_i64(most, centre(range, d));
        length += (double)range->hi[d] - (double)range->lo[d];
    }
    return (double)(most - least) / (length / n + 1);
}

static int32_t widest(const builder *b, int32_t first, int32_t n) {
    int32_t best = 0;
    double most = -1;
    for (int32_t d = 0; d < b->tree->dims; ++d) {
        double s = spread(b, first, n, d);
        if (s > most) {
            most = s;
            best = d;
        }
    }
    return best;
}

static bool before(const builder *b, int32_t x, int32_t y) {
    return b->keys[x] != b->keys[y] ? b->keys[x] < b->keys[y] : x < y;
}

/* Orders items[lo .. hi] so that the k-th stands in its place: Hoare's selection. */
static void select_kth(const builder *b, int32_t lo, int32_t hi, int32_t k) {
    while (lo < hi) {
        int32_t pivot = b->items[lo + (hi - lo) / 2], i = lo, j = hi;
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
    b->nodes[node] = around(b, first, n);
    if (n <= LEAF)
        return;
    int32_t d = widest(b, first, n);
    for (int32_t i = first; i < first + n; ++i)
        b->keys[b->items[i]] = centre(&b->tree->ranges[b->items[i]], d);
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

void check_range_tree_build(int32_t dims, const check_range *ranges, int32_t n, stream_arena *arena,
                            check_range_tree *out) {
    *out = (check_range_tree){.dims = dims, .n = n, .ranges = ranges};
    if (n == 0)
        return;
    builder b = {.tree = out,
                 .items = STREAM_NEW(arena, int32_t, (size_t)n),
                 .nodes = STREAM_NEW(arena, check_range, node_count(n)),
                 .keys = STREAM_NEW(arena, int64_t, (size_t)n)};
    for (int32_t i = 0; i < n; ++i)
        b.items[i] = i;
    build(&b, 0, 0, n);
    out->items = b.items;
    out->nodes = b.nodes;
}

static bool find(const check_range_tree *tree, const check_range *query, int32_t node,
                 int32_t first, int32_t n, check_range_visit visit, void *user) {
    if (!overlaps(&tree->nodes[node], query, tree->dims))
        return true;
    if (n > LEAF)
        return find(tree, query, 2 * node + 1, first, n / 2, visit, user) &&
               find(tree, query, 2 * node + 2, first + n / 2, n - n / 2, visit, user);
    for (int32_t i = first; i < first + n; ++i)
        if (overlaps(&tree->ranges[tree->items[i]], query, tree->dims) &&
            !visit(user, tree->items[i]))
            return false;
    return true;
}

void check_range_tree_find(const check_range_tree *tree, const check_range *query,
                           check_range_visit visit, void *user) {
    if (tree->n > 0)
        find(tree, query, 0, 0, tree->n, visit, user);
}
