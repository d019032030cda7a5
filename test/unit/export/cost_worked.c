// RUN: unit-export-cost_worked

/* The worked example of reference/intra-core-cost.md 5.9 in sentences: a 64 x 64 x 8 x 8
 * convolution, 3 x 3, on 32 x 32 units, in ZigZag 3.8.5. Its figures: 2,304 cycles of computation,
 * 254 stalls because the sums in `rf_2B` are exchanged in one of 9 cycles in which the same port
 * also reads inputs, 2,050 cycles of on-loading (of 4,608 for the weights, 2,304 + 254 hide), 513
 * of off-loading; 4,788,532 pJ. */

#include "cost/bottleneck.h"
#include "stream/export/cost.h"

#include <string.h>

enum {
    I = 1 << STREAM_I1,
    W = 1 << STREAM_I2,
    O = 1 << STREAM_O,
    K = 0,
    C,
    OY,
    OX,
    FY,
    FX
};

static void make_core(bottleneck *b) {
    b->core = (stream_core){.name = "tpu_like",
                            .n_array_dims = 2,
                            .array_sizes = {32, 32},
                            .mac_pj = 0.04,
                            .memories = b->memories,
                            .utilization = 1};
    bottleneck_memory(b, "rf_128B", W, 1024, 0.095, 0);
    bottleneck_port(b, "r", STREAM_PORT_READ, 8, 0, TL, 0);
    bottleneck_port(b, "w", STREAM_PORT_WRITE, 8, 0, FH, 0);
    bottleneck_memory(b, "rf_2B", O, 16, 0.021, 0);
    bottleneck_port(b, "r_low", STREAM_PORT_READ, 16, 0, 0, TL);
    bottleneck_port(b, "r_high", STREAM_PORT_READ, 16, 0, 0, TH);
    bottleneck_port(b, "w_low", STREAM_PORT_WRITE, 16, 0, 0, FL);
    bottleneck_port(b, "w_high", STREAM_PORT_WRITE, 16, 0, 0, FH);
    stream_memory *sram = bottleneck_memory(b, "sram_2MB", I | O, 16777216, 416.16, 3);
    sram->write_pj = 378.4;
    bottleneck_port(b, "r", STREAM_PORT_READ, 2048, TL, 0, TH | TL);
    bottleneck_port(b, "w", STREAM_PORT_WRITE, 2048, FH, 0, FH | FL);
    b->ports[2][0].bandwidth_min_bits = b->ports[2][1].bandwidth_min_bits = 64;
    stream_memory *dram = bottleneck_memory(b, "dram", I | W | O, 10000000000, 700, 3);
    dram->write_pj = 750;
    bottleneck_port(b, "rw", STREAM_PORT_READ_WRITE, 64, FH | TL, FH | TL, FH | FL | TH | TL);
}

static void make_nest(stream_loop_nest *nest) {
    *nest = (stream_loop_nest){
        .dims = {{"K", 64}, {"C", 64}, {"OY", 8}, {"OX", 8}, {"FY", 3}, {"FX", 3}},
        .n_dims = 6,
        .relations = {{"IX", OX, FX, 1, 1, 10}, {"IY", OY, FY, 1, 1, 10}},
        .n_relations = 2,
        .operands = {{"O", STREAM_O, 16, 8, {K, OY, OX}, 3},
                     {"W", STREAM_I2, 8, 8, {K, C, FY, FX}, 4},
                     {"I", STREAM_I1, 8, 8, {C, ~1, ~0}, 3}},
        .n_operands = 3,
        .cycles_per_op = 1};
}

static const stream_temporal_mapping mapping = {
    .n = 6,
    .order = {{FX, 3}, {FY, 3}, {OX, 8}, {C, 2}, {OY, 8}, {K, 2}},
    .cut = {{2, 6, 6}, {6, 6}, {6, 6}}};

static bool says(const stream_text *out, const char *sentence) {
    bool found = strstr(out->data, sentence) != NULL;
    if (!found)
        printf("# not said: %s\n# but:\n%s\n", sentence, out->data);
    return found;
}

int main(void) {
    static bottleneck b;
    static stream_cost_result r;
    static stream_cost_explanation why;
    stream_text out = {0};
    stream_cost_options options = STREAM_COST_OPTIONS_DEFAULTS;
    stream_spatial_mapping spatial = {
        .n_array_dims = 2, .used = {true, true}, .array_dims = {{1, {{K, 32}}}, {1, {{C, 32}}}}};
    make_core(&b);
    make_nest(&b.nest);
    options.model = STREAM_MODEL_ZIGZAG_3_8_5;
    CHECK(stream_cost_evaluate(&b.nest, &b.core, &options, &spatial, &mapping, NULL, &r) ==
          STREAM_OK);
    stream_cost_explain(&r, &why);
    stream_export_cost_layer layer = {.name = "conv", .result = &r, .explanation = &why};
    stream_export_cost_explanation(&layer, STREAM_BEST_LATENCY, &out);
    CHECK(says(&out, "It takes 5,121 cycles: 2,304 of computation on the whole array (45.0 %), 254 "
                     "of stalls (5.0 %), 2,050 of on-loading (40.0 %), 513 of off-loading (10.0 "
                     "%).\n"));
    CHECK(says(&out, "It is bound by loading: 50.0 % of the cycles.\n"));
    CHECK(says(&out, "The longest on-loading is W from 'dram' to 'rf_128B', 2,050 cycles on the "
                     "read/write port 'rw' of 'dram'; of the 4,608 cycles of this transfer the "
                     "rest hides behind the computation.\n"));
    CHECK(says(&out, "The longest off-loading is O from 'sram_2MB' to 'dram', 512 cycles on the "
                     "read/write port 'rw' of 'dram'.\n"));
    CHECK(says(&out,
               "The read port 'r' of 'sram_2MB' (2,048 bits per cycle) causes 254 stall "
               "cycles: it is busy with I to the array for 2,304 cycles, partial sums of O to "
               "'rf_2B' 256, together 1.11 times the 2,304 cycles of computation.\n"));
    CHECK(says(&out, "'rf_2B' has no room for a second buffer: the port can move partial sums of O "
                     "to 'rf_2B', for 1 cycle, only in 1 of every 9 cycles.\n"));
    CHECK(says(&out,
               "It takes 4.789 uJ: W in 'dram' 67.4 %, I in 'dram' 11.7 %, O in 'dram' 8.0 %, "
               "the rest less each.\n"));
    CHECK_EQ(out.length, strlen(out.data));
    stream_text_free(&out);
    return test_done();
}
