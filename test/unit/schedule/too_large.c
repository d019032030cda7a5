// RUN: unit-schedule-too_large

/* Memories that are too small for a CT. The message is true: the CT fits with the sizes that it
 * names, and not with one bit less of the first. */

#include "random_instance.h"

#include "stream/schedule/policy.h"

#include <inttypes.h>

static void resize(random_instance *r, int32_t instance, int64_t bits) {
    size_t n = (size_t)r->acc.n_instances;
    stream_instance *instances =
        stream_arena_copy(r->arena, r->acc.instances, n, sizeof *instances);
    instances[instance].size_bits = bits;
    r->acc.instances = instances;
}

static stream_status build(random_instance *r, unsigned seed) {
    stream_schedule s;
    stream_priority priority = (stream_priority)(seed % STREAM_N_FREE_PRIORITIES);
    r->text[0] = 0;
    return stream_schedule_build(&r->problem, priority, r->arena, &r->diag, &s);
}

typedef struct {
    int core, memory;
    int64_t fits;
} told_size;

/* The memory that the message is about, and others of the CT's core. */
typedef struct {
    int ct, n;
    told_size sizes[STREAM_N_OPERANDS];
} refused;

/* What the message says; false: it is another one. */
static bool read_message(const random_instance *r, refused *out) {
    const char *size = strstr(r->text, "It would fit: a memory of ");
    *out = (refused){.n = 1};
    told_size *first = &out->sizes[0], *next;
    if (sscanf(r->text, "CT %d of layer %*s does not fit memory 'm%d' of core 'c%d'", &out->ct,
               &first->memory, &first->core) != 3 ||
        !size)
        return false;
    first->fits = strtoll(strpbrk(size, "0123456789"), NULL, 10);
    while ((size = strstr(size, " and memory '")) && out->n < STREAM_N_OPERANDS) {
        next = &out->sizes[out->n++];
        if (sscanf(size, " and memory 'm%d' of core 'c%d' of %" SCNd64, &next->memory, &next->core,
                   &next->fits) != 3)
            return false;
        ++size;
    }
    return true;
}

static int32_t instance_of(const random_instance *r, const told_size *m) {
    for (int32_t i = 0; i < r->acc.n_instances; ++i)
        if (r->acc.instances[i].core == m->core && r->acc.instances[i].level == m->memory)
            return i;
    return -1;
}

static bool is_true(random_instance *r, unsigned seed, const refused *told) {
    const told_size *first = &told->sizes[0];
    refused again;
    for (int i = 0; i < told->n; ++i)
        resize(r, instance_of(r, &told->sizes[i]), told->sizes[i].fits);
    bool fits = build(r, seed) == STREAM_OK || !read_message(r, &again) || again.ct != told->ct;
    resize(r, instance_of(r, first), first->fits - 1);
    return fits && build(r, seed) != STREAM_OK;
}

/* One memory is too small, or all of its core. */
static void shrink(random_instance *r) {
    int32_t chosen = random_in(r, 0, r->acc.n_instances - 1);
    bool all = random_chance(r, 30);
    for (int32_t i = 0; i < r->acc.n_instances; ++i)
        if (i != r->acc.offchip_instance &&
            (i == chosen || (all && r->acc.instances[i].core == r->acc.instances[chosen].core)))
            resize(r, i, r->demand * random_in(r, 5, all ? 40 : 90) / 100);
}

static bool run(unsigned seed, int *several) {
    random_instance r;
    refused told;
    bool ok = random_instance_open(&r, seed), found = false;
    if (ok) {
        shrink(&r);
        found = build(&r, seed) == STREAM_INFEASIBLE && read_message(&r, &told);
        *several += found && told.n > 1;
        ok = !found || is_true(&r, seed, &told);
    }
    if (!ok)
        printf("# seed %u: %s\n", seed, r.text);
    CHECK(ok);
    random_instance_close(&r);
    return found;
}

/* ---- one CT that reads a constant of 6 x 6 bytes twice, in words of 24 bits, and writes a byte */

static void lay_out_core(stream_core *core, stream_memory *memory, stream_port *port,
                         const char *name, int64_t bits) {
    *port = (stream_port){.name = "rw",
                          .kind = STREAM_PORT_READ_WRITE,
                          .bandwidth_min_bits = 24,
                          .bandwidth_max_bits = 24,
                          .serves = {15, 15, 15}};
    *memory = (stream_memory){.name = "m0",
                              .size_bits = bits,
                              .operands = 7,
                              .ports = port,
                              .n_ports = 1,
                              .kind = "sram"};
    *core = (stream_core){.name = name,
                          .type_name = "t",
                          .kind = STREAM_CORE_COMPUTE,
                          .space = "zigzag",
                          .n_array_dims = 1,
                          .array_sizes = {4},
                          .mac_pj = 1,
                          .memories = memory,
                          .n_memories = 1,
                          .utilization = 1};
}

/* One CT that reads parts of a constant and writes one element. */
typedef struct {
    stream_tensor tensors[2];
    stream_ct_layer layer;
    stream_kernel kernel;
    stream_ct ct;
    stream_ct_graph graph;
} one_ct;

static void lay_out_ct(const stream_ct_read reads[2], one_ct *out) {
    *out = (one_ct){.tensors = {{.name = "w",
                                 .kind = STREAM_TENSOR_CONSTANT,
                                 .rank = 2,
                                 .shape = {6, 6},
                                 .element_bits = 8,
                                 .layer = -1},
                                {.name = "y",
                                 .kind = STREAM_TENSOR_INTERMEDIATE,
                                 .rank = 1,
                                 .shape = {1},
                                 .element_bits = 8}},
                    .layer = {"l", "Add"},
                    .kernel = {.name = "k"}};
    stream_tensor_mark_output(&out->tensors[1], 0, 0);
    out->ct =
        (stream_ct){.n_reads = 2, .tensor = 1, .box = stream_box_whole(1, out->tensors[1].shape)};
    out->graph = (stream_ct_graph){.tensors = out->tensors,
                                   .n_tensors = 2,
                                   .layers = &out->layer,
                                   .n_layers = 1,
                                   .kernels = &out->kernel,
                                   .n_kernels = 1,
                                   .cts = &out->ct,
                                   .n_cts = 1,
                                   .reads = reads,
                                   .n_reads = 2};
}

/* Is it scheduled in a memory of so many bits? */
static bool fits(const stream_ct_read reads[2], int64_t bits, const stream_diag *diag) {
    stream_arena *arena = stream_arena_create();
    one_ct work;
    lay_out_ct(reads, &work);
    stream_core cores[2];
    stream_memory memories[2];
    stream_port ports[2];
    lay_out_core(&cores[0], &memories[0], &ports[0], "c0", bits);
    lay_out_core(&cores[1], &memories[1], &ports[1], "c1", 4800);
    cores[1].kind = STREAM_CORE_OFFCHIP;
    int32_t ends[2] = {0, 1}, assigned = 0;
    stream_link link = {.name = "l0", .cores = ends, .n_cores = 2, .bandwidth_bits = 24};
    stream_accelerator acc = {
        .name = "a", .cores = cores, .n_cores = 2, .offchip_core = 1, .links = &link, .n_links = 1};
    int64_t cycles[2] = {1, -1}, energy_fj[2] = {0};
    stream_schedule_problem problem = {.acc = &acc,
                                       .graph = &work.graph,
                                       .cycles = cycles,
                                       .energy_fj = energy_fj,
                                       .cores = &assigned};
    stream_schedule s;
    CHECK_EQ(stream_ct_graph_finish(&work.graph, arena, NULL), STREAM_OK);
    CHECK_EQ(stream_accelerator_finish(&acc, arena, NULL), STREAM_OK);
    bool ok =
        stream_schedule_build(&problem, STREAM_PRIORITY_LATENCY, arena, diag, &s) == STREAM_OK;
    stream_arena_destroy(arena);
    return ok;
}

/* Boxes of it are padded to words: the message says so. */
static void takes(stream_box one, stream_box other, int64_t bits, bool padded) {
    random_instance r = {0};
    refused told;
    stream_diag diag = {random_emit, &r};
    stream_ct_read reads[2] = {{.tensor = 0, .box = one, .operand = STREAM_I1},
                               {.tensor = 0, .box = other, .operand = STREAM_I2}};
    CHECK(fits(reads, bits, &diag));
    CHECK(!fits(reads, bits - 24, &diag));
    CHECK(read_message(&r, &told));
    CHECK_EQ(told.sizes[0].fits, bits);
    CHECK((strstr(r.text, ", each box in whole words of 24 bits;") != NULL) == padded);
}

int main(int argc, char **argv) {
    unsigned first = argc > 1 ? (unsigned)atoi(argv[1]) : 1;
    unsigned last = argc > 2 ? (unsigned)atoi(argv[2]) : 400;
    int found = 0, several = 0;
    stream_box row = {2, {2, 0}, {1, 6}}, column = {2, {1, 1}, {3, 1}},
               corner = {2, {2, 0}, {1, 1}}, other = {2, {2, 5}, {1, 1}};
    takes(row, corner, 48 + 24, false);      /* the rest is there already, */
    takes(corner, row, 48 + 24, false);      /* or comes with the row; */
    takes(row, column, 48 + 24 + 24, false); /* two rests of the column would take two words */
    takes(corner, other, 24 + 24 + 24, true);
    for (unsigned seed = first; seed < last; ++seed)
        found += run(seed, &several);
    CHECK(found > (int)(last - first) / 8);
    CHECK(several > (int)(last - first) / 100);
    printf("# %d of %u refused, %d for several memories\n", found, last - first, several);
    return test_done();
}
