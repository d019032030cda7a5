/* Places, and distances between them; see bound_ways.h. */

#include "bound_ways.h"

#include "stream/support/adjacency.h"
#include "stream/support/integer.h"

#include <string.h>

#define MOST_STEPS ((int64_t)1 << 24) /* ends of links and pairs of places looked at, twice */
#define FAR        (INT64_MAX / 4)

struct bound_ends {
    stream_adjacency links; /* of each place */
    int64_t n;
};

static int32_t root(int32_t *parent, int32_t c) {
    while (parent[c] != c)
        c = parent[c] = parent[parent[c]];
    return c;
}

static const int32_t *find_places(const stream_accelerator *acc, int32_t *out_n,
                                  stream_arena *arena) {
    size_t n = (size_t)acc->n_cores;
    int32_t *parent = STREAM_NEW(arena, int32_t, n), *place = STREAM_NEW(arena, int32_t, n);
    int32_t *seen_by = STREAM_NEW(arena, int32_t, (size_t)acc->n_instances); /* a core, plus 1 */
    for (int32_t c = 0; c < acc->n_cores; ++c)
        parent[c] = c;
    for (int32_t c = 0; c < acc->n_cores; ++c)
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
            int32_t instance = acc->top[c * STREAM_N_OPERANDS + o];
            if (instance < 0)
                continue;
            if (seen_by[instance])
                parent[root(parent, c)] = root(parent, seen_by[instance] - 1);
            seen_by[instance] = c + 1;
        }
    *out_n = 0;
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (root(parent, c) == c)
            place[c] = (*out_n)++;
    for (int32_t c = 0; c < acc->n_cores; ++c)
        place[c] = place[root(parent, c)];
    return place;
}

/* Ends of links in each place, those of links within it too. */
static const struct bound_ends *find_ends(const bound_ways *w, stream_arena *arena) {
    const stream_accelerator *acc = w->acc;
    struct bound_ends *e = STREAM_NEW(arena, struct bound_ends, 1);
    e->links = stream_adjacency_create(w->n_places, arena);
    for (int32_t l = 0; l < acc->n_links; ++l) {
        e->n += acc->links[l].n_cores;
        for (int32_t i = 0; i < acc->links[l].n_cores; ++i)
            stream_adjacency_count(&e->links, w->place[acc->links[l].cores[i]]);
    }
    stream_adjacency_allot(&e->links, w->n_places, arena);
    for (int32_t l = 0; l < acc->n_links; ++l)
        for (int32_t i = 0; i < acc->links[l].n_cores; ++i)
            stream_adjacency_put(&e->links, w->place[acc->links[l].cores[i]], l);
    return e;
}

/* All ends of the links of `place` can be reached from it now; a link is looked at once, from the
 * nearest of its ends. */
static void relax(const bound_ways *w, const int64_t *cost, int32_t place, bool *used,
                  int64_t *out) {
    const stream_adjacency *of = &w->ends->links;
    for (int32_t i = of->first[place]; i < of->first[place + 1]; ++i) {
        const stream_link *link = &w->acc->links[of->items[i]];
        if (used[of->items[i]])
            continue;
        used[of->items[i]] = true;
        int64_t there = stream_sum_i64(out[place], cost[of->items[i]]);
        for (int32_t k = 0; k < link->n_cores; ++k) {
            int64_t *end = &out[w->place[link->cores[k]]];
            *end = stream_min_i64(*end, there);
        }
    }
}

void stream_bound_distances(bound_ways *w, const int64_t *cost, const bool *from,
                            stream_arena *arena, int64_t *out) {
    int64_t steps = (int64_t)w->n_places * w->n_places + w->ends->n;
    memset(out, 0, (size_t)w->n_places * sizeof *out);
    bool any = false;
    for (int32_t l = 0; l < w->acc->n_links; ++l)
        any |= cost[l] > 0;
    if (!any || w->steps < steps)
        return;
    w->steps -= steps;
    bool *done = STREAM_NEW(arena, bool, (size_t)w->n_places);
    bool *used = STREAM_NEW(arena, bool, (size_t)w->acc->n_links);
    for (int32_t k = 0; k < w->n_places; ++k)
        out[k] = from[k] ? 0 : FAR;
    for (int32_t round = 0; round < w->n_places; ++round) {
        int32_t next = -1;
        for (int32_t k = 0; k < w->n_places; ++k)
            if (!done[k] && (next < 0 || out[k] < out[next]))
                next = k;
        done[next] = true;
        relax(w, cost, next, used, out);
    }
}

static const int64_t *links_of_places(const bound_ways *w, stream_arena *arena) {
    int64_t *sum = STREAM_NEW(arena, int64_t, (size_t)w->n_places);
    int32_t *last = STREAM_NEW(arena, int32_t, (size_t)w->n_places); /* link counted, plus 1 */
    for (int32_t l = 0; l < w->acc->n_links; ++l) {
        const stream_link *link = &w->acc->links[l];
        bool joins = false;
        for (int32_t i = 1; i < link->n_cores; ++i)
            joins |= w->place[link->cores[i]] != w->place[link->cores[0]];
        for (int32_t i = 0; i < link->n_cores && joins; ++i) {
            int32_t k = w->place[link->cores[i]];
            if (last[k] != l + 1)
                sum[k] = stream_sum_i64(sum[k], link->bandwidth_bits);
            last[k] = l + 1;
        }
    }
    return sum;
}

bound_ways *stream_bound_ways_create(const stream_accelerator *acc, stream_arena *arena) {
    bound_ways *w = STREAM_NEW(arena, bound_ways, 1);
    *w = (bound_ways){.acc = acc, .steps = MOST_STEPS};
    w->place = find_places(acc, &w->n_places, arena);
    w->ends = find_ends(w, arena);
    int64_t *latencies = STREAM_NEW(arena, int64_t, (size_t)acc->n_links);
    for (int32_t l = 0; l < acc->n_links; ++l)
        latencies[l] = acc->links[l].latency_cycles;
    w->latencies = latencies;
    int64_t *distance = STREAM_NEW(arena, int64_t, (size_t)w->n_places);
    bool *offchip = STREAM_NEW(arena, bool, (size_t)w->n_places);
    offchip[w->place[acc->offchip_core]] = true;
    stream_bound_distances(w, latencies, offchip, arena, distance);
    w->distance = distance;
    w->links = links_of_places(w, arena);
    w->rate = stream_bound_cuts(w, arena);
    return w;
}
