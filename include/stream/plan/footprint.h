#ifndef STREAM_PLAN_FOOTPRINT_H
#define STREAM_PLAN_FOOTPRINT_H

#include "stream/plan/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a fused stack leaves in memory while rows run through it, deepest layer first:
 *
 *     conv 3x3     . . o o o r        o  rows that a later row of the reader still needs
 *     conv 3x3         . . o r        r  the row that is being made
 *     sum              . . . r        .  rows that nobody needs any more
 *
 *   weights   constants of all its layers, all the time
 *   rows      of every tensor that a layer of the stack writes and another one reads: rows that are
 *             there and are read again; the row being made; of data that comes from outside, the
 * rows of the window that is being read, and between two rows those that both read
 *
 * Tensors of which a reader needs all rows at once are there whole. Batches are one after the
 * other. It is what one core needs that runs CTs of `rows` rows in that order and fetches nothing
 * ahead: several cores, another order and prefetching take more. Words of memories and smaller
 * tiles within a row do not count. */
typedef struct {
    int64_t weight_bits, row_bits; /* row_bits: the most at one time */
    int32_t tensor;                /* that takes the most of row_bits then, -1: none */
    int64_t tensor_rows, tensor_bits;
} stream_footprint;

typedef struct stream_row_tables stream_row_tables;

/* Which rows of what each row tile of each layer reads. Row loop: OY, or what tiling calls `row`.
 *
 * plans  [n_layers] tiles of row loops that are given; else `rows`
 * Everything is in `arena`; `w` is kept. O(row tiles x operands) */
const stream_row_tables *stream_row_tables_build(const stream_workload *w,
                                                 const stream_layer_plan *plans, int64_t rows,
                                                 stream_arena *arena);

/* Of the layers [first, end) as one stack. O(row tiles x layers that read each other) */
stream_footprint stream_footprint_of(const stream_row_tables *tables, int32_t first, int32_t end);

#ifdef __cplusplus
}
#endif

#endif
