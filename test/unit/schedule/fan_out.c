// RUN: unit-schedule-fan_out

/* One result that many CTs of another core read, every other one of them, while the rest read
 * weights that leave it no room: what looks at the buffers and uses of such a schedule takes no
 * time in the square of their number. */

#include "stream/check/check.h"
#include "stream/schedule/residency.h"

#include "cpu_time.h"
#include "plain_core.h"
#include "test.h"

#include <string.h>

enum {
    READERS = 20000,
    N_CORES = 3,
    X = 0,
    W,
    MID,
    OUT,
    N_TENSORS
};

typedef struct {
    stream_arena *arena;
    stream_port ports[2];
    stream_memory memories[N_CORES];
    stream_core cores[N_CORES];
    stream_link links[N_CORES];
    stream_accelerator acc;
    stream_tensor tensors[N_TENSORS];
    stream_ct_graph graph;
    stream_schedule_problem problem;
} scene;

static void make_accelerator(scene *s) {
    static const int32_t ends[N_CORES][2] = {{0, 2}, {1, 2}, {0, 1}};
    static const char *const names[] = {"c0", "c1", "dram"}, *const links[] = {"l0", "l1", "l2"};
    static const int64_t bits[] = {1 << 14, 1100, 1 << 28};
    plain_ports(s->ports, 64);
    for (int c = 0; c < N_CORES; ++c) {
        s->memories[c] = plain_memory(s->ports, bits[c], 1);
        s->cores[c] = plain_core(names[c], c == 2, &s->memories[c]);
        s->links[c] = (stream_link){.name = links[c],
                                    .cores = ends[c],
                                    .n_cores = 2,
                                    .bandwidth_bits = 64,
                                    .pj_per_bit = 1};
    }
    s->acc = (stream_accelerator){.name = "two",
                                  .cores = s->cores,
                                  .n_cores = N_CORES,
                                  .offchip_core = 2,
                                  .links = s->links,
                                  .n_links = N_CORES};
}

static stream_box row(int32_t rank, int32_t rows) {
    return rank == 1 ? (stream_box){.rank = 1, .size = {64}}
                     : (stream_box){.rank = 2, .size = {rows, 64}};
}

static void make_graph(scene *s) {
    static const stream_ct_layer layers[] = {{"a", "Conv"}, {"b", "Conv"}};
    static const stream_kernel kernels[] = {{.name = "k0"}, {.name = "k1", .layer = 1}};
    s->tensors[X] = (stream_tensor){"x", .kind = STREAM_TENSOR_INPUT, .rank = 1, .shape = {64}};
    s->tensors[W] =
        (stream_tensor){"w", .kind = STREAM_TENSOR_CONSTANT, .rank = 2, .shape = {2, 64}};
    s->tensors[MID] =
        (stream_tensor){"mid", .kind = STREAM_TENSOR_INTERMEDIATE, .rank = 1, .shape = {64}};
    s->tensors[OUT] = (stream_tensor){"out", .kind = STREAM_TENSOR_INTERMEDIATE, .rank = 1,
                                      .shape = {READERS}, .is_output = true};
    stream_ct *cts = STREAM_NEW(s->arena, stream_ct, READERS + 1);
    stream_ct_read *reads = STREAM_NEW(s->arena, stream_ct_read, READERS + 1);
    for (int32_t i = 0; i < N_TENSORS; ++i) {
        s->tensors[i].element_bits = 8;
        s->tensors[i].layer = i - MID;
    }
    cts[0] = (stream_ct){.tensor = MID, .box = row(1, 1), .n_reads = 1};
    reads[0] = (stream_ct_read){X, row(1, 1), STREAM_I1};
    for (int32_t i = 1; i <= READERS; ++i) {
        cts[i] = (stream_ct){.kernel = 1,
                             .layer = 1,
                             .tensor = OUT,
                             .box = {1, {i - 1}, {1}},
                             .first_read = i,
                             .n_reads = 1};
        reads[i] = i % 2 ? (stream_ct_read){W, row(2, 2), STREAM_I2}
                         : (stream_ct_read){MID, row(1, 1), STREAM_I1};
    }
    s->graph = (stream_ct_graph){.tensors = s->tensors,
                                 .n_tensors = N_TENSORS,
                                 .layers = layers,
                                 .n_layers = 2,
                                 .kernels = kernels,
                                 .n_kernels = 2,
                                 .cts = cts,
                                 .n_cts = READERS + 1,
                                 .reads = reads,
                                 .n_reads = READERS + 1};
}

static void one(scene *s, stream_priority priority) {
    stream_schedule schedule;
    stream_residency residency;
    CHECK_EQ(stream_schedule_build(&s->problem, priority, s->arena, NULL, &schedule), STREAM_OK);
    double start = cpu_ms();
    CHECK_EQ(stream_check_schedule(&s->problem, &schedule, NULL, NULL, NULL), STREAM_OK);
    double checked = cpu_ms();
    CHECK_EQ(stream_residency_build(&s->problem, &schedule, s->arena, NULL, &residency), STREAM_OK);
    double found = cpu_ms();
    CHECK_EQ(residency.final_first[N_TENSORS] - residency.final_first[0], READERS);
    printf("# %d transfers: checked in %.0f ms, buffers of all reads in %.0f ms\n",
           schedule.n_transfers, checked - start, found - checked);
    CHECK(checked - start < 2000 && found - checked < 1000);
}

int main(void) {
    static const int64_t cycles[] = {10, -1, -1, -1, 10, -1}, energy[] = {1, 1, 1, 1, 1, 1};
    scene s = {.arena = stream_arena_create()};
    int32_t *cores = STREAM_NEW(s.arena, int32_t, READERS + 1);
    int32_t *order = STREAM_NEW(s.arena, int32_t, READERS + 1);
    for (int32_t i = 0; i <= READERS; ++i) {
        cores[i] = i > 0;
        order[i] = i;
    }
    make_accelerator(&s);
    make_graph(&s);
    s.problem = (stream_schedule_problem){.acc = &s.acc,
                                          .graph = &s.graph,
                                          .cycles = cycles,
                                          .energy_fj = energy,
                                          .cores = cores,
                                          .order = order};
    CHECK_EQ(stream_accelerator_finish(&s.acc, s.arena, NULL), STREAM_OK);
    CHECK_EQ(stream_ct_graph_finish(&s.graph, s.arena, NULL), STREAM_OK);
    one(&s, STREAM_PRIORITY_LATENCY); /* outputs of the one kind, then of the other */
    one(&s, STREAM_PRIORITY_GIVEN);   /* the result comes again for each of its readers */
    stream_arena_destroy(s.arena);
    return test_done();
}
