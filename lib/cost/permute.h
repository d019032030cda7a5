#ifndef STREAM_LIB_COST_PERMUTE_H
#define STREAM_LIB_COST_PERMUTE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    STREAM_PERMUTE_MAX = 48
};

/* All distinct permutations of a multiset by prefix shifts (Williams, SODA 2009), from the
 * non-increasing one. key[i] of item i, items sorted by descending key, equal items with equal
 * keys. */
typedef struct {
    int32_t n, head, i, j;
    int32_t key[STREAM_PERMUTE_MAX], next[STREAM_PERMUTE_MAX];
} stream_permutation;

void stream_permutation_start(stream_permutation *p, const int32_t *descending_keys, int32_t n);
/* Item indices in the present order. */
void stream_permutation_read(const stream_permutation *p, int32_t *items);
/* False after the last one. */
bool stream_permutation_next(stream_permutation *p);

#endif
