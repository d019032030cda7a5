#ifndef STREAM_LIB_EXPORT_FLOWS_H
#define STREAM_LIB_EXPORT_FLOWS_H

#include "stream/export/export.h"

/* Arrows between slices: one into a transfer, from the CT that made its data, and one out of it, to
 * the first CT that starts after it and reads it at a target. More would fan out without bound. */

/* Ids of the arrows at CTs: those of CT i are ids[first[i] .. first[i + 1]), ascending. */
typedef struct {
    const int32_t *first; /* [n_cts + 1] */
    const uint64_t *ids;
} stream_flows;

/* [n_transfers] the CT that a transfer feeds first: the first to start after it that reads some of
 * its box at a target while the copy is there; -1: none. O((reads + transfers) log reads), and the
 * reads in between of other boxes. In `arena`. */
const int32_t *stream_flows_readers(const stream_export *e, stream_arena *arena);

/* Both ends of every arrow at a CT; the other end is at the transfer. In `arena`. */
void stream_flows_find(const stream_export *e, stream_arena *arena, stream_flows *out_of_cts,
                       stream_flows *into_cts);

/* Ids of the arrows of a transfer, 0: there is none. */
typedef struct {
    uint64_t in, out;
} stream_transfer_flows;

/* [n_transfers], from the same facts. */
const stream_transfer_flows *stream_flows_of_transfers(const stream_export *e,
                                                       const stream_flows *out_of_cts,
                                                       const stream_flows *into_cts,
                                                       stream_arena *arena);

#endif
