// RUN: unit-schedule-bound_ways

/* What the way to the cores that a CT may run on costs in the bound of the latency: worked by hand
 * on
 *
 *     dram --- bus, 128 bits per cycle --- near --- link, 24 bits per cycle, 200 cycles --- far
 *
 * and, on random problems whose cores are joined in a row with such links, never above a schedule.
 */

#include "plain_core.h"
#include "random_instance.h"

enum {
    NEAR,
    FAR,
    DRAM,
    N_CORES
};

static const int32_t near_alone[] = {NEAR}, far_alone[] = {FAR}, bus_ends[] = {NEAR, DRAM},
                     link_ends[] = {NEAR, FAR};

typedef struct {
    stream_arena *arena;
    stream_port ports[2];
    stream_memory memory;
    stream_core cores[N_CORES];
    stream_link links[2];
    stream_accelerator acc;
    stream_tensor tensors[3];
    stream_ct cts[2];
    stream_ct_read reads[2];
    stream_ct_graph graph;
    int64_t cycles[2 * N_CORES], energy_fj[2 * N_CORES];
    stream_schedule_problem problem;
} scene;

static void make_accelerator(scene *s) {
    static const char *const names[] = {"near", "far", "dram"};
    plain_ports(s->ports, 1024);
    s->memory = (stream_memory){.name = "m",
                                .size_bits = 1 << 20,
                                .operands = 7,
                                .ports = s->ports,
                                .n_ports = 2,
                                .kind = "sram"};
    for (int c = 0; c < N_CORES; ++c) {
        s->cores[c] = plain_core(names[c], c == DRAM, &s->memory);
        s->cores[c].static_pj = 0.25;
    }
    s->links[0] = (stream_link){
        .name = "bus", .bus = true, .cores = bus_ends, .n_cores = 2, .bandwidth_bits = 128};
    s->links[1] = (stream_link){.name = "link",
                                .cores = link_ends,
                                .n_cores = 2,
                                .bandwidth_bits = 24,
                                .latency_cycles = 200};
    s->acc = (stream_accelerator){.name = "chiplets",
                                  .cores = s->cores,
                                  .n_cores = N_CORES,
                                  .offchip_core = DRAM,
                                  .links = s->links,
                                  .n_links = 2};
}

/* y = f(x), z = g(y): 1024, 512 and 2048 bits; z is the result. 18 cycles each. */
static void make_graph(scene *s) {
    static const stream_ct_layer layers[] = {{"f", "Add"}, {"g", "Add"}};
    static const stream_kernel kernels[] = {{.name = "kf"}, {.name = "kg", .layer = 1}};
    static const char *const names[] = {"x", "y", "z"};
    static const int32_t elements[] = {128, 64, 256};
    for (int t = 0; t < 3; ++t)
        s->tensors[t] =
            (stream_tensor){.name = names[t],
                            .kind = t ? STREAM_TENSOR_INTERMEDIATE : STREAM_TENSOR_INPUT,
                            .rank = 1,
                            .shape = {elements[t]},
                            .element_bits = 8,
                            .layer = t - 1,
                            .is_output = t == 2};
    for (int i = 0; i < 2; ++i) {
        s->reads[i] = (stream_ct_read){i, {.rank = 1, .size = {elements[i]}}, STREAM_I1};
        s->cts[i] = (stream_ct){.kernel = i,
                                .layer = i,
                                .first_read = i,
                                .n_reads = 1,
                                .tensor = i + 1,
                                .box = {.rank = 1, .size = {elements[i + 1]}}};
    }
    s->graph = (stream_ct_graph){.tensors = s->tensors,
                                 .n_tensors = 3,
                                 .layers = layers,
                                 .n_layers = 2,
                                 .kernels = kernels,
                                 .n_kernels = 2,
                                 .cts = s->cts,
                                 .n_cts = 2,
                                 .reads = s->reads,
                                 .n_reads = 2};
}

/* The bound where each CT may run on these cores alone (NULL: on both); -1: it cannot be made. */
static int64_t bound_on(const int32_t *first, const int32_t *second, int64_t *out_energy_fj) {
    scene s = {.arena = stream_arena_create()};
    stream_bound_kind kind;
    make_accelerator(&s);
    make_graph(&s);
    for (int i = 0; i < 2; ++i) {
        const int32_t *allowed = i ? second : first;
        s.cts[i].allowed_cores = allowed;
        s.cts[i].n_allowed_cores = allowed != NULL;
        for (int c = 0; c < N_CORES; ++c)
            s.cycles[i * N_CORES + c] = c == DRAM ? -1 : 18;
    }
    s.problem = (stream_schedule_problem){
        .acc = &s.acc, .graph = &s.graph, .cycles = s.cycles, .energy_fj = s.energy_fj};
    bool ok = stream_accelerator_finish(&s.acc, s.arena, NULL) == STREAM_OK &&
              stream_ct_graph_finish(&s.graph, s.arena, NULL) == STREAM_OK;
    int64_t bound = ok ? stream_schedule_lower_bound(&s.problem, &kind) : -1;
    *out_energy_fj = ok ? stream_schedule_energy_bound(&s.problem) : -1;
    stream_arena_destroy(s.arena);
    return bound;
}

static void check_by_hand(void) {
    int64_t energy_fj;
    CHECK_EQ(bound_on(near_alone, near_alone, &energy_fj), 8 + 18 + 18 + 16);
    CHECK_EQ(bound_on(NULL, NULL, &energy_fj), 8 + 18 + 18 + 16);
    CHECK_EQ(bound_on(far_alone, far_alone, &energy_fj), 43 + 200 + 18 + 18 + 86 + 200);
    CHECK_EQ(energy_fj, 3 * 250 * (43 + 200 + 18 + 18 + 86 + 200)); /* only static energy */
    CHECK_EQ(bound_on(near_alone, far_alone, &energy_fj), 8 + 18 + (22 + 200) + 18 + 86 + 200);
    CHECK_EQ(bound_on(far_alone, near_alone, &energy_fj), 43 + 200 + 18 + (22 + 200) + 18 + 16);
    CHECK_EQ(bound_on(NULL, far_alone, &energy_fj), 8 + 18 + 18 + 86 + 200);
}

/* The cores of the problem in a row, the off-chip core at its end; sometimes off-chip again at the
 * other. They take some energy standing by. */
static bool put_in_a_row(random_instance *r) {
    stream_vec links = STREAM_VEC(stream_link);
    for (int32_t c = 0; c < r->n_compute; ++c)
        random_link(r, &links, random_chance(r, 30), 2, (int32_t[]){c, c + 1});
    if (r->n_compute > 1 && random_chance(r, 30))
        random_link(r, &links, false, 2, (int32_t[]){r->n_compute, 0});
    stream_core *cores =
        stream_arena_copy(r->arena, r->acc.cores, (size_t)r->acc.n_cores, sizeof *cores);
    for (int32_t c = 0; c < r->acc.n_cores; ++c)
        cores[c].static_pj = 0.3 * c;
    r->acc.cores = cores;
    stream_link *all = links.data;
    for (size_t i = 0; i < links.n; ++i)
        all[i].latency_cycles = random_in(r, 0, 300);
    r->acc.n_links = (int32_t)links.n;
    r->acc.links = stream_vec_freeze(&links, r->arena);
    return stream_accelerator_finish(&r->acc, r->arena, &r->diag) == STREAM_OK;
}

/* *schedules counts those that can be made. */
static bool is_below(const random_instance *r, stream_priority priority, int32_t *schedules) {
    stream_schedule s;
    stream_bound_kind kind;
    if (stream_schedule_build(&r->problem, priority, r->arena, NULL, &s) != STREAM_OK)
        return true;
    ++*schedules;
    return s.summary.lower_bound_cycles <= s.summary.latency_cycles &&
           s.summary.energy_bound_fj <= s.summary.energy_fj &&
           stream_schedule_lower_bound(&r->problem, &kind) <= s.summary.latency_cycles &&
           stream_schedule_energy_bound(&r->problem) <= s.summary.energy_fj;
}

static void check_rows(unsigned from, unsigned to) {
    int32_t above = 0, built = 0, schedules = 0;
    for (unsigned seed = from; seed < to; ++seed) {
        random_instance r;
        bool ok = random_instance_open(&r, seed);
        r.problem.streams = NULL; /* their rates are for the links that there were */
        ok = ok && put_in_a_row(&r);
        built += ok;
        for (int p = 0; p < 4 && ok; ++p)
            above += !is_below(&r, (stream_priority)p, &schedules);
        random_instance_close(&r);
    }
    CHECK_EQ(above, 0);
    CHECK_EQ(built, (int32_t)(to - from));
    CHECK(schedules > 2 * built);
}

int main(int argc, char **argv) {
    check_by_hand();
    check_rows(argc > 2 ? (unsigned)atoi(argv[1]) : 1, argc > 2 ? (unsigned)atoi(argv[2]) : 101);
    return test_done();
}
