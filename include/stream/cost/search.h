#ifndef STREAM_COST_SEARCH_H
#define STREAM_COST_SEARCH_H

#include "stream/cost/exact.h"
#include "stream/cost/spatial.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One layer (or tile) on one core: the best spatial and temporal mapping under a model.
 *
 *     nest + core --spatial mappings--> problem --LOMA or exact search--> best mapping, its price
 */

typedef enum {
    STREAM_SPATIAL_OF_CORE, /* the core's dataflows if it names some, otherwise generated */
    STREAM_SPATIAL_AS_ASKED /* `spatial` says what is given, hinted, or generated */
} stream_spatial_source;

typedef struct {
    stream_cost_model model;
    stream_mapping_objective objective;
    stream_spatial_source spatial_source;
    stream_spatial_request spatial; /* `count` and `mixed` hold for generation in both cases */
    const stream_memory *offchip;   /* appended on top for `offchip_operands`, or NULL */
    uint8_t offchip_operands;       /* bit per stream_operand_class */
    bool even;
    const stream_loop_pin *inner, *outer; /* see loma.h */
    int32_t n_inner, n_outer;
    int32_t lpf_limit;  /* zigzag models: 6 in the reference's programs */
    int64_t max_labels; /* exact model, all spatial mappings together; 0: 120,000 */
    double gap;         /* exact model; 0: 1e-12 */
    bool tie_break;     /* exact model */
} stream_cost_options;

/* One spatial mapping (where it is generated), full proofs, no pins. */
#define STREAM_COST_OPTIONS_DEFAULTS                                                               \
    ((stream_cost_options){                                                                        \
        .model = STREAM_MODEL_EXACT, .spatial = {.count = 1}, .lpf_limit = 6, .tie_break = true})

/* A flat value: no pointers but names, free to copy. */
typedef struct {
    stream_spatial_mapping spatial; /* as given or generated; problem.operands hold what is used */
    stream_mapping_problem problem;
    stream_temporal_mapping mapping; /* as allocated; evaluate merges stationary loops itself */
    stream_mapping_cost cost;
    stream_mapping_accesses accesses;
    bool proven;  /* exact model: optimal over all orders and allocations of every spatial mapping
                     that was tried; zigzag models: false */
    double bound; /* exact model: proven lower bound on the objective; zigzag models: 0 */
    int64_t evaluations;
} stream_cost_result;

/* The core's dataflow i as a request: its unrollings of loops that the nest has, matched by
 * stream_nest_dim_named; other array dims hold nothing. */
void stream_spatial_request_dataflow(const stream_loop_nest *nest, const stream_core *core,
                                     int32_t dataflow, stream_spatial_request *out);

/* The best mapping. Deterministic.
 * errs  INFEASIBLE: no mapping fits, naming operand, memory, bits needed and available
 *       INVALID, UNSUPPORTED: as stream_mapping_problem_build and stream_exact_search */
STREAM_NODISCARD
stream_status stream_cost_search(const stream_loop_nest *nest, const stream_core *core,
                                 const stream_cost_options *options, const stream_diag *diag,
                                 stream_cost_result *out);

/* The price of a given spatial and temporal mapping (not those in `out`); fills everything but
 * `proven` and `bound`.
 * errs  INVALID: the mapping does not cover the nest, or a level does not fit its memory */
STREAM_NODISCARD
stream_status stream_cost_evaluate(const stream_loop_nest *nest, const stream_core *core,
                                   const stream_cost_options *options,
                                   const stream_spatial_mapping *spatial,
                                   const stream_temporal_mapping *mapping, const stream_diag *diag,
                                   stream_cost_result *out);

#ifdef __cplusplus
}
#endif

#endif
