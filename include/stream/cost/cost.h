#ifndef STREAM_COST_COST_H
#define STREAM_COST_COST_H

#include "stream/hardware/accelerator.h"
#include "stream/workload/workload.h"

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

/* The simple model: an ideal array and ports as rates.
 *
 *   compute  = prod over loops of ceil(bound / unroll), with the spatial mapping (a given dataflow, or
 *              the best over assignments of loops to array dims) that makes it least
 *   port p   = bits through p / its bandwidth, where each operand crosses level m once per ... (see
 *              docs/cost-model.md for the formulas)
 *   stall    = max(0, max_p port_p - compute)
 *   onload   = cycles of the first fill, offload of the last drain
 *   energy   = MACs * mac + sum over levels and operands of accesses * access energy
 *
 * errs  UNSUPPORTED: the core is no compute core;  INVALID: overflow */
STREAM_NODISCARD
stream_status stream_cost_simple(const stream_workload *w, const stream_layer *kernel,
                                 const stream_core *core, const stream_diag *diag,
                                 stream_kernel_cost *out);

#endif
