/* The best ways from all cores to one; see ways.h.
 *
 * A breadth-first search backwards, level by level. All cores of a level that sit on a bus offer it
 * together, so that a bus is looked at once and one of n cores costs n, not n^2; links lead
 * straight to their other end. */

#include "ways.h"

#include "stream/support/adjacency.h"

#include <string.h>

/* A link to a core from another. */
typedef struct {
    int32_t resource, core;
    int64_t bandwidth_bits, latency_cycles;
} edge;

/* Of a core. */
typedef struct {
    int64_t bandwidth_bits; /* of the slowest hop */
    int64_t latency_cycles;
    int32_t n_hops; /* INT32_MAX: not reached yet */
    hop next;
} best_way;

struct way_search {
    const stream_accelerator *acc;
    const int32_t *first;   /* [n_cores + 1] */
    const edge *edges;      /* of core c: [first[c], first[c + 1]) */
    stream_adjacency buses; /* of each core */

    best_way *best;   /* [n_cores] */
    int32_t *queue;   /* [n_cores] cores by level */
    int32_t *offerer; /* [n_links] of a bus: the core that offers it; -1: not looked at yet */
    int32_t *offered; /* [n_links] buses that the present level offers */
};

/* Which links are looked at. */
typedef struct {
    bool bus, on_chip;
} link_kind;

static bool is_of(const stream_accelerator *acc, int32_t l, link_kind kind) {
    return acc->links[l].bus == kind.bus && !(kind.on_chip && stream_link_is_offchip(acc, l));
}

/* Links of the kind of each core, by id. */
static stream_adjacency links_of_cores(const stream_accelerator *acc, link_kind kind,
                                       stream_arena *arena) {
    stream_adjacency of = stream_adjacency_create(acc->n_cores, arena);
    for (int32_t l = 0; l < acc->n_links; ++l)
        for (int32_t i = 0, n = is_of(acc, l, kind) ? acc->links[l].n_cores : 0; i < n; ++i)
            stream_adjacency_count(&of, acc->links[l].cores[i]);
    stream_adjacency_allot(&of, acc->n_cores, arena);
    for (int32_t l = 0; l < acc->n_links; ++l)
        for (int32_t i = 0, n = is_of(acc, l, kind) ? acc->links[l].n_cores : 0; i < n; ++i)
            stream_adjacency_put(&of, acc->links[l].cores[i], l);
    return of;
}

static void make_edges(way_search *s, bool on_chip, stream_arena *arena) {
    const stream_accelerator *acc = s->acc;
    stream_adjacency links = links_of_cores(acc, (link_kind){false, on_chip}, arena);
    edge *edges = STREAM_NEW(arena, edge, (size_t)links.first[acc->n_cores]);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        for (int32_t i = links.first[c]; i < links.first[c + 1]; ++i) {
            const stream_link *l = &acc->links[links.items[i]];
            bool away = l->cores[0] == c; /* the way back has the link's second resource */
            edges[i] = (edge){acc->link_resource[links.items[i]] + away, l->cores[away],
                              l->bandwidth_bits, l->latency_cycles};
        }
    s->first = links.first;
    s->edges = edges;
}

way_search *stream_way_search_create(const stream_accelerator *acc, bool on_chip,
                                     stream_arena *arena) {
    size_t n = (size_t)acc->n_cores, m = (size_t)acc->n_links;
    way_search *s = STREAM_NEW(arena, way_search, 1);
    *s = (way_search){.acc = acc,
                      .buses = links_of_cores(acc, (link_kind){true, on_chip}, arena),
                      .best = STREAM_NEW(arena, best_way, n),
                      .queue = STREAM_NEW(arena, int32_t, n),
                      .offerer = STREAM_NEW(arena, int32_t, m),
                      .offered = STREAM_NEW(arena, int32_t, m)};
    make_edges(s, on_chip, arena);
    return s;
}

static void reset(way_search *s, int32_t to) {
    for (int32_t c = 0; c < s->acc->n_cores; ++c)
        s->best[c] = (best_way){.n_hops = INT32_MAX, .next = {-1, -1}};
    for (int32_t l = 0; l < s->acc->n_links; ++l)
        s->offerer[l] = -1;
    s->best[to].n_hops = 0;
    s->best[to].bandwidth_bits = INT64_MAX;
    s->best[to].latency_cycles = 0;
    s->queue[0] = to;
}

/* Core `c` gets the way if it has no more hops than what it has, and is better, or is equal and by
 * a lower link. Returns the new end of the queue. */
static inline int32_t take(way_search *s, int32_t c, const best_way *way, int32_t tail) {
    best_way *best = &s->best[c];
    if (best->n_hops < way->n_hops)
        return tail;
    if (best->n_hops > way->n_hops) {
        s->queue[tail++] = c;
    } else {
        int64_t worse = stream_way_compare(way->latency_cycles, way->bandwidth_bits,
                                           best->latency_cycles, best->bandwidth_bits);
        if (worse > 0 || (worse == 0 && way->next.resource > best->next.resource))
            return tail;
    }
    *best = *way;
    return tail;
}

static int32_t take_links(way_search *s, int32_t by, int32_t tail) {
    const best_way rest = s->best[by];
    for (int32_t i = s->first[by]; i < s->first[by + 1]; ++i) {
        const edge *e = &s->edges[i];
        best_way way = {stream_min_i64(e->bandwidth_bits, rest.bandwidth_bits),
                        rest.latency_cycles + e->latency_cycles,
                        rest.n_hops + 1,
                        {e->resource, by}};
        tail = take(s, e->core, &way, tail);
    }
    return tail;
}

/* Bits per cycle from a core on the bus to the destination by way of `core`. */
static int64_t width_by(const way_search *s, int32_t bus, int32_t core) {
    return stream_min_i64(s->acc->links[bus].bandwidth_bits, s->best[core].bandwidth_bits);
}

/* Core `c` of the present level offers its buses that no earlier level did: the best way wins, then
 * the lowest core. Returns how many buses are offered now. */
static int32_t offer_buses(way_search *s, int32_t c, int32_t n_offered) {
    for (int32_t i = s->buses.first[c]; i < s->buses.first[c + 1]; ++i) {
        int32_t bus = s->buses.items[i], other = s->offerer[bus];
        if (other < 0)
            s->offered[n_offered++] = bus;
        else if (s->best[other].n_hops != s->best[c].n_hops)
            continue;
        int64_t worse =
            other < 0 ? -1
                      : stream_way_compare(s->best[c].latency_cycles, width_by(s, bus, c),
                                           s->best[other].latency_cycles, width_by(s, bus, other));
        if (worse < 0 || (worse == 0 && c < other))
            s->offerer[bus] = c;
    }
    return n_offered;
}

static int32_t take_bus(way_search *s, int32_t bus, int32_t tail) {
    int32_t by = s->offerer[bus];
    const stream_link *b = &s->acc->links[bus];
    const best_way way = {width_by(s, bus, by),
                          s->best[by].latency_cycles + b->latency_cycles,
                          s->best[by].n_hops + 1,
                          {s->acc->link_resource[bus], by}};
    for (int32_t i = 0; i < b->n_cores; ++i)
        tail = take(s, b->cores[i], &way, tail);
    return tail;
}

void stream_way_search_run(way_search *s, int32_t to, int32_t from, hop *out) {
    int32_t tail = 1;
    reset(s, to);
    for (int32_t head = 0; head < tail && (from < 0 || s->best[from].n_hops == INT32_MAX);) {
        int32_t level_end = tail, n_offered = 0;
        for (; head < level_end; ++head) {
            int32_t c = s->queue[head];
            if (c == s->acc->offchip_core && c != to)
                continue;
            tail = take_links(s, c, tail);
            n_offered = offer_buses(s, c, n_offered);
        }
        for (int32_t i = 0; i < n_offered; ++i)
            tail = take_bus(s, s->offered[i], tail);
    }
    for (int32_t c = 0; c < s->acc->n_cores; ++c)
        out[c] = s->best[c].next;
}
