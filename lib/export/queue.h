#ifndef STREAM_LIB_EXPORT_QUEUE_H
#define STREAM_LIB_EXPORT_QUEUE_H

#include "curves.h"

#include "stream/support/vec.h"

/* What a transfer or a CT takes of links and ports, and for how long it could not have had it. */

typedef struct {
    int32_t resource;
    int64_t rate_bits; /* [bit/cycle] */
} stream_demand;

/* Appends stream_demands: of a transfer, its links and the ports at both ends; of a CT, those of
 * what it streams (rule R9). O(size), O(log n_streams + size). */
void stream_demand_of_transfer(const stream_export *e, int32_t transfer, stream_vec *demands);
void stream_demand_of_ct(const stream_export *e, int32_t ct, stream_vec *demands);

/* Cycles of [from, until) in which the curves leave too little of one of the resources. O((demands
 * + steps of them in the interval) log steps). */
int64_t stream_queued_cycles(const stream_export *e, const stream_curves *rates,
                             const stream_vec *demands, int64_t from, int64_t until);

#endif
