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
