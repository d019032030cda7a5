#ifndef STREAM_PASSES_TILE_EMIT_H
#define STREAM_PASSES_TILE_EMIT_H

#include "convert/ct_graph.h"
#include "kernel.h"

#include "stream/plan/plan.h"

/* What is written, and where. */
typedef struct {
    MlirOperation module, func;
    const stream_network *network;
    const stream_accelerator *acc;
    const stream_layer_plan *plans;
    const stream_tiling *tiling;
    stream_arena *arena;
} stream_tile_emission;

/* Rewrites `func` into the CTs of `tiling`: kernels before it, destinations and stream.ct ops in
 * program order, what is left of the old body (data movement of results) behind them. Linear in the
 * number of CTs. */
void stream_tile_emit(const stream_tile_emission *in);

/* tile_kernels.c: puts the kernels before `func`, each distinct text once. Returns the symbols
 * [n_kernels of the tiling]. */
const MlirAttribute *stream_tile_emit_kernels(const stream_tile_emission *in);

/* True if the tiles of the plan add up floats in another order than the layer: its accumulating CTs
 * say stream.reassociated. */
bool stream_tile_reassociates(const stream_layer *layer, const stream_layer_plan *plan);

/* Erases pure ops of the body of `func` whose results nobody uses. */
void stream_erase_dead(MlirOperation func);

#endif
