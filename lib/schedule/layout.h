#ifndef STREAM_LIB_SCHEDULE_LAYOUT_H
#define STREAM_LIB_SCHEDULE_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

/* Addresses [address, address + bits) over [start, until), not empty. */
typedef struct {
    int64_t start, until, bits, address;
} layout_item;

/* Looks for disjoint addresses in [0, size) that leave a larger range unused than the items' own,
 * trying some orders of the items until the rest is no more than `good`. False: the own stay.
 * O(items x items at a time) for each order, and bounded whatever that is. */
bool stream_layout_improve(layout_item *items, int32_t n, int64_t size, int64_t good);

#endif
