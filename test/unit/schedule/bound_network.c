// RUN: unit-schedule-bound_network

/* What links and the ports of memories let through, in the bounds, worked by hand on four cores:
 *
 *                                                   core 0 .. 3, each with a memory
 *     dram --- 1024 bits per cycle --- hub ---  or  one bus to all of them
 *                                                   a link to each
 *                                                   links to 0 and 1, and from these to 3 and 2
 *
 * 16 CTs of 5 cycles read 1 Kibit each and write 1 Kibit; where the last two cores are behind the
 * first, 16 more read what these wrote, and write 8 bits.
 */

#include "plain_core.h"

#include "stream/schedule/policy.h"
#include "stream/schedule/schedule.h"

#include "test.h"

enum {
    CORES = 4,
    HUB = CORES,
    DRAM,
    TOTAL,
    CTS = 16
};

typedef enum {
    BUS,    /* of 16 bits, 50 pJ per bit, where that of off-chip memory costs nothing */
    OWN,    /* links of 8 bits */
    PORTS,  /* links of 1024 bits, ports of 8 bits */
    BEHIND, /* links of 8 bits to the cores of the second layer */
    TINY    /* as BUS, 0.0009 pJ per bit on both */
} machine;

typedef struct {
    stream_arena *arena;
    stream_port ports[2], wide[2];
    stream_memory memories[3];
    stream_core cores[TOTAL];
    int32_t ends[CORES + 1][CORES + 1];
    stream_link links[CORES + 1];
    stream_accelerator acc;
    stream_tensor tensors[3];
    stream_ct cts[2 * CTS];
    stream_ct_read reads[2 * CTS];
    stream_ct_graph graph;
    int64_t cycles[2 * TOTAL], energy_fj[2 * TOTAL];
    int32_t assigned[2 * CTS];
    stream_schedule_problem problem;
} scene;

static void add_link(scene *s, int32_t a, int32_t b, int64_t bits, double pj) {
    static const char *const names[] = {"l0", "l1", "l2", "l3", "l4"};
    int32_t n = s->acc.n_links++;
    s->ends[n][0] = a;
    s->ends[n][1] = b;
    s->links[n] = (stream_link){.name = names[n],
                                .cores = s->ends[n],
                                .n_cores = 2,
                                .bandwidth_bits = bits,
                                .pj_per_bit = pj};
}

static void add_bus(scene *s, double pj) {
    add_link(s, 0, 1, 16, pj);
    for (int32_t c = 0; c <= HUB; ++c)
        s->ends[1][c] = c;
    s->links[1].n_cores = HUB + 1;
    s->links[1].bus = true;
}

static void add_links(scene *s, machine m) {
    add_link(s, DRAM, HUB, 1024, m == TINY ? 0.0009 : m == BUS ? 0 : 0.1);
    if (m == BUS || m == TINY)
        add_bus(s, m == TINY ? 0.0009 : 50);
    for (int32_t c = 0; c < CORES && (m == OWN || m == PORTS); ++c)
        add_link(s, HUB, c, m == OWN ? 8 : 1024, 0.1);
    for (int32_t c = 0; c < 2 && m == BEHIND; ++c)
        add_link(s, HUB, c, 1024, 0.1);
    for (int32_t c = 0; c < 2 && m == BEHIND; ++c)
        add_link(s, 1 - c, 2 + c, 8, 0.1);
}

static void make_accelerator(scene *s, machine m) {
    static const char *const names[] = {"a", "b", "c", "d", "hub", "dram"};
    plain_ports(s->ports, m == PORTS ? 8 : 4096);
    plain_ports(s->wide, 4096);
    for (int i = 0; i < 3; ++i)
        s->memories[i] = (stream_memory){.name = "m",
                                         .size_bits = 1 << 24,
                                         .read_pj = m == TINY ? 1 : 0,
                                         .write_pj = m == TINY ? 1 : 0,
                                         .operands = 7,
                                         .ports = i ? s->wide : s->ports,
                                         .n_ports = 2,
                                         .kind = "sram"};
    for (int c = 0; c < TOTAL; ++c)
        s->cores[c] =
            plain_core(names[c], c == DRAM, &s->memories[c < CORES ? 0 : 1 + (c == DRAM)]);
    s->cores[HUB].kind = STREAM_CORE_MEMORY;
    s->cores[HUB].n_array_dims = 0;
    s->acc = (stream_accelerator){.name = "four",
                                  .cores = s->cores,
                                  .n_cores = TOTAL,
                                  .offchip_core = DRAM,
                                  .links = s->links};
    add_links(s, m);
}

/* y = f(x) in 16 rows, and z = g(y) where there is a second layer. */
static void make_graph(scene *s, int32_t layers) {
    static const stream_ct_layer all[] = {{"f", "Add"}, {"g", "Add"}};
    static const stream_kernel kernels[] = {{.name = "kf"}, {.name = "kg", .layer = 1}};
    static const char *const names[] = {"x", "y", "z"};
    for (int t = 0; t < 3; ++t)
        s->tensors[t] =
            (stream_tensor){.name = names[t],
                            .kind = t ? STREAM_TENSOR_INTERMEDIATE : STREAM_TENSOR_INPUT,
                            .rank = 2,
                            .shape = {CTS, t == 2 ? 1 : 128},
                            .element_bits = 8,
                            .layer = t - 1,
                            .is_output = t == layers};
    for (int32_t i = 0; i < layers * CTS; ++i) {
        int32_t layer = i / CTS, row = i % CTS;
        s->reads[i] =
            (stream_ct_read){layer, {.rank = 2, .lo = {row}, .size = {1, 128}}, STREAM_I1};
        s->cts[i] = (stream_ct){.kernel = layer,
                                .layer = layer,
                                .first_read = i,
                                .n_reads = 1,
                                .tensor = layer + 1,
                                .box = {.rank = 2, .lo = {row}, .size = {1, layer ? 1 : 128}}};
        s->assigned[i] = layers == 1 ? i % CORES : 2 * layer + i % 2;
    }
    s->graph = (stream_ct_graph){.tensors = s->tensors,
                                 .n_tensors = layers + 1,
                                 .layers = all,
                                 .n_layers = layers,
                                 .kernels = kernels,
                                 .n_kernels = layers,
                                 .cts = s->cts,
                                 .n_cts = layers * CTS,
                                 .reads = s->reads,
                                 .n_reads = layers * CTS};
}

static bool make(scene *s, machine m) {
    *s = (scene){.arena = stream_arena_create()};
    make_accelerator(s, m);
    make_graph(s, m == BEHIND ? 2 : 1);
    for (int32_t i = 0; i < s->graph.n_kernels * TOTAL; ++i) {
        int32_t c = i % TOTAL;
        bool runs = c < CORES && (m != BEHIND || c / 2 == i / TOTAL);
        s->cycles[i] = runs ? 5 : -1;
        s->energy_fj[i] = runs ? 100 : -1;
    }
    s->problem = (stream_schedule_problem){.acc = &s->acc,
                                           .graph = &s->graph,
                                           .cycles = s->cycles,
                                           .energy_fj = s->energy_fj,
                                           .cores = s->assigned};
    return stream_accelerator_finish(&s->acc, s->arena, NULL) == STREAM_OK &&
           stream_ct_graph_finish(&s->graph, s->arena, NULL) == STREAM_OK;
}

/* The bounds with given and with any cores, and a schedule that is not below. */
static void check_machine(machine m, int64_t given, int64_t any, int64_t energy_fj) {
    scene s;
    stream_bound_kind kind;
    stream_schedule schedule;
    CHECK(make(&s, m));
    CHECK_EQ(stream_schedule_lower_bound(&s.problem, &kind), given);
    CHECK_EQ(kind, STREAM_BOUND_NETWORK);
    CHECK_EQ(stream_schedule_energy_bound(&s.problem), energy_fj);
    CHECK(stream_schedule_build(&s.problem, STREAM_PRIORITY_LATENCY, s.arena, NULL, &schedule) ==
          STREAM_OK);
    CHECK(schedule.summary.latency_cycles >= given);
    CHECK(schedule.summary.energy_fj >= energy_fj);
    s.problem.cores = NULL;
    CHECK_EQ(stream_schedule_lower_bound(&s.problem, &kind), any);
    stream_arena_destroy(s.arena);
}

int main(void) {
    const int64_t bits = CTS * 1024, compute = CTS * 100;
    /* In and out over the bus. */
    check_machine(BUS, 2 * bits / 16, 2 * bits / 16, compute + 2 * bits * 50000);
    /* A quarter over each link, then the last CT, and its 1024 bits back. */
    check_machine(OWN, bits / 4 / 8 + 5 + 128, bits / 4 / 8 + 5 + 128, compute + 2 * bits * 200);
    check_machine(PORTS, bits / 4 / 8 + 5 + 128, bits / 4 / 8 + 5 + 128, compute + 2 * bits * 200);
    /* Half of what the first layer leaves over each link, from core 0 to 2 over the hub and core 1;
     * of the second layer 8 bits go back. */
    check_machine(BEHIND, bits / 2 / 8 + 5 + 1, bits / 2 / 8 + 5 + 1,
                  2 * compute + bits * 200 + bits * 300 + CTS * 8 * 300);
    /* 0.9 fJ per bit and link, of 8 bits at least 7 fJ, which 7.5 fJ would be, too: 0.84 fJ. Reads
     * and writes are of up to 4096 bits, those of results of 1024. */
    check_machine(TINY, 2 * bits / 16, 2 * bits / 16,
                  compute + 2 * 2 * bits * 84 / 100 + 2 * bits / 4096 * 1000 + 2 * CTS * 1000);
    return test_done();
}
