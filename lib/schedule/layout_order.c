/* Items in order; see layout_order.h. */

#include "layout_order.h"

#include "stream/support/alloc.h"
#include "stream/support/sort.h"

#include <stdlib.h>

/* What is first has the highest. */
static uint64_t rank_of(const layout_item *item, layout_order by) {
    double length = (double)(item->until - item->start), area = length * (double)item->bits;
    switch (by) {
    case LAYOUT_BY_AREA:
        return area < 0x1p63 ? (uint64_t)area : (uint64_t)1 << 63;
    case LAYOUT_BY_BITS:
        return (uint64_t)item->bits;
    case LAYOUT_BY_START:
        break;
    }
    return INT64_MAX - (uint64_t)item->start;
}

void stream_layout_order(const layout_item *items, int32_t n, layout_order by, int32_t *order) {
    stream_keyed *keys = stream_alloc_zeroed((size_t)n, sizeof *keys);
    stream_keyed *scratch = stream_alloc_zeroed((size_t)n, sizeof *scratch);
    uint64_t largest = 0;
    for (int32_t i = 0; i < n; ++i) {
        keys[i] = (stream_keyed){rank_of(&items[i], by), i};
        largest = keys[i].key > largest ? keys[i].key : largest;
    }
    for (int32_t i = 0; i < n; ++i)
        keys[i].key = largest - keys[i].key;
    stream_sort_keyed(keys, (size_t)n, scratch);
    for (int32_t i = 0; i < n; ++i)
        order[i] = (int32_t)keys[i].value;
    free(keys);
    free(scratch);
}
