/* libFuzzer: what stream-cost does with three files, a core, layers and a mapping, with lines of
 * "=====" between them. Small searches; every figure of a result is finite. */

#include "stream/cost/explain.h"
#include "stream/import/core.h"
#include "stream/import/zigzag_mapping.h"
#include "stream/import/zigzag_workload.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    const uint8_t *bytes;
    size_t n;
} part;

static part next_part(part *rest) {
    static const char line[] = "\n=====\n";
    part out = *rest;
    for (size_t i = 0; i + sizeof line - 1 <= rest->n; ++i)
        if (memcmp(rest->bytes + i, line, sizeof line - 1) == 0) {
            out.n = i;
            rest->bytes += i + sizeof line - 1;
            rest->n -= i + sizeof line - 1;
            return out;
        }
    rest->n = 0;
    return out;
}

static void check_result(const stream_cost_result *r) {
    static stream_cost_explanation explanation;
    stream_cost_explain(r, &explanation);
    if (!isfinite(r->cost.total2_cycles) || !isfinite(r->cost.energy_pj) ||
        !isfinite(explanation.ideal_percent) || r->cost.temporal_cycles < 1)
        __builtin_trap();
}

static void price(const stream_zigzag_layer *layer, const stream_core *core,
                  const stream_zigzag_mapping *mapping, stream_cost_model model) {
    static stream_zigzag_choice choice;
    static stream_cost_result result;
    stream_loop_nest nest = layer->nest;
    const stream_zigzag_rule *rule =
        stream_zigzag_mapping_find(mapping, layer->name, layer->operator_type);
    if (stream_zigzag_rule_link(rule, "l", NULL, &nest) != STREAM_OK ||
        stream_zigzag_rule_apply(rule, core, model, "l", &nest, NULL, &choice) != STREAM_OK)
        return;
    stream_cost_options options = STREAM_COST_OPTIONS_DEFAULTS;
    options.model = model;
    options.lpf_limit = 2;
    options.max_labels = 200;
    if (choice.has_spatial) {
        options.spatial_source = STREAM_SPATIAL_AS_ASKED;
        options.spatial = choice.spatial;
    }
    options.inner = choice.inner;
    options.outer = choice.outer;
    options.n_inner = choice.n_inner;
    options.n_outer = choice.n_outer;
    options.even = choice.evenness == STREAM_ZIGZAG_EVEN;
    if (stream_cost_search(&nest, core, &options, NULL, &result) == STREAM_OK)
        check_result(&result);
}

/* No more orders and tables than a run of a fuzzer has time for. */
static bool small(const stream_loop_nest *nest, const stream_core *core) {
    int64_t iterations = 1;
    for (int32_t d = 0; d < nest->n_dims; ++d) {
        if (nest->dims[d].size > 1000)
            return false;
        iterations *= nest->dims[d].size;
        if (iterations > 100000)
            return false;
    }
    return nest->n_dims <= 7 && core->n_array_dims <= 4;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    stream_arena *arena = stream_arena_create();
    stream_core core;
    stream_zigzag_workload w;
    stream_zigzag_mapping m;
    part rest = {data, size};
    part a = next_part(&rest), b = next_part(&rest), c = next_part(&rest);
    if (stream_core_import("core.yaml", a.bytes, a.n, arena, NULL, &core) == STREAM_OK &&
        core.kind == STREAM_CORE_COMPUTE &&
        stream_zigzag_workload_import("net.yaml", b.bytes, b.n, arena, NULL, &w) == STREAM_OK &&
        stream_zigzag_mapping_import("map.yaml", c.bytes, c.n, arena, NULL, &m) == STREAM_OK)
        for (int32_t i = 0; i < w.n_layers && i < 2; ++i)
            for (int model = 0; model <= STREAM_MODEL_EXACT; ++model)
                if (small(&w.layers[i].nest, &core))
                    price(&w.layers[i], &core, &m, (stream_cost_model)model);
    stream_arena_destroy(arena);
    return 0;
}
