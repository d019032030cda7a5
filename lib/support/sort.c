/* Ids in order; see stream/support/sort.h. */

#include "stream/support/sort.h"

#include <stdlib.h>

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
