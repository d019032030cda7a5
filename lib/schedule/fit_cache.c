/* Intervals without a start; see fit_cache.h. */

#include "fit_cache.h"

#include "stream/support/alloc.h"

#include <stdlib.h>

enum {
    ENTRIES = 1 << 13
};

void stream_fit_cache_open(fit_cache *c) {
    *c = (fit_cache){.entries = stream_alloc_zeroed(ENTRIES, sizeof *c->entries), .round = 1};
}

void stream_fit_cache_close(fit_cache *c) {
    free(c->entries);
}

void stream_fit_cache_reset(fit_cache *c) {
    if (++c->round > 0)
        return;
    for (size_t i = 0; i < ENTRIES; ++i)
        c->entries[i].round = 0;
    c->round = 1;
}

static bool same(const fit_kind *a, const fit_kind *b) {
    return a->read_port == b->read_port && a->write_port == b->write_port && a->rate == b->rate &&
           a->duration == b->duration;
}

static uint64_t mixed(uint64_t hash, uint64_t value) {
    return (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Half the rate takes twice as long: the two must not cancel out. */
static size_t place_of(const fit_kind *k) {
    uint64_t hash = mixed(mixed(0, (uint64_t)k->duration), (uint64_t)k->rate);
    hash = mixed(hash ^ hash >> 32, (uint64_t)k->read_port << 32 ^ (uint64_t)k->write_port);
    return (size_t)(hash >> 40) % ENTRIES;
}

fit_entry *stream_fit_cache_at(fit_cache *c, const fit_kind *kind) {
    fit_entry *e = &c->entries[place_of(kind)];
    if (e->round != c->round || !same(&e->kind, kind))
        *e = (fit_entry){.kind = *kind, .round = c->round};
    return e;
}

/* Becomes the union with [from, upto) if that is one interval. */
static bool extend(fit_interval *i, int64_t from, int64_t upto) {
    if (i->from == i->upto || from > i->upto || i->from > upto)
        return false;
    i->from = from < i->from ? from : i->from;
    i->upto = upto > i->upto ? upto : i->upto;
    return true;
}

void stream_fit_cache_note(fit_entry *e, int64_t from, int64_t upto) {
    if (from == upto)
        return;
    if (extend(&e->longest, from, upto)) {
        if (extend(&e->longest, e->last.from, e->last.upto))
            e->last = (fit_interval){0};
        return;
    }
    if (!extend(&e->last, from, upto))
        e->last = (fit_interval){from, upto};
    if (e->last.upto - e->last.from > e->longest.upto - e->longest.from) {
        fit_interval longest = e->last;
        e->last = e->longest;
        e->longest = longest;
    }
}
