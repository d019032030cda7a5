// RUN: unit-plan-mapping
/* Rules and groups on two convolutions and a matrix product, on the accelerator of
 * test/unit/hardware/fixture.h (cores 0 and 1 run anything, core 2 is off-chip). */

#include "stream/plan/mapping.h"
#include "hardware/fixture.h"
#include "workload/builder.h"

typedef struct {
    fixture f;
    builder b;
    stream_workload w;
    stream_layer_plan plans[3];
    int warnings;
} setup;

static void emit(void *user, stream_severity severity, stream_loc loc, const char *text) {
    setup *s = user;
    (void)loc;
    s->warnings += severity == STREAM_WARNING;
    s->f.errors += severity == STREAM_ERROR;
    snprintf(s->f.text, sizeof s->f.text, "%s", text);
}

static void open(setup *s) {
    fixture_open(&s->f);
    CHECK_EQ(fixture_finish(&s->f), STREAM_OK);
    s->warnings = 0;
    s->b = builder_create(s->f.arena);
    int32_t x = build_input(&s->b, "x", 4, (int64_t[]){1, 2, 10, 12}, 8);
    int32_t y = build_conv(&s->b, "c1", x, (conv_shape){.channels = 6, .kernel = 3, .pad = 1});
    build_output(&s->b, build_conv(&s->b, "c2", y, (conv_shape){.channels = 4, .kernel = 3}));
    int32_t m = build_input(&s->b, "m", 2, (int64_t[]){5, 7}, 8);
    int32_t k = build_constant(&s->b, "k", 2, (int64_t[]){7, 9}, 8);
    build_output(&s->b, build_matmul(&s->b, "fc", m, k));
    s->w = build_finish(&s->b);
}

static stream_status apply(setup *s, const stream_mapping *mapping) {
    stream_diag diag = {emit, s};
    return stream_mapping_apply(mapping, &s->w, &s->f.acc, s->f.arena, &diag, s->plans);
}

/* Conv: b, ox, oy, fx, fy, c, k over loops B K OY OX C FY FX; MatMul and Gemm. */
static void orders(void) {
    setup s;
    open(&s);
    static const int32_t conv[] = {0, 3, 2, 6, 5, 4, 1, -1};
    for (int32_t d = 0; d < 8; ++d) {
        char text[] = {'D', (char)('0' + d), '\0'};
        CHECK_EQ(stream_mapping_loop(&s.w, &s.w.layers[0], text), conv[d]);
    }
    CHECK_EQ(stream_mapping_loop(&s.w, &s.w.layers[0], "D8"), -2);
    CHECK_EQ(stream_mapping_loop(&s.w, &s.w.layers[0], "OY"), 2);
    CHECK_EQ(stream_mapping_loop(&s.w, &s.w.layers[0], "H"), -2);
    stream_layer fc = s.w.layers[2];
    const char *const order[2][3] = {{"D", "K", "C"}, {"D", "C", "K"}};
    for (int gemm = 0; gemm < 2; ++gemm) {
        fc.op_type = gemm ? "Gemm" : "MatMul";
        for (int32_t d = 0; d < 3; ++d) {
            char text[] = {'D', (char)('0' + d), '\0'};
            int32_t loop = stream_mapping_loop(&s.w, &fc, text);
            CHECK(loop >= 0 && !strcmp(fc.loop_names[loop], order[gemm][d]));
        }
    }
    fc.op_type = "Other"; /* output dims, then reductions */
    CHECK_EQ(stream_mapping_loop(&s.w, &fc, "D0"), fc.output_loop[0]);
    CHECK_EQ(stream_mapping_loop(&s.w, &fc, "D1"), fc.output_loop[1]);
    CHECK(fc.reduction[stream_mapping_loop(&s.w, &fc, "D2")]);
    fixture_close(&s.f);
}

static void applies(void) {
    setup s;
    open(&s);
    const int32_t both[] = {1, 0, 1}, one[] = {0};
    const stream_mapping_factor split = {.loop = "D6", .size = 2};
    const stream_mapping_factor all = {.loop = "K", .size = STREAM_MAPPING_ALL};
    const stream_mapping_factor pieces = {.loop = "OY", .size = 3};
    const stream_mapping_rule rules[] = {
        {.name = "default", .cores = one, .n_cores = 1},
        {.name = "c2",
         .cores = both,
         .n_cores = 3,
         .splits = &all,
         .n_splits = 1,
         .pieces = &pieces,
         .n_pieces = 1},
        {.name = "conv", .cores = both, .n_cores = 2, .splits = &split, .n_splits = 1},
        {.name = "c1", .cores = one, .n_cores = 1}, /* too late: 'conv' matched */
    };
    const char *const names[] = {"c1", "Conv"};
    const stream_mapping_factor tiles[] = {{.layer = "c1", .loop = "D2", .size = 4},
                                           {.layer = "Conv", .loop = "D1", .size = 5}};
    const stream_mapping_group group = {
        .name = "g", .layers = names, .n_layers = 2, .tiles = tiles, .n_tiles = 2};
    stream_mapping mapping = {.rules = rules, .n_rules = 4, .groups = &group, .n_groups = 1};
    CHECK_EQ(apply(&s, &mapping), STREAM_OK);
    CHECK_EQ(s.warnings, 1); /* core 0 is there twice */
    CHECK_EQ(s.plans[0].n_cores, 2);
    CHECK_EQ(s.plans[0].cores[0], 1);
    CHECK_EQ(s.plans[0].split[1], 2);
    CHECK_EQ(s.plans[0].tile[2], 4);
    CHECK_EQ(s.plans[0].tile[3], 5);
    CHECK_EQ(s.plans[1].n_cores, 2); /* core 1 was named twice */
    CHECK_EQ(s.plans[1].split[1], 2);
    CHECK_EQ(s.plans[1].tile[2], 3); /* 8 rows in 3 pieces */
    CHECK_EQ(s.plans[1].tile[3], 5);
    CHECK_EQ(s.plans[0].stack, 0);
    CHECK_EQ(s.plans[1].stack, 0);
    CHECK_EQ(s.plans[2].stack, -1);
    CHECK_EQ(s.plans[2].n_cores, 1);
    CHECK_EQ(s.plans[2].tile[0], 0);
    stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
    stream_diag diag = {emit, &s};
    for (int m = 0; m < 3; ++m)
        s.f.memories[m].size_bits = 1 << 20;
    CHECK_EQ(fixture_finish(&s.f), STREAM_OK);
    CHECK_EQ(stream_plan_complete(&s.w, &s.f.acc, &options, s.f.arena, &diag, s.plans, NULL),
             STREAM_OK);
    CHECK_EQ(s.plans[0].tile[2], 4);
    CHECK(s.plans[2].stack > s.plans[1].stack);
    fixture_close(&s.f);
}

/* "c1.scale" and "c1.scale.end" are of the operator that is c1: its cores and its stack, but loops
 * of their own. "c1.other" is another operator. */
static void parts(void) {
    setup s;
    open(&s);
    const int32_t one[] = {1};
    const stream_mapping_factor split = {.loop = "D6", .size = 2};
    const stream_mapping_factor tile = {.layer = "c1", .loop = "D2", .size = 4};
    const char *const layers[] = {"c1"};
    const stream_mapping_rule rule = {
        .name = "c1", .cores = one, .n_cores = 1, .splits = &split, .n_splits = 1};
    const stream_mapping_group group = {
        .name = "g", .layers = layers, .n_layers = 1, .tiles = &tile, .n_tiles = 1};
    const stream_mapping mapping = {.rules = &rule, .n_rules = 1, .groups = &group, .n_groups = 1};
    stream_layer renamed[3];
    memcpy(renamed, s.w.layers, sizeof renamed);
    renamed[1].name = "c1.scale";
    renamed[2].name = "c1.scale.end"; /* a matrix product: it has no D6 */
    renamed[2].op_type = "Conv";
    s.w.layers = renamed;
    CHECK_EQ(apply(&s, &mapping), STREAM_OK);
    CHECK_EQ(s.warnings, 1); /* two parts, one core */
    for (int l = 0; l < 3; ++l) {
        CHECK_EQ(s.plans[l].n_cores, 1);
        CHECK_EQ(s.plans[l].stack, 0);
    }
    CHECK_EQ(s.plans[0].split[1], 2);
    CHECK_EQ(s.plans[0].tile[2], 4);
    CHECK_EQ(s.plans[1].split[1], 0);
    CHECK_EQ(s.plans[1].tile[2], 0);
    renamed[2].op_type = "Gemm";
    renamed[2].name = "c1.other";
    CHECK_EQ(apply(&s, &mapping), STREAM_OK);
    CHECK_EQ(s.plans[2].n_cores, 0);
    CHECK_EQ(s.plans[2].stack, -1);
    fixture_close(&s.f);
}

/* Each layer gets those cores of the default rule that run it. */
static void defaults(void) {
    setup s;
    open(&s);
    static const char *const conv[] = {"Conv"}, *const other[] = {"Relu"};
    static const int32_t both[] = {0, 1};
    const stream_mapping_rule rule = {.name = "default", .cores = both, .n_cores = 2};
    const stream_mapping mapping = {.rules = &rule, .n_rules = 1};
    s.f.cores[1].operators = conv;
    s.f.cores[1].n_operators = 1;
    CHECK_EQ(apply(&s, &mapping), STREAM_OK);
    CHECK_EQ(s.plans[0].n_cores, 2);
    CHECK_EQ(s.plans[2].n_cores, 1);
    CHECK_EQ(s.plans[2].cores[0], 0);
    s.f.cores[0].operators = other;
    s.f.cores[0].n_operators = 1;
    CHECK_EQ(apply(&s, &mapping), STREAM_INVALID);
    CHECK(strstr(s.f.text, "'default' allocates layer 'fc' (MatMul) to 2 cores, none of which runs "
                           "it"));
    fixture_close(&s.f);
}

static void warns(void) {
    setup s;
    open(&s);
    const char *const conv[] = {"Conv"}, *const first[] = {"c1"}, *const ends[] = {"c1", "fc"};
    const stream_mapping_factor tile = {.layer = "pool", .loop = "D0", .size = 1};
    stream_mapping_group groups[] = {{.name = "a", .layers = conv, .n_layers = 1},
                                     {.name = "b", .layers = conv, .n_layers = 1}};
    stream_mapping mapping = {.groups = groups, .n_groups = 2};
    CHECK_EQ(apply(&s, &mapping), STREAM_OK);
    CHECK_EQ(s.warnings, 1);
    CHECK(strstr(s.f.text, "several fused groups name the operator Conv"));
    CHECK_EQ(s.plans[0].stack, -1);
    groups[1] = (stream_mapping_group){.name = "b", .layers = first, .n_layers = 1};
    CHECK_EQ(apply(&s, &mapping), STREAM_OK); /* a name is stronger than an operator */
    CHECK_EQ(s.warnings, 1);
    CHECK_EQ(s.plans[0].stack, 0);
    CHECK_EQ(s.plans[1].stack, 1);
    groups[0] = (stream_mapping_group){.name = "a", .layers = ends, .n_layers = 2};
    mapping.n_groups = 1;
    CHECK_EQ(apply(&s, &mapping), STREAM_OK);
    CHECK(strstr(s.f.text, "do not follow each other"));
    CHECK_EQ(s.plans[0].stack, 0);
    CHECK_EQ(s.plans[1].stack, -1);
    CHECK_EQ(s.plans[2].stack, 2);
    groups[0] = (stream_mapping_group){.name = "a", .tiles = &tile, .n_tiles = 1};
    CHECK_EQ(apply(&s, &mapping), STREAM_OK);
    CHECK(strstr(s.f.text, "'pool'"));
    const int32_t core = 0;
    const stream_mapping_rule rule = {.name = "C1", .cores = &core, .n_cores = 1};
    mapping = (stream_mapping){.rules = &rule, .n_rules = 1};
    CHECK_EQ(apply(&s, &mapping), STREAM_OK);
    CHECK(strstr(s.f.text, "none of the 1 rules names a layer"));
    CHECK_EQ(s.f.errors, 0);
    fixture_close(&s.f);
}

/* Of what a rule says, not of each layer that it matches. */
static void warns_of_rules(void) {
    setup s;
    open(&s);
    static const int32_t cores[] = {0, 1, 0};
    const stream_mapping_factor splits[] = {{.loop = "D6", .size = STREAM_MAPPING_ALL},
                                            {.loop = "D2", .size = 4}};
    stream_mapping_rule rule = {.name = "Conv", .cores = cores, .n_cores = 3};
    const stream_mapping mapping = {.rules = &rule, .n_rules = 1};
    CHECK_EQ(apply(&s, &mapping), STREAM_OK);
    CHECK(strstr(s.f.text, "'Conv' names core 0 again; it counts once"));
    CHECK_EQ(s.plans[0].n_cores, 2);
    CHECK_EQ(s.warnings, 1);
    rule.n_cores = 2;
    rule.splits = splits;
    rule.n_splits = 2;
    CHECK_EQ(apply(&s, &mapping), STREAM_OK);
    CHECK(strstr(s.f.text, "'Conv' is split in 4 parts, but names 2 cores: some run several"));
    CHECK_EQ(s.warnings, 2);
    fixture_close(&s.f);
}

typedef struct {
    const char *loop;
    int64_t size;
    int32_t core;
    bool lenient;
    stream_status status;
    const char *want;
} refusal;

/* Rules of fusion alone say nothing of cores, and rules of cores nothing of fusion. */
static void fusion(void) {
    setup s;
    open(&s);
    static const int32_t one[] = {1};
    static const stream_mapping_rule rules[] = {{.name = "c2", .fuse = STREAM_FUSE_NEVER},
                                                {.name = "Conv", .cores = one, .n_cores = 1},
                                                {.name = "default", .fuse = STREAM_FUSE_ALWAYS}};
    stream_mapping mapping = {.rules = rules, .n_rules = 3};
    stream_mapping_wish wishes[3];
    stream_mapping_wishes(&mapping, &s.w, s.f.arena, wishes);
    CHECK_EQ(wishes[0].fuse, STREAM_FUSE_ALWAYS);
    CHECK_EQ(wishes[1].fuse, STREAM_FUSE_NEVER);
    CHECK(wishes[1].n_cores == 1 && wishes[1].cores[0] == 1);
    CHECK(wishes[2].n_cores == 0 && wishes[2].fuse == STREAM_FUSE_ALWAYS);
    CHECK_EQ(apply(&s, &mapping), STREAM_OK);
    CHECK(s.plans[1].n_cores == 1 && s.plans[2].n_cores == 0);
    CHECK_EQ(s.warnings, 0);
    fixture_close(&s.f);
}

static void refuses(void) {
    static const refusal cases[] = {
        {"D6", 2, 0, false, STREAM_OK, ""},
        {"D6", 2, 3, false, STREAM_INVALID, "core 3; there are cores 0 to 2"},
        {"D6", 2, 2, false, STREAM_INVALID, "core 2 ('dram'), which does not run it"},
        {"D6", 7, 0, false, STREAM_INVALID, "has 6 iterations; it cannot be split over 7"},
        {"D9", 2, 0, false, STREAM_INVALID, "has no loop D9"},
        {"D7", 2, 0, false, STREAM_INVALID, "no loop D7, or it has one iteration"},
        {"D7", 1, 0, false, STREAM_OK, ""},
        {"H", 2, 0, false, STREAM_INVALID, "has no loop H"},
        {"H", 2, 0, true, STREAM_OK, "has no loop H: ignored"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        setup s;
        open(&s);
        s.f.text[0] = '\0';
        stream_mapping_factor split = {.loop = cases[i].loop, .size = cases[i].size};
        stream_mapping_rule rule = {.name = "c1",
                                    .cores = &cases[i].core,
                                    .n_cores = 1,
                                    .splits = &split,
                                    .n_splits = 1,
                                    .lenient = cases[i].lenient};
        stream_mapping mapping = {.rules = &rule, .n_rules = 1};
        CHECK_EQ(apply(&s, &mapping), cases[i].status);
        CHECK(strstr(s.f.text, cases[i].want) != NULL);
        CHECK_EQ(s.f.errors, cases[i].status != STREAM_OK);
        fixture_close(&s.f);
    }
}

int main(void) {
    orders();
    applies();
    parts();
    defaults();
    warns();
    warns_of_rules();
    fusion();
    refuses();
    return test_done();
}
