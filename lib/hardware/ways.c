/* The best ways from all cores to one; see ways.h.
 *
 * A search backwards, from the destination on: of all cores that have a way, but whose neighbours
 * were not offered theirs, the one of the best way is next. A bus is offered to its cores by the
 * first of them that has a way, and again only by one that is better there, so that a bus of n
 * cores costs n, not n^2; links lead straight to their other end. */

#include "ways.h"

#include "stream/support/adjacency.h"

/* A link to a core from another. */
typedef struct {
    int32_t resource, core;
    int64_t bandwidth_bits, latency_cycles;
} edge;

/* Of a core. */
typedef struct {
    way_length length; /* n_hops INT32_MAX: not reached yet */
    hop next;
} best_way;

struct way_search {
    const stream_accelerator *acc;
    way_rule rule;
    const int32_t *first;   /* [n_cores + 1] */
    const edge *edges;      /* of core c: [first[c], first[c + 1]) */
    stream_adjacency buses; /* of each core */

    best_way *best;     /* [n_cores] */
    int32_t *queue;     /* [n_cores] cores that have a way, the best first */
    int32_t *place;     /* [n_cores] in it; -1: not in it */
    int32_t head, tail; /* of the queue: its first core that was not looked at, and its end */
    int32_t *offerer;   /* [n_links] of a bus: the core that offers it; -1: none yet */
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

way_search *stream_way_search_create(const stream_accelerator *acc, bool on_chip, way_rule rule,
                                     stream_arena *arena) {
    size_t n = (size_t)acc->n_cores, m = (size_t)acc->n_links;
    way_search *s = STREAM_NEW(arena, way_search, 1);
    *s = (way_search){.acc = acc,
                      .rule = rule,
                      .buses = links_of_cores(acc, (link_kind){true, on_chip}, arena),
                      .best = STREAM_NEW(arena, best_way, n),
                      .queue = STREAM_NEW(arena, int32_t, n),
                      .place = STREAM_NEW(arena, int32_t, n),
                      .offerer = STREAM_NEW(arena, int32_t, m)};
    make_edges(s, on_chip, arena);
    return s;
}

/* Core `c`, whose way has become better, takes its place in the queue. Mostly that is the last one.
 */
static void enqueue(way_search *s, int32_t c) {
    int32_t at = s->place[c] < 0 ? s->tail++ : s->place[c];
    for (; at > s->head; --at) {
        int32_t other = s->queue[at - 1];
        if (stream_way_compare(s->rule, &s->best[c].length, &s->best[other].length) >= 0)
            break;
        s->queue[at] = other;
        s->place[other] = at;
    }
    s->queue[at] = c;
    s->place[c] = at;
}

static void reset(way_search *s, int32_t to) {
    static const way_length none = {.cycles = INT64_MAX, .n_hops = INT32_MAX};
    for (int32_t c = 0; c < s->acc->n_cores; ++c) {
        s->best[c] = (best_way){none, {-1, -1}};
        s->place[c] = -1;
    }
    for (int32_t l = 0; l < s->acc->n_links; ++l)
        s->offerer[l] = -1;
    s->best[to].length =
        (way_length){.bandwidth_bits = INT64_MAX, .cycles = stream_way_cycles(INT64_MAX)};
    s->head = s->tail = 0;
    enqueue(s, to);
}

/* That of `core` with one hop more. Mostly it is not narrower, and needs no division. */
static inline way_length longer(const way_search *s, int32_t core, int64_t bandwidth_bits,
                                int64_t latency_cycles) {
    way_length way = s->best[core].length;
    if (bandwidth_bits < way.bandwidth_bits) {
        way.cycles += stream_way_cycles(bandwidth_bits) - stream_way_cycles(way.bandwidth_bits);
        way.bandwidth_bits = bandwidth_bits;
    }
    way.cycles += latency_cycles;
    way.n_hops++;
    return way;
}

/* Core `c` gets the way if it is better than what it has, or is equal and by a lower link, or on
 * the same bus by a lower core. */
static inline void take(way_search *s, int32_t c, const best_way *way) {
    best_way *best = &s->best[c];
    if (s->place[c] >= 0 && s->place[c] < s->head)
        return;
    int64_t worse = stream_way_compare(s->rule, &way->length, &best->length);
    if (worse == 0)
        worse = way->next.resource - best->next.resource;
    if (worse > 0 || (worse == 0 && way->next.core > best->next.core))
        return;
    *best = *way;
    enqueue(s, c);
}

static void take_links(way_search *s, int32_t by) {
    for (int32_t i = s->first[by]; i < s->first[by + 1]; ++i) {
        const edge *e = &s->edges[i];
        best_way way = {longer(s, by, e->bandwidth_bits, e->latency_cycles), {e->resource, by}};
        take(s, e->core, &way);
    }
}

/* Core `by` offers the bus, unless another one does that is better, or equal and lower. */
static void take_bus(way_search *s, int32_t bus, int32_t by) {
    const stream_link *b = &s->acc->links[bus];
    int32_t other = s->offerer[bus];
    best_way way = {longer(s, by, b->bandwidth_bits, b->latency_cycles),
                    {s->acc->link_resource[bus], by}};
    if (other >= 0) {
        way_length by_other = longer(s, other, b->bandwidth_bits, b->latency_cycles);
        int64_t worse = stream_way_compare(s->rule, &way.length, &by_other);
        if (worse > 0 || (worse == 0 && by > other))
            return;
    }
    s->offerer[bus] = by;
    for (int32_t i = 0; i < b->n_cores; ++i)
        take(s, b->cores[i], &way);
}

void stream_way_search_run(way_search *s, int32_t to, int32_t from, hop *out) {
    for (int32_t c = 0; c < s->acc->n_cores; ++c)
        out[c] = (hop){-1, -1};
    reset(s, to);
    while (s->head < s->tail) {
        int32_t c = s->queue[s->head++];
        out[c] = s->best[c].next;
        if (c == from)
            return;
        if (c == s->acc->offchip_core && c != to)
            continue;
        take_links(s, c);
        for (int32_t i = s->buses.first[c]; i < s->buses.first[c + 1]; ++i)
            take_bus(s, s->buses.items[i], c);
    }
}
