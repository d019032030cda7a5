/* The buffers that a schedule names; see stream/schedule/places.h. */

#include "stream/schedule/places.h"

#include "transfers.h"

#include "stream/schedule/energy.h"
#include "stream/support/integer.h"
#include "stream/support/sort.h"

#include <stdlib.h>

/* Takes the places one after the other. */
typedef struct lister {
    const stream_schedule_problem *problem;
    const stream_schedule *schedule;
    void (*take)(struct lister *l, const stream_place *place);
    stream_place *list;
    size_t n;
} lister;

/* `bits` in whole words, if it is not empty. */
static void add(lister *l, stream_place place) {
    place.bits = stream_round_up(place.bits, l->problem->acc->instances[place.instance].word_bits);
    if (place.until > place.from && place.bits > 0)
        l->take(l, &place);
}

static void add_residents(lister *l) {
    const stream_ct_graph *g = l->problem->graph;
    for (int32_t i = 0; i < l->schedule->n_residents; ++i) {
        const stream_resident *r = &l->schedule->residents[i];
        const stream_tensor *tensor = &g->tensors[r->tensor];
        stream_box whole = stream_box_whole(tensor->rank, tensor->shape);
        add(l, (stream_place){r->address, stream_ct_graph_bits(g, r->tensor, &whole), 0, r->until,
                              l->problem->acc->offchip_instance, STREAM_PLACE_RESIDENT, i});
    }
}

static void add_targets(lister *l) {
    int32_t id = 0;
    for (int32_t i = 0; i < l->schedule->n_transfers; ++i) {
        const stream_transfer *t = &l->schedule->transfers[i];
        int64_t bits = stream_ct_graph_bits(l->problem->graph, t->tensor, &t->box);
        for (int32_t k = 0; k < t->n_targets; ++k)
            add(l, (stream_place){t->targets[k].address, bits, t->start, t->targets[k].until,
                                  t->targets[k].instance, STREAM_PLACE_TARGET, id++});
    }
}

static void add_slots(lister *l) {
    const stream_ct_graph *g = l->problem->graph;
    for (int32_t i = 0; i < g->n_cts; ++i) {
        const stream_ct *ct = &g->cts[i];
        const stream_ct_slot *s = &l->schedule->slots[i];
        add(l, (stream_place){s->address, stream_ct_graph_bits(g, ct->tensor, &ct->box), s->start,
                              s->until,
                              stream_schedule_instance(l->problem, ct->kernel, s->core, STREAM_O),
                              STREAM_PLACE_SLOT, i});
    }
}

/* What passes of a streamed operand is on the core while the CT runs. */
static void add_streams(lister *l) {
    const stream_accelerator *acc = l->problem->acc;
    for (int32_t i = 0; i < l->schedule->n_streams; ++i) {
        const stream_ct_stream *s = &l->schedule->streams[i];
        const stream_ct_slot *slot = &l->schedule->slots[s->ct];
        int32_t top = acc->top[slot->core * STREAM_N_OPERANDS + s->operand];
        if (top >= 0 && top != acc->offchip_instance)
            add(l, (stream_place){s->address,
                                  stream_ct_stream_price(l->problem, l->schedule, s)->buffer_bits,
                                  slot->start, slot->end, top, STREAM_PLACE_STREAM, i});
    }
}

static void add_all(lister *l) {
    add_residents(l);
    add_targets(l);
    add_slots(l);
    add_streams(l);
}

static void into_list(lister *l, const stream_place *place) {
    l->list[l->n++] = *place;
}

stream_place *stream_schedule_places(const stream_schedule_problem *problem,
                                     const stream_schedule *schedule, stream_arena *arena,
                                     size_t *out_n) {
    size_t most = (size_t)schedule->n_residents + (size_t)stream_transfers_count_targets(schedule) +
                  (size_t)problem->graph->n_cts + (size_t)schedule->n_streams;
    lister l = {.problem = problem,
                .schedule = schedule,
                .take = into_list,
                .list = STREAM_NEW(arena, stream_place, most)};
    add_all(&l);
    *out_n = l.n;
    return l.list;
}

/* ---- peaks */

/* What begins and ends in each memory: that of instance i is changes[next[i - 1] .. next[i]) when
 * all are taken. */
typedef struct {
    lister l;     /* first: it is what `take` is given */
    size_t *next; /* [n_instances + 1] */
    stream_keyed *changes;
} change_lister;

static void count_changes(lister *l, const stream_place *place) {
    ((change_lister *)(void *)l)->next[place->instance + 1] += 2;
}

/* At one time what ends is before what begins. */
static void into_changes(lister *l, const stream_place *p) {
    change_lister *c = (change_lister *)(void *)l;
    c->changes[c->next[p->instance]++] = (stream_keyed){(uint64_t)p->from << 1 | 1, p->bits};
    c->changes[c->next[p->instance]++] = (stream_keyed){(uint64_t)p->until << 1, -p->bits};
}

/* Returns the most of one memory. */
static size_t list_changes(change_lister *c, int32_t n_instances, stream_arena *arena) {
    size_t most = 0;
    c->next = STREAM_NEW(arena, size_t, (size_t)n_instances + 1);
    c->l.take = count_changes;
    add_all(&c->l);
    for (int32_t i = 0; i < n_instances; ++i) {
        most = c->next[i + 1] > most ? c->next[i + 1] : most;
        c->next[i + 1] += c->next[i];
    }
    c->changes = STREAM_NEW(arena, stream_keyed, c->next[n_instances]);
    c->l.take = into_changes;
    add_all(&c->l);
    return most;
}

static int64_t find_peak(stream_keyed *changes, size_t n, stream_keyed *scratch) {
    int64_t now = 0, peak = 0;
    stream_sort_keyed(changes, n, scratch);
    for (size_t i = 0; i < n; ++i) {
        now += changes[i].value;
        peak = stream_max_i64(peak, now);
    }
    return peak;
}

const int64_t *stream_schedule_peaks(const stream_schedule_problem *problem,
                                     const stream_schedule *schedule, stream_arena *arena) {
    int32_t n_instances = problem->acc->n_instances;
    int64_t *peaks = STREAM_NEW(arena, int64_t, (size_t)n_instances);
    stream_arena *scratch = stream_arena_create();
    change_lister c = {.l = {.problem = problem, .schedule = schedule}};
    size_t most = list_changes(&c, n_instances, scratch);
    stream_keyed *spare = STREAM_NEW(scratch, stream_keyed, most);
    for (int32_t i = 0; i < n_instances; ++i) {
        size_t first = i > 0 ? c.next[i - 1] : 0;
        peaks[i] = find_peak(&c.changes[first], c.next[i] - first, spare);
    }
    stream_arena_destroy(scratch);
    return peaks;
}

/* ---- by address */

static int by_address(const void *a, const void *b) {
    const stream_place *x = a, *y = b;
    if (x->instance != y->instance)
        return x->instance < y->instance ? -1 : 1;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return (x->from > y->from) - (x->from < y->from);
}

void stream_places_sort(stream_place *places, size_t n) {
    if (n)
        qsort(places, n, sizeof *places, by_address);
}

stream_place *stream_places_find(stream_place *places, size_t n, int32_t instance, int64_t address,
                                 int64_t time) {
    const stream_place key = {.instance = instance, .address = address, .from = time};
    size_t lo = 0, hi = n; /* places [0 .. lo) are not after the key */
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (by_address(&places[mid], &key) <= 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    stream_place *at = lo ? &places[lo - 1] : NULL;
    return at && at->instance == instance && at->address == address ? at : NULL;
}
