// RUN: unit-hardware-route

#include "fixture.h"

#include "stream/support/integer.h"

#include <limits.h>

/* The bus is wider than the link between a and b; both are one hop. */
static void wider_wins(void) {
    fixture f;
    stream_routes *routes;
    fixture_open(&f);
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    routes = stream_routes_create(&f.acc, f.arena);
    const stream_route *ab = stream_routes_get(routes, 0, 1);
    CHECK_EQ(ab->n_hops, 1);
    CHECK_EQ(ab->resources[0], 2);
    CHECK_EQ(ab->bandwidth_bits, 128);
    CHECK_EQ(ab->latency_cycles, 1);
    CHECK(ab->pj_per_bit == 1);
    CHECK_EQ(stream_routes_get(routes, 1, 1)->n_hops, 0);
    CHECK_EQ(stream_routes_between(routes, 1, 2)->n_hops, 0); /* both on core b */
    CHECK_EQ(stream_routes_between(routes, 0, 2)->resources[0], 2);
    CHECK(stream_routes_between(routes, 0, 2) == stream_routes_between(routes, 0, 2));
    f.links[0].bandwidth_bits = 256;
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    routes = stream_routes_create(&f.acc, f.arena);
    CHECK_EQ(stream_routes_get(routes, 0, 1)->resources[0], 0);
    CHECK_EQ(stream_routes_get(routes, 1, 0)->resources[0], 1); /* the other direction */
    f.links[0].bandwidth_bits = 128;                            /* equal: the lower id */
    f.links[0].latency_cycles = f.links[1].latency_cycles;
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    routes = stream_routes_create(&f.acc, f.arena);
    CHECK_EQ(stream_routes_get(routes, 0, 1)->resources[0], 0);
    fixture_close(&f);
}

/* The bus between a and b is that of off-chip memory, too. */
static void on_chip(void) {
    fixture f;
    fixture_open(&f);
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    stream_routes *all = stream_routes_create(&f.acc, f.arena);
    stream_routes *routes = stream_routes_create_on_chip(&f.acc, f.arena);
    CHECK(stream_routes_between(all, 0, 2)->at_offchip);
    CHECK_EQ(stream_routes_between(routes, 0, 2)->resources[0], 0);
    CHECK(!stream_routes_between(routes, 0, 2)->at_offchip);
    CHECK(stream_routes_between(routes, 0, f.acc.offchip_instance) == NULL);
    CHECK(stream_link_is_offchip(&f.acc, 1) && !stream_link_is_offchip(&f.acc, 0));
    fixture_close(&f);
}

/* The link between a and b is twice as wide as the bus, which saves 4 cycles for 1024 bits. */
static void latency_counts(void) {
    static const struct {
        int64_t link, bus; /* cycles */
        int32_t resource;
    } cases[] = {{5, 0, 2}, {3, 0, 0}, {4, 0, 0}, {9, 4, 2}, {0, 9, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        fixture f;
        fixture_open(&f);
        f.links[0].bandwidth_bits = 256;
        f.links[0].latency_cycles = cases[i].link;
        f.links[1].latency_cycles = cases[i].bus;
        CHECK_EQ(fixture_finish(&f), STREAM_OK);
        stream_routes *routes = stream_routes_create(&f.acc, f.arena);
        CHECK_EQ(stream_routes_get(routes, 0, 1)->resources[0], cases[i].resource);
        CHECK_EQ(stream_routes_between(routes, 0, 2)->latency_cycles,
                 cases[i].resource == 0 ? cases[i].link : cases[i].bus);
        fixture_close(&f);
    }
}

/* a - dram - b: the only way between a and b passes through off-chip, which is no way. */
static void not_through_offchip(void) {
    fixture f;
    stream_routes *routes;
    fixture_open(&f);
    memcpy(f.link_cores, (int32_t[4][4]){{0, 2}, {1, 2}}, sizeof f.link_cores);
    f.links[1].n_cores = 2;
    f.links[1].bus = false;
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    routes = stream_routes_create(&f.acc, f.arena);
    CHECK_EQ(stream_routes_get(routes, 0, 1)->n_hops, 0);
    CHECK(!stream_routes_between(routes, 0, 1));
    CHECK_EQ(stream_routes_get(routes, 0, 2)->n_hops, 1);
    CHECK_EQ(stream_routes_get(routes, 2, 1)->resources[0], 3);
    fixture_close(&f);
}

enum {
    N = 7,
    L = 9
};

typedef struct {
    stream_core cores[N];
    stream_link links[L];
    int32_t members[L][3];
} random_net;

static void random_graph(fixture *f, random_net *net, unsigned *seed) {
    char(*names)[8] = stream_arena_alloc(f->arena, N, 8);
    for (int c = 0; c < N; ++c) {
        net->cores[c] = f->cores[c + 1 == N ? 2 : 0];
        snprintf(names[c], 8, "c%d", c);
        net->cores[c].name = names[c];
    }
    for (int l = 0; l < L; ++l) {
        bool bus = test_random(seed) % 4 == 0;
        int a = (int)(test_random(seed) % N), b = (a + 1 + (int)(test_random(seed) % (N - 1))) % N;
        int c = 0;
        while (c == a || c == b)
            ++c;
        net->members[l][0] = a;
        net->members[l][1] = b;
        net->members[l][2] = c;
        net->links[l] = (stream_link){.name = "l",
                                      .bus = bus,
                                      .cores = net->members[l],
                                      .n_cores = bus ? 3 : 2,
                                      .bandwidth_bits = 1 + test_random(seed) % 4};
    }
    f->acc.cores = net->cores;
    f->acc.n_cores = N;
    f->acc.offchip_core = N - 1;
    f->acc.links = net->links;
    f->acc.n_links = L;
}

typedef struct {
    int hops;
    int64_t width;
} best_path;

static int link_holds(const stream_link *link, int core) {
    for (int i = 0; i < link->n_cores; ++i)
        if (link->cores[i] == core)
            return 1;
    return 0;
}

/* All simple paths from `at`; `hops` and `width` are those of the way here. */
static void explore(const random_net *net, int at, int to, unsigned seen, int hops, int64_t width,
                    best_path *best) {
    if (at == to) {
        if (hops < best->hops || (hops == best->hops && width > best->width))
            *best = (best_path){hops, width};
        return;
    }
    if (hops > 0 && at == N - 1)
        return;
    for (int l = 0; l < L; ++l)
        for (int next = 0; next < N; ++next)
            if (next != at && !(seen >> next & 1) && link_holds(&net->links[l], at) &&
                link_holds(&net->links[l], next)) {
                int64_t bandwidth = net->links[l].bandwidth_bits;
                explore(net, next, to, seen | 1u << next, hops + 1,
                        width < bandwidth ? width : bandwidth, best);
            }
}

/* The first hop of core `from` by definition: the lowest link, then core, that keeps to its best.
 */
static int first_hop(const random_net *net, const best_path *best, int from, int *out_next) {
    for (int l = 0; l < L; ++l)
        for (int next = 0; next < N; ++next) {
            int64_t bandwidth = net->links[l].bandwidth_bits;
            if (next != from && (next != N - 1 || best[next].hops == 0) &&
                link_holds(&net->links[l], from) && link_holds(&net->links[l], next) &&
                best[next].hops == best[from].hops - 1 &&
                (bandwidth < best[next].width ? bandwidth : best[next].width) == best[from].width) {
                *out_next = next;
                return l;
            }
        }
    return -1;
}

/* `best` [N]: of every core to the destination. */
static int differs(const stream_accelerator *acc, const random_net *net, const stream_route *route,
                   const best_path *best, int from) {
    if (best[from].hops == INT_MAX)
        return route->n_hops != 0;
    int wrong = route->n_hops != best[from].hops || route->bandwidth_bits != best[from].width;
    for (int h = 0; !wrong && h < route->n_hops; ++h) {
        int next = from, link = first_hop(net, best, from, &next);
        const stream_resource *r = &acc->resources[route->resources[h]];
        wrong = r->link != link ||
                r->reversed != (!net->links[link].bus && net->links[link].cores[0] != from);
        from = next;
    }
    return wrong;
}

/* The fewest hops against an exhaustive walk of all simple paths in random graphs of links and
 * buses. */
static void against_exhaustion(void) {
    unsigned seed = 11;
    int wrong = 0, built = 0;
    for (int round = 0; round < 300; ++round) {
        fixture f;
        random_net net;
        stream_routes *routes;
        fixture_open(&f);
        random_graph(&f, &net, &seed);
        if (fixture_finish(&f) == STREAM_OK) {
            ++built;
            routes = stream_routes_create_fewest_hops(&f.acc, f.arena);
            for (int to = 0; to < N; ++to) {
                best_path best[N];
                for (int from = 0; from < N; ++from) {
                    best[from] = (best_path){.hops = INT_MAX};
                    explore(&net, from, to, 1u << from, 0, INT64_MAX, &best[from]);
                }
                for (int from = 0; from < N; ++from)
                    wrong += differs(&f.acc, &net, stream_routes_get(routes, from, to), best, from);
            }
        }
        fixture_close(&f);
    }
    CHECK_EQ(wrong, 0);
    CHECK(built > 100);
}

/* Of a core on the way to a destination; next -1: there is none. */
typedef struct {
    int64_t latency, width;
    int hops, link, next;
} way;

static int64_t cycles_of(const way *w) {
    return w->latency + stream_ceil_div(STREAM_ROUTE_BITS, w->width);
}

static int is_better(const way *a, const way *b) {
    if (b->hops < 0)
        return 1;
    if (cycles_of(a) != cycles_of(b))
        return cycles_of(a) < cycles_of(b);
    if (a->hops != b->hops)
        return a->hops < b->hops;
    if (a->width != b->width)
        return a->width > b->width;
    return a->link != b->link ? a->link < b->link : a->next < b->next;
}

/* The best way of a core that has none yet, over one that has. Returns the core; -1: none is left.
 */
static int find_next(const random_net *net, const way *ways, int to, way *out) {
    int found = -1;
    *out = (way){.hops = -1};
    for (int l = 0; l < L; ++l)
        for (int by = 0; by < N; ++by)
            for (int c = 0; c < N; ++c) {
                const stream_link *link = &net->links[l];
                if (ways[c].hops >= 0 || ways[by].hops < 0 || (by == N - 1 && by != to) ||
                    !link_holds(link, c) || !link_holds(link, by))
                    continue;
                way w = {ways[by].latency + link->latency_cycles,
                         stream_min_i64(ways[by].width, link->bandwidth_bits), ways[by].hops + 1, l,
                         by};
                if (is_better(&w, out)) {
                    *out = w;
                    found = c;
                }
            }
    return found;
}

static int keeps_to(const stream_accelerator *acc, const stream_route *route, const way *ways,
                    int from) {
    int same = route->n_hops == stream_max_i64(0, ways[from].hops);
    for (int h = 0; same && h < route->n_hops; ++h, from = ways[from].next)
        same = acc->resources[route->resources[h]].link == ways[from].link;
    return same;
}

/* Ways by their definition, one core after the other, in graphs of which links have latencies. */
static void soonest_by_definition(void) {
    unsigned seed = 17;
    int wrong = 0, built = 0;
    for (int round = 0; round < 300; ++round) {
        fixture f;
        random_net net;
        fixture_open(&f);
        random_graph(&f, &net, &seed);
        for (int l = 0; l < L; ++l) {
            net.links[l].bandwidth_bits <<= test_random(&seed) % 8;
            net.links[l].latency_cycles = test_random(&seed) % 4 * 50;
        }
        bool ok = fixture_finish(&f) == STREAM_OK;
        stream_routes *routes = ok ? stream_routes_create(&f.acc, f.arena) : NULL;
        built += ok;
        for (int to = 0; ok && to < N; ++to) {
            way w, ways[N];
            for (int c = 0; c < N; ++c)
                ways[c] = (way){.hops = c == to ? 0 : -1, .width = INT64_MAX};
            for (int c; (c = find_next(&net, ways, to, &w)) >= 0;)
                ways[c] = w;
            for (int from = 0; from < N; ++from)
                wrong += !keeps_to(&f.acc, stream_routes_get(routes, from, to), ways, from);
        }
        fixture_close(&f);
    }
    CHECK_EQ(wrong, 0);
    CHECK(built > 100);
}

/* Between cores 0 and 2 are a link and a way of two hops over core 1. */
static void hops_count_last(void) {
    static const struct {
        int64_t link, hop, latency; /* latency of the link */
        int hops;
    } cases[] = {{1, 64, 0, 2}, {32, 64, 0, 2}, {64, 64, 0, 1}, {64, 64, 1, 2}, {128, 4, 40000, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        static const int ends[3][2] = {{0, 2}, {0, 1}, {1, 2}};
        unsigned seed = 1;
        fixture f;
        random_net net;
        fixture_open(&f);
        random_graph(&f, &net, &seed);
        for (int l = 0; l < L; ++l) { /* the others lead to off-chip memory */
            net.members[l][0] = l < 3 ? ends[l][0] : l - 3;
            net.members[l][1] = l < 3 ? ends[l][1] : N - 1;
            net.links[l].bus = false;
            net.links[l].n_cores = 2;
            net.links[l].bandwidth_bits = l == 0 ? cases[i].link : cases[i].hop;
            net.links[l].latency_cycles = l == 0 ? cases[i].latency : 0;
        }
        CHECK_EQ(fixture_finish(&f), STREAM_OK);
        stream_routes *routes = stream_routes_create(&f.acc, f.arena);
        CHECK_EQ(stream_routes_get(routes, 0, 2)->n_hops, cases[i].hops);
        routes = stream_routes_create_fewest_hops(&f.acc, f.arena);
        CHECK_EQ(stream_routes_get(routes, 0, 2)->n_hops, 1);
        fixture_close(&f);
    }
}

/* 1024 cores on 8 buses: a link costs its cores, not their pairs, or this does not end. */
static void many_on_buses(void) {
    enum {
        CORES = STREAM_MAX_CORES,
        BUSES = 8
    };
    fixture f;
    stream_routes *routes;
    fixture_open(&f);
    stream_core *cores = STREAM_NEW(f.arena, stream_core, CORES);
    stream_link *buses = STREAM_NEW(f.arena, stream_link, BUSES);
    int32_t *all = STREAM_NEW(f.arena, int32_t, CORES);
    for (int c = 0; c < CORES; ++c) {
        char name[8];
        snprintf(name, sizeof name, "c%d", c);
        cores[c] = f.cores[c ? 0 : 2];
        cores[c].name = stream_arena_strdup(f.arena, name);
        all[c] = c;
    }
    for (int b = 0; b < BUSES; ++b)
        buses[b] = (stream_link){.name = "bus",
                                 .bus = true,
                                 .cores = all,
                                 .n_cores = CORES,
                                 .bandwidth_bits = 1 + b % 4};
    f.acc.cores = cores;
    f.acc.n_cores = CORES;
    f.acc.offchip_core = 0;
    f.acc.links = buses;
    f.acc.n_links = BUSES;
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    routes = stream_routes_create(&f.acc, f.arena);
    const stream_route *route = stream_routes_get(routes, 5, 1000);
    CHECK_EQ(route->n_hops, 1);
    CHECK_EQ(route->resources[0], 3); /* the first of the widest */
    CHECK_EQ(f.acc.class_of[1000], 1);
    fixture_close(&f);
}

/* A chain of 1024 cores, with 1024 * 1023 * 1025 / 3 hops in all: only those that are asked for. */
static void long_chain(void) {
    enum {
        CORES = STREAM_MAX_CORES
    };
    fixture f;
    fixture_open(&f);
    stream_core *cores = STREAM_NEW(f.arena, stream_core, CORES);
    stream_link *links = STREAM_NEW(f.arena, stream_link, CORES);
    int32_t *ends = STREAM_NEW(f.arena, int32_t, CORES + 1);
    for (int c = 0; c < CORES; ++c) {
        char name[8];
        snprintf(name, sizeof name, "c%d", c);
        cores[c] = f.cores[c ? 0 : 2];
        cores[c].name = stream_arena_strdup(f.arena, name);
        ends[c] = c;
        links[c] = (stream_link){.name = "l",
                                 .cores = &ends[c],
                                 .n_cores = 2,
                                 .bandwidth_bits = 1,
                                 .latency_cycles = 1,
                                 .pj_per_bit = 0.5};
    }
    f.acc.cores = cores;
    f.acc.n_cores = CORES;
    f.acc.offchip_core = 0;
    f.acc.links = links;
    f.acc.n_links = CORES - 1;
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    size_t before = stream_arena_used(f.arena);
    stream_routes *routes = stream_routes_create(&f.acc, f.arena);
    const stream_route *route = stream_routes_get(routes, CORES - 1, 0);
    CHECK_EQ(route->n_hops, CORES - 1);
    CHECK_EQ(route->latency_cycles, CORES - 1);
    CHECK(route->pj_per_bit == 0.5 * (CORES - 1));
    CHECK_EQ(route->resources[0], 2 * (CORES - 2) + 1);
    CHECK_EQ(route->resources[CORES - 2], 1);
    CHECK_EQ(stream_routes_get(routes, 0, CORES - 1)->resources[0], 0);
    /* 148 bytes a core: two edges 48, a best way 32, a next hop 8, what is known of it 16, its
     * links, buses and instances 24, the queue and places 12, two routes 8. All next hops would be
     * 8 MiB. */
    CHECK(stream_arena_used(f.arena) - before < 160 << 10);
    fixture_close(&f);
}

int main(void) {
    many_on_buses();
    long_chain();
    wider_wins();
    on_chip();
    latency_counts();
    not_through_offchip();
    against_exhaustion();
    soonest_by_definition();
    hops_count_last();
    return test_done();
}
