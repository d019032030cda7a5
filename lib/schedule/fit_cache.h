#ifndef STREAM_LIB_SCHEDULE_FIT_CACHE_H
#define STREAM_LIB_SCHEDULE_FIT_CACHE_H

#include <stdbool.h>
#include <stdint.h>

/* When transfers of one kind cannot start, so that a congested route is not searched from its
 * beginning again and again. Bandwidth is only ever booked, never given back: what was found to be
 * too short for a kind of transfer stays so, and is too short for one that takes more, or longer.
 *
 *   [from, upto)  no transfer of this kind starts in it
 *
 * A hash table of two such intervals per kind, the longest and the last that was found outside it:
 * what is sent ahead is searched from the beginning, what waits for memory from now on. The table
 * grows with the kinds up to STREAM_FIT_MOST_KINDS; of more, one replaces another. */

enum {
    STREAM_FIT_MOST_KINDS = 1 << 16
};

typedef struct {
    int32_t read_port, write_port; /* they say between which memories, too */
    int64_t rate, duration;
    bool on_chip; /* by the detour, not the route */
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
    fit_entry *entries; /* [capacity], a power of 2 */
    uint32_t capacity, n;
    uint32_t round;
} fit_cache;

void stream_fit_cache_open(fit_cache *c);
void stream_fit_cache_close(fit_cache *c);
/* Forgets everything: bandwidth is given back. */
void stream_fit_cache_reset(fit_cache *c);

/* The entry of the kind; both intervals are empty if it is new. Dies with the next call. */
fit_entry *stream_fit_cache_at(fit_cache *c, const fit_kind *kind);
/* A kind of the same route, and one for many, that takes at most as much for at most as long: rate
 * and duration in their three leading bits. */
fit_kind stream_fit_kind_below(const fit_kind *kind);
/* Is nothing known from `time` on, nor before it? Then a kind below may know. */
static inline bool stream_fit_cache_is_new(const fit_entry *e, int64_t time) {
    return e->longest.from == e->longest.upto || time < e->longest.from;
}
/* A start at or after `time`, before which nothing is possible from `time` on. */
static inline int64_t stream_fit_cache_skip(const fit_entry *e, int64_t time) {
    if (time >= e->longest.from && time < e->longest.upto)
        time = e->longest.upto;
    return time >= e->last.from && time < e->last.upto ? e->last.upto : time;
}
/* Nothing starts in [from, upto). */
void stream_fit_cache_note(fit_entry *e, int64_t from, int64_t upto);

#endif
