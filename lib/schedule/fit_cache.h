#ifndef STREAM_LIB_SCHEDULE_FIT_CACHE_H
#define STREAM_LIB_SCHEDULE_FIT_CACHE_H

#include <stdbool.h>
#include <stdint.h>

/* When transfers of one kind cannot start, so that a congested route is not searched from its
 * beginning again and again. Bandwidth is only ever booked, never given back: what was found to be
 * too short for a kind of transfer stays so.
 *
 *   [from, upto)  no transfer of this kind starts in it
 *
 * A table of two such intervals per hash of the kind, the longest and the last that was found
 * outside it: what is sent ahead is searched from the beginning, what waits for memory from now on.
 * A kind that meets another there replaces it. */

typedef struct {
    int32_t read_port, write_port; /* they say which route, too */
    int64_t rate, duration;
} fit_kind;

typedef struct {
    int64_t from, upto; /* equal: empty */
} fit_interval;

typedef struct {
    fit_kind kind;
    fit_interval longest, last; /* apart */
    uint32_t round;             /* of another round: nothing is known */
} fit_entry;

typedef struct {
    fit_entry *entries;
    uint32_t round;
} fit_cache;

void stream_fit_cache_open(fit_cache *c);
void stream_fit_cache_close(fit_cache *c);
/* Forgets everything: bandwidth is given back. */
void stream_fit_cache_reset(fit_cache *c);

/* The entry of the kind; both intervals are empty if it is new. */
fit_entry *stream_fit_cache_at(fit_cache *c, const fit_kind *kind);
/* A start at or after `time`, before which nothing is possible from `time` on. */
static inline int64_t stream_fit_cache_skip(const fit_entry *e, int64_t time) {
    if (time >= e->longest.from && time < e->longest.upto)
        time = e->longest.upto;
    return time >= e->last.from && time < e->last.upto ? e->last.upto : time;
}
/* Nothing starts in [from, upto). */
void stream_fit_cache_note(fit_entry *e, int64_t from, int64_t upto);

#endif
