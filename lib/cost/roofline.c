/* Cores that are a peak rate and nothing more; see stream/cost/cost.h. */

#include "stream/cost/cost.h"

#include <math.h>

/* The peak [operations/cycle] for the widest data that the kernel reads or writes. */
static double peak(const stream_workload *w, const stream_layer *kernel, const stream_core *core) {
    int32_t widest = w->tensors[kernel->output].element_bits;
    double units = 1;
    for (int32_t x = 0; x < core->n_array_dims; ++x)
        units *= (double)core->array_sizes[x];
    for (int32_t i = 0; i < kernel->n_operands; ++i) {
        int32_t bits = stream_view_element_bits(w, kernel->operands[i].view);
        widest = !kernel->operands[i].is_window && bits > widest ? bits : widest;
    }
    return widest > 16 ? fmax(1, units / 2) : units;
}

stream_status stream_cost_roofline(const stream_workload *w, const stream_layer *kernel,
                                   const stream_core *core, const stream_diag *diag,
                                   stream_kernel_cost *out) {
    if (core->kind != STREAM_CORE_COMPUTE)
        return stream_error(diag, STREAM_UNSUPPORTED, kernel->loc,
                            "core '%s' has no array that could run '%s'", core->name, kernel->name);
    int64_t macs = stream_layer_macs(kernel);
    double rate = peak(w, kernel, core),
           cycles = fmax(1, ceil((double)macs / (rate * core->utilization)));
    if (macs < 0 || cycles > 0x1p53 || (double)macs * core->mac_pj > 0x1p53)
        return stream_error(diag, STREAM_INVALID, kernel->loc,
                            "kernel '%s' takes more cycles or energy than 53 bits hold (%g cycles)",
                            kernel->name, cycles);
    *out = (stream_kernel_cost){.cycles = (int64_t)cycles,
                                .compute_cycles = (int64_t)cycles,
                                .mac_energy_fj = stream_fj((double)macs * core->mac_pj),
                                .utilization = (double)macs / (cycles * rate),
                                .model = "roofline"};
    out->energy_fj = out->mac_energy_fj;
    return STREAM_OK;
}
