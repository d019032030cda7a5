#ifndef STREAM_PASSES_NORMALIZE_REDUCTIONS_H
#define STREAM_PASSES_NORMALIZE_REDUCTIONS_H

#include "../convert/ir.h"
#include "../convert/selection.h"

#include "stream-c/Dialect.h"
#include "stream/workload/workload.h"

/* A reduction that the plan splits over cores; see reductions.c. Private to normalize/. */
typedef struct {
    MlirOperation op;
    MlirContext context;
    stream_arena *arena;
    MlirAttribute maps;
    stream_plan_attr plan;
    int32_t n_loops, loop; /* loop: the reduction that is split */
    int64_t bounds[STREAM_MAX_LOOPS], parts;
    intptr_t n_results;
    const stream_combiner **combiners; /* [n_results] */
    bool selects;                      /* all results together; else each by itself */
    stream_selection selection;
    const char *name; /* of the layer */
} stream_reduction;

/* reduction_parts.c: part `i`, of iterations [lo, lo + size) of the loop, in front of the op. */
MlirOperation stream_reduction_part(stream_reduction *s, int64_t i, int64_t lo, int64_t size);

/* reduction_sum.c: the op is replaced by one that puts together what the n parts left. */
void stream_reduction_join(stream_reduction *s, const MlirOperation *parts, int64_t n);

#endif
