#ifndef STREAM_LIB_EXPORT_CURVES_H
#define STREAM_LIB_EXPORT_CURVES_H

#include "stream/export/export.h"

/* What changes over time: the fill of a memory, the use of a link or port. A curve is 0 until its
 * first step and keeps the value of a step until the next. */
typedef struct {
    int64_t time, value; /* value: after all changes at `time` */
} stream_step;

/* Curves of several owners; those of owner i are steps[first[i] .. first[i + 1]), by time, without
 * two steps at one time or of one value in a row. */
typedef struct {
    const stream_step *steps;
    const int32_t *first; /* [n + 1] */
    int32_t n;
} stream_curves;

/* Occupied bits per memory instance [n_instances], in whole words. O(n log n). In `arena`. */
void stream_curves_occupancy(const stream_export *e, stream_arena *arena, stream_curves *out);

/* Bits per cycle per resource [n_resources], links and ports alike (rule R6): what transfers
 * and streams of CTs take; what CTs read and write in their own memories is priced in their cycles.
 * O(n log n). In `arena`. */
void stream_curves_rates(const stream_export *e, stream_arena *arena, stream_curves *out);

/* Sum over time of the curve of `owner`, in [from, until): bits x cycles, or bits. As a double: it
 * can leave 63 bits. */
double stream_curves_area(const stream_curves *c, int32_t owner, int64_t from, int64_t until);

#endif
