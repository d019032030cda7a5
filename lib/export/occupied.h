#ifndef STREAM_LIB_EXPORT_OCCUPIED_H
#define STREAM_LIB_EXPORT_OCCUPIED_H

#include "stream/export/export.h"

/* Addresses [address, address + bits) of a memory over [from, until): a buffer of the schedule, or
 * what is held for the parts of a streamed operand. In whole words, never empty. */
typedef struct {
    int64_t address, bits;
    int64_t from, until;
    int32_t instance;
} stream_occupied;

/* All of them. In `arena`. */
const stream_occupied *stream_occupied_list(const stream_export *e, stream_arena *arena,
                                            size_t *out_n);

/* Per memory instance, the addresses that the schedule uses: the capacity without the largest range
 * that nothing is ever in. A memory of so many bits holds the schedule, with what lies above the
 * range moved down by it; it is never less than the most that is held at once, and what it is more
 * is fragmentation. O(n log n). In `arena`: [n_instances]. */
const int64_t *stream_occupied_extents(const stream_export *e, stream_arena *arena);

#endif
