#ifndef GOLDEN_COALA_CHAIN_H
#define GOLDEN_COALA_CHAIN_H

#include "chips.h"

/* The network of a run as layers over tensors, cut by the compatible CT generator. */
typedef struct {
    double cycles[16], energy_pj[16]; /* of a CT of each layer: the table's, or the cost model's */
    stream_coala_v0_hardware hardware;
    stream_coala_v0_problem problem;
} chain;

/* With the runtimes and energies of the table on the hardware of the table.
 * errs  as stream_coala_v0_problem_build */
stream_status chain_of_table(const chip_run *run, stream_arena *arena, const stream_diag *diag,
                             chain *out);

/* On the accelerator of examples/accelerators/NAME, with the runtimes and energies that our cost
 * model gives each CT as ZigZag 3.8.5 computes them, mapped for latency. */
stream_status chain_of_files(const chip_run *run, const char *name, stream_arena *arena,
                             const stream_diag *diag, chain *out);

#endif
