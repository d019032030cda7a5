#ifndef STREAM_PASSES_CONVERT_SCHEDULE_VERSIONS_H
#define STREAM_PASSES_CONVERT_SCHEDULE_VERSIONS_H

#include "stream/tile/graph.h"

/* Which CT wrote a box of a tensor last, while a program is walked in order; private to
 * schedule_load.c.
 *
 * CTs of a tensor write disjoint or equal boxes: its cells, here sorted by where they begin along
 * the axis that has the most of them. */
typedef struct {
    stream_box box;
    int32_t last; /* CT; -1: none yet */
} stream_version_cell;

typedef struct {
    stream_version_cell *cells;
    int32_t n, axis, longest; /* longest: most elements of a cell along the axis */
} stream_version_cells;

typedef struct {
    stream_version_cells *tensors; /* [n_tensors] */
    int32_t *cell_of;              /* [n_cts] into the cells of the tensor that it writes */
} stream_versions;

/* Nothing is written yet. In `arena`. */
void stream_versions_begin(const stream_ct_graph *graph, stream_arena *arena, stream_versions *out);
/* The CT has run. */
void stream_versions_write(stream_versions *v, const stream_ct_graph *graph, int32_t ct);
/* The last CT that wrote anything in `box`; -1: none. */
int32_t stream_versions_last(const stream_versions *v, int32_t tensor, const stream_box *box);

#endif
