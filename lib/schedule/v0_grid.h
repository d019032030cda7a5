#ifndef STREAM_LIB_SCHEDULE_V0_GRID_H
#define STREAM_LIB_SCHEDULE_V0_GRID_H

#include "stream/schedule/coala_v0.h"

/* The grid of one layer's CTs. Loops that are no reduction come in the order of their speed,
 * fastest first: the channel of the output, then from the innermost outwards. Tile i of loop l
 * covers [i * size[l], (i + 1) * size[l]). */
typedef struct {
    int32_t loops[STREAM_MAX_LOOPS], n_loops;
    int64_t size[STREAM_MAX_LOOPS], tiles[STREAM_MAX_LOOPS];
    int64_t stride[STREAM_MAX_LOOPS]; /* CTs from one tile of a loop to the next */
    int32_t n_cts;
} v0_grid;

enum {
    V0_MAX_CTS = 1000000
};

/* errs  UNSUPPORTED, LIMIT: as stream_coala_v0_problem_build */
stream_status stream_v0_grid_make(const stream_workload *w, const stream_layer *layer,
                                  const stream_layer_plan *plan, const stream_diag *diag,
                                  v0_grid *out);

/* First iteration of every loop. lo [STREAM_MAX_LOOPS] */
void stream_v0_grid_origin(const v0_grid *grid, int32_t ct, int64_t *lo);

/* The CTs of which an operand's box is the same have the same number in [0, *out_n). */
int32_t stream_v0_grid_share(const v0_grid *grid, const stream_operand *operand, int32_t ct,
                             int32_t *out_n);

/* Uses of an operand's box that are left, this one included, as the reference counts them: behind a
 * loop that moves the operand every further loop counts down alone, so that
 *
 *     channels fastest, then 8 columns, then 112 rows     weights: 896 - column - row */
int64_t stream_v0_grid_uses(const v0_grid *grid, const stream_operand *operand, int32_t ct);

/* The CTs whose outputs a box touches: a range of tiles for every loop. */
typedef struct {
    int64_t low[STREAM_MAX_LOOPS], high[STREAM_MAX_LOOPS]; /* inclusive */
    int64_t at[STREAM_MAX_LOOPS];
} v0_reach;

/* False: none. `box` counts from the origin of the tensor and may lie partly outside of it. */
bool stream_v0_reach_begin(const v0_grid *grid, const stream_layer *layer, const stream_box *box,
                           v0_reach *out);
int32_t stream_v0_reach_ct(const v0_grid *grid, const v0_reach *reach);
bool stream_v0_reach_next(const v0_grid *grid, v0_reach *reach);

#endif
