#ifndef STREAM_LIB_PLAN_FIT_H
#define STREAM_LIB_PLAN_FIT_H

#include "stream/plan/plan.h"
#include "stream/workload/trace.h"

/* What a CT of a given tile puts into the top memories of a core. */
typedef struct {
    const stream_workload *w;
    const stream_accelerator *acc;
    stream_tracer tracer;
} stream_fit;

/* Bits of one CT per operand class, each box rounded up to `word_bits`. */
typedef struct {
    int64_t bits[STREAM_N_OPERANDS];
} stream_ct_bits;

/* Of the tile `size` [n_loops] with its origin at `lo`. */
stream_ct_bits stream_fit_bits(stream_fit *fit, const stream_layer *layer, const int64_t *lo,
                               const int64_t *size, int64_t word_bits);

/* Does the tile fit `fill` of every memory of `core`, at the first, a middle and the last place of
 * the layer? If not: the memory that is short, what the CT needs there. */
bool stream_fit_core(stream_fit *fit, const stream_layer *layer, const int64_t *tile, int32_t core,
                     double fill, int32_t *out_instance, stream_ct_bits *out_bits);

#endif
