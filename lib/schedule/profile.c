/* Bandwidth over time; see profile.h. */

#include "profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(profile *p, int32_t n) {
    if (p->capacity >= n)
        return;
    p->capacity = 2 * n;
    p->steps = realloc(p->steps, (size_t)p->capacity * sizeof *p->steps);
    if (!p->steps) {
        fputs("stream: out of memory\n", stderr);
        abort();
    }
}

void stream_profile_reset(profile *p, int64_t bandwidth) {
    reserve(p, 16);
    p->steps[0] = (profile_step){0, 0};
    p->n = 1;
    p->bandwidth = bandwidth;
}

void stream_profile_free(profile *p) {
    free(p->steps);
    *p = (profile){0};
}

/* The last step that begins at or before `time`. */
static int32_t step_at(const profile *p, int64_t time) {
    int32_t lo = 0, hi = p->n;
    while (hi - lo > 1) {
        int32_t mid = lo + (hi - lo) / 2;
        if (p->steps[mid].time <= time)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

int64_t stream_profile_fit(const profile *p, int64_t from, int64_t duration, int64_t rate) {
    const profile_step *steps = p->steps;
    int64_t start = from, most = p->bandwidth - rate;
    for (int32_t i = step_at(p, from); i < p->n && steps[i].time < start + duration; ++i)
        if (steps[i].used > most)
            start = steps[i + 1].time;
    return start;
}

/* Index of the step that begins at `time`, made if there is none. */
static int32_t split(profile *p, int64_t time) {
    int32_t i = step_at(p, time);
    if (p->steps[i].time == time)
        return i;
    reserve(p, p->n + 1);
    memmove(&p->steps[i + 2], &p->steps[i + 1], (size_t)(p->n - i - 1) * sizeof *p->steps);
    p->steps[i + 1] = (profile_step){time, p->steps[i].used};
    ++p->n;
    return i + 1;
}

/* Removes step i if it continues the one before. */
static void merge(profile *p, int32_t i) {
    if (i == 0 || i >= p->n || p->steps[i].used != p->steps[i - 1].used)
        return;
    memmove(&p->steps[i], &p->steps[i + 1], (size_t)(p->n - i - 1) * sizeof *p->steps);
    --p->n;
}

void stream_profile_use(profile *p, int64_t start, int64_t end, int64_t rate) {
    int32_t first = split(p, start), last = split(p, end);
    for (int32_t i = first; i < last; ++i)
        p->steps[i].used += rate;
    merge(p, last);
    merge(p, first);
}
