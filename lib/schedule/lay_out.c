/* Addresses again, when all times are known; see lay_out.h. */

#include "lay_out.h"

#include "transfers.h"

#include "stream/schedule/places.h"
#include "stream/support/alloc.h"
#include "stream/support/integer.h"

#include <stdlib.h>

typedef struct {
    const stream_schedule_problem *problem;
    stream_ct_slot *slots;
    stream_transfer *transfers;
    stream_transfer_target *targets;
    stream_ct_stream *streams;
    stream_resident *residents;
    stream_place *places; /* [n_places] whose addresses may change; sorted */
    int32_t *items;       /* [n_places] of the layout of their memory */
    size_t n_places;
} packer;

static void list_places(packer *p, const stream_schedule *schedule, bool offchip,
                        stream_arena *arena) {
    size_t n;
    p->places = stream_schedule_places(p->problem, schedule, arena, &n);
    for (size_t i = 0; i < n; ++i)
        if ((p->places[i].instance == p->problem->acc->offchip_instance) == offchip)
            p->places[p->n_places++] = p->places[i];
    stream_places_sort(p->places, p->n_places);
    p->items = STREAM_NEW(arena, int32_t, p->n_places);
}

/* Where the schedule names the address of a place. */
static int64_t *address_of(const packer *p, const stream_place *at) {
    switch (at->kind) {
    case STREAM_PLACE_TARGET:
        return &p->targets[at->id].address;
    case STREAM_PLACE_STREAM:
        return &p->streams[at->id].address;
    case STREAM_PLACE_RESIDENT:
        return &p->residents[at->id].address;
    case STREAM_PLACE_SLOT:
        break;
    }
    return &p->slots[at->id].address;
}

/* ---- one memory */

/* Does it take over the partial sums of the place before it? */
static bool continues(const packer *p, const stream_place *now) {
    const stream_place *before = now - 1;
    return now->kind == STREAM_PLACE_SLOT && p->problem->graph->cts[now->id].accumulates &&
           before->address == now->address && before->until == now->from;
}

/* Items of the layout: places [first, end), those that are taken over in place joined. Returns
 * their number. */
static int32_t join(const packer *p, size_t first, size_t end, layout_item *items) {
    int32_t n = 0;
    for (size_t i = first; i < end; ++i) {
        const stream_place *at = &p->places[i];
        if (i == first || !continues(p, at))
            items[n++] = (layout_item){.start = at->from, .bits = at->bits, .address = at->address};
        layout_item *item = &items[n - 1];
        item->until = at->until;
        item->bits = stream_max_i64(item->bits, at->bits);
        p->items[i] = n - 1;
    }
    return n;
}

/* Lays out the places [first, end), of one instance, again, if others are found. */
static void pack(const packer *p, size_t first, size_t end, const layout_finder *f) {
    layout_item *items = stream_alloc_grown(NULL, end - first, sizeof *items);
    int32_t n = join(p, first, end, items);
    if (f->find(f->user, p->places[first].instance, items, n))
        for (size_t i = first; i < end; ++i)
            *address_of(p, &p->places[i]) = items[p->items[i]].address;
    free(items);
}

static void pack_all(const packer *p, const layout_finder *f) {
    for (size_t first = 0, end; first < p->n_places; first = end) {
        end = first + 1;
        while (end < p->n_places && p->places[end].instance == p->places[first].instance)
            ++end;
        pack(p, first, end, f);
    }
}

/* ---- sources of transfers */

static void move_sources(const packer *p, int32_t n_transfers) {
    for (int32_t i = 0; i < n_transfers; ++i) {
        stream_transfer *t = &p->transfers[i];
        const stream_place *at =
            stream_places_find(p->places, p->n_places, t->source, t->source_address, t->start);
        if (at)
            t->source_address = *address_of(p, at);
    }
}

void stream_schedule_lay_out(const stream_schedule_problem *problem, const layout_finder *f,
                             stream_arena *arena, stream_schedule *s) {
    stream_arena *scratch = stream_arena_create();
    packer p = {.problem = problem};
    list_places(&p, s, f->offchip, scratch);
    p.slots = stream_arena_copy(arena, s->slots, (size_t)problem->graph->n_cts, sizeof *s->slots);
    p.transfers = stream_transfers_copy(s, arena, &p.targets);
    p.streams = stream_arena_copy(arena, s->streams, (size_t)s->n_streams, sizeof *s->streams);
    p.residents =
        stream_arena_copy(arena, s->residents, (size_t)s->n_residents, sizeof *s->residents);
    pack_all(&p, f);
    move_sources(&p, s->n_transfers);
    s->slots = p.slots;
    s->transfers = p.transfers;
    s->streams = p.streams;
    s->residents = p.residents;
    stream_arena_destroy(scratch);
}
