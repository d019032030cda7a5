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

/* The loops [from, to): neighbours over the same dim are one. */
static void loops(const stream_cost_result *r, const stream_temporal_mapping *merged, int32_t from,
                  int32_t to, stream_text *out) {
    while (from < to) {
        int32_t dim = merged->order[from].dim;
        int64_t size = 1;
        for (; from < to && merged->order[from].dim == dim; ++from)
            size *= merged->order[from].size;
        if (size > 1)
            stream_text_print(out, " %s%" PRId64, r->problem.nest.dims[dim].name, size);
    }
}

static void operand(const stream_cost_result *r, const stream_temporal_mapping *merged, int32_t o,
                    stream_text *out) {
    const stream_map_operand *operand = &r->problem.operands[o];
    stream_text_print(out, "%s%s:", o || r->spatial.n_array_dims ? " " : "",
                      r->problem.nest.operands[o].name);
    for (int32_t l = 0; l < operand->n_levels; ++l) {
        loops(r, merged, l > 0 ? merged->cut[o][l - 1] : 0, merged->cut[o][l], out);
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
