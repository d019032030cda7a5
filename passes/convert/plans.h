#ifndef STREAM_PASSES_CONVERT_PLANS_H
#define STREAM_PASSES_CONVERT_PLANS_H

#include "workload.h"

#include "stream/plan/mapping.h"
#include "stream/plan/plan.h"

/* What is said about the layers of a network: a mapping (NULL: none), and #stream.plan on the ops,
 * which overrides it part by part. What nobody says stays open (stack: -1).
 *
 * out    [n_layers] in `arena`
 * errs   INVALID, at the layer: a core that the accelerator does not have, more loops than the
 *        layer has; as stream_mapping_apply */
STREAM_NODISCARD
stream_status stream_load_plans(const stream_mapping *mapping, const stream_network *network,
                                const stream_accelerator *acc, stream_arena *arena,
                                const stream_diag *diag, stream_layer_plan **out);

#endif
