#ifndef STREAM_LIB_PLAN_GIVEN_H
#define STREAM_LIB_PLAN_GIVEN_H

#include "stream/plan/plan.h"

/* Tiles, splits and cores are possible for the layer. errs  INVALID */
STREAM_NODISCARD
stream_status stream_plan_check_given(const stream_accelerator *acc, const stream_layer *layer,
                                      const stream_layer_plan *plan, const stream_diag *diag);

/* What the plan streams in any case is there to be streamed. errs  INVALID */
STREAM_NODISCARD
stream_status stream_plan_check_streams(const stream_plan_options *options,
                                        const stream_layer *layer, const stream_layer_plan *plan,
                                        const stream_diag *diag);

#endif
