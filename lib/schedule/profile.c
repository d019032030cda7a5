/* Bandwidth over time: when some is left; see profile.h. */

#include "profile_step.h"

#include <stdlib.h>

typedef profile_place place;

void stream_profile_free(profile *p) {
    free(p->blocks);
    free(p->index);
    *p = (profile){0};
}

/* The last block that begins at or before `time`: often the one that was looked for before, or the
 * very last. */
static int32_t find_block(const profile *p, int64_t time) {
    int32_t k = p->recent.k, n = p->n_index;
    if (k < n && p->index[k].time <= time && time < profile_time_after(p, k))
        return k;
    if (p->index[n - 1].time <= time)
        return n - 1;
    for (k = 0; n > 1;) {
        int32_t half = n / 2;
        k = p->index[k + half].time <= time ? k + half : k;
        n -= half;
    }
    return k;
}

/* Of the block's steps the last that begins at or before `time`. Comparisons that do not wait for
 * one another are faster than few, since blocks are seldom in a cache: every eighth step, then
 * those between. */
static int32_t step_in(const int64_t *times, int64_t time) {
    int32_t eighth = 0, i = 0;
    for (int32_t j = PROFILE_LINE; j < PROFILE_BLOCK; j += PROFILE_LINE)
        eighth += times[j] <= time;
    times += PROFILE_LINE * eighth;
    for (int32_t j = 1; j < PROFILE_LINE; ++j)
        i += times[j] <= time;
    return PROFILE_LINE * eighth + i;
}

place stream_profile_search(const profile *p, int64_t time) {
    int32_t k = find_block(p, time);
    return (place){k, step_in(profile_block_at(p, k)->times, time)};
}

/* A search for a start: where and when it is at the moment. */
typedef struct {
    int64_t start, duration, most; /* most: what may be in use from it on */
    place begin;                   /* the step in which it is */
} fit_search;

/* Moves the start to the end of the last step of block k, from the i-th on, that leaves too little
 * where [start, start + duration) would be. Returns the first step that is behind that. */
static int32_t pass_steps(const profile *p, int32_t k, int32_t i, fit_search *s) {
    const profile_block *b = profile_block_at(p, k);
    int64_t start = s->start, end = start + s->duration;
    for (; i < b->n && b->times[i] < end; ++i)
        if (b->used[i] > s->most) {
            bool is_last = i + 1 == b->n;
            s->begin = is_last ? (place){k + 1, 0} : (place){k, i + 1};
            start = is_last ? profile_time_after(p, k) : b->times[i + 1];
            end = start + s->duration;
        }
    s->start = start;
    return i;
}

/* The same of all of a block, often at once. */
static void pass_block(const profile *p, int32_t k, fit_search *s) {
    const profile_block *b = profile_block_at(p, k);
    if (b->most <= s->most)
        return;
    if (b->least <= s->most) {
        (void)pass_steps(p, k, 0, s);
        return;
    }
    s->begin = (place){k + 1, 0};
    s->start = profile_time_after(p, k);
}

int64_t stream_profile_fit(profile *p, int64_t from, int64_t duration, int64_t rate) {
    if (from >= p->end)
        return from;
    place at = profile_step_at(p, from);
    fit_search s = {from, duration, p->bandwidth - rate, at};
    p->asked = at;
    if (pass_steps(p, at.k, at.i, &s) == profile_block_at(p, at.k)->n)
        for (int32_t k = at.k + 1; k < p->n_index && p->index[k].time < s.start + duration; ++k)
            pass_block(p, k, &s);
    p->recent = s.begin;
    return s.start;
}

/* Steps that are looked at. */
#define FEW_STEPS 16

bool stream_profile_fit_soon(profile *p, int64_t *start, int64_t last, int64_t duration,
                             int64_t rate) {
    if (*start >= p->end)
        return true;
    place at = p->asked = profile_step_at(p, *start);
    const profile_block *b = profile_block_at(p, at.k);
    int64_t from = *start, end = from + duration, most = p->bandwidth - rate;
    int32_t i = at.i, n = i + FEW_STEPS < b->n ? i + FEW_STEPS : b->n - 1;
    for (; i < n && b->times[i] < end && from <= last; ++i)
        if (b->used[i] > most) {
            from = b->times[i + 1];
            end = from + duration;
        }
    *start = from;
    return i < n || from > last || b->times[i] >= end;
}

bool stream_profile_fits(profile *p, int64_t start, int64_t duration, int64_t rate) {
    if (start >= p->end)
        return true;
    place at = profile_step_at(p, start);
    int64_t most = p->bandwidth - rate;
    for (; at.k < p->n_index && p->index[at.k].time < start + duration; ++at.k, at.i = 0) {
        const profile_block *b = profile_block_at(p, at.k);
        for (int32_t i = at.i; b->most > most && i < b->n && b->times[i] < start + duration; ++i)
            if (b->used[i] > most)
                return false;
    }
    return true;
}
