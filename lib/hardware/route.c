/* Routes between cores, walked by the next hops to the destinations that are asked for; see
 * stream/hardware/route.h. */

#include "stream/hardware/route.h"

#include "stream/support/adjacency.h"
#include "stream/support/integer.h"
#include "ways.h"

/* The next hops to one destination, kept from the second time on that it is asked for. */
typedef struct {
    bool asked;
    hop *hops; /* [n_cores]; NULL: not kept yet */
} known_way;

/* A route between instances that was asked for. */
typedef struct {
    int32_t from, to;
    const stream_route *route; /* NULL: the slot is free */
} slot;

struct stream_routes {
    const stream_accelerator *acc;
    way_rule rule;
    stream_arena *arena;
    stream_adjacency cores; /* that see each instance */
    way_search *search;
    known_way *ways; /* [n_cores] to each core */
    hop *once;       /* [n_cores] to the last one that was asked for the first time */
    int32_t once_to;
    slot *slots; /* [n_slots] a hash table with linear probing, at most half full */
    uint32_t n_slots, n_known;
};

static const stream_route no_route = {0};

enum {
    FIRST_SLOTS = 64
};

static stream_adjacency cores_of_instances(const stream_accelerator *acc, stream_arena *arena) {
    stream_adjacency of = stream_adjacency_create(acc->n_instances, arena);
    int32_t tops[STREAM_N_OPERANDS];
    for (int32_t c = 0; c < acc->n_cores; ++c)
        for (int32_t i = stream_core_tops(acc, c, tops); i-- > 0;)
            stream_adjacency_count(&of, tops[i]);
    stream_adjacency_allot(&of, acc->n_instances, arena);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        for (int32_t i = stream_core_tops(acc, c, tops); i-- > 0;)
            stream_adjacency_put(&of, tops[i], c);
    return of;
}

/* The next hops to `to` of `from`, whose own says whether it is reached, and of all cores on its
 * way. They are valid until the next call. */
static const hop *way_to(stream_routes *r, int32_t to, int32_t from) {
    known_way *w = &r->ways[to];
    if (r->once_to == to && (from == to || r->once[from].resource >= 0))
        return r->once;
    if (!w->asked) {
        w->asked = true;
        r->once_to = to;
        stream_way_search_run(r->search, to, from, r->once);
        return r->once;
    }
    if (!w->hops) {
        w->hops = STREAM_NEW(r->arena, hop, (size_t)r->acc->n_cores);
        stream_way_search_run(r->search, to, -1, w->hops);
    }
    return w->hops;
}

/* ---- routes of cores */

bool stream_link_is_offchip(const stream_accelerator *acc, int32_t link) {
    for (int32_t i = 0; i < acc->links[link].n_cores; ++i)
        if (acc->links[link].cores[i] == acc->offchip_core)
            return true;
    return false;
}

static stream_routes *create(const stream_accelerator *acc, bool on_chip, way_rule rule,
                             stream_arena *arena) {
    stream_routes *r = STREAM_NEW(arena, stream_routes, 1);
    *r = (stream_routes){.acc = acc,
                         .rule = rule,
                         .arena = arena,
                         .cores = cores_of_instances(acc, arena),
                         .search = stream_way_search_create(acc, on_chip, rule, arena),
                         .ways = STREAM_NEW(arena, known_way, (size_t)acc->n_cores),
                         .once = STREAM_NEW(arena, hop, (size_t)acc->n_cores),
                         .once_to = -1,
                         .slots = STREAM_NEW(arena, slot, FIRST_SLOTS),
                         .n_slots = FIRST_SLOTS};
    return r;
}

stream_routes *stream_routes_create(const stream_accelerator *acc, stream_arena *arena) {
    return create(acc, false, WAY_SOONEST, arena);
}

stream_routes *stream_routes_create_fewest_hops(const stream_accelerator *acc,
                                                stream_arena *arena) {
    return create(acc, false, WAY_FEWEST_HOPS, arena);
}

stream_routes *stream_routes_create_on_chip(const stream_accelerator *acc, stream_arena *arena) {
    return create(acc, true, WAY_SOONEST, arena);
}

/* Hops, latency and bandwidth. Without a way, or from a core to itself, there are no hops. */
static stream_route measure(const stream_accelerator *acc, const hop *way, int32_t from) {
    stream_route route = {.bandwidth_bits = INT64_MAX};
    for (; way[from].resource >= 0; from = way[from].core) {
        const stream_resource *link = &acc->resources[way[from].resource];
        route.bandwidth_bits = stream_min_i64(route.bandwidth_bits, link->bandwidth_bits);
        route.latency_cycles += acc->links[link->link].latency_cycles;
        ++route.n_hops;
    }
    return route;
}

/* A measured route, in the arena. Energy is summed from the destination on, so that a route's rest
 * has the same sum. */
static const stream_route *keep(stream_routes *r, const stream_route *measured, int32_t from,
                                int32_t to) {
    const hop *way = way_to(r, to, from);
    stream_route *route = stream_arena_copy(r->arena, measured, 1, sizeof *route);
    int32_t *resources = STREAM_NEW(r->arena, int32_t, (size_t)route->n_hops);
    for (int32_t i = 0; i < route->n_hops; ++i, from = way[from].core)
        resources[i] = way[from].resource;
    for (int32_t i = route->n_hops; i-- > 0;) {
        int32_t link = r->acc->resources[resources[i]].link;
        route->pj_per_bit += r->acc->links[link].pj_per_bit;
        route->at_offchip |= stream_link_is_offchip(r->acc, link);
    }
    route->resources = resources;
    return route;
}

const stream_route *stream_routes_get(stream_routes *r, int32_t from, int32_t to) {
    const hop *way = way_to(r, to, from);
    if (from != to && way[from].resource < 0)
        return &no_route;
    stream_route route = measure(r->acc, way, from);
    return keep(r, &route, from, to);
}

/* ---- routes of instances */

/* The best route between the two instances so far. */
typedef struct {
    stream_route route; /* n_hops -1: there is none yet */
    int32_t from, to;
} choice;

static way_length length_of(const stream_route *route) {
    return (way_length){route->latency_cycles + stream_way_cycles(route->bandwidth_bits),
                        route->bandwidth_bits, route->n_hops};
}

/* The better way, then the lower core that it comes from. */
static bool better(const stream_routes *r, const stream_route *a, int32_t from, const choice *b) {
    if (b->route.n_hops < 0)
        return true;
    way_length x = length_of(a), y = length_of(&b->route);
    int64_t worse = stream_way_compare(r->rule, &x, &y);
    return worse < 0 || (worse == 0 && from < b->from);
}

/* Cores are offered by rising `to`, and then by rising `from`. */
static void offer(stream_routes *r, int32_t from, int32_t to, choice *best) {
    const hop *way = way_to(r, to, from);
    if (from != to && way[from].resource < 0)
        return;
    stream_route route = measure(r->acc, way, from);
    if (better(r, &route, from, best))
        *best = (choice){route, from, to};
}

static const stream_route *find_between(stream_routes *r, int32_t from, int32_t to) {
    choice best = {.route = {.n_hops = -1}};
    const int32_t *first = r->cores.first;
    for (int32_t t = first[to]; t < first[to + 1]; ++t)
        for (int32_t f = first[from]; f < first[from + 1] && best.route.n_hops != 0; ++f)
            offer(r, r->cores.items[f], r->cores.items[t], &best);
    return best.route.n_hops < 0 ? &no_route : keep(r, &best.route, best.from, best.to);
}

/* Where the pair is, or may be entered. */
static slot *slot_of(const stream_routes *r, int32_t from, int32_t to) {
    uint64_t key = (uint64_t)(uint32_t)from << 32 | (uint32_t)to;
    uint32_t at = (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32);
    for (;; ++at) {
        slot *s = &r->slots[at & (r->n_slots - 1)];
        if (!s->route || (s->from == from && s->to == to))
            return s;
    }
}

static void grow(stream_routes *r) {
    const slot *old = r->slots;
    uint32_t n = r->n_slots;
    r->n_slots = 2 * n;
    r->slots = STREAM_NEW(r->arena, slot, r->n_slots);
    for (uint32_t i = 0; i < n; ++i)
        if (old[i].route)
            *slot_of(r, old[i].from, old[i].to) = old[i];
}

const stream_route *stream_routes_between(stream_routes *r, int32_t from_instance,
                                          int32_t to_instance) {
    slot *s = slot_of(r, from_instance, to_instance);
    const stream_route *route = s->route;
    if (!route) {
        route = find_between(r, from_instance, to_instance);
        *s = (slot){from_instance, to_instance, route};
        if (++r->n_known > r->n_slots / 2)
            grow(r);
    }
    return route == &no_route ? NULL : route;
}
