#ifndef STREAM_PASSES_CONVERT_COMPATIBLE_H
#define STREAM_PASSES_CONVERT_COMPATIBLE_H

#include "plans.h"

#include "stream/export/compatible.h"
#include "stream/hardware/route.h"
#include "stream/schedule/coala_v0.h"

/* A network that was scheduled in the compatible mode `coala-v0`. The IR keeps the layers as linalg
 * ops: each has its tile and core in #stream.plan and the price of one CT in stream.costs, and the
 * function's stream.schedule is a dictionary
 *
 *   {model = "coala-v0", cost_model, policy = "latency" | "memory", prefetch, latency_cycles,
 *    energy_fj, ct_count}
 *
 * from which the schedule, which is not by the rules R1 to R12, is made again, figure for figure.
 * Every tensor counts 8 bits an element, and sums of convolutions and
 * products 16, as the reference reads ONNX files. */

typedef struct {
    stream_accelerator acc;
    stream_network network; /* bits as the reference has them */
    stream_layer_plan *plans;
    double *cycles, *energy_pj; /* [n_layers] of one CT */
    stream_coala_v0_hardware hardware;
    stream_coala_v0_problem problem;
    stream_coala_v0_schedule schedule;
    stream_export_compatible view;
} stream_compatible;

/* True if the function's schedule is one of the compatible mode. */
bool stream_is_compatible(MlirOperation func);

/* The layers of `func`, their plans, and nothing else of `out`. Everything in `arena`. */
STREAM_NODISCARD
stream_status stream_load_compatible_network(MlirOperation module, MlirOperation func,
                                             const stream_accelerator *acc, stream_arena *arena,
                                             const stream_diag *diag, stream_compatible *out);

/* All of it, from the IR alone.
 * errs  INVALID: an entry of stream.schedule, a core or a price is missing; otherwise as
 *       stream_coala_v0_problem_build and stream_coala_v0_schedule_build */
STREAM_NODISCARD
stream_status stream_load_compatible(MlirOperation module, MlirOperation func,
                                     const stream_accelerator *acc, stream_arena *arena,
                                     const stream_diag *diag, stream_compatible *out);

/* Plan and price of layer `l`, on its op. `cost_model` is named in the price.
 * errs  INVALID: the price is none (fewer than one cycle) */
STREAM_NODISCARD
stream_status stream_save_compatible_layer(const stream_compatible *c, int32_t l,
                                           const char *cost_model);

/* The dictionary; `s` may be NULL: not scheduled yet. */
void stream_save_compatible_summary(MlirOperation func, stream_priority policy, bool prefetch,
                                    const char *cost_model, const stream_coala_v0_problem *p,
                                    const stream_coala_v0_schedule *s);

/* The price of a CT of the layer on its core that its op names; false: none. */
bool stream_compatible_price(const stream_compatible *c, int32_t l, double *cycles,
                             double *energy_pj);

#endif
