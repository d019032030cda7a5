/* Points of the search evaluated on several threads; see internal.h. */

#include "internal.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct {
    stream_allocation_pool *pool;
    stream_schedule_workspace *workspace;
    int32_t *cores; /* [n_cts] */
    int32_t first;  /* evaluates points first, first + n_workers, ... */
    pthread_t thread;
} worker;

struct stream_allocation_pool {
    const allocation_space *s;
    worker *workers;
    int32_t n_workers;
    allocation *points;
    int32_t n_points;
    int64_t cutoff;
};

static void *zeroed(size_t n, size_t size) {
    void *p = calloc(n ? n : 1, size);
    if (!p) {
        fputs("stream: out of memory\n", stderr);
        abort();
    }
    return p;
}

static int32_t count_threads(int32_t asked) {
    long n = asked > 0 ? asked : sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 64 ? 64 : (int32_t)n;
}

stream_allocation_pool *stream_allocation_pool_create(const allocation_space *s,
                                                      const stream_schedule_model *model,
                                                      int32_t threads) {
    stream_allocation_pool *pool = zeroed(1, sizeof *pool);
    pool->s = s;
    pool->n_workers = count_threads(threads);
    pool->workers = zeroed((size_t)pool->n_workers, sizeof *pool->workers);
    for (int32_t i = 0; i < pool->n_workers; ++i)
        pool->workers[i] = (worker){.pool = pool,
                                    .workspace = stream_schedule_workspace_create(model),
                                    .cores = zeroed((size_t)s->p->graph->n_cts, sizeof(int32_t)),
                                    .first = i};
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

static void *work(void *user) {
    worker *w = user;
    for (int32_t i = w->first; i < w->pool->n_points; i += w->pool->n_workers) {
        allocation *a = &w->pool->points[i];
        stream_allocation_expand(w->pool->s, a->core_of, w->cores);
        a->feasible = stream_schedule_evaluate(w->workspace, w->cores, a->priority, w->pool->cutoff,
                                               NULL, &a->score) == STREAM_OK &&
                      a->score.complete;
    }
    return NULL;
}

/* A thread that cannot be started has its share done here: slower, the same result. */
void stream_allocation_evaluate(stream_allocation_pool *pool, allocation *points, int32_t n,
                                int64_t cutoff) {
    pool->points = points;
    pool->n_points = n;
    pool->cutoff = cutoff;
    int32_t used = n < pool->n_workers ? n : pool->n_workers;
    bool started[64] = {false};
    for (int32_t i = 1; i < used; ++i)
        started[i] = pthread_create(&pool->workers[i].thread, NULL, work, &pool->workers[i]) == 0;
    for (int32_t i = 0; i < used; ++i)
        if (!started[i])
            work(&pool->workers[i]);
    for (int32_t i = 1; i < used; ++i)
        if (started[i])
            pthread_join(pool->workers[i].thread, NULL);
}
