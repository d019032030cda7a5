#ifndef STREAM_TILE_REUSE_H
#define STREAM_TILE_REUSE_H

#include "stream/tile/graph.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the reads of a CT graph share: a halo that the row before brought already is not new, and data is
 * dead behind its last reader.
 *
 *     rows of a 3x3 convolution     read 0..3   read 1..4   read 2..5
 *     new to the core               3 rows      1 row       1 row */
typedef struct {
    const int64_t *new_bits;    /* [n_reads] of the box, that no earlier read of the tensor at the same
                                   place covers */
    const int32_t *last_reader; /* [n_reads] the last CT, at any place, that reads a part of the box */
} stream_reuse;

/* graph  finished
 * place  [n_cts] where each CT runs (core ids), any int32; NULL: every split part of every layer is a
 *        place of its own
 * out    in `arena`
 * errs   LIMIT: more than 8192 reads of one tensor whose borders form no grid
 *
 * Near O(edges): the reads of a tensor are cut into the cells of their borders. */
STREAM_NODISCARD
stream_status stream_reuse_find(const stream_ct_graph *graph, const int32_t *place,
                                stream_arena *arena, const stream_diag *diag, stream_reuse *out);

/* What tiling made of one layer. */
typedef struct {
    int32_t n_cts, n_kernels;
    int64_t n_edges;       /* to CTs that it depends on */
    int64_t read_bits;     /* of all boxes */
    int64_t new_bits;      /* of them, new at their place */
    int64_t distinct_bits; /* of them, new in the layer: read_bits if nothing were read twice */
    int64_t written_bits;
} stream_layer_tiling;

/* reuse  of `graph`: what is new at the places that the caller has in mind
 * out    [n_layers]. errs as stream_reuse_find */
STREAM_NODISCARD
stream_status stream_layer_tilings(const stream_ct_graph *graph, const stream_reuse *reuse,
                                   const stream_diag *diag, stream_layer_tiling *out);

#ifdef __cplusplus
}
#endif

#endif
