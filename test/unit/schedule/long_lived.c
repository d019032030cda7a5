// RUN: unit-schedule-long_lived

/* Rows that all stay in one memory until they are read in another order: where each of them is is
 * found in no time in the square of their number. */

#include "stream/schedule/residency.h"

#include "cpu_time.h"
#include "plain_core.h"
#include "test.h"

enum {
    ROWS = 16000,
    STRIDE = 7919, /* of the order of the second layer; no divisor of ROWS */
    N_CTS = 2 * ROWS,
    COLUMNS = 8,
    X = 0,
    MID,
    OUT,
    N_TENSORS
};

typedef struct {
    stream_arena *arena;
    stream_port ports[2];
    stream_memory memories[2];
    stream_core cores[2];
    stream_link link;
    stream_accelerator acc;
    stream_tensor tensors[N_TENSORS];
    stream_ct_graph graph;
} scene;

static void make_accelerator(scene *s) {
    static const int32_t ends[] = {0, 1};
    plain_ports(s->ports, 64);
    for (int c = 0; c < 2; ++c) {
        s->memories[c] = plain_memory(s->ports, 1 << 28, 0);
        s->cores[c] = plain_core(c ? "dram" : "c0", c, &s->memories[c]);
    }
    s->link = (stream_link){.name = "l", .cores = ends, .n_cores = 2, .bandwidth_bits = 64};
    s->acc = (stream_accelerator){.name = "one",
                                  .cores = s->cores,
                                  .n_cores = 2,
                                  .offchip_core = 1,
                                  .links = &s->link,
                                  .n_links = 1};
    CHECK_EQ(stream_accelerator_finish(&s->acc, s->arena, NULL), STREAM_OK);
}

/* The row of the second layer's c-th CT. */
static int32_t read_by(int32_t c) {
    return (int32_t)((int64_t)(c - ROWS) * STRIDE % ROWS);
}

static stream_box row(int32_t r) {
    return (stream_box){.rank = 2, .lo = {r}, .size = {1, COLUMNS}};
}

static void make_graph(scene *s) {
    static const stream_ct_layer layers[] = {{"a", "Conv"}, {"b", "Conv"}};
    static const stream_kernel kernels[] = {{.name = "k0"}, {.name = "k1", .layer = 1}};
    stream_ct *cts = STREAM_NEW(s->arena, stream_ct, N_CTS);
    stream_ct_read *reads = STREAM_NEW(s->arena, stream_ct_read, N_CTS);
    for (int32_t t = 0; t < N_TENSORS; ++t)
        s->tensors[t] =
            (stream_tensor){.name = t == X ? "x" : "y",
                            .kind = t == X ? STREAM_TENSOR_INPUT : STREAM_TENSOR_INTERMEDIATE,
                            .rank = 2,
                            .shape = {ROWS, COLUMNS},
                            .element_bits = 8,
                            .layer = t - MID,
                            .is_output = t == OUT};
    for (int32_t c = 0; c < N_CTS; ++c) {
        int32_t second = c >= ROWS;
        cts[c] = (stream_ct){.kernel = second,
                             .layer = second,
                             .tensor = MID + second,
                             .box = row(c % ROWS),
                             .first_read = c,
                             .n_reads = 1};
        reads[c] = (stream_ct_read){X + second, row(second ? read_by(c) : c), STREAM_I1};
    }
    s->graph = (stream_ct_graph){.tensors = s->tensors,
                                 .n_tensors = N_TENSORS,
                                 .layers = layers,
                                 .n_layers = 2,
                                 .kernels = kernels,
                                 .n_kernels = 2,
                                 .cts = cts,
                                 .n_cts = N_CTS,
                                 .reads = reads,
                                 .n_reads = N_CTS};
    CHECK_EQ(stream_ct_graph_finish(&s->graph, s->arena, NULL), STREAM_OK);
}

/* Every read of the second layer is one row where its writer put it. */
static int wrong_reads(const stream_schedule *schedule, const stream_residency *found) {
    int wrong = 0;
    for (int32_t c = ROWS; c < N_CTS; ++c) {
        const stream_residency_piece *piece = &found->pieces[found->read_first[c]];
        stream_box box = row(read_by(c));
        wrong += found->read_first[c + 1] != found->read_first[c] + 1 ||
                 piece->address != schedule->slots[read_by(c)].address ||
                 !stream_box_equal(&piece->piece, &box) || !stream_box_equal(&piece->buffer, &box);
    }
    return wrong;
}

int main(void) {
    static const int64_t cycles[] = {10, -1, 10, -1}, energy[] = {1, 1, 1, 1};
    scene s = {.arena = stream_arena_create()};
    stream_schedule schedule;
    stream_residency found;
    make_accelerator(&s);
    make_graph(&s);
    stream_schedule_problem problem = {.acc = &s.acc,
                                       .graph = &s.graph,
                                       .cycles = cycles,
                                       .energy_fj = energy,
                                       .cores = STREAM_NEW(s.arena, int32_t, N_CTS)};
    CHECK_EQ(stream_schedule_build(&problem, STREAM_PRIORITY_LATENCY, s.arena, NULL, &schedule),
             STREAM_OK);
    double start = cpu_ms();
    CHECK_EQ(stream_residency_build(&problem, &schedule, s.arena, NULL, &found), STREAM_OK);
    double spent = cpu_ms() - start;
    printf("# %d reads of rows that are held long: %.0f ms\n", ROWS, spent);
    CHECK_EQ(wrong_reads(&schedule, &found), 0);
    CHECK(spent < 700);
    stream_arena_destroy(s.arena);
    return test_done();
}
