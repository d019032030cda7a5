#ifndef STREAM_LIB_PLAN_STACKS_H
#define STREAM_LIB_PLAN_STACKS_H

#include "stream/plan/plan.h"

/* Gives every layer without a stack one, ascending in program order; see stream_plan_complete.
 * errs  INVALID: given stacks that go backwards in program order */
STREAM_NODISCARD
stream_status stream_plan_stacks(const stream_workload *w, const stream_accelerator *acc,
                                 const stream_plan_options *options, const stream_diag *diag,
                                 stream_layer_plan *plans);

/* Is layer l the only one of its stack?  Does any layer of its stack reduce? */
bool stream_stack_is_one(const stream_workload *w, const stream_layer_plan *plans, int32_t l);
bool stream_stack_reduces(const stream_workload *w, const stream_layer_plan *plans, int32_t l);

#endif
