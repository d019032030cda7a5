// RUN: unit-hardware-route

#include "fixture.h"

#include <limits.h>

/* The bus is wider than the link between a and b; both are one hop. */
static void wider_wins(void) {
    fixture f;
    stream_routes routes;
    fixture_open(&f);
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    CHECK_EQ(stream_routes_build(&f.acc, f.arena, &f.diag, &routes), STREAM_OK);
    const stream_route *ab = stream_routes_get(&routes, 0, 1);
    CHECK_EQ(ab->n_hops, 1);
    CHECK_EQ(ab->resources[0], 2);
    CHECK_EQ(ab->bandwidth_bits, 128);
    CHECK_EQ(ab->latency_cycles, 1);
    CHECK(ab->pj_per_bit == 1);
    CHECK_EQ(stream_routes_get(&routes, 1, 1)->n_hops, 0);
    CHECK_EQ(stream_routes_between(&f.acc, &routes, 1, 2)->n_hops, 0); /* both on core b */
    CHECK(stream_routes_between(&f.acc, &routes, 0, 2) == ab);
    f.links[0].bandwidth_bits = 256;
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    CHECK_EQ(stream_routes_build(&f.acc, f.arena, &f.diag, &routes), STREAM_OK);
    CHECK_EQ(stream_routes_get(&routes, 0, 1)->resources[0], 0);
    CHECK_EQ(stream_routes_get(&routes, 1, 0)->resources[0], 1); /* the other direction */
    f.links[0].bandwidth_bits = 128;                             /* equal: the lower id */
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    CHECK_EQ(stream_routes_build(&f.acc, f.arena, &f.diag, &routes), STREAM_OK);
    CHECK_EQ(stream_routes_get(&routes, 0, 1)->resources[0], 0);
    fixture_close(&f);
}

/* a - dram - b: the only way between a and b passes through off-chip, which is no way. */
static void not_through_offchip(void) {
    fixture f;
    stream_routes routes;
    fixture_open(&f);
    memcpy(f.link_cores, (int32_t[4][4]){{0, 2}, {1, 2}}, sizeof f.link_cores);
    f.links[1].n_cores = 2;
    f.links[1].bus = false;
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    CHECK_EQ(stream_routes_build(&f.acc, f.arena, &f.diag, &routes), STREAM_OK);
    CHECK_EQ(stream_routes_get(&routes, 0, 1)->n_hops, 0);
    CHECK(!stream_routes_between(&f.acc, &routes, 0, 1));
    CHECK_EQ(stream_routes_get(&routes, 0, 2)->n_hops, 1);
    CHECK_EQ(stream_routes_get(&routes, 2, 1)->resources[0], 3);
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

/* Random link and bus graphs against an exhaustive walk of all simple paths. */
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
    int32_t links[N];
} best_path;

static int link_holds(const stream_link *link, int core) {
    for (int i = 0; i < link->n_cores; ++i)
        if (link->cores[i] == core)
            return 1;
    return 0;
}

static void explore(const random_net *net, int at, int to, unsigned seen, int hops, int64_t width,
                    int32_t *links, best_path *best) {
    if (at == to) {
        if (hops < best->hops || (hops == best->hops && width > best->width)) {
            best->hops = hops;
            best->width = width;
            memcpy(best->links, links, sizeof best->links);
        }
        return;
    }
    if (hops > 0 && at == N - 1)
        return;
    for (int l = 0; l < L; ++l)
        for (int next = 0; next < N; ++next)
            if (next != at && !(seen >> next & 1) && link_holds(&net->links[l], at) &&
                link_holds(&net->links[l], next)) {
                int64_t bandwidth = net->links[l].bandwidth_bits;
                links[hops] = l;
                explore(net, next, to, seen | 1u << next, hops + 1,
                        width < bandwidth ? width : bandwidth, links, best);
            }
}

static int differs(const stream_accelerator *acc, const stream_route *route,
                   const best_path *best) {
    if (best->hops == INT_MAX)
        return route->n_hops != 0;
    int wrong = route->n_hops != best->hops || route->bandwidth_bits != best->width;
    for (int h = 0; !wrong && h < best->hops; ++h)
        wrong = acc->resources[route->resources[h]].link != best->links[h];
    return wrong;
}

static void against_exhaustion(void) {
    unsigned seed = 11;
    int wrong = 0, built = 0;
    for (int round = 0; round < 300; ++round) {
        fixture f;
        random_net net;
        stream_routes routes;
        fixture_open(&f);
        random_graph(&f, &net, &seed);
        if (fixture_finish(&f) == STREAM_OK) {
            ++built;
            wrong += stream_routes_build(&f.acc, f.arena, &f.diag, &routes) != STREAM_OK;
            for (int from = 0; from < N; ++from)
                for (int to = 0; to < N; ++to) {
                    best_path best = {.hops = INT_MAX};
                    int32_t links[N];
                    if (from == to)
                        continue;
                    explore(&net, from, to, 1u << from, 0, INT64_MAX, links, &best);
                    wrong += differs(&f.acc, stream_routes_get(&routes, from, to), &best);
                }
        }
        fixture_close(&f);
    }
    CHECK_EQ(wrong, 0);
    CHECK(built > 100);
}

int main(void) {
    wider_wins();
    not_through_offchip();
    against_exhaustion();
    return test_done();
}
