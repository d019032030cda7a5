#ifndef STREAM_PASSES_TILE_FUSE_H
#define STREAM_PASSES_TILE_FUSE_H

#include "convert/tiling.h"
#include "convert/workload.h"

#include "stream/hardware/accelerator.h"
#include "stream/plan/mapping.h"

/* Which element-wise ops of a network run in the kernel of the layer before them: what the user
 * says of each, and what the cores of that layer can. */
typedef struct stream_tile_fusion stream_tile_fusion;

/* Reads `func` with every op as a layer of its own.
 *
 * choice      whose cores layers run on of which nothing is said
 * by_default  false: only ops that the user wants fused are
 * mapping     NULL: none. All arguments are kept
 * errs        UNSUPPORTED: as stream_load_network */
STREAM_NODISCARD
stream_status stream_tile_fusion_find(MlirOperation func, const stream_accelerator *acc,
                                      const stream_mapping *mapping,
                                      const stream_tiling_choice *choice, bool by_default,
                                      stream_arena *arena, const stream_diag *diag,
                                      stream_tile_fusion **out, stream_fusion_policy *out_policy);

/* From the next load on, the reduction of the layer (whose name is kept) is divided into tiles:
 * nothing runs behind it. */
void stream_tile_fusion_divide(stream_tile_fusion *f, const char *layer);
void stream_tile_fusion_end(stream_tile_fusion *f); /* NULL is fine */

/* A remark per element-wise op that reads results of layers: fused or not, and why. */
void stream_tile_fusion_report(const stream_tile_fusion *f, const stream_network *network,
                               const stream_diag *diag);

#endif
