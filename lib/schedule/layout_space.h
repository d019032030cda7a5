#ifndef STREAM_LIB_SCHEDULE_LAYOUT_SPACE_H
#define STREAM_LIB_SCHEDULE_LAYOUT_SPACE_H

#include "layout.h"

/* Items of a layout, of which some are placed, found by time: time is cut into parts, and the
 * placed items are in all parts that they touch, each part by address.
 *
 *   part      0      1      2      3
 *   item 0    |--------------------|
 *   item 1           |--|
 *   item 2              |------|
 */

/* The ends of an item's addresses. */
typedef enum {
    LAYOUT_LOWER,
    LAYOUT_UPPER,
    LAYOUT_N_ENDS
} layout_end;

/* An item with one of its ends as key. */
typedef struct {
    int64_t key, other_end;
    int32_t item;
} layout_range;

typedef struct {
    layout_range range;
    int64_t start, until;
    int32_t first_part;
} layout_placed;

typedef struct {
    int64_t until;                        /* the last part has none */
    layout_placed *placed[LAYOUT_N_ENDS]; /* [n] by either end, then item */
    int32_t n, capacity;
} layout_part;

typedef struct {
    const layout_item *items;
    int32_t n;
    layout_part *parts;
    int32_t n_parts;
    int64_t *addresses;                /* [n] -1: not placed */
    layout_range *near[LAYOUT_N_ENDS]; /* [n] of stream_layout_near, by either end */
    layout_range *scratch;             /* [n] */
    int64_t work;                      /* items looked at, sorted or moved */
} layout_space;

void stream_layout_open(layout_space *s, const layout_item *items, int32_t n);
void stream_layout_close(layout_space *s);
void stream_layout_clear(layout_space *s); /* no item is placed */

void stream_layout_place(layout_space *s, int32_t item, int64_t address);
void stream_layout_remove(layout_space *s, int32_t item);

/* Placed items that are there at the same time as `item`, by one of their ends, in s->near[by];
 * returns their number. */
int32_t stream_layout_near(layout_space *s, int32_t item, layout_end by);

/* The smallest gap below `size` that holds `bits` between the first n of s->near[LAYOUT_LOWER], of
 * equal ones the lowest; -1: none does. */
int64_t stream_layout_gap(const layout_space *s, int32_t n, int64_t bits, int64_t size);

/* Sorts by key, of equal ones by item. O(n log runs) */
void stream_layout_sort(layout_space *s, layout_range *ranges, int32_t n);

#endif
