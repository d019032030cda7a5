#ifndef STREAM_PASSES_CONVERT_TILING_H
#define STREAM_PASSES_CONVERT_TILING_H

#include "pass.h"

/* stream.tiling of the network function: what stream-choose-tiles found, for stream-tile. */

typedef struct {
    stream_fusion_option fusion;
    stream_shape_option shape;
    int64_t rows; /* of a CT in a stack of several layers */
} stream_tiling_choice;

void stream_tiling_save(MlirOperation func, const stream_tiling_choice *choice);

/* False, with `out` unchanged: nothing was chosen. */
bool stream_tiling_load(MlirOperation func, stream_tiling_choice *out);

#endif
