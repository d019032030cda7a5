/* Layers that one operator of the network became. */
#ifndef STREAM_PLAN_MAPPING_PARTS_H
#define STREAM_PLAN_MAPPING_PARTS_H

#include "stream/workload/workload.h"

/* whole[l] [n_layers]: the layer that layer l is a part of: it has l's name up to a dot, and the
 * same operator. The longest such name counts; l itself if there is none, and for a part of a part
 * its whole. O(n log n * dots in a name). In `arena`. */
const int32_t *stream_mapping_wholes(const stream_workload *w, stream_arena *arena);

#endif
