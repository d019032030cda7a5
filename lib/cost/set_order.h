#ifndef STREAM_LIB_COST_SET_ORDER_H
#define STREAM_LIB_COST_SET_ORDER_H

#include "stream/cost/loop_nest.h"

/* The order in which the reference iterates over a set of loop dims (reference 3.3, "set order"):
 * that of a CPython hash table with the hashes of its dim names. It decides ties between spatial
 * mappings. Names that the reference does not use keep their order behind the others.
 *
 * dims  [n] ids in order of insertion, reordered in place; duplicates are dropped. Returns how many
 * stay. */
int32_t stream_set_order(const stream_loop_nest *nest, int32_t *dims, int32_t n);

/* Array dim that a Python set pops first, of those in_set [n] of the set of all n; -1: none is. */
int32_t stream_set_first_array_dim(const bool *in_set, int32_t n);

#endif
