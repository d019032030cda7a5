/* Least cuts between off-chip memory and places; see bound_ways.h. */

#include "bound_ways.h"

#include "stream/support/integer.h"

#define MOST_LATENCIES 8
#define MOST_STEPS     ((int64_t)1 << 25) /* arcs looked at */

int32_t stream_bound_bus_nodes(const stream_accelerator *acc) {
    int32_t n = 0;
    for (int32_t l = 0; l < acc->n_links; ++l)
        n += acc->links[l].bus ? 2 : 0;
    return n;
}

int64_t stream_bound_link_pairs(const stream_accelerator *acc) {
    int64_t n = 0;
    for (int32_t l = 0; l < acc->n_links; ++l)
        n += acc->links[l].bus ? 2 * acc->links[l].n_cores + 1 : 1;
    return n;
}

/* Into one node, over the bus to the other, and from there to all its ends. */
static void add_bus(const bound_ways *w, const stream_link *bus, int64_t bits, int32_t node,
                    bound_flow *f) {
    stream_flow_add(f, node, node + 1, bits, 0, true);
    for (int32_t i = 0; i < bus->n_cores; ++i) {
        int32_t place = w->place[bus->cores[i]];
        stream_flow_add(f, place, node, STREAM_FLOW_NO_LIMIT, 0, false);
        stream_flow_add(f, node + 1, place, STREAM_FLOW_NO_LIMIT, 0, false);
    }
}

void stream_bound_add_links(const bound_ways *w, int64_t directions, int64_t least_latency,
                            int32_t first_bus, bound_flow *f) {
    for (int32_t l = 0; l < w->acc->n_links; ++l) {
        const stream_link *link = &w->acc->links[l];
        bool counts = link->latency_cycles >= least_latency;
        int64_t bits = STREAM_FLOW_NO_LIMIT;
        if (counts && !stream_mul_i64(link->bandwidth_bits, link->bus ? 1 : directions, &bits))
            bits = STREAM_FLOW_NO_LIMIT;
        if (link->bus) {
            add_bus(w, link, bits, first_bus, f);
            first_bus += 2;
        } else {
            stream_flow_add(f, w->place[link->cores[0]], w->place[link->cores[1]], bits, bits,
                            true);
        }
    }
}

/* The longest first. Returns how many. */
static int32_t pick_latencies(const stream_accelerator *acc, int64_t out[MOST_LATENCIES]) {
    int32_t n = 0;
    int64_t below = INT64_MAX;
    for (bool more = true; more && n < MOST_LATENCIES - 1;) {
        more = false;
        out[n] = 0;
        for (int32_t l = 0; l < acc->n_links; ++l)
            if (acc->links[l].latency_cycles < below && acc->links[l].latency_cycles >= out[n]) {
                out[n] = acc->links[l].latency_cycles;
                more = true;
            }
        below = out[n];
        n += more && below > 0;
    }
    out[n++] = 0;
    return n;
}

/* Sets that are not nearer than `latency` before place k, behind links that have that latency. */
static void narrow(const bound_ways *w, bound_flow *f, int32_t k, int64_t latency,
                   const int32_t *into, int64_t *rate) {
    int32_t offchip = w->place[w->acc->offchip_core], source = f->n_nodes - 2;
    for (int32_t j = 0; j < w->n_places; ++j)
        f->capacity[into[j]] =
            j == offchip || w->distance[j] < w->distance[k] - latency ? STREAM_FLOW_NO_LIMIT : 0;
    f->capacity[into[w->n_places]] = stream_min_i64(*rate, STREAM_FLOW_NO_LIMIT);
    int64_t flow = stream_flow_run(f, source + 1, k, 1);
    if (flow > 0)
        *rate = stream_min_i64(*rate, flow);
}

const int64_t *stream_bound_cuts(const bound_ways *w, stream_arena *arena) {
    const stream_accelerator *acc = w->acc;
    int32_t n = w->n_places, n_nodes = n + stream_bound_bus_nodes(acc) + 2;
    int64_t latencies[MOST_LATENCIES], steps = MOST_STEPS;
    int64_t *rate = stream_arena_copy(arena, w->links, (size_t)n, sizeof *w->links);
    int32_t *into = STREAM_NEW(arena, int32_t, (size_t)n + 1), n_latencies;
    bool *wanted = STREAM_NEW(arena, bool, (size_t)n);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        wanted[w->place[c]] |= acc->cores[c].kind == STREAM_CORE_COMPUTE;
    wanted[w->place[acc->offchip_core]] = false;
    n_latencies = pick_latencies(acc, latencies);
    for (int32_t i = 0; i < n_latencies; ++i) {
        bound_flow *f =
            stream_flow_create(n_nodes, stream_bound_link_pairs(acc) + n + 1, steps, arena);
        stream_bound_add_links(w, 1, latencies[i], n, f);
        for (int32_t j = 0; j < n; ++j)
            into[j] = stream_flow_add(f, n_nodes - 2, j, 0, 0, false);
        into[n] = stream_flow_add(f, n_nodes - 1, n_nodes - 2, 0, 0, false);
        for (int32_t k = 0; k < n && f->steps > 0; ++k)
            if (wanted[k])
                narrow(w, f, k, latencies[i], into, &rate[k]);
        steps = f->steps;
    }
    return rate;
}
