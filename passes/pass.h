#ifndef STREAM_PASSES_PASS_H
#define STREAM_PASSES_PASS_H

#include "mlir-c/IR.h"

#include "stream/allocate/allocate.h"
#include "stream/support/arena.h"
#include "stream/support/diag.h"
#include "stream/support/text.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a pass implementation sees. A pass is load, check, compute, verify, save:
 *
 *     stream_status stream_pass_schedule_run(stream_pass *pass, MlirOperation module) {
 *         stream_accelerator *acc;
 *         STREAM_TRY(stream_load_accelerator(pass, module, &acc));      IR -> structs
 *         ...
 *         STREAM_TRY(stream_schedule_build(&problem, priority, pass->arena, pass->diag, &schedule));
 *         return stream_save_schedule(pass, module, &problem, &schedule);  structs -> IR
 *     }
 *
 * Options are declared in Passes.td, which has their meaning and defaults; glue.cpp copies them here.
 * Strings are NUL-terminated, never NULL, and live as long as the run. An option whose text is not one of
 * the listed words is refused by the option parser, not here. */

typedef enum { STREAM_TILE_CAPACITY, STREAM_TILE_LAYER_BY_LAYER } stream_fusion_option;
typedef enum { STREAM_TILE_FEWEST, STREAM_TILE_CHEAPEST } stream_shape_option;

typedef struct {
    const char *function; /* "": the only candidate */
    stream_fusion_option fusion;
    stream_shape_option shape;
    const char *const *cuts; /* layer names that begin a new stack */
    int32_t n_cuts;
    const char *const *tiles; /* rules of stream/plan/defaults.h */
    int32_t n_tiles;
    int64_t rows;
    double fill;
    bool fuse_elementwise;
    bool streaming;
    bool report;
    int32_t max_cts;
    stream_text *out_plans; /* NULL, or gets what stream_plan_print says */
} stream_tile_pass_options;

typedef struct {
    enum { STREAM_MODEL_OPTION_EXACT, STREAM_MODEL_OPTION_ZIGZAG_3_8_5,
           STREAM_MODEL_OPTION_ZIGZAG_3_9_1, STREAM_MODEL_OPTION_SIMPLE } model;
    enum { STREAM_COST_LATENCY, STREAM_COST_ENERGY, STREAM_COST_EDP } objective;
    bool any_dataflow;
    int64_t max_labels;
    int32_t threads;   /* 0: as many as the machine has */
    const char *cache; /* "": none */
} stream_annotate_cost_pass_options;

typedef struct {
    stream_objective objective;
    int32_t evaluations;
    uint32_t seed;
    int32_t threads;       /* 0: as many as the machine has */
    int64_t cutoff_cycles; /* LIMIT where no first assignment is as fast; 0: any */
} stream_allocate_pass_options;

typedef struct {
    const char *function; /* "": the only candidate */
    enum {
        STREAM_POLICY_AUTO,
        STREAM_POLICY_BEST,
        STREAM_POLICY_LATENCY,
        STREAM_POLICY_MEMORY,
        STREAM_POLICY_AHEAD,
        STREAM_POLICY_DEMAND,
        STREAM_POLICY_GIVEN
    } policy;
    int32_t order_tries; /* of auto and best */
    enum { STREAM_SCHEDULE_COALA, STREAM_SCHEDULE_COALA_V0 } model;
    /* of coala-v0 alone */
    enum { STREAM_COMPATIBLE_ZIGZAG_3_8_5, STREAM_COMPATIBLE_ZIGZAG_3_9_1,
           STREAM_COMPATIBLE_EXACT } cost_model;
    bool prefetch;
    const char *const *tiles; /* rules of stream/plan/defaults.h */
    int32_t n_tiles;
} stream_schedule_pass_options;

/* Of the passes whose outcome it compares; fusion, rows and shape of `tile` are what it chooses. */
typedef struct {
    stream_tile_pass_options tile;
    stream_annotate_cost_pass_options cost;
    stream_allocate_pass_options allocate;
    stream_schedule_pass_options schedule;
} stream_choose_tiles_pass_options;

typedef struct {
    int32_t max_reports;
} stream_verify_schedule_pass_options;

typedef struct {
    enum { STREAM_LOWER_IMPLICIT, STREAM_LOWER_EXPLICIT } memories;
} stream_lower_pass_options;

/* One run of one pass. Passes on different modules may run at the same time: no globals. */
typedef struct {
    stream_arena *arena;    /* dies after the run */
    const stream_diag *diag; /* to MLIR's diagnostics; locations are stream_loc_of(op) */
    MlirContext context;
    union { /* by pass */
        stream_choose_tiles_pass_options choose_tiles;
        stream_tile_pass_options tile;
        stream_annotate_cost_pass_options annotate_cost;
        stream_allocate_pass_options allocate;
        stream_schedule_pass_options schedule;
        stream_verify_schedule_pass_options verify_schedule;
        stream_lower_pass_options lower;
    };
} stream_pass;

/* Entry points, one per pass, each in passes/<name>.c. `module` is the builtin.module that the pass runs
 * on. Anything but STREAM_OK fails the pass; the reason has gone to pass->diag. */
stream_status stream_pass_choose_tiles_run(stream_pass *pass, MlirOperation module);
stream_status stream_pass_tile_run(stream_pass *pass, MlirOperation module);
stream_status stream_pass_print_ct_graph_run(stream_pass *pass, MlirOperation module);
stream_status stream_pass_annotate_cost_run(stream_pass *pass, MlirOperation module);
stream_status stream_pass_allocate_run(stream_pass *pass, MlirOperation module);
stream_status stream_pass_schedule_run(stream_pass *pass, MlirOperation module);
stream_status stream_pass_verify_schedule_run(stream_pass *pass, MlirOperation module);
stream_status stream_pass_lower_run(stream_pass *pass, MlirOperation module);

/* Registers the passes above and the pipeline `stream-pipeline` by name. Once per process. */
void stream_register_passes(void);

#ifdef __cplusplus
}
#endif

#endif
