#ifndef STREAM_CONVERT_SCHEDULE_ROUTE_H
#define STREAM_CONVERT_SCHEDULE_ROUTE_H

#include "builder.h"

#include "stream/schedule/schedule.h"

/* Routes and streams of a schedule in the IR: links by name; the direction is where they come from.
 */

typedef struct {
    const stream_accelerator *acc;
    stream_arena *arena;
    value_map link_of; /* symbol attribute -> link */
    bool *reached;     /* [n_cores] scratch */
    int64_t *delay;    /* [n_cores] scratch: latency of the links on the way there */
    int64_t longest;   /* of all */
} stream_route_reader;

typedef struct {
    const int32_t *resources; /* in `arena` of the reader */
    int32_t n;
    int64_t latency_cycles; /* sum over the links of the longest way */
} stream_read_route;

void stream_route_reader_open(const stream_accelerator *acc, stream_arena *arena,
                              stream_route_reader *out);
void stream_route_reader_close(stream_route_reader *r);

/* `over` lists links in any order, from a core that sees instance `source` on. One that leads from
 * nowhere is taken forwards; the checker will say so. False: something in it is no link. */
bool stream_route_read(stream_route_reader *r, int32_t source, MlirAttribute over,
                       stream_read_route *out);

/* `streaming` of stream.ct, see there: an entry for each of the streams [n], which are of one CT.
 */
MlirAttribute stream_save_streaming(MlirContext context, const stream_accelerator *acc,
                                    const stream_ct_stream *streams, int32_t n,
                                    stream_arena *arena);
/* Appends a stream_ct_stream for each entry, by operand class. The attribute (or null) is taken as
 * its verifier left it. False: it names something that is no link. */
bool stream_load_streaming(stream_route_reader *r, MlirAttribute streaming, int32_t ct,
                           int32_t core, stream_vec *out);

#endif
