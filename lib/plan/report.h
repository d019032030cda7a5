#ifndef STREAM_LIB_PLAN_REPORT_H
#define STREAM_LIB_PLAN_REPORT_H

#include "fit.h"

/* Remarks with the arithmetic behind a complete plan: per layer, what a CT in its middle puts into
 * the memory that it fills most; per stack, its footprint and the memories of its cores.
 *
 * plans  [n_layers] complete */
void stream_plan_report(stream_fit *fit, const stream_layer_plan *plans,
                        const stream_plan_options *options, const stream_diag *diag);

#endif
