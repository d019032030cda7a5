/* Points of the search evaluated on several threads; see internal.h. */

#include "internal.h"

#include "stream/support/alloc.h"
#include "stream/support/parallel.h"

#include <stdlib.h>

enum {
    MOST_WORKERS = 64,     /* each has a workspace */
    MOST_RESUMABLE = 50000 /* CTs: the states that it keeps take about 1 KiB each */
};

typedef struct {
    stream_schedule_workspace *workspace;
    int32_t *cores; /* [n_cts] */
} worker;

struct stream_allocation_pool {
    const allocation_space *s;
    worker *workers;
    int32_t n_workers;
    allocation *points;
    int64_t cutoff;
};

stream_allocation_pool *stream_allocation_pool_create(const allocation_space *s,
                                                      const stream_schedule_model *model,
                                                      int32_t threads) {
    stream_allocation_pool *pool = stream_alloc_zeroed(1, sizeof *pool);
    pool->s = s;
    pool->n_workers = stream_thread_count(threads, MOST_WORKERS);
    pool->workers = stream_alloc_zeroed((size_t)pool->n_workers, sizeof *pool->workers);
    for (int32_t i = 0; i < pool->n_workers; ++i)
        pool->workers[i] =
            (worker){.workspace = stream_schedule_workspace_create(model),
                     .cores = stream_alloc_zeroed((size_t)s->p->graph->n_cts, sizeof(int32_t))};
    return pool;
}

void stream_allocation_pool_destroy(stream_allocation_pool *pool) {
    for (int32_t i = 0; i < pool->n_workers; ++i) {
        stream_schedule_workspace_destroy(pool->workers[i].workspace);
        free(pool->workers[i].cores);
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

static void evaluate(void *user, int32_t id, int32_t point) {
    const stream_allocation_pool *pool = user;
    const worker *w = &pool->workers[id];
    allocation *a = &pool->points[point];
    stream_allocation_expand(pool->s, a->core_of, w->cores);
    /* points of a round differ in a few groups: what is before them is not scheduled again */
    stream_schedule_request request = {.cores = w->cores,
                                       .priority = a->priority,
                                       .cutoff = pool->cutoff,
                                       .resume = pool->s->p->graph->n_cts <= MOST_RESUMABLE};
    a->feasible = stream_schedule_evaluate(w->workspace, &request, NULL, &a->score) == STREAM_OK &&
                  a->score.complete;
}

void stream_allocation_evaluate(stream_allocation_pool *pool, allocation *points, int32_t n,
                                int64_t cutoff) {
    pool->points = points;
    pool->cutoff = cutoff;
    stream_parallel(pool->n_workers, n, evaluate, pool);
}
