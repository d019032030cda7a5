// RUN: rm -rf %t.cache && unit-cost-price %t.cache
/* Prices of kernels: from layers to nests, by every backend, in parallel, with a cache. */

#include "array_core.h"
#include "stream/cost/cost.h"
#include "stream/cost/kernel.h"
#include "test.h"
#include "workload/builder.h"

#include <dirent.h>

typedef struct {
    stream_port ports[4];
    stream_memory memories[2];
    stream_unroll unrolls[2];
    stream_dataflow dataflow;
    stream_core core;
} two_memories;

/* Registers of 16 bits for weights at every unit, an SRAM for all above. */
static void make_core(two_memories *m) {
    memset(m, 0, sizeof *m);
    port_pair(m->ports, 8, 8, STREAM_I2, STREAM_I2);
    port_pair(m->ports + 2, 8, 512, STREAM_I1, STREAM_O);
    m->memories[0] = (stream_memory){.name = "rf",
                                     .size_bits = 16,
                                     .read_pj = 0.125,
                                     .write_pj = 0.25,
                                     .operands = 1u << STREAM_I2,
                                     .ports = m->ports,
                                     .n_ports = 2,
                                     .kind = "rf"};
    m->memories[1] = (stream_memory){.name = "sram",
                                     .size_bits = 1 << 22,
                                     .read_pj = 10,
                                     .write_pj = 20,
                                     .operands = 7,
                                     .ports = m->ports + 2,
                                     .n_ports = 2,
                                     .served_dims = 3,
                                     .kind = "sram"};
    m->unrolls[0] = (stream_unroll){0, "K", 16};
    m->unrolls[1] = (stream_unroll){1, "C", 16};
    m->dataflow = (stream_dataflow){m->unrolls, 2};
    m->core = array_core(16, &m->dataflow, m->memories, 2);
}

static stream_workload make_network(stream_arena *arena, int32_t bits) {
    builder b = builder_create(arena);
    b.bits = bits;
    int32_t x = build_input(&b, "x", 4, (int64_t[]){1, 16, 8, 8}, bits);
    int32_t y = build_conv(&b, "a", x, (conv_shape){.channels = 32, .kernel = 3, .pad = 1});
    int32_t z = build_conv(&b, "b", y, (conv_shape){.channels = 32, .kernel = 3, .pad = 1});
    build_conv(&b, "c", z, (conv_shape){.channels = 32, .kernel = 3, .pad = 1});
    return build_finish(&b);
}

/* ix = ox + fx behind a pad of 1: 8 elements of 10 are data. */
static void nest_of_a_convolution(void) {
    stream_arena *arena = stream_arena_create();
    stream_workload w = make_network(arena, 8);
    stream_loop_nest nest;
    CHECK_EQ(stream_loop_nest_of_layer(&w, &w.layers[0], NULL, &nest), STREAM_OK);
    static const char *const order[] = {"B", "K", "OX", "OY", "C", "FX", "FY"};
    static const int64_t sizes[] = {1, 32, 8, 8, 16, 3, 3};
    CHECK_EQ(nest.n_dims, 7);
    for (int32_t d = 0; d < nest.n_dims && d < 7; ++d) {
        CHECK(strcmp(nest.dims[d].name, order[d]) == 0);
        CHECK_EQ(nest.dims[d].size, sizes[d]);
    }
    CHECK_EQ(nest.n_relations, 2);
    for (int32_t r = 0; r < nest.n_relations; ++r) {
        CHECK_EQ(nest.relations[r].a_factor, 1);
        CHECK_EQ(nest.relations[r].b_factor, 1);
        CHECK_EQ(nest.relations[r].clip, 8);
        CHECK(nest.dims[nest.relations[r].a].name[0] == 'O');
    }
    CHECK_EQ(nest.n_operands, 3);
    CHECK(strcmp(nest.operands[0].name, "O") == 0);
    CHECK(strcmp(nest.operands[1].name, "W") == 0);
    CHECK(strcmp(nest.operands[2].name, "I") == 0);
    CHECK_EQ(nest.operands[0].bits, 32);
    CHECK_EQ(nest.operands[1].n_index, 4);
    CHECK_EQ(nest.operands[2].n_index, 4);
    stream_arena_destroy(arena);
}

static void check_sums(const stream_kernel_cost *c) {
    int64_t fj = c->mac_energy_fj;
    for (int32_t i = 0; i < c->n_levels; ++i)
        fj += c->levels[i].fj;
    CHECK_EQ(fj, c->energy_fj);
    CHECK_EQ(c->compute_cycles + c->stall_cycles + c->onload_cycles + c->offload_cycles, c->cycles);
}

static bool same_price(const stream_kernel_cost *a, const stream_kernel_cost *b) {
    return a->cycles == b->cycles && a->energy_fj == b->energy_fj && a->proven == b->proven &&
           a->mapping && b->mapping && strcmp(a->mapping, b->mapping) == 0 &&
           strcmp(a->model, b->model) == 0;
}

/* Layers b and c are one search; the price is the search's, whatever the number of threads. */
static void prices(void) {
    stream_arena *arena = stream_arena_create();
    two_memories m;
    make_core(&m);
    stream_workload w = make_network(arena, 8);
    for (int model = STREAM_PRICE_EXACT; model <= STREAM_PRICE_ZIGZAG_3_9_1; ++model) {
        stream_price_job jobs[3];
        stream_kernel_cost one[3], four[3];
        stream_price_options options = {.model = (stream_price_model)model, .threads = 1};
        for (int i = 0; i < 3; ++i)
            jobs[i] = (stream_price_job){.w = &w, .kernel = &w.layers[i], .core = &m.core};
        CHECK_EQ(stream_cost_price(jobs, 3, &options, arena, NULL, one), STREAM_OK);
        options.threads = 4;
        CHECK_EQ(stream_cost_price(jobs, 3, &options, arena, NULL, four), STREAM_OK);
        for (int i = 0; i < 3; ++i) {
            CHECK(same_price(&one[i], &four[i]));
            check_sums(&one[i]);
        }
        CHECK(same_price(&one[1], &one[2]));
        CHECK(one[0].cycles < one[1].cycles);
        CHECK_EQ(one[0].mac_energy_fj, 32 * 64 * 16 * 9 * 500);
        CHECK_EQ(one[0].compute_cycles, 2 * 64 * 9);
        CHECK_EQ(one[0].proven, model == STREAM_PRICE_EXACT);
        CHECK(one[0].top_write_bits[STREAM_O] >= 32 * 64 * 8);

        stream_loop_nest nest;
        stream_cost_result direct, again;
        stream_cost_options search = STREAM_COST_OPTIONS_DEFAULTS;
        static const stream_cost_model models[] = {STREAM_MODEL_EXACT, STREAM_MODEL_ZIGZAG_3_8_5,
                                                   STREAM_MODEL_ZIGZAG_3_9_1};
        search.model = models[model];
        CHECK_EQ(stream_loop_nest_of_layer(&w, &w.layers[0], NULL, &nest), STREAM_OK);
        CHECK_EQ(stream_cost_search(&nest, &m.core, &search, NULL, &direct), STREAM_OK);
        CHECK_EQ(one[0].cycles, (int64_t)__builtin_ceil(direct.cost.total2_cycles));
        CHECK_EQ(stream_cost_evaluate(&nest, &m.core, &search, &direct.spatial, &direct.mapping,
                                      NULL, &again),
                 STREAM_OK);
        CHECK(again.cost.total2_cycles == direct.cost.total2_cycles);
        direct.mapping.order[0].size *= 2;
        CHECK_EQ(stream_cost_evaluate(&nest, &m.core, &search, &direct.spatial, &direct.mapping,
                                      NULL, &again),
                 STREAM_INVALID);
    }
    stream_arena_destroy(arena);
}

/* Without dataflows the exact model tries as many generated spatial mappings as stream-cost, the
 * zigzag models one, as Stream does. The first one here reduces nothing in the array. */
static void generated_spatial_mappings(void) {
    static const stream_cost_model models[] = {STREAM_MODEL_EXACT, STREAM_MODEL_ZIGZAG_3_8_5,
                                               STREAM_MODEL_ZIGZAG_3_9_1};
    stream_arena *arena = stream_arena_create();
    two_memories m;
    make_core(&m);
    m.core = array_core(16, NULL, &m.memories[1], 1);
    m.core.n_dataflows = 0;
    m.ports[2].bandwidth_min_bits = m.ports[3].bandwidth_min_bits = 64;
    builder b = builder_create(arena);
    int32_t x = build_input(&b, "x", 2, (int64_t[]){64, 64}, 8);
    build_matmul(&b, "product", x, build_constant(&b, "w", 2, (int64_t[]){64, 64}, 8));
    stream_workload w = build_finish(&b);
    stream_loop_nest nest;
    CHECK_EQ(stream_loop_nest_of_layer(&w, &w.layers[0], NULL, &nest), STREAM_OK);
    for (int model = STREAM_PRICE_EXACT; model <= STREAM_PRICE_ZIGZAG_3_9_1; ++model) {
        stream_price_job job = {.w = &w, .kernel = &w.layers[0], .core = &m.core};
        stream_price_options options = {.model = (stream_price_model)model, .threads = 1};
        stream_cost_options search = STREAM_COST_OPTIONS_DEFAULTS;
        stream_kernel_cost price;
        stream_cost_result found[2];
        search.model = models[model];
        for (int i = 0; i < 2; ++i) {
            search.spatial.count = i ? STREAM_SPATIAL_TRIED : 1;
            CHECK_EQ(stream_cost_search(&nest, &m.core, &search, NULL, &found[i]), STREAM_OK);
        }
        CHECK(found[1].cost.total2_cycles < found[0].cost.total2_cycles);
        CHECK_EQ(stream_cost_price(&job, 1, &options, arena, NULL, &price), STREAM_OK);
        int used = model == STREAM_PRICE_EXACT;
        CHECK_EQ(price.cycles, (int64_t)__builtin_ceil(found[used].cost.total2_cycles));
    }
    stream_arena_destroy(arena);
}

/* Three operations on each of 32 x 64 results: their energy, and the time that a slow unit needs.
 */
static void post_processing(void) {
    stream_arena *arena = stream_arena_create();
    two_memories m;
    make_core(&m);
    stream_workload w = make_network(arena, 8);
    stream_layer layer = w.layers[0];
    stream_post_processing post = {.op_pj = 0.25, .ops_per_cycle = 3};
    stream_price_job job = {.w = &w, .kernel = &layer, .core = &m.core};
    stream_price_options options = {.model = STREAM_PRICE_SIMPLE};
    stream_kernel_cost plain, fast, slow;
    CHECK_EQ(stream_cost_price(&job, 1, &options, arena, NULL, &plain), STREAM_OK);
    layer.post_ops = 3;
    m.core.post = &post;
    CHECK_EQ(stream_cost_price(&job, 1, &options, arena, NULL, &fast), STREAM_OK);
    CHECK_EQ(fast.energy_fj - plain.energy_fj, 3 * 32 * 64 * 250);
    CHECK_EQ(fast.mac_energy_fj - plain.mac_energy_fj, 3 * 32 * 64 * 250);
    CHECK_EQ(fast.cycles, plain.cycles > 32 * 64 ? plain.cycles : 32 * 64);
    post.ops_per_cycle = 1;
    layer.post_ops = 30;
    CHECK_EQ(stream_cost_price(&job, 1, &options, arena, NULL, &slow), STREAM_OK);
    CHECK_EQ(slow.cycles, 30 * 32 * 64);
    CHECK_EQ(slow.compute_cycles, plain.compute_cycles);
    CHECK_EQ(slow.compute_cycles + slow.stall_cycles + slow.onload_cycles + slow.offload_cycles,
             slow.cycles);
    post.op_pj = 1e12;
    CHECK_EQ(stream_cost_price(&job, 1, &options, arena, NULL, &slow), STREAM_LIMIT);
    stream_arena_destroy(arena);
}

/* A residual behind a convolution: 32 x 64 elements of 8 bits, each read once from the SRAM's port
 * of 512 bits. */
static void fused_operands(void) {
    static const stream_price_model models[] = {STREAM_PRICE_SIMPLE, STREAM_PRICE_EXACT};
    for (int i = 0; i < 2; ++i) {
        stream_arena *arena = stream_arena_create();
        two_memories m;
        make_core(&m);
        stream_workload w = make_network(arena, 8);
        stream_layer plain = w.layers[1], with = plain;
        stream_operand *operands = STREAM_NEW(arena, stream_operand, (size_t)plain.n_operands + 1);
        memcpy(operands, plain.operands, (size_t)plain.n_operands * sizeof *operands);
        stream_operand *residual = &operands[with.n_operands++];
        residual->op = 1;
        residual->operand_class = STREAM_I1;
        while (w.views[residual->view].tensor != w.layers[0].output)
            residual->view++;
        for (int32_t d = 0; d < 4; ++d)
            if (plain.output_loop[d] >= 0)
                residual->index[d].coefficient[plain.output_loop[d]] = 1;
        with.operands = operands;
        with.has_epilogue = true;
        stream_price_job jobs[2] = {{.w = &w, .kernel = &plain, .core = &m.core},
                                    {.w = &w, .kernel = &with, .core = &m.core}};
        stream_price_options options = {.model = models[i], .threads = 1};
        stream_kernel_cost cost[2];
        CHECK_EQ(stream_cost_price(jobs, 2, &options, arena, NULL, cost), STREAM_OK);
        CHECK_EQ(cost[1].energy_fj - cost[0].energy_fj, 32 * 64 * 8 / 512 * 10000);
        CHECK_EQ(cost[1].mac_energy_fj, cost[0].mac_energy_fj);
        CHECK_EQ(cost[1].cycles, cost[0].cycles);
        CHECK_EQ(cost[1].top_read_bits[STREAM_I1] - cost[0].top_read_bits[STREAM_I1], 32 * 64 * 8);
        CHECK_EQ(cost[1].n_levels, cost[0].n_levels + i);
        stream_arena_destroy(arena);
    }
}

/* The rows of a matrix product are D, as ZigZag has it, or M, as its layer names them. */
static void rows_of_a_product(void) {
    static const char *const names[] = {"D", "M", "d", "OX"};
    static const int64_t compute[] = {2 * 2 * 8, 2 * 2 * 8, 2 * 2 * 8, 32 * 2 * 8};
    for (int i = 0; i < 4; ++i) {
        stream_arena *arena = stream_arena_create();
        two_memories m;
        make_core(&m);
        m.unrolls[0].loop = "K";
        m.unrolls[1].loop = names[i];
        builder b = builder_create(arena);
        int32_t x = build_input(&b, "x", 2, (int64_t[]){32, 8}, 8);
        build_matmul(&b, "product", x, build_constant(&b, "w", 2, (int64_t[]){8, 32}, 8));
        stream_workload w = build_finish(&b);
        stream_layer layer = w.layers[0];
        layer.loop_names[0] = "M";
        stream_price_job job = {.w = &w, .kernel = &layer, .core = &m.core};
        stream_price_options options = {.model = STREAM_PRICE_EXACT};
        stream_kernel_cost cost;
        CHECK_EQ(stream_cost_price(&job, 1, &options, arena, NULL, &cost), STREAM_OK);
        CHECK(strcmp(cost.model, "exact") == 0);
        CHECK_EQ(cost.compute_cycles, compute[i]);
        stream_arena_destroy(arena);
    }
}

/* 32-bit weights do not fit 16-bit registers: the simple model takes over, and the price says why.
 */
static void too_wide(void) {
    stream_arena *arena = stream_arena_create();
    two_memories m;
    make_core(&m);
    stream_workload w = make_network(arena, 32);
    heard h = {0};
    stream_diag diag = {hear, &h};
    stream_price_job job = {.w = &w, .kernel = &w.layers[0], .core = &m.core};
    stream_price_options options = {.model = STREAM_PRICE_EXACT};
    stream_kernel_cost cost;
    CHECK_EQ(stream_cost_price(&job, 1, &options, arena, &diag, &cost), STREAM_OK);
    CHECK(strcmp(cost.model, "simple") == 0);
    CHECK(cost.refused && strstr(cost.refused, "at least 32 are needed"));
    CHECK_EQ(h.warnings, 0);
    CHECK_EQ(h.errors, 0);
    stream_arena_destroy(arena);
}

static void roofline(void) {
    stream_arena *arena = stream_arena_create();
    two_memories m;
    make_core(&m);
    m.core.space = "aie2";
    m.core.utilization = 0.5;
    m.core.mac_pj = 0;
    static const struct {
        int32_t bits;
        int64_t cycles;
    } rows[] = {
        {8, 32 * 64 * 16 * 9 / 128}, {16, 32 * 64 * 16 * 9 / 128}, {32, 32 * 64 * 16 * 9 / 64}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
        stream_workload w = make_network(arena, rows[i].bits);
        stream_price_job job = {.w = &w, .kernel = &w.layers[0], .core = &m.core};
        stream_price_options options = {.model = STREAM_PRICE_EXACT};
        stream_kernel_cost cost;
        CHECK_EQ(stream_cost_price(&job, 1, &options, arena, NULL, &cost), STREAM_OK);
        CHECK_EQ(cost.cycles, rows[i].cycles);
        CHECK_EQ(cost.energy_fj, 0);
        CHECK(strcmp(cost.model, "roofline") == 0);
    }
    stream_arena_destroy(arena);
}

/* Every file of the directory, changed in byte `at` (counted from its end if negative). */
static int32_t damage(const char *dir, long at) {
    DIR *d = opendir(dir);
    int32_t n = 0;
    for (struct dirent *e; d && (e = readdir(d));) {
        char path[1024];
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        FILE *f = fopen(path, "r+b");
        if (!f)
            continue;
        fseek(f, at, at < 0 ? SEEK_END : SEEK_SET);
        int c = fgetc(f);
        fseek(f, at, at < 0 ? SEEK_END : SEEK_SET);
        fputc(c ^ 1, f);
        fclose(f);
        n++;
    }
    if (d)
        closedir(d);
    return n;
}

/* A hit, and a file damaged anywhere, give the same price as no cache. */
static void cache(const char *dir) {
    stream_arena *arena = stream_arena_create();
    two_memories m;
    make_core(&m);
    stream_workload w = make_network(arena, 8);
    stream_price_job jobs[2] = {{.w = &w, .kernel = &w.layers[0], .core = &m.core},
                                {.w = &w, .kernel = &w.layers[1], .core = &m.core}};
    stream_price_options options = {.model = STREAM_PRICE_EXACT};
    stream_kernel_cost want[2], got[2];
    CHECK_EQ(stream_cost_price(jobs, 2, &options, arena, NULL, want), STREAM_OK);
    options.cache_dir = dir;
    stream_cost_cache_open(dir, NULL);
    static const long places[] = {0, 5, 25, 60, 200, -2, -9, -40, -120};
    for (size_t i = 0; i < sizeof places / sizeof *places; ++i) {
        for (int run = 0; run < 2; ++run) {
            CHECK_EQ(stream_cost_price(jobs, 2, &options, arena, NULL, got), STREAM_OK);
            CHECK(same_price(&got[0], &want[0]) && same_price(&got[1], &want[1]));
        }
        CHECK_EQ(damage(dir, places[i]), 2);
    }
    options.cache_dir = "/dev/null/no";
    CHECK_EQ(stream_cost_price(jobs, 2, &options, arena, NULL, got), STREAM_OK);
    CHECK(same_price(&got[0], &want[0]));
    stream_arena_destroy(arena);
}

int main(int argc, char **argv) {
    nest_of_a_convolution();
    prices();
    generated_spatial_mappings();
    post_processing();
    fused_operands();
    rows_of_a_product();
    too_wide();
    roofline();
    if (argc > 1)
        cache(argv[1]);
    return test_done();
}
