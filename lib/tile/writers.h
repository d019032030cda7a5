#ifndef STREAM_LIB_TILE_WRITERS_H
#define STREAM_LIB_TILE_WRITERS_H

#include "stream/support/grid.h"
#include "stream/support/vec.h"
#include "stream/tile/graph.h"

/* Who wrote which part of one tensor, last: the distinct boxes of its writers, and the grid of
 * their borders, in which a cell names the box that covers it.
 *
 * Tilings make grids, so a cell is a box and a query costs its result. Borders that cut each other
 * up into more than a few cells per box are searched linearly instead. */
typedef struct {
    int32_t tensor;
    const int32_t *last; /* [n_boxes] last CT that wrote each distinct box, in order of first
                            writing */
    int32_t n_boxes;
    stream_grid grid;
    const int32_t *cells; /* [grid.n_cells] box index, -1: nobody; NULL: no grid */
    bool exact;           /* every cell is a box, and every box one cell */
} stream_writers;

/* previous[ct] is set for CTs that accumulate onto an earlier one, -1 for the others that write the
 * tensor. errs  INVALID: boxes that overlap without being equal, a box written twice without
 * accumulating, or accumulated onto before it is written */
STREAM_NODISCARD
stream_status stream_writers_build(const stream_ct_graph *graph, int32_t tensor,
                                   stream_arena *arena, const stream_diag *diag, int32_t *previous,
                                   stream_writers *out);

/* If the box lies on cells that are boxes, one each: appends their last writers to `out` [of
 * int32_t], in index order, and returns true. Otherwise the caller visits. */
bool stream_writers_take(const stream_writers *writers, const stream_box *box, stream_vec *out);

/* Calls visit(user, ct) for the last writer of every part of `box`, each once, boxes in index
 * order. */
void stream_writers_visit(const stream_ct_graph *graph, const stream_writers *writers,
                          const stream_box *box, int32_t *stamp, int32_t now,
                          void (*visit)(void *user, int32_t ct), void *user);

#endif
