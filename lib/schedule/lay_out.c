/* Addresses again, when all times are known; see lay_out.h. */

#include "lay_out.h"

#include "stream/schedule/energy.h"
#include "stream/support/alloc.h"
#include "stream/support/integer.h"
#include "stream/support/vec.h"

#include <stdlib.h>
#include <string.h>

typedef enum {
    PLACE_SLOT,
    PLACE_TARGET,
    PLACE_STREAM
} place_kind;

/* An address that the schedule names. */
typedef struct {
    int64_t address, bits, start, until;
    int32_t instance;
    place_kind kind;
    int32_t id;     /* CT, target (counted over all transfers), stream */
    bool continues; /* takes over the partial sums that were here */
    int32_t item;   /* of the layout */
} place;

typedef struct {
    const stream_schedule_problem *problem;
    stream_ct_slot *slots;
    stream_transfer *transfers;
    stream_transfer_target *targets;
    stream_ct_stream *streams;
    int32_t *first_target; /* [n_transfers] */
    stream_vec places;     /* place, by instance, address, start */
} packer;

static int64_t rounded(const packer *p, int32_t instance, int64_t bits) {
    return stream_round_up(bits, p->problem->acc->instances[instance].word_bits);
}

static void add_place(packer *p, place at) {
    if (at.instance != p->problem->acc->offchip_instance && at.until > at.start && at.bits > 0)
        *(place *)stream_vec_push(&p->places) = at;
}

static void add_slots(packer *p) {
    const stream_ct_graph *g = p->problem->graph;
    for (int32_t i = 0; i < g->n_cts; ++i) {
        const stream_ct *ct = &g->cts[i];
        const stream_ct_slot *s = &p->slots[i];
        int32_t instance = stream_schedule_instance(p->problem, ct->kernel, s->core, STREAM_O);
        int64_t bits = rounded(p, instance, stream_ct_graph_bits(g, ct->tensor, &ct->box));
        add_place(p, (place){s->address, bits, s->start, s->until, instance, PLACE_SLOT, i,
                             ct->accumulates, -1});
    }
}

static void add_targets(packer *p, int32_t n_transfers) {
    for (int32_t i = 0; i < n_transfers; ++i) {
        const stream_transfer *t = &p->transfers[i];
        int64_t bits = stream_ct_graph_bits(p->problem->graph, t->tensor, &t->box);
        for (int32_t k = 0; k < t->n_targets; ++k) {
            const stream_transfer_target *to = &t->targets[k];
            add_place(p, (place){to->address, rounded(p, to->instance, bits), t->start, to->until,
                                 to->instance, PLACE_TARGET, p->first_target[i] + k, false, -1});
        }
    }
}

static void add_streams(packer *p, const stream_schedule *schedule) {
    const stream_accelerator *acc = p->problem->acc;
    for (int32_t i = 0; i < schedule->n_streams; ++i) {
        const stream_ct_stream *s = &p->streams[i];
        const stream_ct_slot *slot = &p->slots[s->ct];
        int32_t instance = acc->top[slot->core * STREAM_N_OPERANDS + s->operand];
        int64_t bits = stream_ct_stream_price(p->problem, schedule, s)->buffer_bits;
        if (instance < 0)
            continue;
        add_place(p, (place){s->address, rounded(p, instance, bits), slot->start, slot->end,
                             instance, PLACE_STREAM, i, false, -1});
    }
}

static int by_place(const void *a, const void *b) {
    const place *x = a, *y = b;
    if (x->instance != y->instance)
        return x->instance < y->instance ? -1 : 1;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return (x->start > y->start) - (x->start < y->start);
}

/* ---- one memory */

/* Items of the layout: places, those that are taken over in place joined. Returns their number. */
static int32_t join(place *places, size_t n, layout_item *items) {
    int32_t n_items = 0;
    for (size_t i = 0; i < n; ++i) {
        place *at = &places[i];
        bool joined = at->continues && i > 0 && places[i - 1].address == at->address &&
                      places[i - 1].until == at->start;
        if (!joined)
            items[n_items++] =
                (layout_item){.start = at->start, .bits = at->bits, .address = at->address};
        layout_item *item = &items[n_items - 1];
        item->until = at->until;
        item->bits = stream_max_i64(item->bits, at->bits);
        at->item = n_items - 1;
    }
    return n_items;
}

static void move(packer *p, const place *at, int64_t address) {
    switch (at->kind) {
    case PLACE_SLOT:
        p->slots[at->id].address = address;
        return;
    case PLACE_TARGET:
        p->targets[at->id].address = address;
        return;
    case PLACE_STREAM:
        p->streams[at->id].address = address;
        return;
    }
}

/* Lays out the places [first, first + n) of an instance again, if others are found. */
static void pack(packer *p, size_t first, size_t n, const layout_finder *f) {
    place *places = &STREAM_AT(place, p->places, first);
    layout_item *items = stream_alloc_grown(NULL, n, sizeof *items);
    int32_t n_items = join(places, n, items);
    if (f->find(f->user, places[0].instance, items, n_items))
        for (size_t i = 0; i < n; ++i)
            move(p, &places[i], items[places[i].item].address);
    free(items);
}

static void pack_all(packer *p, const layout_finder *f) {
    for (size_t first = 0, n; first < p->places.n; first += n) {
        int32_t instance = STREAM_AT(place, p->places, first).instance;
        for (n = 1; first + n < p->places.n;)
            if (STREAM_AT(place, p->places, first + n).instance != instance)
                break;
            else
                ++n;
        pack(p, first, n, f);
    }
}

/* ---- sources of transfers */

/* The place at the address over the interval; NULL: off-chip. */
static const place *find(const packer *p, int32_t instance, int64_t address, int64_t start) {
    place key = {.instance = instance, .address = address, .start = start};
    size_t lo = 0, hi = p->places.n; /* places [0 .. lo) are not after the key */
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (by_place(&STREAM_AT(place, p->places, mid), &key) <= 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    const place *at = lo ? &STREAM_AT(place, p->places, lo - 1) : NULL;
    return at && at->instance == instance && at->address == address ? at : NULL;
}

static int64_t address_of(const packer *p, const place *at) {
    switch (at->kind) {
    case PLACE_SLOT:
        return p->slots[at->id].address;
    case PLACE_TARGET:
        return p->targets[at->id].address;
    case PLACE_STREAM:
        return p->streams[at->id].address;
    }
    return at->address;
}

static void move_sources(packer *p, int32_t n_transfers) {
    for (int32_t i = 0; i < n_transfers; ++i) {
        stream_transfer *t = &p->transfers[i];
        const place *at = find(p, t->source, t->source_address, t->start);
        if (at)
            t->source_address = address_of(p, at);
    }
}

/* ---- copies */

static void copy_targets(packer *p, int32_t n_transfers, stream_arena *arena) {
    int32_t n = 0;
    p->first_target = STREAM_NEW(arena, int32_t, (size_t)n_transfers);
    for (int32_t i = 0; i < n_transfers; ++i) {
        p->first_target[i] = n;
        n += p->transfers[i].n_targets;
    }
    p->targets = STREAM_NEW(arena, stream_transfer_target, (size_t)n);
    for (int32_t i = 0; i < n_transfers; ++i) {
        stream_transfer *t = &p->transfers[i];
        for (int32_t k = 0; k < t->n_targets; ++k)
            p->targets[p->first_target[i] + k] = t->targets[k];
        t->targets = &p->targets[p->first_target[i]];
    }
}

void stream_schedule_lay_out(const stream_schedule_problem *problem, const layout_finder *f,
                             stream_arena *arena, stream_schedule *s) {
    packer p = {.problem = problem, .places = STREAM_VEC(place)};
    p.slots = stream_arena_copy(arena, s->slots, (size_t)problem->graph->n_cts, sizeof *s->slots);
    p.transfers =
        stream_arena_copy(arena, s->transfers, (size_t)s->n_transfers, sizeof *s->transfers);
    p.streams = stream_arena_copy(arena, s->streams, (size_t)s->n_streams, sizeof *s->streams);
    copy_targets(&p, s->n_transfers, arena);
    add_slots(&p);
    add_targets(&p, s->n_transfers);
    add_streams(&p, s);
    if (p.places.n)
        qsort(p.places.data, p.places.n, sizeof(place), by_place);
    pack_all(&p, f);
    move_sources(&p, s->n_transfers);
    s->slots = p.slots;
    s->transfers = p.transfers;
    s->streams = p.streams;
    stream_vec_free(&p.places);
}
