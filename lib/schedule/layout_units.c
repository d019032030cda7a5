/* Sizes in units; see layout_units.h. */

#include "layout_units.h"

#include "stream/support/integer.h"

int64_t stream_layout_unit(const layout_item *items, int32_t n, int64_t size) {
    int64_t unit = 0;
    for (int32_t i = 0; i < n; ++i)
        unit = stream_gcd_i64(unit, items[i].bits);
    return unit * stream_max_i64(1, stream_ceil_div(size / unit, LAYOUT_MOST_UNITS));
}

int32_t stream_layout_in_units(int64_t bits, int64_t unit) {
    return (int32_t)stream_min_i64(stream_ceil_div(bits, unit), 2 * (int64_t)LAYOUT_MOST_UNITS);
}
