#ifndef STREAM_LIB_SCHEDULE_LAYOUT_H
#define STREAM_LIB_SCHEDULE_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

/* Addresses [address, address + bits) over [start, until), not empty; start is not negative. */
typedef struct {
    int64_t start, until, bits, address;
} layout_item;

/* Looks for disjoint addresses in [0, size), whatever the items' own are. False: none were found,
 * and the own stay. Stacks (layout_stack.h) and ejection (layout_eject.h) take turns, ever longer
 * ones.
 *
 * items, n  at least one
 * work  that may be done, in items looked at, and is: about so much, and none if it is not positive
 */
bool stream_layout_find(layout_item *items, int32_t n, int64_t size, int64_t *work);

/* What the items' own addresses use of [0, size): all but the largest range that none does. */
int64_t stream_layout_extent(const layout_item *items, int32_t n, int64_t size);

/* The items' own addresses are disjoint: looks for others in [0, size) that leave a larger range
 * unused, until the rest is no more than `good`. False: the own stay.
 *
 * work  in items looked at, to reach what is good; and 5/8 more for what is between. Nothing is
 *       done if it is less than 128 for each item */
bool stream_layout_improve(layout_item *items, int32_t n, int64_t size, int64_t good, int64_t work);

#endif
