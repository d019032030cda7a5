#ifndef STREAM_PASSES_CONVERT_TILING_H
#define STREAM_PASSES_CONVERT_TILING_H

#include "pass.h"

#include "stream/hardware/accelerator.h"

/* stream.tiling of the network function: what stream-choose-tiles found, for stream-tile. */

typedef struct {
    stream_fusion_option fusion;
    stream_shape_option shape;
    int64_t rows;         /* of a CT in a stack of several layers */
    const int32_t *cores; /* that tiles are made for, where they run the layer */
    int32_t n_cores;      /* 0: all */
} stream_tiling_choice;

void stream_tiling_save(MlirOperation func, const stream_accelerator *acc,
                        const stream_tiling_choice *choice);

/* Where nothing was chosen, `out` is unchanged. Its cores are in `arena`.
 * errs  INVALID: a core that the accelerator does not have */
STREAM_NODISCARD
stream_status stream_tiling_load(MlirOperation func, const stream_accelerator *acc,
                                 stream_arena *arena, const stream_diag *diag,
                                 stream_tiling_choice *out);

#endif
