#ifndef STREAM_LIB_PLAN_DROP_H
#define STREAM_LIB_PLAN_DROP_H

#include "fit.h"

/* Cores of a layer that not even its smallest CT fits. */
typedef struct {
    const int32_t *cores;
    int32_t n;
    int64_t tile[STREAM_MAX_LOOPS]; /* of that CT */
    uint8_t streamed;               /* the operands that need fit nothing, as in stream_fit */
    stream_shortage least;          /* on the core that lacks least */
} stream_dropped_cores;

/* Takes them from the cores of `plan`. INFEASIBLE, without a message, if none stays: the plan is
 * then as it was.
 *
 * smallest  its cutting, of the layer of `plan` */
STREAM_NODISCARD
stream_status stream_drop_cores(stream_fit *fit, const stream_cutting *smallest,
                                stream_arena *arena, stream_layer_plan *plan,
                                stream_dropped_cores *out);

/* A warning that names them all, and what would let the layer run on the one that lacks least; none
 * if there are none.
 *
 * plan       of the layer, complete
 * streaming  a plan may stream operands */
void stream_drop_tell(stream_fit *fit, const stream_layer *layer, const stream_layer_plan *plan,
                      const stream_dropped_cores *dropped, bool streaming, const stream_diag *diag);

#endif
