#ifndef STREAM_LIB_PLAN_REPORT_H
#define STREAM_LIB_PLAN_REPORT_H

#include "fit.h"

/* What a CT puts into the memory that it fills most. */
typedef struct {
    stream_shortage ct;
    int64_t bits, capacity; /* of the memory */
    stream_text boxes;      /* as stream_fit_describe writes them; the caller frees it */
} stream_filling;

/* Of the CT in the middle of a layer, over all cores that may run it. */
void stream_plan_fullest(stream_fit *fit, const stream_cutting *cutting,
                         const stream_layer_plan *plan, stream_filling *out);

/* Remarks with the arithmetic behind a complete plan: per layer, what a CT in its middle puts into
 * the memory that it fills most; per stack, its footprint and the memories of its cores.
 *
 * plans  [n_layers] complete */
void stream_plan_report(stream_fit *fit, const stream_layer_plan *plans,
                        const stream_plan_options *options, const stream_diag *diag);

#endif
