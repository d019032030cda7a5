#ifndef STREAM_COST_COST_H
#define STREAM_COST_COST_H

#include "stream/hardware/accelerator.h"
#include "stream/workload/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The price of one kernel on one core: what the scheduler needs, and what a person reads.
 *
 *   cycles = compute + stall + onload + offload      (onload/offload: top memory <-> array, exposed)
 *
 * The kernel is a layer whose loop bounds are the sizes of one CT. */
typedef struct {
    int64_t cycles;
    int64_t compute_cycles, stall_cycles, onload_cycles, offload_cycles;
    int64_t energy_fj;          /* MACs and all accesses inside the core */
    int64_t mac_energy_fj;      /* part of energy_fj */
    double utilization;         /* MACs / (compute_cycles * MAC units) */
    const char *model;          /* name of the model, static text */
} stream_kernel_cost;

/* The simple model: an ideal array, ports as rates, ideal temporal reuse (every operand crosses every
 * memory boundary once). Formulas and their worked example: docs/cost-model.md.
 *
 * kernel  the layer, its bounds the sizes of one CT
 * errs  UNSUPPORTED: the core is no compute core;  INVALID: overflow */
STREAM_NODISCARD
stream_status stream_cost_simple(const stream_workload *w, const stream_layer *kernel,
                                 const stream_core *core, const stream_diag *diag,
                                 stream_kernel_cost *out);

#ifdef __cplusplus
}
#endif

#endif
