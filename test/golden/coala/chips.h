#ifndef GOLDEN_COALA_CHIPS_H
#define GOLDEN_COALA_CHIPS_H

#include "stream/schedule/coala_v0.h"

/* The runs with which COALA was validated, built here from tables of their layers: FSRCNN on
 * DepFiN, the first segment of ResNet-18 on DIANA, a segment of ResNet-50 on a 4x4 AiMC array.
 * Layers, tiles, cores, cycles and energies of a CT, and the results: Stream's validation runs
 * (June 2023). */

typedef struct {
    const char *memory; /* by name, and the core that sees it */
    int32_t core;
    int64_t bits;
} chip_peak;

typedef struct {
    const char *name, *hardware;
    stream_priority priority;
    bool prefetch;
    double measured_cycles; /* on the chip; 0: not that chip */
    /* found by the reference; energy 0: the CTs' energies are those of another accelerator */
    double cycles, energy_pj;
    chip_peak peaks[5]; /* up to the first without a name */
    const struct chip_layer *layers;
    int32_t n_layers;
} chip_run;

extern const chip_run chip_runs[];
extern const int32_t n_chip_runs;

/* False: no such accelerator. Everything is in `arena`. */
bool chip_problem(const chip_run *run, stream_arena *arena, stream_coala_v0_hardware *hardware,
                  stream_coala_v0_problem *out);

/* Of one CT of a layer, as the reference's cost model gives it. */
double chip_layer_cycles(const chip_run *run, int32_t layer);
double chip_layer_energy_pj(const chip_run *run, int32_t layer);

/* Largest use of the memory in which a core keeps its outputs or weights, found by name; -1: none.
 */
int64_t chip_peak_bits(const stream_coala_v0_hardware *hw, const stream_coala_v0_schedule *s,
                       const chip_peak *peak);

#endif
