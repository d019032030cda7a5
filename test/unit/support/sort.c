// RUN: unit-support-sort

/* Sorting of ids and keys against the definition: in order, equal keys as they were. */

#include "stream/support/sort.h"
#include "test.h"

#include <stdbool.h>

enum {
    MOST = 5000
};

static bool keyed(unsigned *seed, size_t n, int32_t key_bits) {
    static stream_keyed items[MOST], scratch[MOST];
    static int32_t seen[MOST];
    uint64_t mask = key_bits == 64 ? UINT64_MAX : (UINT64_C(1) << key_bits) - 1, before = 0;
    uint64_t keys[MOST];
    bool right = true;
    for (size_t i = 0; i < n; ++i) {
        keys[i] = ((uint64_t)test_random(seed) << 40 ^ (uint64_t)test_random(seed) << 20 ^
                   test_random(seed)) &
                  mask;
        items[i] = (stream_keyed){keys[i], (int64_t)i};
        seen[i] = 0;
    }
    stream_sort_keyed(items, n, scratch);
    for (size_t i = 0; i < n; ++i) {
        size_t id = (size_t)items[i].value;
        right &= id < n && items[i].key == keys[id] && ++seen[id] == 1;
        right &= items[i].key >= before;
        right &= i == 0 || items[i].key != before || items[i - 1].value < items[i].value;
        before = items[i].key;
    }
    return right;
}

static bool ids(unsigned *seed, size_t n) {
    int32_t a[MOST];
    int64_t sum = 0;
    bool right = true;
    for (size_t i = 0; i < n; ++i)
        sum += a[i] = (int32_t)(test_random(seed) % 1000) - 500;
    stream_sort_i32(a, n);
    for (size_t i = 0; i < n; ++i) {
        sum -= a[i];
        right &= i == 0 || a[i - 1] <= a[i];
    }
    return right && sum == 0;
}

int main(void) {
    static const int32_t bits[] = {0, 1, 7, 11, 12, 33, 63, 64};
    unsigned seed = 7;
    for (size_t n = 0; n <= MOST; n = n < 70 ? n + 1 : 2 * n) {
        for (size_t b = 0; b < sizeof bits / sizeof *bits; ++b)
            CHECK(keyed(&seed, n, bits[b]));
        CHECK(ids(&seed, n));
    }
    return test_done();
}
