#ifndef STREAM_LIB_HARDWARE_INTERNAL_H
#define STREAM_LIB_HARDWARE_INTERNAL_H

#include "stream/hardware/accelerator.h"

/* Checks every core, memory, port and link by itself, before anything is derived.
 * errs  INVALID, LIMIT */
STREAM_NODISCARD
stream_status stream_hardware_check(const stream_accelerator *acc, const stream_diag *diag);

/* Fills instances, offchip_instance and top.
 * errs  INVALID: sharing cores that do not agree, a compute core without memory for an operand */
STREAM_NODISCARD
stream_status stream_hardware_instances(stream_accelerator *acc, stream_arena *arena,
                                        const stream_diag *diag);

/* Fills link_resource, resources and the ports of the instances. */
void stream_hardware_resources(stream_accelerator *acc, stream_arena *arena);

/* Fills class_of. O(n_cores * distinct cores). */
void stream_hardware_classes(stream_accelerator *acc, stream_arena *arena);

/* Every instance of a compute core has a core that sees it and is joined to off-chip.
 * errs  INVALID at the core */
STREAM_NODISCARD
stream_status stream_hardware_reachable(const stream_accelerator *acc, stream_arena *arena,
                                        const stream_diag *diag);

/* The memory that an instance is: of its owner. */
static inline const stream_memory *stream_hardware_memory(const stream_accelerator *acc,
                                                          int32_t instance) {
    const stream_instance *i = &acc->instances[instance];
    return &acc->cores[i->core].memories[i->level];
}

#endif
