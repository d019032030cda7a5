#ifndef STREAM_SUPPORT_SORT_H
#define STREAM_SUPPORT_SORT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Ascending. Fast for few numbers, and for those that are sorted but for the last ones. */
void stream_sort_i32(int32_t *ids, size_t n);

typedef struct {
    uint64_t key;
    int64_t value;
} stream_keyed;

/* By ascending key; equal keys stay in order. O(n bytes of the highest key); `scratch` has room for n. */
void stream_sort_keyed(stream_keyed *items, size_t n, stream_keyed *scratch);

#ifdef __cplusplus
}
#endif

#endif
