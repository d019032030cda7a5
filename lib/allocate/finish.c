/* The final schedules of the assignments that the search found; see search.h. */

#include "search.h"

#include "stream/support/parallel.h"

#include <string.h>

#define POLICIES STREAM_N_FREE_PRIORITIES

/* Runs of one final schedule, about: policies and their replays, with and without addresses. */
#define RUNS           16
/* CTs and transfers in all final schedules. */
#define MOST_SCHEDULED 600000

/* One assignment, with all policies or one. */
typedef struct {
    const allocation_result *from;
    bool has_policy;
    stream_priority policy;
    allocation_result made; /* `cores` are those of `from` */
} job;

typedef struct {
    const allocation_search *x;
    job jobs[STREAM_ALLOCATION_RESULTS * POLICIES];
    int32_t n;
} job_list;

static bool is_known(const allocation_search *x, int32_t result) {
    const allocation_result *all = x->results;
    size_t bytes = (size_t)x->p->graph->n_cts * sizeof(int32_t);
    for (int32_t i = 0; i < result; ++i)
        if (all[i].feasible && memcmp(all[i].cores, all[result].cores, bytes) == 0)
            return true;
    return false;
}

/* Of what one policy makes the earliest is kept. So the best of all is that of the objective only
 * if it is latency; for others each policy is a job. */
static void add_jobs(job_list *list, const allocation_result *from) {
    if (list->x->options->objective == STREAM_OBJECTIVE_LATENCY) {
        list->jobs[list->n++] = (job){.from = from};
        return;
    }
    for (int32_t i = 0; i < POLICIES; ++i)
        list->jobs[list->n++] =
            (job){.from = from, .has_policy = true, .policy = (stream_priority)i};
}

static void run_job(void *user, int32_t worker, int32_t item) {
    job_list *list = user;
    job *j = &list->jobs[item];
    stream_schedule_problem problem = *list->x->p;
    stream_schedule s;
    (void)worker;
    stream_arena *scratch = stream_arena_create();
    problem.cores = j->made.cores = j->from->cores;
    stream_best_options options = {.only = j->has_policy ? &j->policy : NULL,
                                   .first = &j->from->priority};
    j->made.feasible = stream_schedule_build_best_with(&problem, list->x->model, &options, scratch,
                                                       NULL, &s, &j->made.priority) == STREAM_OK;
    if (j->made.feasible)
        j->made.score = (stream_schedule_score){.latency_cycles = s.summary.latency_cycles,
                                                .energy_fj = s.summary.energy_fj};
    stream_arena_destroy(scratch);
}

static void keep_better(const allocation_search *x, const allocation_result *a,
                        allocation_result *best) {
    if (a->feasible && (!best->feasible || stream_allocation_is_better(x->options->objective,
                                                                       &a->score, &best->score)))
        *best = *a;
}

/* For what is too large, or has no final schedule: each policy once, with addresses. */
static void schedule_once(const allocation_search *x, allocation_result *best) {
    stream_schedule_workspace *w = stream_schedule_workspace_create(x->model);
    for (int32_t r = 0; r < STREAM_ALLOCATION_RESULTS; ++r)
        for (int32_t i = 0; i < POLICIES && x->results[r].feasible && !is_known(x, r); ++i) {
            allocation_result a = {.cores = x->results[r].cores, .priority = (stream_priority)i};
            stream_schedule_request request = {
                .cores = a.cores,
                .priority = a.priority,
                .cutoff = best->feasible ? stream_allocation_cutoff(x, &best->score) : INT64_MAX};
            a.feasible = stream_schedule_evaluate(w, &request, NULL, &a.score) == STREAM_OK &&
                         a.score.complete;
            keep_better(x, &a, best);
        }
    stream_schedule_workspace_destroy(w);
}

void stream_allocation_finish(const allocation_search *x, allocation_result *out) {
    job_list list = {.x = x};
    int64_t events = 0;
    for (int32_t r = 0; r < STREAM_ALLOCATION_RESULTS; ++r) {
        if (!x->results[r].feasible || is_known(x, r))
            continue;
        events += RUNS * ((int64_t)x->p->graph->n_cts + x->results[r].score.transfers);
        if (events <= MOST_SCHEDULED)
            add_jobs(&list, &x->results[r]);
    }
    stream_parallel(stream_thread_count(x->options->threads, list.n), list.n, run_job, &list);
    out->feasible = false;
    for (int32_t i = 0; i < list.n; ++i)
        keep_better(x, &list.jobs[i].made, out);
    if (!out->feasible)
        schedule_once(x, out);
}
