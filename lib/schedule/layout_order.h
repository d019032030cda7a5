#ifndef STREAM_LIB_SCHEDULE_LAYOUT_ORDER_H
#define STREAM_LIB_SCHEDULE_LAYOUT_ORDER_H

#include "layout.h"

/* Of equal items the first is first. */
typedef enum {
    LAYOUT_BY_AREA, /* bits over time, large ones first */
    LAYOUT_BY_BITS, /* large ones first */
    LAYOUT_BY_START
} layout_order;

/* order  [n] items */
void stream_layout_order(const layout_item *items, int32_t n, layout_order by, int32_t *order);

#endif
