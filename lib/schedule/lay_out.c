/* Addresses again, when all times are known; see lay_out.h. */

#include "lay_out.h"

#include "stream/schedule/places.h"
#include "stream/support/alloc.h"
#include "stream/support/integer.h"

#include <stdlib.h>

/* A place on chip: its address may change. */
typedef struct {
    stream_place at;
    int32_t item; /* of the layout */
} place;

typedef struct {
    const stream_schedule_problem *problem;
    stream_ct_slot *slots;
    stream_transfer *transfers;
    stream_transfer_target *targets;
    stream_ct_stream *streams;
    place *places; /* [n_places] on chip, by instance, address, start */
    size_t n_places;
} packer;

static void list_places(packer *p, const stream_schedule *schedule, stream_arena *arena) {
    size_t n;
    const stream_place *all = stream_schedule_places(p->problem, schedule, arena, &n);
    p->places = STREAM_NEW(arena, place, n);
    for (size_t i = 0; i < n; ++i)
        if (all[i].instance != p->problem->acc->offchip_instance)
            p->places[p->n_places++] = (place){all[i], -1};
}

static int by_place(const void *a, const void *b) {
    const stream_place *x = &((const place *)a)->at, *y = &((const place *)b)->at;
    if (x->instance != y->instance)
        return x->instance < y->instance ? -1 : 1;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return (x->from > y->from) - (x->from < y->from);
}

/* Where the schedule names the address of a place on chip. */
static int64_t *address_of(const packer *p, const place *at) {
    switch (at->at.kind) {
    case STREAM_PLACE_TARGET:
        return &p->targets[at->at.id].address;
    case STREAM_PLACE_STREAM:
        return &p->streams[at->at.id].address;
    case STREAM_PLACE_RESIDENT: /* off-chip */
    case STREAM_PLACE_SLOT:
        break;
    }
    return &p->slots[at->at.id].address;
}

/* ---- one memory */

/* Does it take over the partial sums of the place before it? */
static bool continues(const packer *p, const place *at) {
    const stream_place *now = &at->at, *before = &at[-1].at;
    return now->kind == STREAM_PLACE_SLOT && p->problem->graph->cts[now->id].accumulates &&
           before->address == now->address && before->until == now->from;
}

/* Items of the layout: places, those that are taken over in place joined. Returns their number. */
static int32_t join(const packer *p, place *places, size_t n, layout_item *items) {
    int32_t n_items = 0;
    for (size_t i = 0; i < n; ++i) {
        const stream_place *at = &places[i].at;
        if (i == 0 || !continues(p, &places[i]))
            items[n_items++] =
                (layout_item){.start = at->from, .bits = at->bits, .address = at->address};
        layout_item *item = &items[n_items - 1];
        item->until = at->until;
        item->bits = stream_max_i64(item->bits, at->bits);
        places[i].item = n_items - 1;
    }
    return n_items;
}

/* Lays out the places of one instance again, if others are found. */
static void pack(const packer *p, place *places, size_t n, const layout_finder *f) {
    layout_item *items = stream_alloc_grown(NULL, n, sizeof *items);
    int32_t n_items = join(p, places, n, items);
    if (f->find(f->user, places[0].at.instance, items, n_items))
        for (size_t i = 0; i < n; ++i)
            *address_of(p, &places[i]) = items[places[i].item].address;
    free(items);
}

static void pack_all(const packer *p, const layout_finder *f) {
    for (size_t first = 0, n; first < p->n_places; first += n) {
        n = 1;
        while (first + n < p->n_places &&
               p->places[first + n].at.instance == p->places[first].at.instance)
            ++n;
        pack(p, &p->places[first], n, f);
    }
}

/* ---- sources of transfers */

/* The place at the address that began last by `start`; NULL: off-chip. */
static const place *find(const packer *p, int32_t instance, int64_t address, int64_t start) {
    const place key = {.at = {.instance = instance, .address = address, .from = start}};
    size_t lo = 0, hi = p->n_places; /* places [0 .. lo) are not after the key */
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (by_place(&p->places[mid], &key) <= 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    const place *at = lo ? &p->places[lo - 1] : NULL;
    return at && at->at.instance == instance && at->at.address == address ? at : NULL;
}

static void move_sources(const packer *p, int32_t n_transfers) {
    for (int32_t i = 0; i < n_transfers; ++i) {
        stream_transfer *t = &p->transfers[i];
        const place *at = find(p, t->source, t->source_address, t->start);
        if (at)
            t->source_address = *address_of(p, at);
    }
}

/* ---- copies */

static void copy_targets(packer *p, int32_t n_transfers, stream_arena *arena) {
    int32_t n = 0;
    for (int32_t i = 0; i < n_transfers; ++i)
        n += p->transfers[i].n_targets;
    stream_transfer_target *next = STREAM_NEW(arena, stream_transfer_target, (size_t)n);
    p->targets = next;
    for (int32_t i = 0; i < n_transfers; ++i) {
        stream_transfer *t = &p->transfers[i];
        for (int32_t k = 0; k < t->n_targets; ++k)
            next[k] = t->targets[k];
        t->targets = next;
        next += t->n_targets;
    }
}

void stream_schedule_lay_out(const stream_schedule_problem *problem, const layout_finder *f,
                             stream_arena *arena, stream_schedule *s) {
    stream_arena *scratch = stream_arena_create();
    packer p = {.problem = problem};
    list_places(&p, s, scratch);
    p.slots = stream_arena_copy(arena, s->slots, (size_t)problem->graph->n_cts, sizeof *s->slots);
    p.transfers =
        stream_arena_copy(arena, s->transfers, (size_t)s->n_transfers, sizeof *s->transfers);
    p.streams = stream_arena_copy(arena, s->streams, (size_t)s->n_streams, sizeof *s->streams);
    copy_targets(&p, s->n_transfers, arena);
    if (p.n_places)
        qsort(p.places, p.n_places, sizeof(place), by_place);
    pack_all(&p, f);
    move_sources(&p, s->n_transfers);
    s->slots = p.slots;
    s->transfers = p.transfers;
    s->streams = p.streams;
    stream_arena_destroy(scratch);
}
