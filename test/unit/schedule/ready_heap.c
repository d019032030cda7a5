// RUN: unit-schedule-ready_heap

/* A heap beside a sorted list, against an array in which the smallest is looked for. */

#include "../../../lib/schedule/ready_heap.h"

#include "test.h"

#define MOST 200

static ready_key draw(unsigned *seed, int32_t ct) {
    return ready_key_of((int32_t)(test_random(seed) % 4), test_random(seed) % 8, ct);
}

static int smallest(const ready_key *left, int n) {
    int best = 0;
    for (int i = 1; i < n; ++i)
        best = left[i] < left[best] ? i : best;
    return best;
}

static int round_of(ready_heap *h, unsigned *seed) {
    ready_key left[MOST];
    int n = 0, wrong = 0, n_listed = (int)(test_random(seed) % 40);
    stream_ready_heap_clear(h);
    for (; n < n_listed; ++n)
        stream_ready_heap_enlist(h, left[n] = draw(seed, n));
    stream_ready_heap_sort_list(h);
    for (int32_t ct = n; ct < MOST || n > 0; ++ct) {
        if (ct < MOST && test_random(seed) % 3)
            stream_ready_heap_push(h, left[n++] = draw(seed, ct));
        if (n > 0 && test_random(seed) % 2) {
            int first = smallest(left, n);
            wrong += stream_ready_heap_first(h) != left[first];
            stream_ready_heap_remove_first(h);
            left[first] = left[--n];
        }
        wrong += stream_ready_heap_is_empty(h) != (n == 0);
    }
    return wrong;
}

int main(void) {
    ready_heap h = {0};
    unsigned seed = 5;
    int wrong = 0;
    for (int i = 0; i < 300; ++i)
        wrong += round_of(&h, &seed);
    CHECK_EQ(wrong, 0);
    CHECK_EQ(ready_key_ct(ready_key_of(3, INT64_C(1) << 40, 77)), 77);
    stream_ready_heap_free(&h);
    return test_done();
}
