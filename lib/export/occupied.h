#ifndef STREAM_LIB_EXPORT_OCCUPIED_H
#define STREAM_LIB_EXPORT_OCCUPIED_H

#include "stream/export/export.h"

/* Per memory instance, the addresses that the schedule uses: the capacity without the largest range
 * that nothing is ever in. A memory of so many bits holds the schedule, with what lies above the
 * range moved down by it; it is never less than the most that is held at once, and what it is more
 * is fragmentation. O(n log n). In `arena`: [n_instances]. */
const int64_t *stream_occupied_extents(const stream_export *e, stream_arena *arena);

#endif
