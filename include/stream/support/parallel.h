#ifndef STREAM_SUPPORT_PARALLEL_H
#define STREAM_SUPPORT_PARALLEL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    STREAM_MAX_THREADS = 256
};

/* Threads for `n_items` pieces of work: as many as asked (0: as the machine has), no more than
 * there are pieces or STREAM_MAX_THREADS, at least 1. */
int32_t stream_thread_count(int32_t asked, int32_t n_items);

/* Calls run(user, worker, item) once for every item in [0, n_items), on up to n_threads threads (<
 * 1: 1) at the same time, no more than there are items; `worker` in [0, n_threads) names the
 * thread, 0 the caller's. Returns when all is done. A thread that cannot be started leaves its
 * share to the others, so `run` must not depend on who takes which item. */
void stream_parallel(int32_t n_threads, int32_t n_items,
                     void (*run)(void *user, int32_t worker, int32_t item), void *user);

#ifdef __cplusplus
}
#endif

#endif
