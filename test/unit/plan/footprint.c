// RUN: unit-plan-footprint

/* Footprints and cuts of small networks, worked by hand. That a schedule holds as much:
 * unit-schedule-footprint. */

#include "stream/plan/footprint.h"

#include "hardware/fixture.h"
#include "workload/builder.h"

enum {
    ROW_X = 2 * 8 * 8, /* bits of a row: channels * columns * 8 */
    ROW_C1 = 4 * 8 * 8,
    ROW_C2 = 2 * 8 * 8,
    WEIGHTS = 2 * 4 * 9 * 8
};

/* x [2 x 8 x 8] -> c1 (3x3, 4 channels) -> c2 (3x3, 2 channels) [-> sum of c2 and x] */
static stream_workload two_convs(stream_arena *arena, bool sum) {
    builder b = builder_create(arena);
    int32_t x = build_input(&b, "x", 4, (int64_t[]){1, 2, 8, 8}, 8);
    int32_t y = build_conv(&b, "c1", x, (conv_shape){.channels = 4, .kernel = 3, .pad = 1});
    y = build_conv(&b, "c2", y, (conv_shape){.channels = 2, .kernel = 3, .pad = 1});
    build_output(&b, sum ? build_add(&b, "sum", y, x) : y);
    return build_finish(&b);
}

static stream_footprint footprint(stream_arena *arena, const stream_workload *w, int64_t rows,
                                  int32_t first, int32_t end) {
    stream_layer_plan *plans = STREAM_NEW(arena, stream_layer_plan, (size_t)w->n_layers);
    return stream_footprint_of(stream_row_tables_build(w, plans, rows, arena), first, end);
}

/*   c1 . r r r    while c1 makes its row 3: two rows that c2 still reads, the new one,
 *   x  . . r r r  and three rows of x */
static void rows_of_a_chain(void) {
    stream_arena *arena = stream_arena_create();
    stream_workload w = two_convs(arena, false);
    stream_footprint f = footprint(arena, &w, 1, 0, 2);
    CHECK_EQ(f.weight_bits, 2 * WEIGHTS);
    CHECK_EQ(f.row_bits, 3 * ROW_C1 + 3 * ROW_X);
    CHECK_EQ(f.tensor, w.layers[0].output);
    CHECK_EQ(f.tensor_rows, 3);
    CHECK_EQ(f.tensor_bits, 3 * ROW_C1);
    /* tiles of two rows: c2's rows 2 and 3 read rows 1 to 4, which are in three tiles */
    f = footprint(arena, &w, 2, 0, 2);
    CHECK_EQ(f.row_bits, 6 * ROW_C1 + 4 * ROW_X);
    /* alone: the window over what comes from outside, and the row that is made */
    f = footprint(arena, &w, 1, 1, 2);
    CHECK_EQ(f.row_bits, 3 * ROW_C1 + ROW_C2);
    CHECK_EQ(f.weight_bits, WEIGHTS);
    /* all rows at once */
    f = footprint(arena, &w, 8, 0, 2);
    CHECK_EQ(f.row_bits, 8 * ROW_C1 + 8 * ROW_X);
    stream_arena_destroy(arena);
}

/* The sum reads a row of x, and a row of c2 as soon as it is there. */
static void rows_of_a_diamond(void) {
    stream_arena *arena = stream_arena_create();
    stream_workload w = two_convs(arena, true);
    stream_footprint f = footprint(arena, &w, 1, 0, 3);
    CHECK_EQ(f.weight_bits, 2 * WEIGHTS);
    CHECK_EQ(f.row_bits, 3 * ROW_C1 + 3 * ROW_X);
    stream_arena_destroy(arena);
}

/* Where the second layer begins its own stack, by the sizes of the memories of core b; core a is
 * too small to matter. */
typedef struct {
    int64_t weights, rows; /* [bit] */
    double fill;
    int32_t second_stack;
} cut;

#define LARGE ((int64_t)1 << 62)

static void cuts_by_capacity(void) {
    static const cut cuts[] = {
        {2 * WEIGHTS + 64, 8192, 0.5, 0},
        {2 * WEIGHTS - 64, 8192, 0.5, 1},
        {2 * WEIGHTS + 64, 2 * 1152 - 64, 0.5, 1},
        {2 * WEIGHTS + 64, 2 * 1152, 0.5, 0},
        /* more bits in all than there are numbers */
        {LARGE, LARGE, 0.5, 0},
        {2 * WEIGHTS + 64, INT64_MAX, 1, 0},
        {INT64_MAX, INT64_MAX, 1, 0},
    };
    int32_t on_b = 1;
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; ++i) {
        fixture f;
        fixture_open(&f);
        f.memories[1].size_bits = cuts[i].weights;
        f.memories[2].size_bits = cuts[i].rows;
        CHECK_EQ(fixture_finish(&f), STREAM_OK);
        stream_workload w = two_convs(f.arena, false);
        stream_layer_plan plans[2] = {{.stack = -1, .cores = &on_b, .n_cores = 1},
                                      {.stack = -1, .cores = &on_b, .n_cores = 1}};
        stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
        options.fill = cuts[i].fill;
        CHECK_EQ(stream_plan_complete(&w, &f.acc, &options, f.arena, &f.diag, plans, NULL),
                 STREAM_OK);
        CHECK_EQ(plans[1].stack, cuts[i].second_stack);
        fixture_close(&f);
    }
}

int main(void) {
    rows_of_a_chain();
    rows_of_a_diamond();
    cuts_by_capacity();
    return test_done();
}
