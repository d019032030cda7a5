/* A mapping on one line; see mapping_line.h. */

#include "mapping_line.h"

#include <inttypes.h>

static void array_dims(const stream_cost_result *r, stream_text *out) {
    for (int32_t x = 0; x < r->spatial.n_array_dims; ++x) {
        stream_text_print(out, "%sD%d:", x ? " " : "", x + 1);
        for (int32_t i = 0; i < r->spatial.array_dims[x].n; ++i) {
            const stream_unrolled_dim *u = &r->spatial.array_dims[x].at[i];
            if (u->factor > 1)
                stream_text_print(out, " %s%g", r->problem.nest.dims[u->dim].name, u->factor);
        }
        stream_text_str(out, ";");
    }
}

static void operand(const stream_cost_result *r, const stream_temporal_mapping *merged, int32_t o,
                    stream_text *out) {
    const stream_map_operand *operand = &r->problem.operands[o];
    int32_t i = 0;
    stream_text_print(out, "%s%s:", o || r->spatial.n_array_dims ? " " : "",
                      r->problem.nest.operands[o].name);
    for (int32_t l = 0; l < operand->n_levels; ++l) {
        for (; i < merged->cut[o][l]; ++i)
            if (merged->order[i].size > 1)
                stream_text_print(out, " %s%" PRId64,
                                  r->problem.nest.dims[merged->order[i].dim].name,
                                  merged->order[i].size);
        stream_text_print(out, " [%s]", r->problem.memories[operand->memory[l]].name);
    }
    if (o + 1 < r->problem.n_operands)
        stream_text_str(out, ";");
}

void stream_mapping_line(const stream_cost_result *result, stream_text *out) {
    stream_temporal_mapping merged = result->mapping;
    stream_mapping_merge(&result->problem, &merged);
    array_dims(result, out);
    for (int32_t o = 0; o < result->problem.n_operands; ++o)
        operand(result, &merged, o, out);
}
