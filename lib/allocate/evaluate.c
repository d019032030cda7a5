/* Points of the search evaluated on several threads; see internal.h. */

#include "internal.h"

#include "stream/schedule/policy.h"
#include "stream/support/alloc.h"
#include "stream/support/integer.h"
#include "stream/support/parallel.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_WORKERS = 64,     /* each has two workspaces */
    MOST_RESUMABLE = 50000 /* CTs: the states that it keeps take about 1 KiB each */
};

typedef struct {
    stream_schedule_workspace *workspace;
    stream_schedule_workspace *replays; /* so that what `workspace` keeps of its last run stays */
    int32_t *cores;                     /* [n_cts] */
    int64_t *load;                      /* [n_cores] cycles */
} worker;

struct stream_allocation_pool {
    const stream_schedule_problem *p;
    worker *workers;
    int32_t n_workers;
    bool resumable;
    allocation *points;
    const allocation_goal *goal;
};

stream_allocation_pool *stream_allocation_pool_create(const stream_schedule_problem *p,
                                                      const stream_schedule_model *model,
                                                      int32_t threads) {
    stream_allocation_pool *pool = stream_alloc_zeroed(1, sizeof *pool);
    pool->p = p;
    pool->n_workers = stream_thread_count(threads, MOST_WORKERS);
    pool->workers = stream_alloc_zeroed((size_t)pool->n_workers, sizeof *pool->workers);
    pool->resumable = p->graph->n_cts <= MOST_RESUMABLE;
    for (int32_t i = 0; i < pool->n_workers; ++i) {
        worker *w = &pool->workers[i];
        w->workspace = stream_schedule_workspace_create(model);
        w->replays = pool->resumable ? stream_schedule_workspace_create(model) : w->workspace;
        w->cores = stream_alloc_zeroed((size_t)p->graph->n_cts, sizeof(int32_t));
        w->load = stream_alloc_zeroed((size_t)p->acc->n_cores, sizeof(int64_t));
    }
    return pool;
}

void stream_allocation_pool_destroy(stream_allocation_pool *pool) {
    for (int32_t i = 0; i < pool->n_workers; ++i) {
        stream_schedule_workspace_destroy(pool->workers[i].workspace);
        if (pool->resumable)
            stream_schedule_workspace_destroy(pool->workers[i].replays);
        free(pool->workers[i].cores);
        free(pool->workers[i].load);
    }
    free(pool->workers);
    free(pool);
}

void stream_allocation_expand(const allocation_space *s, const int32_t *core_of, int32_t *cores) {
    size_t n_cores = (size_t)s->p->acc->n_cores;
    for (int32_t g = 0; g < s->n_groups; ++g)
        for (int32_t i = 0; i < s->groups[g].n_cts; ++i) {
            int32_t ct = s->group_cts[s->groups[g].first_ct + i];
            if (s->pinned && s->pinned[ct] >= 0)
                cores[ct] = s->pinned[ct];
            else
                cores[ct] = s->allowed[(size_t)ct * n_cores + (size_t)core_of[g]] ? core_of[g]
                                                                                  : s->fastest[ct];
        }
}

/* Has some core more to do than that? Such a point needs no schedule. */
static bool is_overloaded(const stream_allocation_pool *pool, const worker *w, int64_t cycles) {
    const stream_ct_graph *g = pool->p->graph;
    int64_t n_cores = pool->p->acc->n_cores;
    bool over = false;
    memset(w->load, 0, (size_t)n_cores * sizeof *w->load);
    for (int32_t i = 0; i < g->n_cts && !over; ++i) {
        int64_t price = pool->p->cycles[g->cts[i].kernel * n_cores + w->cores[i]];
        int64_t *load = &w->load[w->cores[i]];
        over = price > cycles - *load;
        *load += price;
    }
    return over;
}

/* One run; false: there is no schedule, or it is later than the cutoff. */
static bool run(stream_schedule_workspace *w, const stream_schedule_request *request, allocation *a,
                stream_schedule_score *out) {
    int32_t n_placed;
    bool ok = stream_schedule_evaluate(w, request, NULL, out) == STREAM_OK && out->complete;
    (void)stream_schedule_placed(w, &n_placed);
    a->events += (int64_t)n_placed + out->transfers;
    a->runs++;
    return ok;
}

/* What the worker ran last again in the order of its starts, as the final schedule will be. */
static void replay(const stream_allocation_pool *pool, const worker *w, allocation *a) {
    stream_arena *scratch = stream_arena_create();
    int32_t *order = STREAM_NEW(scratch, int32_t, (size_t)pool->p->graph->n_cts);
    stream_schedule_by_start(w->workspace, scratch, order);
    stream_schedule_request request = {.cores = w->cores,
                                       .order = order,
                                       .priority = STREAM_PRIORITY_GIVEN,
                                       .cutoff = a->score.latency_cycles,
                                       .without_addresses = pool->goal->without_addresses};
    stream_schedule_score score;
    if (run(w->replays, &request, a, &score) && stream_score_is_better(&score, &a->score)) {
        a->gain_cycles = a->score.latency_cycles - score.latency_cycles;
        a->score = score;
    }
    stream_arena_destroy(scratch);
}

/* Better than the best if the replay gains as much as any did? */
static bool is_promising(const allocation_goal *goal, const stream_schedule_score *score) {
    stream_schedule_score hoped = *score;
    hoped.latency_cycles -= goal->gain_cycles;
    return !goal->best || stream_allocation_is_better(goal->objective, &hoped, goal->best);
}

static void evaluate(void *user, int32_t id, int32_t point) {
    const stream_allocation_pool *pool = user;
    const worker *w = &pool->workers[id];
    allocation *a = &pool->points[point];
    stream_allocation_expand(a->space, a->core_of, w->cores);
    a->feasible = false;
    a->events = 0;
    a->runs = 0;
    a->gain_cycles = 0;
    if (is_overloaded(pool, w, pool->goal->cutoff))
        return;
    /* points of a round differ in a few groups: what is before them is not scheduled again */
    stream_schedule_request request = {
        .cores = w->cores,
        .priority = a->priority,
        .cutoff = stream_sum_i64(pool->goal->cutoff, pool->goal->gain_cycles),
        .resume = pool->resumable,
        .without_addresses = pool->goal->without_addresses};
    if (!run(w->workspace, &request, a, &a->score))
        return;
    if (is_promising(pool->goal, &a->score))
        replay(pool, w, a);
    a->feasible = a->score.latency_cycles <= pool->goal->cutoff;
}

void stream_allocation_evaluate(stream_allocation_pool *pool, const allocation_goal *goal,
                                allocation *points, int32_t n) {
    pool->points = points;
    pool->goal = goal;
    stream_parallel(pool->n_workers, n, evaluate, pool);
}
