/* Independent pieces of work on several threads; see stream/support/parallel.h. */

#include "stream/support/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

typedef struct {
    void (*run)(void *user, int32_t worker, int32_t item);
    void *user;
    int32_t n_items;
    atomic_int next; /* item that no thread has taken */
} queue;

typedef struct {
    queue *q;
    int32_t id;
    pthread_t thread;
} worker;

static void *work(void *user) {
    const worker *w = user;
    for (int32_t i = atomic_fetch_add(&w->q->next, 1); i < w->q->n_items;
         i = atomic_fetch_add(&w->q->next, 1))
        w->q->run(w->q->user, w->id, i);
    return NULL;
}

int32_t stream_thread_count(int32_t asked, int32_t n_items) {
    long n = asked > 0 ? asked : sysconf(_SC_NPROCESSORS_ONLN);
    n = n < n_items ? n : n_items;
    n = n < STREAM_MAX_THREADS ? n : STREAM_MAX_THREADS;
    return n < 1 ? 1 : (int32_t)n;
}

void stream_parallel(int32_t n_threads, int32_t n_items,
                     void (*run)(void *user, int32_t worker, int32_t item), void *user) {
    queue q = {.run = run, .user = user, .n_items = n_items};
    worker workers[STREAM_MAX_THREADS];
    int32_t started = 1;
    workers[0] = (worker){.q = &q};
    int32_t most = n_threads < n_items ? n_threads : n_items;
    for (; started < most && started < STREAM_MAX_THREADS; ++started) {
        workers[started] = (worker){.q = &q, .id = started};
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0)
            break;
    }
    work(&workers[0]);
    for (int32_t i = 1; i < started; ++i)
        pthread_join(workers[i].thread, NULL);
}
