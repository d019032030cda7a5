/* Pricing layers in parallel; see jobs.h. */

#include "jobs.h"

#include "stream/support/parallel.h"

typedef struct {
    const cost_jobs *jobs;
    const stream_core *core;
} pool;

/* The first error is the reason. */
static void keep_error(void *user, stream_severity severity, stream_loc loc, const char *text) {
    cost_job *job = user;
    if (severity != STREAM_ERROR || job->error.length > 0)
        return;
    stream_text_str(&job->error, text);
    job->error_loc = loc;
}

/* Into job->result; NULL if there is none. */
static void price(cost_job *job, const stream_core *core) {
    stream_diag diag = {keep_error, job};
    stream_status status = stream_cost_search(&job->nest, core, &job->options, &diag, job->result);
    if (status == STREAM_OK)
        return;
    job->result = NULL;
    if (job->error.length == 0)
        stream_text_str(&job->error, "the search found no mapping");
}

static void price_item(void *user, int32_t worker, int32_t item) {
    const pool *p = user;
    (void)worker;
    if (p->jobs->jobs[item].result)
        price(&p->jobs->jobs[item], p->core);
}

void cost_jobs_run(cost_jobs *jobs, const stream_core *core, int32_t n_threads,
                   stream_arena *arena) {
    pool p = {.jobs = jobs, .core = core};
    for (int32_t i = 0; i < jobs->n_jobs; ++i)
        if (jobs->jobs[i].same_as < 0 && !jobs->jobs[i].layer->error)
            jobs->jobs[i].result = STREAM_NEW(arena, stream_cost_result, 1);
    stream_parallel(n_threads, jobs->n_jobs, price_item, &p);
    for (int32_t i = 0; i < jobs->n_jobs; ++i)
        if (jobs->jobs[i].same_as >= 0)
            jobs->jobs[i].result = jobs->jobs[jobs->jobs[i].same_as].result;
}

static stream_status explain(cost_job *job, const stream_core *core, int32_t n_threads,
                             stream_arena *arena, const stream_diag *diag) {
    job->explanation = STREAM_NEW(arena, stream_cost_explanation, 1);
    job->changes = STREAM_NEW(arena, stream_change, STREAM_COST_MAX_CHANGES);
    stream_cost_explain(job->result, job->explanation);
    return stream_cost_changes(&job->nest, core, &job->options, job->result, n_threads, diag,
                               job->changes, &job->n_changes);
}

stream_status cost_jobs_explain(cost_jobs *jobs, const stream_core *core, int32_t n_threads,
                                stream_arena *arena, const stream_diag *diag) {
    for (int32_t i = 0; i < jobs->n_jobs; ++i) {
        cost_job *job = &jobs->jobs[i];
        if (!job->result)
            continue;
        if (job->same_as < 0) {
            STREAM_TRY(explain(job, core, n_threads, arena, diag));
            continue;
        }
        const cost_job *same = &jobs->jobs[job->same_as];
        job->explanation = same->explanation;
        job->changes = same->changes;
        job->n_changes = same->n_changes;
    }
    return STREAM_OK;
}

const char *cost_job_error(const cost_jobs *jobs, int32_t job) {
    const cost_job *j = &jobs->jobs[job];
    return j->same_as < 0 ? j->error.data : jobs->jobs[j->same_as].error.data;
}

static int32_t count_same(const cost_jobs *jobs, int32_t job) {
    int32_t n = 0;
    for (int32_t i = 0; i < jobs->n_jobs; ++i)
        n += jobs->jobs[i].same_as == job;
    return n;
}

int32_t cost_jobs_report(const cost_jobs *jobs, const stream_diag *diag) {
    int32_t missing = 0;
    for (int32_t i = 0; i < jobs->n_jobs; ++i) {
        const cost_job *job = &jobs->jobs[i];
        if (job->result)
            continue;
        missing++;
        if (job->same_as >= 0)
            continue;
        int32_t others = count_same(jobs, i);
        stream_text also = {0};
        stream_text_str(&also, "");
        if (others > 0)
            stream_text_print(&also, " (and %d equal layer%s)", others, others > 1 ? "s" : "");
        (void)stream_error(diag, STREAM_INFEASIBLE, job->error_loc, "layer '%s'%s: %s",
                           job->layer->name, also.data, job->error.data);
        stream_text_free(&also);
    }
    return missing;
}
