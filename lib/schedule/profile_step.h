#ifndef STREAM_LIB_SCHEDULE_PROFILE_STEP_H
#define STREAM_LIB_SCHEDULE_PROFILE_STEP_H

#include "profile.h"

/* Finding the steps of a profile: for profile.c and profile_use.c. */

static inline profile_block *profile_block_at(const profile *p, int32_t k) {
    return &p->blocks[p->index[k].block];
}

static inline int64_t profile_time_after(const profile *p, int32_t k) {
    return k + 1 < p->n_index ? p->index[k + 1].time : INT64_MAX;
}

/* The last step that begins at or before `time`. */
profile_place stream_profile_search(const profile *p, int64_t time);

/* Steps that are tried from one on. */
#define PROFILE_TRIED 4

/* The same, if it is one of the few from `*place` on that are followed by another one of its block;
 * false: it is not, or there is no such place any more. */
static inline bool profile_is_near(const profile *p, int64_t time, profile_place *place) {
    int32_t i = place->i;
    if (place->k >= p->n_index)
        return false;
    const profile_block *b = profile_block_at(p, place->k);
    if (b->times[i] > time)
        return false;
    for (int32_t last = i + PROFILE_TRIED; i < last && i + 1 < b->n; ++i)
        if (b->times[i + 1] > time) {
            place->i = i;
            return true;
        }
    return false;
}

/* Often near where a start was found, or looked for, before. */
static inline profile_place profile_step_at(const profile *p, int64_t time) {
    profile_place at = p->recent;
    if (profile_is_near(p, time, &at))
        return at;
    at = p->asked;
    return profile_is_near(p, time, &at) ? at : stream_profile_search(p, time);
}

#endif
