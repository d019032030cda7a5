/* Tensors of a graph and their values in the IR; see ct_graph.h. */

#include "ct_values.h"

int32_t stream_ct_values_of(const stream_ct_ir *ir, int32_t tensor, const stream_box *box,
                            stream_box *part, int32_t *out_n) {
    int32_t first = ir->first_value[tensor], end = ir->first_value[tensor + 1];
    *part = *box;
    *out_n = 1;
    if (ir->values[first].lanes == 0)
        return first;
    int32_t last = --part->rank, from = box->lo[last], to = from + box->size[last];
    part->lo[last] = part->size[last] = 0;
    while (first < end - 1 && ir->values[first].lane + ir->values[first].lanes <= from)
        ++first;
    while (first + *out_n < end && ir->values[first + *out_n].lane < to)
        ++*out_n;
    return first;
}

stream_box stream_ct_values_box(const stream_ct_ir *ir, int32_t first, int32_t n,
                                const stream_box *part) {
    stream_box box = *part;
    const stream_ct_value *a = &ir->values[first], *b = &ir->values[first + n - 1];
    if (a->lanes == 0)
        return box;
    box.lo[box.rank] = a->lane;
    box.size[box.rank++] = b->lane + b->lanes - a->lane;
    return box;
}

void stream_map_values(const stream_ct_ir *ir, value_map *out) {
    for (int32_t v = 0; v < ir->n_values; ++v)
        if (ir->graph.tensors[ir->values[v].tensor].kind != STREAM_TENSOR_INTERMEDIATE)
            value_map_set(out, ir->values[v].value, v);
    for (int32_t i = 0; i < ir->graph.n_cts; ++i)
        for (intptr_t r = 0; r < mlirOperationGetNumResults(ir->ct_ops[i]); ++r)
            value_map_set(out, mlirOperationGetResult(ir->ct_ops[i], r),
                          ir->first_value[ir->graph.cts[i].tensor] + (int32_t)r);
}
