/* Loops as Stream counts them. */
#ifndef STREAM_PLAN_MAPPING_LOOPS_H
#define STREAM_PLAN_MAPPING_LOOPS_H

#include "stream/workload/workload.h"

/* order[i]: the loop that Stream calls D<i>, or -1 if the layer does not have it. Returns how many
 * there are, at most 2 * STREAM_MAX_LOOPS.
 * ref  stream/parser/onnx: the iteration dimensions of each parser */
int32_t stream_mapping_order(const stream_workload *w, const stream_layer *layer, int32_t *order);

#endif
