// RUN: unit-schedule-coala_v0_problem

/* The compatible CT generator: numbers, dependencies and sizes of a small network, worked by hand,
 * and every refusal. golden-coala --chips compares it on whole networks. */

#include "stream/schedule/coala_v0.h"

#include "test.h"

#include "workload/builder.h"

/* A 3x3 convolution with a pad of 1, 2 -> 4 channels on 4x4, in tiles of 2 channels and 2 rows, and
 * a 2x2 pooling with stride 2 in rows, on one core with three memories. */
typedef struct {
    stream_workload w;
    stream_layer_plan plans[2];
    double cycles[2], energy[2];
    stream_coala_v0_hardware hw;
    stream_coala_v0_source source;
} small;

static const int32_t cores[] = {0, 0};
static const int32_t memory_of[] = {0, 1, 0, 2, 2, 2};
static stream_coala_v0_memory memories[] = {
    {"act", 2000, 1, 1, 64, 64}, {"w", 300, 1, 1, 64, 64}, {"dram", 100000, 1, 1, 64, 64}};
static const stream_coala_v0_link links[] = {{64, 0}};
static const int32_t route_first[] = {0, 0, 1, 2, 2}, route_links[] = {0, 0};

static small *make(small *s, stream_arena *arena) {
    builder b = builder_create(arena);
    int32_t x = build_input(&b, "x", 4, (int64_t[]){1, 2, 4, 4}, 8);
    int32_t y = build_conv(&b, "conv", x, (conv_shape){.channels = 4, .kernel = 3, .pad = 1});
    build_output(&b, build_pool(&b, "pool", y, (conv_shape){.kernel = 2, .stride = 2}));
    *s = (small){.w = build_finish(&b), .cycles = {10, 3}, .energy = {5, 2}};
    s->plans[0] = (stream_layer_plan){.tile = {0, 2, 2}, .cores = cores, .n_cores = 1};
    s->plans[1] = (stream_layer_plan){.tile = {0, 0, 1}, .cores = cores, .n_cores = 1};
    memories[0].size_bits = 2000;
    s->hw = (stream_coala_v0_hardware){.n_cores = 2,
                                       .offchip_core = 1,
                                       .memories = memories,
                                       .n_memories = 3,
                                       .memory_of = memory_of,
                                       .links = links,
                                       .n_links = 1,
                                       .route_first = route_first,
                                       .route_links = route_links};
    s->source = (stream_coala_v0_source){.w = &s->w,
                                         .plans = s->plans,
                                         .cycles = s->cycles,
                                         .energy_pj = s->energy,
                                         .prefetch = true};
    return s;
}

static bool has_edge(const stream_coala_v0_problem *p, int32_t from, int32_t to) {
    for (int32_t e = 0; e < p->n_edges; ++e)
        if (p->edges[e].from == from && p->edges[e].to == to)
            return true;
    return false;
}

static void by_hand(void) {
    small s;
    stream_coala_v0_problem p;
    stream_arena *arena = stream_arena_create();
    CHECK(stream_coala_v0_problem_build(&make(&s, arena)->source, &s.hw, arena, NULL, &p) ==
          STREAM_OK);
    CHECK_EQ(p.n_cts, 6); /* 2 channels x 2 rows of the convolution, channels first; 2 rows */
    CHECK_EQ(p.cts[1].output_bits, 2 * 2 * 4 * 8);
    CHECK_EQ(p.cts[4].output_bits, 4 * 1 * 2 * 8);
    CHECK(p.cts[3].layer == 0 && p.cts[4].layer == 1 && p.cts[4].cycles == 3);
    /* weights of 2 channels, then the input of 2 rows with its halo and padding */
    const stream_coala_v0_constant *c = p.constants;
    CHECK_EQ(p.constant_first[1], 2);
    CHECK(c[0].operand == STREAM_I2 && c[0].prefetch && c[0].bits == 2 * 2 * 9 * 8 &&
          c[0].uses == 2);
    CHECK(c[1].operand == STREAM_I1 && !c[1].prefetch && c[1].bits == 2 * 4 * 6 * 8);
    CHECK(c[0].rank > c[1].rank);
    CHECK(c[1].uses == 2 && c[1].data == c[3].data); /* both halves of the channels read it */
    CHECK(c[0].data == c[4].data && c[0].data != c[2].data && c[4].uses == 1);
    CHECK(c[8].bits == 0 && c[8].operand == STREAM_I2); /* the window of the pooling */
    /* chains of both layers, and both halves of two rows for one row of the pooling */
    CHECK_EQ(p.n_edges, 3 + 1 + 2 * 2);
    CHECK(has_edge(&p, 0, 4) && has_edge(&p, 1, 4) && has_edge(&p, 2, 5) && has_edge(&p, 3, 5));
    CHECK(!has_edge(&p, 2, 4));
    stream_coala_v0_schedule schedule;
    CHECK(stream_coala_v0_schedule_build(&p, arena, NULL, &schedule) == STREAM_OK);
    stream_arena_destroy(arena);
}

static void refused(const small *s, stream_arena *arena, stream_status want, const char *words) {
    heard h = {0};
    stream_diag diag = {hear, &h};
    stream_coala_v0_problem p;
    CHECK_EQ(stream_coala_v0_problem_build(&s->source, &s->hw, arena, &diag, &p), want);
    CHECK(strstr(h.text, words) != NULL && h.errors == 1);
}

static void refusals(void) {
    small s;
    stream_arena *arena = stream_arena_create();
    make(&s, arena)->plans[0].tile[1] = 3;
    refused(&s, arena, STREAM_UNSUPPORTED, "'conv': tiles of 3 of the 4 iterations of loop K");
    make(&s, arena)->plans[0].tile[4] = 1;
    refused(&s, arena, STREAM_UNSUPPORTED, "tiles of 1 of the 2 iterations of loop C");
    make(&s, arena)->plans[1].n_cores = 2;
    refused(&s, arena, STREAM_INVALID, "layer 'pool' has 2 cores");
    make(&s, arena);
    memories[0].size_bits = 500;
    refused(&s, arena, STREAM_INFEASIBLE,
            "a CT needs 512 bits of memory 'act', which has 500; the compatible CT generator");
    stream_arena_destroy(arena);
}

/* y twice in a row behind the channels of x, read from row 1 on, with a bias. */
static void views(void) {
    small s;
    stream_coala_v0_problem p;
    stream_arena *arena = stream_arena_create();
    make(&s, arena);
    builder b = builder_create(arena);
    int32_t x = build_input(&b, "x", 4, (int64_t[]){1, 2, 4, 4}, 8);
    int32_t y = build_conv(&b, "conv", x, (conv_shape){.channels = 4, .kernel = 3, .pad = 1});
    int32_t both =
        build_view(&b, STREAM_VIEW_CONCAT, 4, (int64_t[]){1, 10, 4, 4}, 3, (int32_t[]){x, y, y});
    build_view_at(&b, both)->axis = 1;
    int32_t rows = build_view(&b, STREAM_VIEW_SLICE, 4, (int64_t[]){1, 10, 3, 4}, 1, &both);
    build_view_at(&b, rows)->before[2] = 1;
    int32_t z = build_conv(&b, "point", rows, (conv_shape){.channels = 2, .kernel = 1});
    int32_t bias = build_constant(&b, "bias", 1, (int64_t[]){2}, 8);
    int32_t spread = build_view(&b, STREAM_VIEW_BROADCAST, 4, (int64_t[]){1, 2, 3, 4}, 1, &bias);
    for (int32_t d = 0; d < 4; ++d)
        build_view_at(&b, spread)->map[d] = d == 1 ? 0 : -1;
    stream_operand *o = build_operand(&b, spread, STREAM_O);
    for (int32_t d = 0; d < 4; ++d)
        o->index[d].coefficient[d] = 1;
    build_output(&b, z);
    s.w = build_finish(&b);
    s.plans[1] = (stream_layer_plan){.tile = {0}, .cores = cores, .n_cores = 1};
    CHECK_EQ(stream_coala_v0_problem_build(&s.source, &s.hw, arena, NULL, &p), STREAM_OK);
    CHECK_EQ(p.n_cts, 5);
    /* all four tiles of y hold some of its rows 1 to 3, once each; the chain of 3 */
    CHECK_EQ(p.n_edges, 3 + 4);
    for (int32_t ct = 0; ct < 4; ++ct)
        CHECK(has_edge(&p, ct, 4));
    /* the weights, and three rows of x; no bias */
    CHECK_EQ(p.constant_first[5] - p.constant_first[4], 2);
    CHECK_EQ(p.constants[p.constant_first[4]].bits, 2 * 10 * 8);
    CHECK_EQ(p.constants[p.constant_first[4] + 1].bits, 2 * 3 * 4 * 8);
    stream_arena_destroy(arena);
}

int main(void) {
    by_hand();
    views();
    refusals();
    return test_done();
}
