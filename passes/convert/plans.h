#ifndef STREAM_PASSES_CONVERT_PLANS_H
#define STREAM_PASSES_CONVERT_PLANS_H

#include "workload.h"

#include "stream/plan/plan.h"

/* What is said about the layers of a network: the module's stream.mapping, and #stream.plan on the
 * ops, which overrides it part by part. What nobody says stays open (stack: -1).
 *
 * plans  [n_layers] in `arena`
 * errs   INVALID, at the layer: a core that the accelerator has not, more loops than the layer has;
 *        as stream_load_mapping and stream_mapping_apply */
STREAM_NODISCARD
stream_status stream_load_plans(MlirOperation module, const stream_network *network,
                                const stream_accelerator *acc, stream_arena *arena,
                                const stream_diag *diag, stream_layer_plan **out);

#endif
