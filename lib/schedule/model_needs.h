#ifndef STREAM_LIB_SCHEDULE_MODEL_NEEDS_H
#define STREAM_LIB_SCHEDULE_MODEL_NEEDS_H

#include "model.h"

/* Needs of each datum, until they are grouped. */
typedef struct {
    const int32_t *first,
        *uses;            /* [n_data] those of d are slots[first[d] .. + uses[d]), ascending */
    const int32_t *slots; /* needs */
    const int32_t *cts;   /* [n_needs] whose they are */
    need *needs;
    int32_t *read_of; /* [n_needs] in place of the groups, which overwrite them */
} need_lists;

/* model_groups.c: groups, users, axes and counters of a model that has its needs, and the groups of
 * these. */
void stream_schedule_model_groups(model *m, const need_lists *lists, stream_arena *arena);

#endif
