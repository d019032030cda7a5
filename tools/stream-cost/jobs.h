#ifndef STREAM_COST_TOOL_JOBS_H
#define STREAM_COST_TOOL_JOBS_H

#include "layers.h"
#include "options.h"

#include "stream/cost/explain.h"
#include "stream/import/zigzag_mapping.h"

/* One layer to be priced, and its price. */
typedef struct {
    const cost_layer *layer;
    const stream_zigzag_rule *rule; /* entry of the mapping file; NULL: no file */
    stream_loop_nest nest;          /* memory operands set */
    stream_zigzag_choice choice;
    stream_cost_options options; /* refers to `choice` */
    int32_t same_as;             /* an earlier job with the same nest and rule, or -1 */
    stream_cost_result *result;  /* NULL: not priced; that of same_as, if there is one */
    stream_text error;           /* why not */
    stream_loc error_loc;
    stream_cost_explanation *explanation; /* --explain; NULL otherwise */
    stream_change *changes;
    int32_t n_changes;
} cost_job;

typedef struct {
    cost_job *jobs;
    int32_t n_jobs;
} cost_jobs;

/* What is to be priced: layers called options->layer, or all, as `mapping` (or NULL) says.
 * Warns of operators of a network that `core` does not run, once each: they are priced.
 * offchip  memory of --offchip, or NULL
 * errs     INVALID: no layer of that name, no entry of the mapping for a layer, a mapping that
 *          contradicts the layer or the core */
STREAM_NODISCARD
stream_status cost_jobs_make(const cost_options *options, const cost_layers *layers,
                             const stream_core *core, const stream_memory *offchip,
                             const stream_zigzag_mapping *mapping, stream_arena *arena,
                             const stream_diag *diag, cost_jobs *out);

/* Prices every distinct job, `n_threads` at the same time; the results do not depend on it. Errors
 * of the search go to the jobs. */
void cost_jobs_run(cost_jobs *jobs, const stream_core *core, int32_t n_threads,
                   stream_arena *arena);

/* Says of every job with a result what bounds it, and measures what changes of the core would help.
 * errs  INVALID: a doubled size overflows */
STREAM_NODISCARD
stream_status cost_jobs_explain(cost_jobs *jobs, const stream_core *core, int32_t n_threads,
                                stream_arena *arena, const stream_diag *diag);

/* Why a job has no result. */
const char *cost_job_error(const cost_jobs *jobs, int32_t job);

/* Reports the errors of jobs that have no result, each once. Returns how many layers have none. */
int32_t cost_jobs_report(const cost_jobs *jobs, const stream_diag *diag);

void cost_jobs_free(cost_jobs *jobs);

#endif
