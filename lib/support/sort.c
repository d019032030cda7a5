/* Ids and keys in order; see stream/support/sort.h. */

#include "stream/support/sort.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

void stream_sort_i32(int32_t *ids, size_t n) {
    size_t sorted = 1;
    while (sorted < n && ids[sorted - 1] <= ids[sorted])
        ++sorted;
    if (sorted >= n)
        return;
    if (n > 64) {
        qsort(ids, n, sizeof *ids, compare);
        return;
    }
    for (size_t i = sorted; i < n; ++i) {
        int32_t id = ids[i];
        size_t k = i;
        for (; k > 0 && ids[k - 1] > id; --k)
            ids[k] = ids[k - 1];
        ids[k] = id;
    }
}

/* Fewer items are sorted by insertion. */
#define FEW_KEYED 64

static void insert_keyed(stream_keyed *items, size_t n) {
    for (size_t i = 1; i < n; ++i) {
        stream_keyed item = items[i];
        size_t k = i;
        for (; k > 0 && items[k - 1].key > item.key; --k)
            items[k] = items[k - 1];
        items[k] = item;
    }
}

enum {
    DIGIT_BITS = 11,
    DIGITS = 1 << DIGIT_BITS
};

static size_t digit_of(const stream_keyed *item, uint32_t shift) {
    return (size_t)(item->key >> shift) % DIGITS;
}

static void sort_digit(const stream_keyed *items, size_t n, uint32_t shift, stream_keyed *out) {
    size_t first[DIGITS + 1] = {0};
    for (size_t i = 0; i < n; ++i)
        first[digit_of(&items[i], shift) + 1]++;
    for (size_t d = 0; d < DIGITS; ++d)
        first[d + 1] += first[d];
    for (size_t i = 0; i < n; ++i)
        out[first[digit_of(&items[i], shift)]++] = items[i];
}

void stream_sort_keyed(stream_keyed *items, size_t n, stream_keyed *scratch) {
    stream_keyed *from = items, *to = scratch;
    uint64_t any = 0;
    if (n <= FEW_KEYED) {
        insert_keyed(items, n);
        return;
    }
    for (size_t i = 0; i < n; ++i)
        any |= items[i].key;
    for (uint32_t shift = 0; shift < 64 && any >> shift; shift += DIGIT_BITS) {
        sort_digit(from, n, shift, to);
        stream_keyed *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != items)
        memcpy(items, from, n * sizeof *items);
}
