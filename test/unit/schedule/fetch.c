// RUN: unit-schedule-fetch

/* What a CT fetches, by hand: in which order, in how many transfers, and from where it comes back
 * that had to leave. */

#include "stream/check/check.h"

#include "plain_core.h"
#include "test.h"

#include <string.h>

enum {
    N_CORES = 4,
    OFFCHIP = 3,
    X = 0,
    A,
    B,
    OUT,
    N_TENSORS,
    N_ELEMENTS = 64,
    MOST_READS = 2
};

typedef struct {
    stream_arena *arena;
    stream_port ports[2];
    stream_memory memories[N_CORES];
    stream_core cores[N_CORES];
    stream_link links[N_CORES];
    stream_accelerator acc;
    stream_tensor tensors[N_TENSORS];
    stream_ct cts[4];
    stream_ct_read reads[4 * MOST_READS];
    stream_ct_graph graph;
    int64_t cycles[4 * N_CORES], energy_fj[4 * N_CORES];
    stream_schedule schedule;
} scene;

static stream_box elements(int32_t n) {
    return (stream_box){.rank = 1, .size = {n}};
}

/* Three cores of so many bits, and off-chip memory; no links yet. */
static void open_scene(scene *s, int64_t bits) {
    static const char *const names[N_CORES] = {"c0", "c1", "c2", "dram"};
    static const char *const tensors[N_TENSORS] = {"x", "a", "b", "out"};
    memset(s, 0, sizeof *s);
    s->arena = stream_arena_create();
    plain_ports(s->ports, 64);
    for (int c = 0; c < N_CORES; ++c) {
        s->memories[c] = plain_memory(s->ports, c == OFFCHIP ? 1 << 20 : bits, 1);
        s->cores[c] = plain_core(names[c], c == OFFCHIP, &s->memories[c]);
    }
    for (int t = 0; t < N_TENSORS; ++t)
        s->tensors[t] =
            (stream_tensor){.name = tensors[t],
                            .kind = t == X ? STREAM_TENSOR_INPUT : STREAM_TENSOR_INTERMEDIATE,
                            .element_bits = 8,
                            .rank = 1,
                            .shape = {N_ELEMENTS},
                            .layer = t - 1,
                            .is_output = t == OUT};
}

static void add_link(scene *s, const int32_t *cores, int32_t n, int64_t bandwidth, double pj) {
    static const char *const names[N_CORES] = {"l0", "l1", "l2", "l3"};
    int32_t l = s->acc.n_links++;
    s->links[l] = (stream_link){.name = names[l],
                                .bus = n > 2,
                                .cores = cores,
                                .n_cores = n,
                                .bandwidth_bits = bandwidth,
                                .pj_per_bit = pj};
}

/* One more CT, of a layer and kernel of its own. */
static void add_ct(scene *s, int32_t tensor, int64_t cycles) {
    int32_t ct = s->graph.n_cts++;
    s->cts[ct] = (stream_ct){.kernel = ct,
                             .layer = ct,
                             .tensor = tensor,
                             .box = elements(N_ELEMENTS),
                             .first_read = s->graph.n_reads};
    for (int c = 0; c < N_CORES; ++c)
        s->cycles[ct * N_CORES + c] = c == OFFCHIP ? -1 : cycles;
}

static void add_read(scene *s, int32_t tensor, int32_t n) {
    s->cts[s->graph.n_cts - 1].n_reads++;
    s->reads[s->graph.n_reads++] = (stream_ct_read){tensor, elements(n), STREAM_I1};
}

static void run(scene *s, const int32_t *cores) {
    static const stream_ct_layer layers[] = {
        {"a", "Conv"}, {"b", "Conv"}, {"c", "Conv"}, {"d", "Conv"}};
    static const stream_kernel kernels[] = {{.name = "k0"},
                                            {.name = "k1", .layer = 1},
                                            {.name = "k2", .layer = 2},
                                            {.name = "k3", .layer = 3}};
    s->acc.name = "three";
    s->acc.cores = s->cores;
    s->acc.n_cores = N_CORES;
    s->acc.offchip_core = OFFCHIP;
    s->acc.links = s->links;
    s->graph.tensors = s->tensors;
    s->graph.n_tensors = N_TENSORS;
    s->graph.layers = layers;
    s->graph.kernels = kernels;
    s->graph.n_layers = s->graph.n_kernels = s->graph.n_cts;
    s->graph.cts = s->cts;
    s->graph.reads = s->reads;
    stream_schedule_problem problem = {.acc = &s->acc,
                                       .graph = &s->graph,
                                       .cycles = s->cycles,
                                       .energy_fj = s->energy_fj,
                                       .cores = cores};
    CHECK_EQ(stream_accelerator_finish(&s->acc, s->arena, NULL), STREAM_OK);
    CHECK_EQ(stream_ct_graph_finish(&s->graph, s->arena, NULL), STREAM_OK);
    CHECK_EQ(stream_schedule_build(&problem, STREAM_PRIORITY_LATENCY, s->arena, NULL, &s->schedule),
             STREAM_OK);
    CHECK_EQ(stream_check_schedule(&problem, &s->schedule, NULL, NULL, NULL), STREAM_OK);
}

/* b exists before a, so it is fetched first, though the CT reads a first. */
static void what_exists_first_comes_first(void) {
    static const int32_t all[] = {0, 1, 2, OFFCHIP}, cores[] = {0, 1, 2};
    scene s;
    open_scene(&s, 1 << 14);
    add_link(&s, all, N_CORES, 64, 1);
    add_ct(&s, A, 100);
    add_read(&s, X, N_ELEMENTS);
    add_ct(&s, B, 95);
    add_read(&s, X, N_ELEMENTS);
    add_ct(&s, OUT, 10);
    add_read(&s, A, N_ELEMENTS);
    add_read(&s, B, N_ELEMENTS);
    run(&s, cores);
    CHECK_EQ(s.schedule.slots[1].end, 8 + 95);
    CHECK_EQ(s.schedule.slots[2].start, 8 + 95 + 8 + 8);
    stream_arena_destroy(s.arena);
}

/* A box is not fetched on its own if it is part of another that the CT reads. */
static void parts_come_with_the_whole(void) {
    static const int32_t all[] = {0, 1, 2, OFFCHIP}, cores[] = {0};
    scene s;
    open_scene(&s, 1 << 14);
    add_link(&s, all, N_CORES, 64, 1);
    add_ct(&s, OUT, 10);
    add_read(&s, X, N_ELEMENTS / 4);
    add_read(&s, X, N_ELEMENTS);
    run(&s, cores);
    CHECK_EQ(s.schedule.n_transfers, 2); /* x, and the output */
    stream_arena_destroy(s.arena);
}

/* Core 0 has room for two tensors: a leaves it for the CT that reads x and writes b. Core 1 would
 * cost less energy, but from core 2 it is back sooner. */
static void evicted_to_the_nearest(void) {
    static const int32_t slow[] = {0, 1}, fast[] = {0, 2}, far[] = {0, OFFCHIP};
    static const int32_t cores[] = {0, 0, 0};
    scene s;
    open_scene(&s, 2 * N_ELEMENTS * 8);
    s.memories[1].size_bits = s.memories[2].size_bits = 1 << 14;
    add_link(&s, slow, 2, 16, 0.1);
    add_link(&s, fast, 2, 64, 1);
    add_link(&s, far, 2, 8, 100);
    add_ct(&s, A, 10);
    add_read(&s, X, N_ELEMENTS);
    add_ct(&s, B, 10);
    add_read(&s, X, N_ELEMENTS);
    add_ct(&s, OUT, 10);
    add_read(&s, A, N_ELEMENTS / 2);
    add_read(&s, B, N_ELEMENTS / 2);
    run(&s, cores);
    int32_t aside = 0, to = s.acc.top[2 * STREAM_N_OPERANDS + STREAM_O];
    for (int32_t t = 0; t < s.schedule.n_transfers; ++t)
        aside += s.schedule.transfers[t].tensor == A &&
                 s.schedule.transfers[t].targets[0].instance == to;
    CHECK_EQ(aside, 1);
    stream_arena_destroy(s.arena);
}

/* The memory for outputs has no room for a and what is made of it, but a is read from that for
 * inputs: it goes there, and not by way of off-chip memory, though the link is slow. */
static void what_leaves_goes_to_its_reader(void) {
    static const int32_t all[] = {0, 1, 2, OFFCHIP}, cores[] = {0, 0};
    scene s;
    open_scene(&s, 1 << 14);
    stream_memory two[2] = {s.memories[0], s.memories[0]};
    stream_port ports[2][2];
    for (int i = 0; i < 2; ++i) {
        two[i].name = i ? "o" : "i";
        two[i].operands = i ? 1 << STREAM_O : 1 << STREAM_I1 | 1 << STREAM_I2;
        two[i].ports = ports[i];
        plain_ports(ports[i], 64);
        for (int o = 0; o < STREAM_N_OPERANDS; ++o)
            if (!(two[i].operands >> o & 1))
                ports[i][0].serves[o] = ports[i][1].serves[o] = 0;
    }
    two[1].size_bits = N_ELEMENTS * 8 * 3 / 2;
    s.cores[0].memories = two;
    s.cores[0].n_memories = 2;
    add_link(&s, all, N_CORES, 1, 1);
    add_ct(&s, A, 10);
    add_read(&s, X, N_ELEMENTS);
    add_ct(&s, OUT, 10);
    add_read(&s, A, N_ELEMENTS);
    run(&s, cores);
    CHECK_EQ(s.schedule.n_transfers, 3); /* x, a, and the output */
    CHECK_EQ(s.schedule.summary.latency_cycles, 512 + 10 + 8 + 10 + 512);
    stream_arena_destroy(s.arena);
}

/* Where the link between the cores is slow, a goes by way of off-chip memory. */
static void slow_links_are_left(int64_t bandwidth, int64_t between) {
    static const int32_t near[] = {0, 1}, far[][2] = {{0, OFFCHIP}, {1, OFFCHIP}, {2, OFFCHIP}};
    static const int32_t cores[] = {0, 1};
    scene s;
    open_scene(&s, 1 << 14);
    add_link(&s, near, 2, bandwidth, 1);
    for (int c = 0; c < OFFCHIP; ++c)
        add_link(&s, far[c], 2, 64, 1);
    add_ct(&s, A, 10);
    add_read(&s, X, N_ELEMENTS);
    add_ct(&s, OUT, 10);
    add_read(&s, A, N_ELEMENTS);
    run(&s, cores);
    CHECK_EQ(s.schedule.slots[1].start, 8 + 10 + between);
    stream_arena_destroy(s.arena);
}

int main(void) {
    what_exists_first_comes_first();
    parts_come_with_the_whole();
    evicted_to_the_nearest();
    what_leaves_goes_to_its_reader();
    slow_links_are_left(32, 16);
    slow_links_are_left(31, 8 + 8);
    slow_links_are_left(1, 8 + 8);
    return test_done();
}
