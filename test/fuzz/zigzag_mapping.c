/* libFuzzer: mapping files of ZigZag, and what every entry says about a convolution. */

#include "stream/import/zigzag_mapping.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const stream_core core = {.name = "core", .n_array_dims = 2, .array_sizes = {8, 8}};

static stream_loop_nest layer(void) {
    return (stream_loop_nest){
        .dims = {{"B", 1}, {"K", 64}, {"C", 64}, {"OX", 7}, {"FX", 3}},
        .n_dims = 5,
        .relations = {{"IX", 3, 4, 1, 1, 9}},
        .n_relations = 1,
        .operands = {{.name = "O", .bits = 16, .final_bits = 8, .index = {0, 1, 3}, .n_index = 3},
                     {.name = "W", .bits = 8, .final_bits = 8, .index = {1, 2, 4}, .n_index = 3},
                     {.name = "I", .bits = 8, .final_bits = 8, .index = {0, 2, ~0}, .n_index = 3}},
        .n_operands = 3,
        .cycles_per_op = 1};
}

static void apply(const stream_zigzag_rule *rule, stream_cost_model model) {
    stream_loop_nest nest = layer();
    stream_zigzag_choice choice;
    if (stream_zigzag_rule_link(rule, "conv", NULL, &nest) != STREAM_OK ||
        stream_zigzag_rule_apply(rule, &core, model, "conv", &nest, NULL, &choice) != STREAM_OK)
        return;
    for (int32_t i = 0; i < choice.n_inner + choice.n_outer; ++i) {
        const stream_loop_pin *pin =
            i < choice.n_inner ? &choice.inner[i] : &choice.outer[i - choice.n_inner];
        if (pin->dim < 0 || pin->dim >= nest.n_dims || pin->size < 0)
            __builtin_trap();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    stream_arena *arena = stream_arena_create();
    stream_zigzag_mapping mapping;
    if (stream_zigzag_mapping_import("map.yaml", data, size, arena, NULL, &mapping) == STREAM_OK)
        for (int32_t i = 0; i < mapping.n_rules; ++i) {
            apply(&mapping.rules[i], STREAM_MODEL_ZIGZAG_3_8_5);
            apply(&mapping.rules[i], STREAM_MODEL_EXACT);
        }
    stream_arena_destroy(arena);
    return 0;
}
