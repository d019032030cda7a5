#ifndef STREAM_PLAN_CORE_SETS_H
#define STREAM_PLAN_CORE_SETS_H

#include "stream/hardware/accelerator.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Cores that tiles may be made for as if there were no others. Tiles fit every core that may run their layer
 * and are divided over all of them, so a core that cannot help much makes them smaller for all the others. */
typedef enum {
    STREAM_CORES_NEAREST,         /* those nearest to off-chip memory (the first ring of hardware/kinds.h) */
    STREAM_CORES_BUT_FARTHEST,    /* all but its last ring */
    STREAM_CORES_WITHOUT_SMALL,   /* all but kinds with, of the cores whose operators they all run, less than
                                     1/16 of all arrays, or less than half of the largest memories */
    STREAM_N_CORE_SETS
} stream_core_set_kind;

typedef struct {
    stream_core_set_kind kind;
    const int32_t *cores; /* [n_cores] compute cores, ascending */
    int32_t n_cores;
} stream_core_set;

/* The sets that leave out at least one core, none twice. A core stays in where no other of the set shares an
 * operator with it.
 *
 * arena  has `cores`
 * Returns how many there are. O(n_cores^2 * operators) */
int32_t stream_plan_core_sets(const stream_accelerator *acc, stream_arena *arena,
                              stream_core_set out[STREAM_N_CORE_SETS]);

/* Those of `cores` that run the operator, ascending, in `arena`; none where that are all that run it, or
 * none of the accelerator's. Returns their number. */
int32_t stream_plan_cores_for(const stream_accelerator *acc, const int32_t *cores, int32_t n_cores,
                              const char *op_type, stream_arena *arena, const int32_t **out);

#ifdef __cplusplus
}
#endif

#endif
