/* The reference's search of a row; see winner.h. */

#include "winner.h"

bool golden_build(const golden_row *r, const stream_spatial_mapping *spatial,
                  stream_cost_model model, stream_mapping_problem *out) {
    stream_loop_nest nest = r->nest;
    nest.cycles_per_op = r->cycles_per_op;
    return stream_mapping_problem_build(&nest, r->core, r->offchip, r->offchip_operands, spatial,
                                        model, NULL, out) == STREAM_OK;
}

bool golden_search(const golden_row *r, stream_mapping_objective objective,
                   stream_cost_result *out) {
    stream_loop_nest nest = r->nest;
    nest.cycles_per_op = r->cycles_per_op;
    stream_cost_options options = {.model = r->model,
                                   .objective = objective,
                                   .spatial_source = STREAM_SPATIAL_AS_ASKED,
                                   .spatial = r->spatial,
                                   .offchip = r->offchip,
                                   .offchip_operands = r->offchip_operands,
                                   .even = r->loma.even,
                                   .inner = r->loma.inner,
                                   .n_inner = r->loma.n_inner,
                                   .outer = r->loma.outer,
                                   .n_outer = r->loma.n_outer,
                                   .lpf_limit = r->loma.lpf_limit};
    return stream_cost_search(&nest, r->core, &options, NULL, out) == STREAM_OK;
}

/* Without loops of one iteration: the reference does not record the one that stands for no loop. */
static stream_temporal_mapping without_ones(const stream_mapping_problem *p,
                                            const stream_temporal_mapping *mapping) {
    stream_temporal_mapping out = {.n = 0};
    for (int32_t i = 0; i < mapping->n; ++i) {
        if (mapping->order[i].size == 1)
            continue;
        out.order[out.n++] = mapping->order[i];
        for (int32_t o = 0; o < p->n_operands; ++o)
            for (int32_t l = 0; l < p->operands[o].n_levels; ++l)
                out.cut[o][l] += i < mapping->cut[o][l];
    }
    return out;
}

bool golden_same_mapping(const stream_mapping_problem *p, const stream_temporal_mapping *ours,
                         const stream_temporal_mapping *recorded) {
    stream_temporal_mapping kept[2] = {without_ones(p, ours), without_ones(p, recorded)};
    const stream_temporal_mapping *a = &kept[0], *b = &kept[1];
    bool equal = a->n == b->n;
    for (int32_t i = 0; equal && i < a->n; ++i)
        equal = a->order[i].dim == b->order[i].dim && a->order[i].size == b->order[i].size;
    for (int32_t o = 0; equal && o < p->n_operands; ++o)
        for (int32_t l = 0; equal && l < p->operands[o].n_levels; ++l)
            equal = a->cut[o][l] == b->cut[o][l];
    return equal;
}

bool golden_same_spatial(const stream_spatial_mapping *a, const stream_spatial_mapping *b) {
    for (int32_t x = 0; x < a->n_array_dims; ++x) {
        bool equal = a->array_dims[x].n == b->array_dims[x].n;
        for (int32_t i = 0; equal && i < a->array_dims[x].n; ++i)
            equal = a->array_dims[x].at[i].dim == b->array_dims[x].at[i].dim &&
                    a->array_dims[x].at[i].factor == b->array_dims[x].at[i].factor;
        if (!equal)
            return false;
    }
    return true;
}
