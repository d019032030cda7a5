#ifndef STREAM_LIB_SCHEDULE_HOLE_TREE_H
#define STREAM_LIB_SCHEDULE_HOLE_TREE_H

#include "memory_map.h"

/* Holes of a memory map by (size, address), as a treap in the pool of its segments: `left` and
 * `right` of a segment are its subtrees, `soonest` the segment of its subtree that is free first
 * (of equal ones the lowest). Priorities are hashes of ids, so the same map is the same tree.
 *
 * All in O(log holes), expected. The keys of a hole in the tree must not change. */

void stream_hole_tree_add(memory_map *map, int32_t id);
void stream_hole_tree_remove(memory_map *map, int32_t id);

/* The smallest hole of at least `bits` that is free from `want` on, of equal ones the lowest; -1:
 * none. */
int32_t stream_hole_tree_fit(const memory_map *map, int64_t bits, int64_t want);

/* The hole of at least `bits` that is free first, of equal ones the lowest; -1: none. */
int32_t stream_hole_tree_soonest(const memory_map *map, int64_t bits);

#endif
