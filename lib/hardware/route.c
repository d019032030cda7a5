/* Routes between cores; see stream/hardware/route.h.
 *
 * For each destination a breadth-first search backwards gives, for every core, the fewest hops to
 * it and the best bandwidth among routes of that many hops. Walking forward from a source, the
 * lowest link that keeps both is taken at each hop. */

#include "stream/hardware/route.h"

#include "internal.h"
#include "stream/support/integer.h"

#include <string.h>

/* Directed hops out of each core, by link id: hops[first[c] .. first[c + 1]). A link is the same in
 * both directions, so they are also the hops into it, reversed. */
typedef struct {
    int32_t to, link;
} hop;

typedef struct {
    const int32_t *first;
    const hop *hops;
} adjacency;

/* The way to one destination, for every core. */
typedef struct {
    int32_t *hops;      /* [n_cores] -1: unreachable */
    int64_t *bandwidth; /* [n_cores] of the slowest hop */
    int32_t *queue;     /* [n_cores] */
} field;

static adjacency build_adjacency(const stream_accelerator *acc, stream_arena *arena) {
    int32_t *first = STREAM_NEW(arena, int32_t, (size_t)acc->n_cores + 1);
    for (int32_t l = 0; l < acc->n_links; ++l)
        for (int32_t i = 0; i < acc->links[l].n_cores; ++i)
            first[acc->links[l].cores[i] + 1] += acc->links[l].n_cores - 1;
    for (int32_t c = 0; c < acc->n_cores; ++c)
        first[c + 1] += first[c];
    hop *hops = STREAM_NEW(arena, hop, (size_t)first[acc->n_cores]);
    int32_t *next = STREAM_NEW(arena, int32_t, (size_t)acc->n_cores);
    memcpy(next, first, (size_t)acc->n_cores * sizeof *next);
    for (int32_t l = 0; l < acc->n_links; ++l)
        for (int32_t i = 0; i < acc->links[l].n_cores; ++i)
            for (int32_t k = 0; k < acc->links[l].n_cores; ++k)
                if (i != k)
                    hops[next[acc->links[l].cores[i]]++] = (hop){acc->links[l].cores[k], l};
    return (adjacency){first, hops};
}

static field new_field(const stream_accelerator *acc, stream_arena *arena) {
    size_t n = (size_t)acc->n_cores;
    return (field){STREAM_NEW(arena, int32_t, n), STREAM_NEW(arena, int64_t, n),
                   STREAM_NEW(arena, int32_t, n)};
}

/* A core that is not an end of the route may be passed through unless it is the off-chip core. */
static void search(const stream_accelerator *acc, const adjacency *graph, int32_t to, field *f) {
    for (int32_t c = 0; c < acc->n_cores; ++c)
        f->hops[c] = -1;
    int32_t head = 0, tail = 0;
    f->hops[to] = 0;
    f->bandwidth[to] = INT64_MAX;
    f->queue[tail++] = to;
    while (head < tail) {
        int32_t c = f->queue[head++];
        if (c == acc->offchip_core && c != to)
            continue;
        for (int32_t h = graph->first[c]; h < graph->first[c + 1]; ++h) {
            int32_t from = graph->hops[h].to;
            int64_t width =
                stream_min_i64(f->bandwidth[c], acc->links[graph->hops[h].link].bandwidth_bits);
            if (f->hops[from] < 0) {
                f->hops[from] = f->hops[c] + 1;
                f->bandwidth[from] = width;
                f->queue[tail++] = from;
            } else if (f->hops[from] == f->hops[c] + 1) {
                f->bandwidth[from] = stream_max_i64(f->bandwidth[from], width);
            }
        }
    }
}

static int32_t resource_of(const stream_accelerator *acc, int32_t link, int32_t from) {
    const stream_link *l = &acc->links[link];
    return acc->link_resource[link] + (!l->bus && l->cores[0] != from);
}

/* Does this hop out of `c` keep to the fewest hops and a bandwidth of at least `width`? */
static bool keeps(const stream_accelerator *acc, const field *f, int32_t c, const hop *out,
                  int64_t width) {
    return f->hops[out->to] == f->hops[c] - 1 && f->bandwidth[out->to] >= width &&
           acc->links[out->link].bandwidth_bits >= width &&
           (out->to != acc->offchip_core || f->hops[out->to] == 0);
}

/* The hop out of `c` that keeps to the route: the lowest link, then the lowest core. There is one.
 */
static const hop *next_hop(const stream_accelerator *acc, const adjacency *graph, const field *f,
                           int32_t c, int64_t width) {
    const hop *best = NULL;
    for (int32_t h = graph->first[c]; h < graph->first[c + 1]; ++h) {
        const hop *out = &graph->hops[h];
        if (keeps(acc, f, c, out, width) &&
            (!best || (out->link == best->link && out->to < best->to)))
            best = out;
    }
    return best;
}

static stream_route walk(const stream_accelerator *acc, const adjacency *graph, const field *f,
                         int32_t from, stream_arena *arena) {
    stream_route route = {0};
    if (f->hops[from] == 0)
        route.bandwidth_bits = INT64_MAX;
    if (f->hops[from] <= 0)
        return route;
    int32_t *resources = STREAM_NEW(arena, int32_t, (size_t)f->hops[from]);
    route.resources = resources;
    route.bandwidth_bits = f->bandwidth[from];
    for (int32_t c = from; f->hops[c] > 0;) {
        const hop *out = next_hop(acc, graph, f, c, route.bandwidth_bits);
        resources[route.n_hops++] = resource_of(acc, out->link, c);
        route.latency_cycles += acc->links[out->link].latency_cycles;
        route.pj_per_bit += acc->links[out->link].pj_per_bit;
        c = out->to;
    }
    return route;
}

static bool sees(const stream_accelerator *acc, int32_t core, int32_t instance) {
    const int32_t *top = &acc->top[core * STREAM_N_OPERANDS];
    return top[STREAM_I1] == instance || top[STREAM_I2] == instance || top[STREAM_O] == instance;
}

static bool better(const stream_route *a, const stream_route *b) {
    return a->n_hops != b->n_hops ? a->n_hops < b->n_hops : a->bandwidth_bits > b->bandwidth_bits;
}

/* Offers the route between two cores as the one between every two instances that they see. */
static void offer(const stream_accelerator *acc, const stream_route *routes, int32_t from,
                  int32_t to, int32_t *between) {
    int32_t index = from * acc->n_cores + to;
    if (from != to && routes[index].n_hops == 0)
        return;
    for (int32_t a = 0; a < STREAM_N_OPERANDS; ++a)
        for (int32_t b = 0; b < STREAM_N_OPERANDS; ++b) {
            int32_t i = acc->top[from * STREAM_N_OPERANDS + a];
            int32_t j = acc->top[to * STREAM_N_OPERANDS + b];
            if (i < 0 || j < 0)
                continue;
            int32_t *best = &between[i * acc->n_instances + j];
            if (*best < 0 || better(&routes[index], &routes[*best]))
                *best = index;
        }
}

stream_status stream_routes_build(const stream_accelerator *acc, stream_arena *arena,
                                  const stream_diag *diag, stream_routes *out) {
    (void)diag;
    int32_t n = acc->n_cores, n_instances = acc->n_instances;
    adjacency graph = build_adjacency(acc, arena);
    field f = new_field(acc, arena);
    stream_route *routes = STREAM_NEW(arena, stream_route, (size_t)n * (size_t)n);
    for (int32_t to = 0; to < n; ++to) {
        search(acc, &graph, to, &f);
        for (int32_t from = 0; from < n; ++from)
            routes[from * n + to] = walk(acc, &graph, &f, from, arena);
    }
    int32_t *between = STREAM_NEW(arena, int32_t, (size_t)n_instances * (size_t)n_instances);
    memset(between, -1, (size_t)n_instances * (size_t)n_instances * sizeof *between);
    for (int32_t from = 0; from < n; ++from)
        for (int32_t to = 0; to < n; ++to)
            offer(acc, routes, from, to, between);
    *out = (stream_routes){n, routes, n_instances, between};
    return STREAM_OK;
}

const stream_route *stream_routes_get(const stream_routes *routes, int32_t from, int32_t to) {
    return &routes->routes[from * routes->n_cores + to];
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
