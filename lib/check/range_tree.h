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
 * Build O(n log n), find O(log n + found) for ranges that are spread rather than stacked. */
#define CHECK_RANGE_DIMS 12

typedef struct {
    int64_t lo[CHECK_RANGE_DIMS], hi[CHECK_RANGE_DIMS]; /* [lo, hi); empty: overlaps nothing */
} check_range;

typedef struct {
    int32_t dims, n;
    const check_range *ranges; /* [n], kept */
    const int32_t *items;      /* [n] permutation of the ranges, leaves in a row */
    const check_range *nodes;  /* root 0, children of k are 2k + 1 and 2k + 2 */
} check_range_tree;

/* ranges  [n], kept; lo >= 0 and hi >= 0 */
void check_range_tree_build(int32_t dims, const check_range *ranges, int32_t n, stream_arena *arena,
                            check_range_tree *out);

/* Calls `visit` with the index of every range that overlaps `query`, in a fixed order, until it
 * returns false. */
typedef bool (*check_range_visit)(void *user, int32_t index);
void check_range_tree_find(const check_range_tree *tree, const check_range *query,
                           check_range_visit visit, void *user);

#endif
