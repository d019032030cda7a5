#ifndef STREAM_WORKLOAD_TENSOR_NAMES_H
#define STREAM_WORKLOAD_TENSOR_NAMES_H

#include "stream/support/arena.h"
#include "stream/workload/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Gives every tensor a name of its own. Names come from several namespaces (arguments, layers,
 * constants), so that they can be equal: inputs keep theirs, what layers write is next, constants
 * are last, and of one kind the first. The others get the first of "_1", "_2" ... behind theirs
 * that gives a name which no tensor had. New names are in `arena`. O(n log n), and of k equal names
 * at most n + k tries. */
void stream_tensor_names_make_unique(stream_tensor *tensors, int32_t n, stream_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
