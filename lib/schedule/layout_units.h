#ifndef STREAM_LIB_SCHEDULE_LAYOUT_UNITS_H
#define STREAM_LIB_SCHEDULE_LAYOUT_UNITS_H

#include "layout.h"

/* Sizes of items in units that fit an int32_t. */

/* A layout has at most so many units: sums of a few sizes do not overflow. */
#define LAYOUT_MOST_UNITS ((int32_t)1 << 29)

/* Bits that all sizes are multiples of; of a large memory a multiple of that. */
int64_t stream_layout_unit(const layout_item *items, int32_t n, int64_t size);

/* Rounded up; what no layout holds is 2 LAYOUT_MOST_UNITS. */
int32_t stream_layout_in_units(int64_t bits, int64_t unit);

#endif
