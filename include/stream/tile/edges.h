#ifndef STREAM_TILE_EDGES_H
#define STREAM_TILE_EDGES_H

#include "stream/tile/graph.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What CT `to` reads of the box that CT `from` wrote, or takes over and adds to. [bit]
 * O(reads of `to`). */
int64_t stream_ct_edge_bits(const stream_ct_graph *graph, int32_t from, int32_t to);

/* The edges from CTs of one layer to CTs of another, or of the same (sums that are passed on). */
typedef struct {
    int32_t from, to; /* layers */
    int64_t edges;
    int64_t bits;       /* of the overlaps: stream_ct_edge_bits */
    int64_t whole_bits; /* if every edge moved the whole output of its producer, as the compatible
                           mode (stream/schedule/coala_v0.h) and Stream do */
} stream_layer_edge;

/* Pairs of layers with edges, by `to`, then `from`. In `arena`. O(edges). */
void stream_layer_edges(const stream_ct_graph *graph, stream_arena *arena,
                        const stream_layer_edge **out, int32_t *out_n);

#ifdef __cplusplus
}
#endif

#endif
