/* The best mapping of one layer on one core; see stream/cost/search.h. */

#include "stream/cost/search.h"

#include "fits.h"
#include "stream/support/integer.h"

#include <math.h>
#include <string.h>

void stream_spatial_request_dataflow(const stream_loop_nest *nest, const stream_core *core,
                                     int32_t dataflow, stream_spatial_request *out) {
    const stream_dataflow *flow = &core->dataflows[dataflow];
    *out = (stream_spatial_request){.count = 1};
    for (int32_t x = 0; x < core->n_array_dims; ++x)
        out->given[x] = true;
    for (int32_t i = 0; i < flow->n_unrolls; ++i) {
        const stream_unroll *u = &flow->unrolls[i];
        int32_t d = stream_nest_dim_named(nest, u->loop);
        if (d < 0 || u->array_dim < 0 || u->array_dim >= core->n_array_dims)
            continue;
        stream_unrolled_level *level = &out->unroll[u->array_dim];
        level->at[level->n++] = (stream_unrolled_dim){d, (double)u->unroll};
    }
}

typedef struct {
    const stream_loop_nest *nest;
    const stream_core *core;
    const stream_cost_options *options;
    const stream_diag *diag; /* NULL while another spatial mapping may still fit */
    stream_cost_result *best;
    bool found;
    double least_bound;
    int64_t evaluations, labels_left; /* of all spatial mappings together */
    int32_t searches_left;
} searcher;

static stream_status build(const searcher *s, const stream_spatial_mapping *spatial,
                           stream_mapping_problem *problem) {
    const stream_cost_options *o = s->options;
    return stream_mapping_problem_build(s->nest, s->core, o->offchip, o->offchip_operands, spatial,
                                        o->model, s->diag, problem);
}

/* A smaller objective, or the same one and less of the other figure. */
static bool better(const searcher *s, const stream_mapping_cost *cost) {
    return !s->found || stream_mapping_better(s->options->objective, cost, &s->best->cost);
}

static void keep(searcher *s, const stream_spatial_mapping *spatial,
                 const stream_mapping_problem *problem, const stream_temporal_mapping *mapping,
                 const stream_mapping_cost *cost) {
    if (!better(s, cost))
        return;
    s->found = true;
    s->best->spatial = *spatial;
    s->best->problem = *problem;
    s->best->mapping = *mapping;
    s->best->cost = *cost;
}

static stream_loma_options loma_options(const stream_cost_options *o) {
    return (stream_loma_options){.objective = o->objective,
                                 .lpf_limit = o->lpf_limit,
                                 .even = o->even,
                                 .inner = o->inner,
                                 .n_inner = o->n_inner,
                                 .outer = o->outer,
                                 .n_outer = o->n_outer};
}

/* The reference looks at every order, however many. Nobody waits for more than this: 10 loops. */
static stream_status check_orders(const searcher *s, const stream_mapping_problem *problem,
                                  const stream_loma_options *options) {
    enum {
        MOST = 4000000
    };
    int64_t orders = stream_loma_orders(problem, options);
    if (orders <= MOST)
        return STREAM_OK;
    return stream_error(s->diag, STREAM_LIMIT, s->nest->loc,
                        "%s would look at %lld orders of %d loops; no more than %d are searched "
                        "here (the exact model has no such limit)",
                        stream_cost_model_name(s->options->model), (long long)orders,
                        problem->n_loops, (int)MOST);
}

/* [Q] The reference searches with one cycle per operation and prices the winner with its own; a
 * spatial mapping without a valid order ends everything. */
static stream_status search_zigzag(searcher *s, const stream_spatial_mapping *spatial,
                                   stream_mapping_problem *problem) {
    stream_loma_options options = loma_options(s->options);
    stream_loma_result result;
    STREAM_TRY(check_orders(s, problem, &options));
    problem->nest.cycles_per_op = 1;
    stream_loma_search(problem, &options, &result);
    problem->nest.cycles_per_op = s->nest->cycles_per_op;
    if (result.asserted)
        return stream_error(s->diag, STREAM_INFEASIBLE, s->nest->loc,
                            "%s stops at this layer with an assertion: a load is shorter than its "
                            "own bound",
                            stream_cost_model_name(s->options->model));
    if (!result.found)
        return stream_mapping_does_not_fit(problem, s->diag);
    s->evaluations += result.valid_orders;
    keep(s, spatial, problem, &result.mapping, &result.cost);
    return STREAM_OK;
}

/* What is left of the layer's labels, shared among the spatial mappings to come. A mapping no
 * better than what is found is of no interest, but an equal one may be better in the other figure.
 */
static stream_exact_options exact_options(const searcher *s) {
    const stream_cost_options *o = s->options;
    double best = s->found ? stream_mapping_value(o->objective, &s->best->cost) : 0;
    return (stream_exact_options){.objective = o->objective,
                                  .max_labels =
                                      stream_max_i64(1, s->labels_left / s->searches_left),
                                  .cutoff = best * (1 + 1e-9),
                                  .gap = o->gap,
                                  .tie_break = o->tie_break,
                                  .even = o->even,
                                  .inner = o->inner,
                                  .n_inner = o->n_inner,
                                  .outer = o->outer,
                                  .n_outer = o->n_outer};
}

static stream_status search_exact(searcher *s, const stream_spatial_mapping *spatial,
                                  const stream_mapping_problem *problem) {
    stream_exact_options options = exact_options(s);
    stream_exact_result result;
    STREAM_TRY(stream_exact_search(problem, &options, NULL, s->diag, &result));
    s->evaluations += result.evaluations;
    s->labels_left -= result.work;
    s->least_bound = fmin(s->least_bound, result.bound);
    if (result.found)
        keep(s, spatial, problem, &result.mapping, &result.cost);
    return STREAM_OK;
}

/* One spatial mapping less is left. What was not searched may be better than all that was. */
static void note(searcher *s, stream_status status) {
    s->searches_left--;
    if (status != STREAM_OK && status != STREAM_INFEASIBLE)
        s->least_bound = 0;
}

/* All spatial mappings of one request. Those that do not fit are no error in the exact model while
 * another does. */
static stream_status search_request(searcher *s, const stream_spatial_request *request) {
    stream_spatial_mapping spatial[STREAM_SPATIAL_MAX_COUNT];
    const stream_cost_options *o = s->options;
    stream_spatial_request bounded = *request;
    int32_t n = 0;
    if (bounded.count < 1)
        bounded.count = 1;
    if (bounded.count > STREAM_SPATIAL_MAX_COUNT)
        bounded.count = STREAM_SPATIAL_MAX_COUNT;
    STREAM_TRY(stream_spatial_generate(s->nest, s->core, o->offchip, o->offchip_operands, &bounded,
                                       o->model, s->diag, spatial, &n));
    stream_status last = STREAM_OK;
    s->searches_left += n;
    for (int32_t i = 0; i < n; ++i) {
        stream_mapping_problem problem;
        stream_status status = build(s, &spatial[i], &problem);
        if (status == STREAM_OK && o->model == STREAM_MODEL_EXACT)
            status = search_exact(s, &spatial[i], &problem);
        else if (status == STREAM_OK)
            STREAM_TRY(search_zigzag(s, &spatial[i], &problem));
        note(s, status);
        last = status == STREAM_OK ? last : status;
    }
    return s->found ? STREAM_OK : last;
}

static stream_status search_all(searcher *s) {
    s->labels_left = stream_exact_labels(s->options->max_labels);
    s->searches_left = 0;
    if (s->options->spatial_source == STREAM_SPATIAL_AS_ASKED || s->core->n_dataflows == 0)
        return search_request(s, &s->options->spatial);
    stream_status last = STREAM_OK;
    for (int32_t i = 0; i < s->core->n_dataflows; ++i) {
        s->searches_left = s->core->n_dataflows - 1 - i;
        stream_spatial_request request;
        stream_spatial_request_dataflow(s->nest, s->core, i, &request);
        stream_status status = search_request(s, &request);
        last = status == STREAM_OK ? last : status;
    }
    return s->found ? STREAM_OK : last;
}

static void finish(stream_cost_result *result) {
    stream_mapping_evaluate(&result->problem, &result->mapping, &result->cost, &result->accesses);
}

stream_status stream_cost_search(const stream_loop_nest *nest, const stream_core *core,
                                 const stream_cost_options *options, const stream_diag *diag,
                                 stream_cost_result *out) {
    searcher s = {.nest = nest,
                  .core = core,
                  .options = options,
                  .diag = NULL,
                  .best = out,
                  .least_bound = INFINITY};
    memset(out, 0, sizeof *out);
    STREAM_TRY(stream_loop_nest_check(nest, diag));
    stream_status status = search_all(&s);
    if (!s.found && diag && status != STREAM_OK) { /* again, to say why */
        s.diag = diag;
        status = search_all(&s);
    }
    if (!s.found)
        return status != STREAM_OK
                   ? status
                   : stream_error(diag, STREAM_LIMIT, nest->loc,
                                  "no mapping was found within the limit of labels; a higher limit "
                                  "may find one");
    out->evaluations = s.evaluations;
    finish(out);
    if (options->model == STREAM_MODEL_EXACT) {
        double value = stream_mapping_value(options->objective, &out->cost);
        out->proven = s.least_bound >= value * (1 - stream_exact_gap(options->gap));
        out->bound = fmin(s.least_bound, value);
    }
    return STREAM_OK;
}

stream_status stream_cost_evaluate(const stream_loop_nest *nest, const stream_core *core,
                                   const stream_cost_options *options,
                                   const stream_spatial_mapping *spatial,
                                   const stream_temporal_mapping *mapping, const stream_diag *diag,
                                   stream_cost_result *out) {
    searcher s = {.nest = nest, .core = core, .options = options, .diag = diag};
    memset(out, 0, sizeof *out);
    STREAM_TRY(stream_loop_nest_check(nest, diag));
    STREAM_TRY(build(&s, spatial, &out->problem));
    STREAM_TRY(stream_mapping_check(&out->problem, mapping, diag));
    out->spatial = *spatial;
    out->mapping = *mapping;
    out->evaluations = 1;
    finish(out);
    return STREAM_OK;
}
