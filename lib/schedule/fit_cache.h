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
 * A table of one such interval per hash of the kind; a kind that meets another there replaces it.
 */

typedef struct {
    int32_t read_port, write_port; /* they say which route, too */
    int64_t rate, duration;
} fit_kind;

typedef struct {
    fit_kind kind;
    int64_t from, upto;
    uint32_t round; /* of another round: nothing is known */
} fit_entry;

typedef struct {
    fit_entry *entries;
    uint32_t round;
} fit_cache;

void stream_fit_cache_open(fit_cache *c);
void stream_fit_cache_close(fit_cache *c);
/* Forgets everything: bandwidth is given back. */
void stream_fit_cache_reset(fit_cache *c);

/* The entry of the kind; empty (from == upto) if it is new. */
fit_entry *stream_fit_cache_at(fit_cache *c, const fit_kind *kind);
/* The earliest start at or after `time` that is not known to be impossible. */
static inline int64_t stream_fit_cache_skip(const fit_entry *e, int64_t time) {
    return time >= e->from && time < e->upto ? e->upto : time;
}
/* Nothing starts in [from, upto). */
void stream_fit_cache_note(fit_entry *e, int64_t from, int64_t upto);

#endif
