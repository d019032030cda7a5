// RUN: unit-plan-complete
/* Plan completion on the accelerator of test/unit/hardware/fixture.h: every tile is checked against
 * the memories by tiling the network and measuring its CTs. */

#include "hardware/fixture.h"
#include "stream/plan/plan.h"
#include "stream/support/integer.h"
#include "stream/tile/tile.h"
#include "workload/builder.h"

static stream_workload two_convs(builder *b, int64_t channels, int64_t rows) {
    int32_t x = build_input(b, "x", 4, (int64_t[]){1, 2, rows, rows}, 8);
    int32_t y = build_conv(b, "c1", x, (conv_shape){.channels = channels, .kernel = 3, .pad = 1});
    build_output(b, build_conv(b, "c2", y, (conv_shape){.channels = 2, .kernel = 3, .pad = 1}));
    return build_finish(b);
}

/* sum = x u + x v: an element-wise layer that reads the tiles of two products. */
static stream_workload sum_of_products(builder *b, int64_t rows, int64_t columns) {
    static const char *const names[] = {"d0", "d1"};
    static const bool reduction[2] = {false};
    int32_t x = build_input(b, "x", 2, (int64_t[]){rows, 64}, 8);
    int32_t product[2];
    for (int i = 0; i < 2; ++i)
        product[i] = build_matmul(b, i ? "right" : "left", x,
                                  build_constant(b, i ? "v" : "u", 2, (int64_t[]){64, columns}, 8));
    build_layer(b, "sum", "Add", 2, names, (int64_t[]){rows, columns}, reduction);
    for (uint8_t o = 0; o < 2; ++o) {
        stream_operand *operand = build_operand(b, product[o], o);
        for (int32_t d = 0; d < 2; ++d)
            operand->index[d].coefficient[d] = 1;
    }
    build_output(b, build_result(b, 2, (int32_t[]){0, 1}));
    return build_finish(b);
}

/* One product: rows x reduction by reduction x columns. */
static stream_workload dense(builder *b, int64_t rows, int64_t reduction, int64_t columns) {
    int32_t x = build_input(b, "x", 2, (int64_t[]){rows, reduction}, 8);
    int32_t weights = build_constant(b, "w", 2, (int64_t[]){reduction, columns}, 8);
    build_output(b, build_matmul(b, "fc", x, weights));
    return build_finish(b);
}

static stream_layer_plan *no_plans(const fixture *f, const stream_workload *w) {
    stream_layer_plan *plans = STREAM_NEW(f->arena, stream_layer_plan, (size_t)w->n_layers);
    for (int32_t i = 0; i < w->n_layers; ++i)
        plans[i].stack = -1;
    return plans;
}

/* fixture with memories of `scale` times the usual size. */
static void open_scaled(fixture *f, int64_t scale) {
    fixture_open(f);
    for (int m = 0; m < 3; ++m)
        f->memories[m].size_bits *= scale;
    f->memories[3].size_bits = (int64_t)1 << 32;
    CHECK_EQ(fixture_finish(f), STREAM_OK);
}

/* Bits of a read in words of `word`: every CT that wrote a part of it left a piece of its own. */
static int64_t read_bits(const stream_ct_graph *g, int32_t ct, const stream_ct_read *read,
                         int64_t word) {
    int64_t bits = 0;
    if (g->tensors[read->tensor].kind != STREAM_TENSOR_INTERMEDIATE)
        return stream_round_up(stream_ct_graph_bits(g, read->tensor, &read->box), word);
    for (int32_t p = g->pred_first[ct]; p < g->pred_first[ct + 1]; ++p) {
        const stream_ct *pred = &g->cts[g->preds[p]];
        stream_box part;
        if (pred->tensor == read->tensor && stream_box_intersect(&pred->box, &read->box, &part))
            bits += stream_round_up(stream_ct_graph_bits(g, read->tensor, &part), word);
    }
    return bits;
}

/* Bits that a CT puts in `instance` on `core`, every piece rounded up to words. */
static int64_t bits_on(const stream_accelerator *acc, const stream_ct_graph *g, int32_t id,
                       int32_t core, int32_t instance) {
    const stream_ct *ct = &g->cts[id];
    int64_t word = acc->instances[instance].word_bits, bits = 0;
    for (int32_t r = ct->first_read; r < ct->first_read + ct->n_reads; ++r)
        if (acc->top[core * STREAM_N_OPERANDS + g->reads[r].operand] == instance)
            bits += read_bits(g, id, &g->reads[r], word);
    if (acc->top[core * STREAM_N_OPERANDS + STREAM_O] == instance)
        bits += stream_round_up(stream_ct_graph_bits(g, ct->tensor, &ct->box), word);
    return bits;
}

/* CTs that overflow a memory of a core that they may run on. */
static int overflows(const fixture *f, const stream_ct_graph *g) {
    int n = 0;
    for (int32_t i = 0; i < g->n_cts; ++i)
        for (int32_t k = 0; k < g->cts[i].n_allowed_cores; ++k)
            for (int32_t m = 0; m < f->acc.n_instances; ++m)
                n += bits_on(&f->acc, g, i, g->cts[i].allowed_cores[k], m) >
                     f->acc.instances[m].size_bits;
    return n;
}

/* Random sizes of network and memories: whatever is called complete fits, and can be tiled. */
static void everything_fits(void) {
    int wrong = 0, complete = 0, infeasible = 0;
    for (unsigned round = 1; round <= 300; ++round) {
        unsigned seed = round * 2654435761u;
        fixture f;
        fixture_open(&f);
        for (int m = 0; m < 3; ++m)
            f.memories[m].size_bits =
                64 * (1 + (int64_t)(test_random(&seed) % (round % 4 ? 200 : 2)));
        wrong += fixture_finish(&f) != STREAM_OK;
        builder b = builder_create(f.arena);
        unsigned size = test_random(&seed);
        stream_workload w = round % 3 ? two_convs(&b, 1 + size % 9, 2 + size / 16 % 12)
                                      : sum_of_products(&b, 1 + size % 40, 1 + size / 64 % 90);
        stream_layer_plan *plans = no_plans(&f, &w);
        stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
        options.rows = 1 + test_random(&seed) % 3;
        options.fusion = test_random(&seed) % 2;
        stream_status status =
            stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL);
        stream_tiling t;
        if (status == STREAM_OK) {
            ++complete;
            wrong += stream_tile_build(&w, plans, 100000, f.arena, &f.diag, &t) != STREAM_OK;
            int over = overflows(&f, &t.graph);
            if (over && wrong++ == 0)
                printf("# round %u: %d overflows\n", round, over);
        } else {
            ++infeasible;
            wrong += status != STREAM_INFEASIBLE || f.errors != 1;
        }
        fixture_close(&f);
    }
    CHECK_EQ(wrong, 0);
    printf("# %d complete, %d infeasible\n", complete, infeasible);
    CHECK(complete > 100);
    CHECK(infeasible > 10);
}

static void stacks(void) {
    static const struct {
        stream_fusion fusion;
        int64_t scale;
        int32_t cut, second_stack;
        int64_t rows_of_first;
    } rows[] = {
        {STREAM_FUSE_BY_CAPACITY, 100, -1, 0, 1},    /* fused: a row per CT */
        {STREAM_FUSE_LAYER_BY_LAYER, 100, -1, 1, 8}, /* alone: all rows, split by channel */
        {STREAM_FUSE_BY_CAPACITY, 100, 1, 1, 8},     /* cut by the user */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
        fixture f;
        open_scaled(&f, rows[i].scale);
        builder b = builder_create(f.arena);
        stream_workload w = two_convs(&b, 4, 8);
        stream_layer_plan *plans = no_plans(&f, &w);
        stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
        options.fusion = rows[i].fusion;
        options.cuts = &rows[i].cut;
        options.n_cuts = rows[i].cut >= 0;
        CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL),
                 STREAM_OK);
        CHECK_EQ(plans[0].stack, 0);
        CHECK_EQ(plans[1].stack, rows[i].second_stack);
        CHECK_EQ(plans[0].tile[2], rows[i].rows_of_first);
        CHECK_EQ(plans[0].n_cores, 2);
        fixture_close(&f);
    }
}

/* What the user said stays; contradictions are refused once, with the layer's name. */
static void given(void) {
    fixture f;
    open_scaled(&f, 100);
    builder b = builder_create(f.arena);
    stream_workload w = two_convs(&b, 4, 8);
    stream_layer_plan *plans = no_plans(&f, &w);
    stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
    int32_t core = 1;
    plans[0].tile[2] = 3;
    plans[0].cores = &core;
    plans[0].n_cores = 1;
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL), STREAM_OK);
    CHECK_EQ(plans[0].tile[2], 3);
    CHECK_EQ(plans[0].n_cores, 1);
    CHECK_EQ(plans[0].cores[0], 1);
    CHECK_EQ(plans[1].tile[2], 1);
    plans = no_plans(&f, &w);
    plans[0].split[4] = 2; /* a reduction */
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL),
             STREAM_INVALID);
    CHECK(strstr(f.text, "c1") && strstr(f.text, "reduction"));
    plans = no_plans(&f, &w);
    int32_t dram = 2;
    plans[1].cores = &dram;
    plans[1].n_cores = 1;
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL),
             STREAM_INVALID);
    CHECK_EQ(f.errors, 2);
    options.fill = 0;
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, no_plans(&f, &w), NULL),
             STREAM_INVALID);
    fixture_close(&f);
}

/* A dense layer that is too large becomes many CTs, also along its reduction, but for an epilogue.
 */
static void dense_layer(void) {
    fixture f;
    open_scaled(&f, 4);
    builder b = builder_create(f.arena);
    int32_t x = build_input(&b, "x", 2, (int64_t[]){1, 4096}, 8);
    int32_t weights = build_constant(&b, "w", 2, (int64_t[]){4096, 10}, 8);
    build_output(&b, build_matmul(&b, "fc", x, weights));
    STREAM_AT(stream_layer, b.layers, 0).has_epilogue = true;
    stream_workload w = build_finish(&b);
    stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
    bool unfuse = false;
    stream_layer_plan *plans = no_plans(&f, &w);
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, &unfuse),
             STREAM_LIMIT);
    CHECK(unfuse);
    CHECK_EQ(f.errors, 0);
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, no_plans(&f, &w), NULL),
             STREAM_INFEASIBLE);
    CHECK(strstr(f.text, "fc") && strstr(f.text, "bits"));
    /* the last resort: 4096 weights of 8 bits, and as many inputs, are in no memory of the core */
    options.streaming = true;
    plans = no_plans(&f, &w);
    f.errors = 0;
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL), STREAM_OK);
    CHECK_EQ(f.errors, 0);
    CHECK(strstr(f.text, "layer 'fc' streams ") != NULL);
    CHECK_EQ(plans[0].tile[2], 4096);

    stream_layer plain = w.layers[0];
    plain.has_epilogue = false;
    w.layers = &plain;
    plans = no_plans(&f, &w);
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, &unfuse),
             STREAM_OK);
    CHECK(plans[0].tile[2] < 4096);
    stream_tiling t;
    CHECK_EQ(stream_tile_build(&w, plans, 100000, f.arena, &f.diag, &t), STREAM_OK);
    CHECK_EQ(overflows(&f, &t.graph), 0);
    fixture_close(&f);
}

/* An element-wise layer reads what the layers before it wrote in pieces of 4 elements, each of
 * which takes a word of 64 bits: a row of 256 elements is 64 words and not 32. */
static void narrow_pieces(void) {
    fixture f;
    open_scaled(&f, 8);
    builder b = builder_create(f.arena);
    stream_workload w = sum_of_products(&b, 16, 256);
    stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
    options.fusion = STREAM_FUSE_LAYER_BY_LAYER;
    stream_layer_plan *plans = no_plans(&f, &w);
    stream_tiling t;
    for (int i = 0; i < 2; ++i)
        plans[i].tile[1] = 4;
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL), STREAM_OK);
    CHECK_EQ(stream_tile_build(&w, plans, 100000, f.arena, &f.diag, &t), STREAM_OK);
    CHECK_EQ(overflows(&f, &t.graph), 0);

    plans = no_plans(&f, &w);
    int32_t core = 0; /* 8192 bits in one memory */
    for (int i = 0; i < 3; ++i) {
        plans[i].tile[0] = 1;
        plans[i].tile[1] = i < 2 ? 4 : 256;
        plans[i].cores = &core;
        plans[i].n_cores = 1;
    }
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL),
             STREAM_INFEASIBLE);
    CHECK(strstr(f.text, "sum") && strstr(f.text, "10240 bits") && strstr(f.text, "128 pieces"));
    fixture_close(&f);
}

/* Tiles of element-wise layers take the shape of the tiles that they read. */
static void aligned_pieces(void) {
    fixture f;
    open_scaled(&f, 8);
    builder b = builder_create(f.arena);
    stream_workload w = sum_of_products(&b, 64, 256);
    stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
    options.fusion = STREAM_FUSE_LAYER_BY_LAYER;
    stream_layer_plan *plans = no_plans(&f, &w);
    int32_t core = 0;
    for (int i = 0; i < 3; ++i) {
        plans[i].cores = &core;
        plans[i].n_cores = 1;
    }
    for (int i = 0; i < 2; ++i) {
        plans[i].tile[0] = 16;
        plans[i].tile[1] = 8;
    }
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL), STREAM_OK);
    CHECK_EQ(plans[2].tile[0] % 16, 0);
    CHECK_EQ(plans[2].tile[1] % 8, 0);
    fixture_close(&f);
}

/* A long reduction is divided where whole columns of it would make many thin CTs; element-wise ops
 * behind it are taken apart for that if they can be. */
static void long_reduction(void) {
    fixture f;
    open_scaled(&f, 16);
    builder b = builder_create(f.arena);
    stream_workload w = dense(&b, 64, 1024, 64);
    stream_layer layer = w.layers[0];
    w.layers = &layer;
    stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
    stream_layer_plan *plans = no_plans(&f, &w);
    int32_t core = 1; /* 32768 bits of weights, 65536 of the rest */
    plans[0].cores = &core;
    plans[0].n_cores = 1;
    stream_tiling t;
    bool unfuse = false;
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, &unfuse),
             STREAM_OK);
    CHECK(plans[0].tile[0] >= 4 && plans[0].tile[1] >= 4 && plans[0].tile[2] < 1024);
    CHECK_EQ(stream_tile_build(&w, plans, 100000, f.arena, &f.diag, &t), STREAM_OK);
    CHECK_EQ(overflows(&f, &t.graph), 0);
    int32_t split = t.graph.n_cts;

    layer.has_epilogue = true;
    plans = no_plans(&f, &w);
    plans[0].cores = &core;
    plans[0].n_cores = 1;
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, &unfuse),
             STREAM_OK);
    CHECK(!unfuse && plans[0].tile[2] == 1024);
    CHECK_EQ(stream_tile_build(&w, plans, 100000, f.arena, &f.diag, &t), STREAM_OK);
    CHECK(t.graph.n_cts >= 4 * split);
    layer.epilogue_apart = true;
    plans = no_plans(&f, &w);
    plans[0].cores = &core;
    plans[0].n_cores = 1;
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, &unfuse),
             STREAM_LIMIT);
    CHECK(unfuse);
    fixture_close(&f);
}

/* A small memory makes small tiles, and many CTs: the message names both, and the operands. Tiles
 * that a plan makes small are no want of memory. */
static void too_many_cts(void) {
    fixture f;
    open_scaled(&f, 16);
    builder b = builder_create(f.arena);
    stream_workload w = dense(&b, 64, 1024, 64);
    stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
    options.max_cts = 4;
    int32_t core = 1;
    stream_layer_plan *plans = no_plans(&f, &w);
    plans[0].cores = &core;
    plans[0].n_cores = 1;
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL),
             STREAM_INFEASIBLE);
    CHECK(strstr(f.text, "more than 4 (max-cts)") && strstr(f.text, "layer 'fc'"));
    CHECK(strstr(f.text, "memory '") && strstr(f.text, "I2 w ") && strstr(f.text, "A memory of"));
    plans = no_plans(&f, &w);
    plans[0].cores = &core;
    plans[0].n_cores = 1;
    plans[0].tile[0] = plans[0].tile[1] = plans[0].tile[2] = 1;
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL), STREAM_OK);
    fixture_close(&f);
}

/* What small tiles read of each other is refused before there are CTs, with layer, tile and
 * numbers. */
static void too_many_pieces(void) {
    fixture f;
    open_scaled(&f, 1024);
    builder b = builder_create(f.arena);
    stream_workload w = dense(&b, 64, 1024, 64);
    stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
    stream_layer_plan *plans = no_plans(&f, &w);
    plans[0].tile[0] = plans[0].tile[1] = plans[0].tile[2] = 1;
    options.max_pieces = 2 * 64 * 1024 * 64; /* an input and a weight each */
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL), STREAM_OK);
    --options.max_pieces;
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL),
             STREAM_INFEASIBLE);
    CHECK(strstr(f.text, "read 8388608 pieces of data, more than 8388607: layer 'fc' has 4194304 "
                         "CTs with a tile of "));
    CHECK(strstr(f.text, "each reads 2 pieces"));
    fixture_close(&f);
}

/* The tiles of the least estimated cycles fit as others do, and divide a reduction where that makes
 * room for outputs. */
static void cheapest_shape(void) {
    fixture f;
    open_scaled(&f, 64);
    builder b = builder_create(f.arena);
    stream_workload w = dense(&b, 64, 1024, 64);
    stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
    stream_layer_plan *plans = no_plans(&f, &w);
    stream_tiling t;
    options.shape = STREAM_SHAPE_CHEAPEST;
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL), STREAM_OK);
    CHECK_EQ(stream_tile_build(&w, plans, 100000, f.arena, &f.diag, &t), STREAM_OK);
    CHECK_EQ(overflows(&f, &t.graph), 0);
    CHECK_EQ(plans[0].tile[0], 32);
    CHECK_EQ(plans[0].tile[2], 64);
    fixture_close(&f);
}

static stream_workload pointwise(builder *b, int64_t rows, int64_t columns) {
    int32_t x = build_input(b, "x", 4, (int64_t[]){1, 100, rows, columns}, 8);
    build_output(b, build_conv(b, "c", x, (conv_shape){.channels = 16, .kernel = 1}));
    return build_finish(b);
}

/* Its plan with memories of `scale` times the usual size, on both cores. */
static const stream_layer_plan *plan_pointwise(fixture *f, int64_t scale, int64_t rows,
                                               int64_t columns, stream_workload *w) {
    stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
    open_scaled(f, scale);
    builder b = builder_create(f->arena);
    *w = pointwise(&b, rows, columns);
    stream_layer_plan *plans = no_plans(f, w);
    CHECK_EQ(stream_plan_complete(w, &f->acc, &options, f->arena, &f->diag, plans, NULL),
             STREAM_OK);
    CHECK_EQ(plans[0].n_cores, 2);
    return plans;
}

/* Of 4 KiB half is for one CT: 8 channels of 8 pixels take 800 bytes of inputs, 800 of weights and
 * 64 of outputs. Two channels of 16 pixels fit, too, and it is what cutting the 16 channels into 4
 * for each core, and these for memory, would come to: twice as many CTs. */
static void fewest_of_all_loops(void) {
    fixture f;
    stream_workload w;
    stream_tiling t;
    const stream_layer_plan *plans = plan_pointwise(&f, 32, 16, 64, &w);
    CHECK_EQ(stream_tile_build(&w, plans, 100000, f.arena, &f.diag, &t), STREAM_OK);
    CHECK_EQ(overflows(&f, &t.graph), 0);
    CHECK_EQ(t.graph.n_cts, 256);
    CHECK_EQ(plans[0].tile[1], 8);
    fixture_close(&f);
}

/* What is small enough as it is cut for the cores stays so. */
static void cut_for_the_cores(void) {
    fixture f;
    stream_workload w;
    const stream_layer_plan *plans = plan_pointwise(&f, 320, 8, 16, &w);
    CHECK_EQ(plans[0].tile[1], 2);
    CHECK_EQ(stream_plan_ct_count(&w.layers[0], &plans[0]), 8);
    fixture_close(&f);
}

/* Rows per CT change what is printed of layers that are fused, and nothing of one alone. */
static bool prints_alike(bool fused) {
    stream_text text[2] = {{0}};
    fixture f;
    open_scaled(&f, 100);
    builder b = builder_create(f.arena);
    stream_workload w = fused ? two_convs(&b, 4, 8) : pointwise(&b, 8, 16);
    for (int32_t i = 0; i < 2; ++i) {
        stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
        stream_layer_plan *plans = no_plans(&f, &w);
        options.rows = i ? 4 : 1;
        CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL),
                 STREAM_OK);
        stream_plan_print(&w, plans, &text[i]);
    }
    bool alike = !strcmp(text[0].data, text[1].data);
    for (int32_t i = 0; i < 2; ++i)
        stream_text_free(&text[i]);
    fixture_close(&f);
    return alike;
}

static void printed(void) {
    CHECK(prints_alike(false));
    CHECK(!prints_alike(true));
}

/* CTs are counted as they are cut: shorter parts have fewer tiles, empty ones none. */
static void counted(void) {
    static const struct {
        int64_t rows, split, tile;
    } cases[] = {{5, 2, 2}, {5, 4, 1}, {7, 3, 2}, {9, 5, 1}, {8, 1, 3}, {8, 2, 4}, {1, 2, 1}};
    fixture f;
    open_scaled(&f, 1024);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        builder b = builder_create(f.arena);
        stream_workload w = dense(&b, cases[i].rows, 16, 8);
        stream_layer_plan *plans = no_plans(&f, &w);
        stream_tiling tiling;
        plans[0].split[0] = cases[i].split;
        plans[0].tile[0] = cases[i].tile;
        plans[0].tile[1] = 3;
        plans[0].tile[2] = w.layers[0].bounds[2];
        CHECK_EQ(stream_tile_build(&w, plans, 1000, f.arena, &f.diag, &tiling), STREAM_OK);
        CHECK_EQ(stream_plan_ct_count(&w.layers[0], &plans[0]), tiling.graph.n_cts);
    }
    fixture_close(&f);
}

/* Parts of a layer on two cores alike, joined to off-chip memory by links of 128 and of `width`
 * bits. */
static int64_t parts_with(int64_t width) {
    fixture f;
    fixture_open(&f);
    f.memories[0].size_bits = f.memories[3].size_bits = (int64_t)1 << 32;
    fixture_core(&f, 1, "a2", STREAM_CORE_COMPUTE, 0, 1);
    f.cores[1].type_name = f.cores[0].type_name;
    memcpy(f.link_cores, (int32_t[2][4]){{0, 2}, {1, 2}}, sizeof(int32_t[2][4]));
    for (int32_t i = 0; i < 2; ++i) {
        f.links[i] = (stream_link){.name = i ? "l1" : "l0",
                                   .cores = f.link_cores[i],
                                   .n_cores = 2,
                                   .bandwidth_bits = i ? width : 128,
                                   .pj_per_bit = 1};
    }
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    builder b = builder_create(f.arena);
    stream_workload w = dense(&b, 64, 64, 64);
    stream_layer_plan *plans = no_plans(&f, &w);
    stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
    CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL), STREAM_OK);
    int64_t parts = 1;
    for (int32_t l = 0; l < w.layers[0].n_loops; ++l)
        parts *= plans[0].split[l] > 0 ? plans[0].split[l] : 1;
    fixture_close(&f);
    return parts;
}

/* A layer is split evenly over cores that are alike in all respects, and over no others. */
static void alike(void) {
    CHECK_EQ(parts_with(128), 2);
    CHECK_EQ(parts_with(1), 1);
}

int main(void) {
    alike();
    too_many_cts();
    too_many_pieces();
    cheapest_shape();
    fewest_of_all_loops();
    cut_for_the_cores();
    printed();
    counted();
    narrow_pieces();
    aligned_pieces();
    long_reduction();
    stacks();
    given();
    dense_layer();
    everything_fits();
    return test_done();
}
