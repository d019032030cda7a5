#ifndef STREAM_HARDWARE_KINDS_H
#define STREAM_HARDWARE_KINDS_H

#include "stream/hardware/accelerator.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Compute cores by how far they are from off-chip memory, and by what they are.
 *
 *   way   cycles in which 8 KiB come from off-chip memory to the core: latency of the route, and its bits over
 *         the slowest of its hops and the port of the off-chip memory; 0 to what sees that memory itself
 *   ring  cores of about the same way: sorted by it, a ring ends where a way is more than twice the
 *         first of the ring (and more than 64 cycles longer). Ring 0 is the nearest
 *   kind  cores of one class (acc->class_of) and one ring; kinds are numbered by ring, then by
 *         their lowest core */
typedef struct {
    int32_t n_rings, n_kinds;
    const int32_t *ring_of; /* [n_cores] -1: no compute core */
    const int32_t *kind_of; /* [n_cores] -1: no compute core */
} stream_core_kinds;

/* O(cores * (log cores + hops) + ends of links). Results in `arena`. */
void stream_core_kinds_find(const stream_accelerator *acc, stream_arena *arena,
                            stream_core_kinds *out);

#ifdef __cplusplus
}
#endif

#endif
