#ifndef STREAM_COST_KERNEL_H
#define STREAM_COST_KERNEL_H

#include "stream/cost/loop_nest.h"
#include "stream/workload/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A layer (or the tile of one) as the loop nest that the cost model prices.
 *
 * Dims are in ZigZag's order and have its names: B K G OX OY C FX FY, a matrix product C D K B H
 * (rows are D), then the others as the layer names them; loops of one iteration stay. An index over
 * two loops is a relation (IX, IY, IZ, P<n>), clipped to the data behind a pad; an index over more
 * than two counts each loop as relevant. The output comes first, then the inputs that hold data; a
 * layer with windows lists its weights before its input. Windows without data, fills, and the start
 * value of a reduction are no operands (the model reads and writes partial sums already).
 *
 * Source: reference/intra-core-cost.md section 1.
 *
 * out   names live as long as the layer's
 * errs  UNSUPPORTED: more inputs, dims or relations than the model takes, with the numbers */
STREAM_NODISCARD
stream_status stream_loop_nest_of_layer(const stream_workload *w, const stream_layer *layer,
                                        const stream_diag *diag, stream_loop_nest *out);

#ifdef __cplusplus
}
#endif

#endif
