#ifndef STREAM_PASSES_ANNOTATE_CANDIDATES_H
#define STREAM_PASSES_ANNOTATE_CANDIDATES_H

#include "annotate_streams.h"

#include "stream/support/diag.h"

/* Which cores are candidates for a kernel that the asked cost model cannot take everywhere. The
 * price of the simple model is too good there (ideal reuse), and would draw the kernel to cores
 * that cannot hold its operands. So it stands only where a CT has no core that can do better: of
 * those that its plan allows, none whose price is the asked model's or the user's, and whose
 * memories hold the CT. */

/* The price of a kernel on the cores of one class. */
typedef struct {
    MlirOperation kernel; /* func.func */
    const char *name;     /* of the kernel */
    int32_t core;         /* the first of its class */
    const stream_kernel_boxes *boxes;
    const stream_kernel_cost *cost;
    const bool *given; /* [n_cores] the user's prices of the kernel */
    uint8_t planned;   /* operands that its plan streams */
    bool dropped;      /* out: no price, so that no core of the class is a candidate */
} stream_candidate;

/* Sets `dropped`; all [n] in order of their kernels, whose CTs are in `module`. A remark per core
 * says which kernels are dropped there, a warning which keep the price of the simple model, each
 * with the operand, the memory and the bits of the first. */
void stream_choose_candidates(MlirOperation module, const stream_accelerator *acc,
                              stream_candidate *all, int32_t n, stream_price_model model,
                              stream_arena *arena, const stream_diag *diag);

#endif
