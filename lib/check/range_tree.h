#ifndef STREAM_CHECK_RANGE_TREE_H
#define STREAM_CHECK_RANGE_TREE_H

#include "stream/support/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* A static index over integer ranges of a few dimensions: which of them overlap a given one?
 *
 *   node:   the smallest range around its items
 *   items:  halved at the median along the dimension in which they are spread the most,
 *           measured in mean lengths, down to leaves of a few
 *
 * A range is 2 * dims numbers, lo and hi of each dimension in turn: [lo, hi); empty in one of them,
 * it overlaps nothing.
 *
 * Build O(n log n), find O(log n + found) for ranges that are spread rather than stacked. */
#define CHECK_RANGE_DIMS 12

typedef struct {
    int32_t dims, n;
    const int32_t *items;  /* [n] permutation of the ranges, leaves in a row */
    const int64_t *ranges; /* [n] of the items, in their order */
    const int64_t *nodes;  /* ranges; root 0, children of k are 2k + 1 and 2k + 2 */
} check_range_tree;

/* ranges  [n]; every number >= 0 */
void check_range_tree_build(int32_t dims, const int64_t *ranges, int32_t n, stream_arena *arena,
                            check_range_tree *out);

/* Calls `visit` with the index of every range that overlaps `query`, in a fixed order, until it
 * returns false. */
typedef bool (*check_range_visit)(void *user, int32_t index);
void check_range_tree_find(const check_range_tree *tree, const int64_t *query,
                           check_range_visit visit, void *user);

#endif
