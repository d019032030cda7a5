/* Sets of cores, and the ways between them; see bound_sets.h. What a core's ports or its place have
 * is a rate in the sense of bound_ways.h: the last transfer of each bit to a memory of the core
 * (the first from one) holds its rate on a port there, after all links on the way in (before those
 * on the way out). */

#include "bound_sets.h"

#include "bound.h"
#include "stream/support/integer.h"

#include <string.h>

#define MOST_SETS 1024
#define N_BUCKETS 2048

/* Bits over it take latency + stream_bound_cycles(bits, rate). */
typedef struct {
    int64_t latency, rate;
} way;

/* The ways to (from) some cores, without those that another one is never slower than. */
typedef struct {
    way *items;
    int32_t n;
} ways_of;

typedef struct {
    const bool *cores;         /* [n_cores] */
    const bool *places;        /* [n_places] */
    ways_of in, out;           /* from off-chip memory, and to it */
    int64_t most_in, most_out; /* bits per cycle of any core with other places */
    int64_t *distance;         /* [n_places] of links; NULL: not asked for */
} core_set;

struct bound_sets {
    const stream_schedule_problem *p;
    stream_arena *arena;
    bound_ways *ways;
    int64_t *in, *out; /* [n_cores] bits per cycle of the ports of their memories */
    int64_t read_rate, write_rate;
    core_set sets[MOST_SETS];
    int32_t n_sets, n_paired;
    int64_t *pairs; /* [n_paired * n_paired] of what is between two sets, plus 2; 0: not known */
    int32_t bucket[N_BUCKETS]; /* set, plus 1 */
};

int64_t stream_bound_ports(const stream_accelerator *acc, int32_t instance, bool written,
                           bool read) {
    int64_t sum = 0;
    int32_t ports[2 * STREAM_N_OPERANDS], n = 0;
    for (int32_t i = 0; i < 2 * STREAM_N_OPERANDS; ++i) {
        bool write = i < STREAM_N_OPERANDS, known = !(write ? written : read);
        int32_t port = stream_accelerator_port(
            acc, instance, (stream_operand_class)(i % STREAM_N_OPERANDS), write);
        for (int32_t k = 0; k < n; ++k)
            known |= ports[k] == port;
        if (known || port < 0)
            continue;
        ports[n++] = port;
        sum = stream_sum_i64(sum, acc->resources[port].bandwidth_bits);
    }
    return sum;
}

static void find_ports(bound_sets *s, stream_arena *arena) {
    const stream_accelerator *acc = s->p->acc;
    s->in = STREAM_NEW(arena, int64_t, (size_t)acc->n_cores);
    s->out = STREAM_NEW(arena, int64_t, (size_t)acc->n_cores);
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        int32_t tops[STREAM_N_OPERANDS], output = acc->top[c * STREAM_N_OPERANDS + STREAM_O];
        for (int32_t i = stream_core_tops(acc, c, tops); i-- > 0;)
            s->in[c] = stream_sum_i64(s->in[c], stream_bound_ports(acc, tops[i], true, false));
        if (output >= 0)
            s->out[c] = stream_bound_ports(acc, output, false, true);
    }
}

bound_sets *stream_bound_sets_create(const stream_schedule_problem *p, int64_t read_rate,
                                     int64_t write_rate, stream_arena *arena) {
    bound_sets *s = STREAM_NEW(arena, bound_sets, 1);
    s->p = p;
    s->arena = arena;
    s->ways = stream_bound_ways_create(p->acc, arena);
    s->read_rate = read_rate;
    s->write_rate = write_rate;
    find_ports(s, arena);
    return s;
}

static bool is_slower(const way *a, const way *b) {
    return a->latency >= b->latency && a->rate <= b->rate;
}

static void add_way(ways_of *ways, way w) {
    int32_t kept = 0;
    for (int32_t i = 0; i < ways->n; ++i)
        if (is_slower(&w, &ways->items[i]))
            return;
    for (int32_t i = 0; i < ways->n; ++i)
        if (!is_slower(&ways->items[i], &w))
            ways->items[kept++] = ways->items[i];
    ways->items[kept] = w;
    ways->n = kept + 1;
}

static void add_core(const bound_sets *s, core_set *set, int32_t c) {
    const bound_ways *w = s->ways;
    int32_t k = w->place[c];
    bool offchip = k == w->place[s->p->acc->offchip_core];
    int64_t latency = w->distance[k];
    int64_t in = stream_min_i64(s->read_rate, stream_min_i64(w->rate[k], s->in[c]));
    int64_t out = stream_min_i64(s->write_rate, stream_min_i64(w->rate[k], s->out[c]));
    add_way(&set->in, (way){latency, offchip ? STREAM_BOUND_NO_LIMIT : in});
    add_way(&set->out, (way){latency, offchip ? STREAM_BOUND_NO_LIMIT : out});
    set->most_in = stream_max_i64(set->most_in, stream_min_i64(w->links[k], s->in[c]));
    set->most_out = stream_max_i64(set->most_out, stream_min_i64(w->links[k], s->out[c]));
}

static void add_set(bound_sets *s, const bool *cores, int32_t n_in_it) {
    int32_t n_cores = s->p->acc->n_cores;
    bool *places = STREAM_NEW(s->arena, bool, (size_t)s->ways->n_places);
    core_set *set = &s->sets[s->n_sets++];
    *set = (core_set){.cores = stream_arena_copy(s->arena, cores, (size_t)n_cores, sizeof *cores),
                      .places = places,
                      .in = {STREAM_NEW(s->arena, way, (size_t)n_in_it), 0},
                      .out = {STREAM_NEW(s->arena, way, (size_t)n_in_it), 0}};
    for (int32_t c = 0; c < n_cores; ++c)
        if (cores[c]) {
            places[s->ways->place[c]] = true;
            add_core(s, set, c);
        }
}

int32_t stream_bound_set(bound_sets *s, const bool *cores) {
    int32_t n_cores = s->p->acc->n_cores, n = 0;
    uint64_t hash = 0;
    for (int32_t c = 0; c < n_cores; ++c)
        if (cores[c]) {
            hash = (hash ^ (uint64_t)c) * UINT64_C(0x9e3779b97f4a7c15);
            hash ^= hash >> 29;
            ++n;
        }
    if (n == 0)
        return -1;
    int32_t *at = &s->bucket[hash % N_BUCKETS];
    while (*at && memcmp(s->sets[*at - 1].cores, cores, (size_t)n_cores * sizeof *cores) != 0)
        at = at + 1 < s->bucket + N_BUCKETS ? at + 1 : s->bucket;
    if (!*at) {
        if (s->n_sets == MOST_SETS)
            return -1;
        add_set(s, cores, n);
        *at = s->n_sets;
    }
    return *at - 1;
}

int32_t stream_bound_n_sets(const bound_sets *s) {
    return s->n_sets;
}

const bool *stream_bound_set_cores(const bound_sets *s, int32_t set) {
    return s->sets[set].cores;
}

bound_ways *stream_bound_sets_ways(const bound_sets *s) {
    return s->ways;
}

static int64_t cycles_by(const way *w, int64_t bits) {
    return w->latency + stream_bound_cycles(bits, w->rate);
}

static int64_t fastest(const ways_of *ways, int64_t bits) {
    int64_t least = INT64_MAX;
    for (int32_t i = 0; i < ways->n && bits > 0; ++i)
        least = stream_min_i64(least, cycles_by(&ways->items[i], bits));
    return bits > 0 ? least : 0;
}

int64_t stream_bound_load(const bound_sets *s, int32_t set, int64_t bits) {
    return set < 0 ? stream_bound_cycles(bits, s->read_rate) : fastest(&s->sets[set].in, bits);
}

int64_t stream_bound_store(const bound_sets *s, int32_t set, int64_t bits) {
    return set < 0 ? stream_bound_cycles(bits, s->write_rate) : fastest(&s->sets[set].out, bits);
}

int64_t stream_bound_links(const bound_sets *s, int32_t set) {
    int64_t least = INT64_MAX;
    for (int32_t i = 0; set >= 0 && i < s->sets[set].in.n; ++i)
        least = stream_min_i64(least, s->sets[set].in.items[i].latency);
    return set < 0 ? 0 : least;
}

/* Cycles of links from the nearest core of one set to the nearest of the other; -1: they see a
 * common memory. */
static int64_t between(bound_sets *s, core_set *from, const core_set *to) {
    int64_t least = INT64_MAX;
    for (int32_t k = 0; k < s->ways->n_places; ++k)
        if (from->places[k] && to->places[k])
            return -1;
    if (!from->distance) {
        from->distance = STREAM_NEW(s->arena, int64_t, (size_t)s->ways->n_places);
        stream_bound_distances(s->ways, s->ways->latencies, from->places, s->arena, from->distance);
    }
    for (int32_t k = 0; k < s->ways->n_places; ++k)
        if (to->places[k])
            least = stream_min_i64(least, from->distance[k]);
    return least;
}

static int64_t known_between(bound_sets *s, int32_t from, int32_t to) {
    if (!s->pairs || s->n_paired < s->n_sets) {
        s->n_paired = s->n_sets;
        s->pairs = STREAM_NEW(s->arena, int64_t, (size_t)s->n_sets * (size_t)s->n_sets);
    }
    int64_t *pair = &s->pairs[(int64_t)from * s->n_paired + to];
    if (*pair == 0)
        *pair = between(s, &s->sets[from], &s->sets[to]) + 2;
    return *pair - 2;
}

bool stream_bound_apart(bound_sets *s, int32_t from, int32_t to) {
    return from >= 0 && to >= 0 && from != to && known_between(s, from, to) >= 0;
}

int64_t stream_bound_move(bound_sets *s, int32_t from, int32_t to, int64_t bits) {
    return cycles_by(&(way){known_between(s, from, to),
                            stream_min_i64(s->sets[from].most_out, s->sets[to].most_in)},
                     bits);
}
