#ifndef STREAM_SUPPORT_GRID_H
#define STREAM_SUPPORT_GRID_H

#include "stream/support/arena.h"
#include "stream/support/box.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The borders of many boxes of one tensor cut every dim into intervals; a cell is one interval per
 * dim.
 *
 *                      cuts of dim 1
 *                     0     4     8
 *      cuts of   0    [     ][     ]     cells are numbered row-major; boxes cover whole cells
 *      dim 0     2    [     ][     ]
 *                4
 */
typedef struct {
    int32_t rank;
    int32_t n_cuts[STREAM_MAX_RANK]; /* borders per dim, one more than intervals */
    const int32_t *cuts[STREAM_MAX_RANK];
    const int32_t *interval[STREAM_MAX_RANK]; /* [coordinate] its interval, -1: before the first
                                                 cut; NULL: search the cuts */
    size_t n_cells;                           /* 0: more than `most_cells` */
} stream_grid;

/* Intervals per dim, both ends included. */
typedef struct {
    int32_t from[STREAM_MAX_RANK], to[STREAM_MAX_RANK];
} stream_cell_range;

/* boxes [n] > 0, all of `rank` and inside `shape`. O(n + extents) per dim where the extent is not
 * much larger than n, else O(n log n). */
void stream_grid_build(const stream_box *const *boxes, int32_t n, int32_t rank,
                       const int64_t *shape, size_t most_cells, stream_arena *arena,
                       stream_grid *out);

/* The cells that a box touches; false: none. */
bool stream_grid_range(const stream_grid *grid, const stream_box *box, stream_cell_range *out);

/* True if the grid reaches over all of the box. */
bool stream_grid_spans(const stream_grid *grid, const stream_box *box);

size_t stream_grid_cell(const stream_grid *grid, const int32_t *at);

/* The next cell of a range, last dim fastest; false after the last. */
bool stream_grid_next(const stream_grid *grid, const stream_cell_range *range, int32_t *at);

#ifdef __cplusplus
}
#endif

#endif
