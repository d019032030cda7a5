/* Routes between cores; see stream/hardware/route.h.
 *
 * For each destination a breadth-first search backwards, level by level: all cores of a level that
 * sit on a link offer it together, so a link is looked at once and a bus of n cores costs n, not
 * n^2. Every core keeps its next hop; the routes to one destination are a tree, and the list of the
 * links of a route ends with that of every core on it. */

#include "stream/hardware/route.h"

#include "internal.h"
#include "stream/support/integer.h"

#include <string.h>

/* Links of all routes together. */
#define MAX_HOPS (INT64_C(1) << 25)

/* The links of each core, by id: links[first[c] .. first[c + 1]). */
typedef struct {
    const int32_t *first, *links;
} adjacency;

/* The way to one destination, for every core, and the state of the search. */
typedef struct {
    int32_t *hops;                  /* [n_cores] -1: unreachable */
    int64_t *bandwidth;             /* [n_cores] of the slowest hop */
    int32_t *next_link, *next_core; /* [n_cores] the next hop */
    int32_t n_reached;
    int32_t *queue;   /* [n_cores] cores by level */
    int32_t *offerer; /* [n_links] the core that offers it; -1: not looked at yet */
    int32_t *offered; /* [n_links] links that the present level offers */
} field;

static adjacency build_adjacency(const stream_accelerator *acc, stream_arena *arena) {
    int32_t *first = STREAM_NEW(arena, int32_t, (size_t)acc->n_cores + 1);
    for (int32_t l = 0; l < acc->n_links; ++l)
        for (int32_t i = 0; i < acc->links[l].n_cores; ++i)
            ++first[acc->links[l].cores[i] + 1];
    for (int32_t c = 0; c < acc->n_cores; ++c)
        first[c + 1] += first[c];
    int32_t *links = STREAM_NEW(arena, int32_t, (size_t)first[acc->n_cores]);
    int32_t *next = STREAM_NEW(arena, int32_t, (size_t)acc->n_cores);
    memcpy(next, first, (size_t)acc->n_cores * sizeof *next);
    for (int32_t l = 0; l < acc->n_links; ++l)
        for (int32_t i = 0; i < acc->links[l].n_cores; ++i)
            links[next[acc->links[l].cores[i]]++] = l;
    return (adjacency){first, links};
}

static field new_field(const stream_accelerator *acc, stream_arena *arena) {
    size_t n = (size_t)acc->n_cores, m = (size_t)acc->n_links;
    return (field){.hops = STREAM_NEW(arena, int32_t, n),
                   .bandwidth = STREAM_NEW(arena, int64_t, n),
                   .next_link = STREAM_NEW(arena, int32_t, n),
                   .next_core = STREAM_NEW(arena, int32_t, n),
                   .queue = STREAM_NEW(arena, int32_t, n),
                   .offerer = STREAM_NEW(arena, int32_t, m),
                   .offered = STREAM_NEW(arena, int32_t, m)};
}

static void reset(const stream_accelerator *acc, int32_t to, field *f) {
    for (int32_t c = 0; c < acc->n_cores; ++c)
        f->hops[c] = -1;
    for (int32_t l = 0; l < acc->n_links; ++l)
        f->offerer[l] = -1;
    f->hops[to] = 0;
    f->bandwidth[to] = INT64_MAX;
    f->queue[0] = to;
}

/* Bits per cycle from a core on `link` to the destination by way of `core`. */
static int64_t width_by(const stream_accelerator *acc, const field *f, int32_t link, int32_t core) {
    return stream_min_i64(acc->links[link].bandwidth_bits, f->bandwidth[core]);
}

/* Core `c` of the present level offers its links that no earlier level did: the widest way wins,
 * then the lowest core. Returns how many links are offered now. */
static int32_t offer_links(const stream_accelerator *acc, const adjacency *graph, int32_t c,
                           field *f, int32_t n_offered) {
    for (int32_t i = graph->first[c]; i < graph->first[c + 1]; ++i) {
        int32_t link = graph->links[i], other = f->offerer[link];
        if (other < 0)
            f->offered[n_offered++] = link;
        else if (f->hops[other] != f->hops[c])
            continue;
        int64_t gain = other < 0 ? 1 : width_by(acc, f, link, c) - width_by(acc, f, link, other);
        if (gain > 0 || (gain == 0 && c < other))
            f->offerer[link] = c;
    }
    return n_offered;
}

/* The cores on an offered link that are one hop further take it if it is their best: the widest,
 * then the lowest link. Returns the new end of the queue. */
static int32_t take_link(const stream_accelerator *acc, int32_t link, field *f, int32_t tail) {
    int32_t by = f->offerer[link], hops = f->hops[by] + 1;
    int64_t width = width_by(acc, f, link, by);
    for (int32_t i = 0; i < acc->links[link].n_cores; ++i) {
        int32_t c = acc->links[link].cores[i];
        if (f->hops[c] >= 0 && f->hops[c] != hops)
            continue;
        if (f->hops[c] < 0)
            f->queue[tail++] = c;
        else if (width < f->bandwidth[c] || (width == f->bandwidth[c] && link > f->next_link[c]))
            continue;
        f->hops[c] = hops;
        f->bandwidth[c] = width;
        f->next_link[c] = link;
        f->next_core[c] = by;
    }
    return tail;
}

/* Fills the field of destination `to`. The off-chip core is passed through by nobody. */
static void search(const stream_accelerator *acc, const adjacency *graph, int32_t to, field *f) {
    int32_t tail = 1;
    reset(acc, to, f);
    for (int32_t head = 0; head < tail;) {
        int32_t level_end = tail, n_offered = 0;
        for (; head < level_end; ++head)
            if (f->queue[head] != acc->offchip_core || f->queue[head] == to)
                n_offered = offer_links(acc, graph, f->queue[head], f, n_offered);
        for (int32_t i = 0; i < n_offered; ++i)
            tail = take_link(acc, f->offered[i], f, tail);
    }
    f->n_reached = tail;
}

static int32_t resource_of(const stream_accelerator *acc, int32_t link, int32_t from) {
    const stream_link *l = &acc->links[link];
    return acc->link_resource[link] + (!l->bus && l->cores[0] != from);
}

/* Latency and energy of every core's way, nearest cores first. routes [n_cores] */
static void sum_hops(const stream_accelerator *acc, const field *f, stream_route *routes) {
    for (int32_t i = 0; i < f->n_reached; ++i) {
        int32_t c = f->queue[i];
        stream_route *route = &routes[c];
        route->bandwidth_bits = f->bandwidth[c];
        if (i == 0)
            continue;
        const stream_link *link = &acc->links[f->next_link[c]];
        const stream_route *rest = &routes[f->next_core[c]];
        route->n_hops = f->hops[c];
        route->latency_cycles = link->latency_cycles + rest->latency_cycles;
        route->pj_per_bit = link->pj_per_bit + rest->pj_per_bit;
    }
}

/* Links of every core's way, farthest cores first: those of a core on the way are the end of the
 * list. */
static void list_hops(const stream_accelerator *acc, const field *f, stream_arena *arena,
                      stream_route *routes) {
    for (int32_t i = f->n_reached; i-- > 1;) {
        int32_t c = f->queue[i];
        if (routes[c].resources)
            continue;
        int32_t *resources = STREAM_NEW(arena, int32_t, (size_t)f->hops[c]);
        for (; f->hops[c] > 0; c = f->next_core[c]) {
            stream_route *route = &routes[c];
            if (!route->resources)
                route->resources = resources;
            *resources++ = resource_of(acc, f->next_link[c], c);
        }
    }
}

static bool sees(const stream_accelerator *acc, int32_t core, int32_t instance) {
    const int32_t *top = &acc->top[core * STREAM_N_OPERANDS];
    return top[STREAM_I1] == instance || top[STREAM_I2] == instance || top[STREAM_O] == instance;
}

/* Of two routes, as indices, the better; of equal ones that from the lower core, then to it. */
static bool better(const stream_route *routes, int32_t n, int32_t a, int32_t b) {
    const stream_route *x = &routes[a], *y = &routes[b];
    if (x->n_hops != y->n_hops)
        return x->n_hops < y->n_hops;
    if (x->bandwidth_bits != y->bandwidth_bits)
        return x->bandwidth_bits > y->bandwidth_bits;
    return a % n != b % n ? a % n < b % n : a < b;
}

/* The instances that a core sees, each once. Returns how many. */
static int32_t tops_of(const stream_accelerator *acc, int32_t core,
                       int32_t tops[STREAM_N_OPERANDS]) {
    int32_t n = 0;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int32_t top = acc->top[core * STREAM_N_OPERANDS + o];
        bool known = top < 0 || (n > 0 && tops[0] == top) || (n > 1 && tops[1] == top);
        if (!known)
            tops[n++] = top;
    }
    return n;
}

/* Offers the routes to a core as those between every two instances that others and it see. */
static void offer_to(const stream_accelerator *acc, const stream_route *routes, int32_t to,
                     int32_t *between) {
    int32_t a[STREAM_N_OPERANDS], b[STREAM_N_OPERANDS], n_b = tops_of(acc, to, b);
    for (int32_t from = 0; from < acc->n_cores; ++from) {
        int32_t index = to * acc->n_cores + from, n_a = tops_of(acc, from, a);
        if (from != to && routes[index].n_hops == 0)
            continue;
        for (int32_t i = 0; i < n_a; ++i)
            for (int32_t k = 0; k < n_b; ++k) {
                int32_t *best = &between[(size_t)a[i] * (size_t)acc->n_instances + (size_t)b[k]];
                if (*best < 0 || better(routes, acc->n_cores, index, *best))
                    *best = index;
            }
    }
}

stream_status stream_routes_build(const stream_accelerator *acc, stream_arena *arena,
                                  const stream_diag *diag, stream_routes *out) {
    int64_t total = 0;
    int32_t n = acc->n_cores, n_instances = acc->n_instances;
    adjacency graph = build_adjacency(acc, arena);
    field f = new_field(acc, arena);
    stream_route *routes = STREAM_NEW(arena, stream_route, (size_t)n * (size_t)n);
    for (int32_t to = 0; to < n; ++to) {
        search(acc, &graph, to, &f);
        for (int32_t i = 0; i < f.n_reached; ++i)
            total += f.hops[f.queue[i]];
        if (total > MAX_HOPS)
            return stream_error(diag, STREAM_LIMIT, acc->loc,
                                "the routes between the %d cores of accelerator '%s' have more "
                                "than %lld hops together",
                                n, acc->name, (long long)MAX_HOPS);
        sum_hops(acc, &f, &routes[(size_t)to * (size_t)n]);
        list_hops(acc, &f, arena, &routes[(size_t)to * (size_t)n]);
    }
    int32_t *between = STREAM_NEW(arena, int32_t, (size_t)n_instances * (size_t)n_instances);
    memset(between, -1, (size_t)n_instances * (size_t)n_instances * sizeof *between);
    for (int32_t to = 0; to < n; ++to)
        offer_to(acc, routes, to, between);
    *out = (stream_routes){n, routes, n_instances, between};
    return STREAM_OK;
}

const stream_route *stream_routes_get(const stream_routes *routes, int32_t from, int32_t to) {
    return &routes->routes[to * routes->n_cores + from];
}

const stream_route *stream_routes_between(const stream_accelerator *acc,
                                          const stream_routes *routes, int32_t from_instance,
                                          int32_t to_instance) {
    (void)acc;
    int32_t index = routes->between[from_instance * routes->n_instances + to_instance];
    return index < 0 ? NULL : &routes->routes[index];
}

static bool joined(const stream_accelerator *acc, const field *f, int32_t instance) {
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (f->hops[c] >= 0 && sees(acc, c, instance))
            return true;
    return false;
}

stream_status stream_hardware_reachable(const stream_accelerator *acc, stream_arena *arena,
                                        const stream_diag *diag) {
    adjacency graph = build_adjacency(acc, arena);
    field f = new_field(acc, arena);
    search(acc, &graph, acc->offchip_core, &f);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        for (int32_t o = 0; o < STREAM_N_OPERANDS && acc->cores[c].kind == STREAM_CORE_COMPUTE; ++o)
            if (!joined(acc, &f, acc->top[c * STREAM_N_OPERANDS + o]))
                return stream_error(diag, STREAM_INVALID, acc->cores[c].loc,
                                    "no links or buses lead from the off-chip core '%s' to compute "
                                    "core %d ('%s') or to a core that shares its memory",
                                    acc->cores[acc->offchip_core].name, c, acc->cores[c].name);
    return STREAM_OK;
}
