#ifndef STREAM_SUPPORT_RANGE_TREE_H
#define STREAM_SUPPORT_RANGE_TREE_H

#include "stream/support/arena.h"
#include "stream/support/box.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

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
#define STREAM_RANGE_DIMS 12

typedef struct {
    int32_t dims, n;
    const int32_t *items;  /* [n] permutation of the ranges, leaves in a row */
    const int64_t *ranges; /* [n] of the items, in their order */
    const int64_t *nodes;  /* ranges; root 0, children of k are 2k + 1 and 2k + 2 */
} stream_range_tree;

/* ranges  [n]; every number >= 0 */
void stream_range_tree_build(int32_t dims, const int64_t *ranges, int32_t n, stream_arena *arena,
                             stream_range_tree *out);

/* Calls `visit` with the index of every range that overlaps `query`, in a fixed order, until it
 * returns false. */
typedef bool (*stream_range_visit)(void *user, int32_t index);
void stream_range_tree_find(const stream_range_tree *tree, const int64_t *query,
                            stream_range_visit visit, void *user);

/* Writes the box as a range of its rank; returns what is behind it. */
int64_t *stream_range_of_box(const stream_box *box, int64_t *range);

#ifdef __cplusplus
}
#endif

#endif
