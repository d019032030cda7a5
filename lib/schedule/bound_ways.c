/* Distances and cuts between places; see bound_ways.h. */

#include "bound_ways.h"

#include "stream/support/adjacency.h"
#include "stream/support/integer.h"

#include <stdlib.h>
#include <string.h>

#define MOST_STEPS ((int64_t)1 << 24) /* ends of links and pairs of places looked at, twice */
#define FAR        (INT64_MAX / 4)

struct bound_ends {
    stream_adjacency links; /* of each place */
    int64_t n;
    bool latency; /* some link has one */
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
        e->latency |= acc->links[l].latency_cycles > 0;
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
static void relax(const bound_ways *w, int32_t place, bool *used, int64_t *out) {
    const stream_adjacency *of = &w->ends->links;
    for (int32_t i = of->first[place]; i < of->first[place + 1]; ++i) {
        const stream_link *link = &w->acc->links[of->items[i]];
        if (used[of->items[i]])
            continue;
        used[of->items[i]] = true;
        int64_t there = stream_sum_i64(out[place], link->latency_cycles);
        for (int32_t k = 0; k < link->n_cores; ++k) {
            int64_t *end = &out[w->place[link->cores[k]]];
            *end = stream_min_i64(*end, there);
        }
    }
}

void stream_bound_distances(bound_ways *w, const bool *from, stream_arena *arena, int64_t *out) {
    int64_t cost = (int64_t)w->n_places * w->n_places + w->ends->n;
    memset(out, 0, (size_t)w->n_places * sizeof *out);
    if (!w->ends->latency || w->steps < cost)
        return;
    w->steps -= cost;
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
        relax(w, next, used, out);
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

/* Places that have been joined have one label. */
typedef struct {
    const bound_ways *ways;
    int32_t *label; /* [n_places] */
    int64_t *rate;
} joined;

/* The links that leave those of one label: a cut for each place among them that is not farther than
 * the cut shows. */
static void cut(joined *j, int32_t label) {
    const bound_ways *w = j->ways;
    int64_t bits = 0, latency = FAR, nearest = FAR;
    for (int32_t l = 0; l < w->acc->n_links; ++l) {
        const stream_link *link = &w->acc->links[l];
        bool inside = false, outside = false;
        for (int32_t i = 0; i < link->n_cores; ++i)
            *(j->label[w->place[link->cores[i]]] == label ? &inside : &outside) = true;
        if (inside && outside) {
            bits = stream_sum_i64(bits, link->bandwidth_bits);
            latency = stream_min_i64(latency, link->latency_cycles);
        }
    }
    for (int32_t k = 0; k < w->n_places; ++k)
        if (j->label[k] == label)
            nearest = stream_min_i64(nearest, w->distance[k]);
    for (int32_t k = 0; k < w->n_places; ++k)
        if (j->label[k] == label && nearest + latency >= w->distance[k])
            j->rate[k] = stream_min_i64(j->rate[k], bits);
}

/* All ends of the link but that at the off-chip core get one label: which, or -1 if they have one.
 */
static int32_t join(joined *j, const stream_link *link) {
    const bound_ways *w = j->ways;
    int32_t offchip = w->place[w->acc->offchip_core], label = -1;
    bool grown = false;
    for (int32_t i = 0; i < link->n_cores; ++i) {
        int32_t k = w->place[link->cores[i]], old = j->label[k];
        if (k == offchip)
            continue;
        if (label < 0)
            label = old;
        for (int32_t m = 0; old != label && m < w->n_places; ++m)
            if (j->label[m] == old)
                j->label[m] = label;
        grown |= old != label;
    }
    return grown ? label : -1;
}

typedef struct {
    int64_t bandwidth_bits;
    int32_t link;
} width;

static int widest_first(const void *pa, const void *pb) {
    const width *a = pa, *b = pb;
    int by_width =
        (a->bandwidth_bits < b->bandwidth_bits) - (a->bandwidth_bits > b->bandwidth_bits);
    return by_width ? by_width : (a->link > b->link) - (a->link < b->link);
}

static const int64_t *find_rates(const bound_ways *w, stream_arena *arena) {
    const stream_accelerator *acc = w->acc;
    size_t n = (size_t)w->n_places;
    joined j = {w, STREAM_NEW(arena, int32_t, n),
                stream_arena_copy(arena, w->links, n, sizeof *w->links)};
    width *order = STREAM_NEW(arena, width, (size_t)acc->n_links);
    for (int32_t k = 0; k < w->n_places; ++k)
        j.label[k] = k;
    for (int32_t l = 0; l < acc->n_links; ++l)
        order[l] = (width){acc->links[l].bandwidth_bits, l};
    qsort(order, (size_t)acc->n_links, sizeof *order, widest_first);
    int64_t steps = 0, each = w->ends->n + w->n_places;
    for (int32_t i = 0; i < acc->n_links && steps < MOST_STEPS; ++i) {
        int32_t label = join(&j, &acc->links[order[i].link]);
        if (label < 0)
            continue;
        cut(&j, label);
        steps += each;
    }
    return j.rate;
}

bound_ways *stream_bound_ways_create(const stream_accelerator *acc, stream_arena *arena) {
    bound_ways *w = STREAM_NEW(arena, bound_ways, 1);
    *w = (bound_ways){.acc = acc, .steps = MOST_STEPS};
    w->place = find_places(acc, &w->n_places, arena);
    w->ends = find_ends(w, arena);
    int64_t *distance = STREAM_NEW(arena, int64_t, (size_t)w->n_places);
    bool *offchip = STREAM_NEW(arena, bool, (size_t)w->n_places);
    offchip[w->place[acc->offchip_core]] = true;
    stream_bound_distances(w, offchip, arena, distance);
    w->distance = distance;
    w->links = links_of_places(w, arena);
    w->rate = find_rates(w, arena);
    return w;
}
