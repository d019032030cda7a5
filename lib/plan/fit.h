#ifndef STREAM_LIB_PLAN_FIT_H
#define STREAM_LIB_PLAN_FIT_H

#include "stream/plan/plan.h"
#include "stream/support/text.h"
#include "stream/workload/trace.h"

/* What a CT of a given tile puts into the top memories of a core. */
typedef struct {
    const stream_workload *w;
    const stream_accelerator *acc;
    const stream_layer_plan
        *plans; /* [n_layers] complete for the layers before the one asked for */
    stream_tracer tracer;
    stream_vec reads; /* of the CT looked at */
    uint8_t streamed; /* bit per stream_operand_class: streamed from off-chip, so that they need fit
                         nothing */
} stream_fit;

void stream_fit_init(stream_fit *fit, const stream_workload *w, const stream_accelerator *acc,
                     const stream_layer_plan *plans);
void stream_fit_free(stream_fit *fit);

/* How a layer is cut: parts of a split, tiles in each part. */
typedef struct {
    const stream_layer *layer;
    const int64_t *split, *tile; /* [n_loops] */
} stream_cutting;

/* A CT that does not fit. */
typedef struct {
    int32_t core, instance;
    int64_t needed_bits;             /* in the instance, of the operands that are not streamed */
    int64_t bits[STREAM_N_OPERANDS]; /* per operand class, in words of the instance */
    int64_t pieces, reads;           /* the inputs' boxes are in so many pieces */
} stream_shortage;

/* Places of a layer up to which all are looked at. */
#define STREAM_FIT_MOST_PLACES (1 << 16)

/* Does every CT fit `fill` of every memory of every core of `cores`? As the scheduler reserves it:
 * inputs in the pieces in which they were written, the output in psum bits while a split reduction
 * lasts, all in whole words. If not: the first CT that is short.
 *
 * Exact for layers of up to STREAM_FIT_MOST_PLACES places that can differ: the loops that index
 * boxes of equal size everywhere (weights; tensors written whole) are not walked. Above that: the
 * first, a middle and the last place. */
bool stream_fit_cores(stream_fit *fit, const stream_cutting *cutting, const int32_t *cores,
                      int32_t n_cores, double fill, stream_shortage *out);

/* The same for the first, a middle and the last place only. */
bool stream_fit_sampled(stream_fit *fit, const stream_cutting *cutting, const int32_t *cores,
                        int32_t n_cores, double fill, stream_shortage *out);

/* The CT in the middle of the layer: what it puts into `instance`, and its boxes as text ("I1 x
 * 1x16x10x32, O 1x32x8x32"), which is appended. */
stream_shortage stream_fit_describe(stream_fit *fit, const stream_cutting *cutting, int32_t core,
                                    int32_t instance, stream_text *out);

/* The CT in the middle of the layer: bits per operand class in the words of the top memories of
 * `core`. */
void stream_fit_bits(stream_fit *fit, const stream_cutting *cutting, int32_t core,
                     int64_t *out_bits);

/* Number of pieces that the first CT reads. */
int64_t stream_fit_pieces(stream_fit *fit, const stream_cutting *cutting, int64_t *out_reads);

#endif
