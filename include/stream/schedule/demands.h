#ifndef STREAM_SCHEDULE_DEMANDS_H
#define STREAM_SCHEDULE_DEMANDS_H

#include "stream/schedule/schedule.h"
#include "stream/support/vec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a transfer, a stream or a CT takes of links and ports, each resource once. */

typedef struct {
    int32_t resource;
    int64_t rate_bits; /* [bit/cycle] */
} stream_demand;

/* Appends stream_demands: of a transfer, its links and the ports at both ends; of a streamed
 * operand (rule R9), the links of both ways and the off-chip ports; of a CT, those of all that it
 * streams. O(size), O(log n_streams + size). */
void stream_demand_of_transfer(const stream_accelerator *acc, const stream_transfer *transfer,
                               stream_vec *demands);
void stream_demand_of_stream(const stream_accelerator *acc, const stream_ct_stream *stream,
                             stream_vec *demands);
void stream_demand_of_ct(const stream_accelerator *acc, const stream_schedule *schedule, int32_t ct,
                         stream_vec *demands);

#ifdef __cplusplus
}
#endif

#endif
