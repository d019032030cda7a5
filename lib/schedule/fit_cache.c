/* Intervals without a start; see fit_cache.h. */

#include "fit_cache.h"

#include "stream/support/alloc.h"

#include <stdlib.h>

enum {
    LEAST_ENTRIES = 1 << 8,
    MOST_ENTRIES = 2 * STREAM_FIT_MOST_KINDS,
    MOST_PROBES = 8
};

static void allocate(fit_cache *c, uint32_t capacity) {
    c->entries = stream_alloc_zeroed(capacity, sizeof *c->entries);
    c->capacity = capacity;
    c->n = 0;
}

void stream_fit_cache_open(fit_cache *c) {
    *c = (fit_cache){.round = 1};
    allocate(c, LEAST_ENTRIES);
}

void stream_fit_cache_close(fit_cache *c) {
    free(c->entries);
}

void stream_fit_cache_reset(fit_cache *c) {
    c->n = 0;
    if (++c->round > 0)
        return;
    for (uint32_t i = 0; i < c->capacity; ++i)
        c->entries[i].round = 0;
    c->round = 1;
}

static bool same(const fit_kind *a, const fit_kind *b) {
    return a->read_port == b->read_port && a->write_port == b->write_port && a->rate == b->rate &&
           a->duration == b->duration && a->on_chip == b->on_chip;
}

static uint64_t mixed(uint64_t hash, uint64_t value) {
    return (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Half the rate takes twice as long: the two must not cancel out. */
static uint32_t hash_of(const fit_kind *k) {
    uint64_t hash = mixed(mixed(0, (uint64_t)k->duration), (uint64_t)k->rate);
    hash = mixed(hash ^ hash >> 32, (uint64_t)k->read_port << 32 ^ (uint64_t)k->write_port);
    return (uint32_t)(hash >> 32);
}

/* The kind's entry, or an unused one; NULL: others are where it would be. */
static fit_entry *probe(const fit_cache *c, const fit_kind *kind, uint32_t hash) {
    for (uint32_t i = 0; i < MOST_PROBES; ++i) {
        fit_entry *e = &c->entries[(hash + i) & (c->capacity - 1)];
        if (e->round != c->round || same(&e->kind, kind))
            return e;
    }
    return NULL;
}

/* The first of the places where it would be is given up for it if there is no other. */
static fit_entry *place_for(fit_cache *c, const fit_kind *kind) {
    uint32_t hash = hash_of(kind);
    fit_entry *e = probe(c, kind, hash);
    return e ? e : &c->entries[hash & (c->capacity - 1)];
}

static void grow(fit_cache *c) {
    fit_cache old = *c;
    allocate(c, 2 * old.capacity);
    for (uint32_t i = 0; i < old.capacity; ++i)
        if (old.entries[i].round == old.round) {
            *place_for(c, &old.entries[i].kind) = old.entries[i];
            c->n++;
        }
    free(old.entries);
}

fit_entry *stream_fit_cache_at(fit_cache *c, const fit_kind *kind) {
    fit_entry *e = probe(c, kind, hash_of(kind));
    if (e && e->round == c->round)
        return e;
    while (c->capacity < MOST_ENTRIES && (!e || c->n >= c->capacity / 2)) {
        grow(c);
        e = probe(c, kind, hash_of(kind));
    }
    if (!e)
        e = place_for(c, kind);
    c->n += e->round != c->round;
    *e = (fit_entry){.kind = *kind, .round = c->round};
    return e;
}

static int64_t leading_bits(int64_t x) {
    int shift = 61 - __builtin_clzll((unsigned long long)x);
    return shift > 0 ? x >> shift << shift : x;
}

fit_kind stream_fit_kind_below(const fit_kind *kind) {
    fit_kind below = *kind;
    below.rate = leading_bits(kind->rate);
    below.duration = leading_bits(kind->duration);
    return below;
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
