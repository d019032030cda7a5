#ifndef STREAM_PASSES_CONVERT_COSTS_H
#define STREAM_PASSES_CONVERT_COSTS_H

#include "ct_graph.h"

#include "stream/schedule/schedule.h"

/* Prices of kernels on cores, from stream.costs: the entry of core c if there is one, else of the
 * first core of its class (acc->class_of[c]); -1: the kernel has no price there. */
typedef struct {
    const int64_t *cycles;    /* [n_kernels * n_cores], kernel-major */
    const int64_t *energy_fj; /* [n_kernels * n_cores] */
    stream_price_parts parts; /* of energy_fj, as far as `detail` says them */
    stream_price_streams streams;
    const char *model;         /* every model that an entry names: "exact, simple" */
    const char *const *models; /* [n_kernels * n_cores], NULL without a price */
} stream_cost_tables;

/* errs  INVALID: a kernel without stream.costs, or whose entries name no core of `acc`, located */
STREAM_NODISCARD
stream_status stream_load_costs(const stream_ct_ir *ir, const stream_accelerator *acc,
                                stream_arena *arena, const stream_diag *diag,
                                stream_cost_tables *out);

#endif
