#ifndef STREAM_LIB_PLAN_ROLES_H
#define STREAM_LIB_PLAN_ROLES_H

#include "stream/workload/workload.h"

/* The loops of a layer by the role they play in tiling. */
typedef struct {
    int32_t row;                                  /* -1: none */
    int32_t channel;                              /* output channel, -1: none */
    int32_t other[STREAM_MAX_LOOPS], n_other;     /* other parallel loops, outermost first */
    int32_t reduced[STREAM_MAX_LOOPS], n_reduced; /* reduction loops, outermost first */
} stream_loop_roles;

stream_loop_roles stream_loop_roles_of(const stream_layer *layer);

#endif
