// RUN: unit-support-parallel
/* Every item once, whoever takes it. */

#include "stream/support/parallel.h"
#include "test.h"

#include <stdatomic.h>
#include <stdbool.h>

enum {
    N = 1000
};

typedef struct {
    atomic_int times[N];
    atomic_bool strange; /* a worker that is not in range */
    int32_t n_threads;
} tally;

static void count(void *user, int32_t worker, int32_t item) {
    tally *t = user;
    atomic_fetch_add(&t->times[item], 1);
    if (worker < 0 || worker >= (t->n_threads < 1 ? 1 : t->n_threads))
        atomic_store(&t->strange, true);
}

int main(void) {
    static const int32_t threads[] = {-1, 0, 1, 2, 7, 300};
    for (size_t k = 0; k < sizeof threads / sizeof *threads; ++k)
        for (int32_t n = 0; n <= N; n += n < 3 ? 1 : 997) {
            static tally t;
            int wrong = 0;
            t = (tally){.n_threads = threads[k]};
            stream_parallel(threads[k], n, count, &t);
            for (int32_t i = 0; i < N; ++i)
                wrong += t.times[i] != (i < n);
            CHECK_EQ(wrong, 0);
            CHECK(!t.strange);
        }
    CHECK_EQ(stream_thread_count(5, 100), 5);
    CHECK_EQ(stream_thread_count(5, 3), 3);
    CHECK_EQ(stream_thread_count(5, 0), 1);
    CHECK_EQ(stream_thread_count(100000, 100000), STREAM_MAX_THREADS);
    CHECK(stream_thread_count(0, 100) >= 1);
    return test_done();
}
