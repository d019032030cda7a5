#ifndef STREAM_IMPORT_ZIGZAG_WORKLOAD_H
#define STREAM_IMPORT_ZIGZAG_WORKLOAD_H

#include "stream/cost/loop_nest.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Layers in the workload form of ZigZag, each a loop nest that the intra-core cost model prices. */
typedef struct {
    int64_t id;
    const char *name;          /* as written, or "Layer<id>", as ZigZag calls it */
    const char *operator_type; /* "Conv", "Gemm", "Add" ...: any word */
    stream_loop_nest nest;     /* dims in upper case; operands[].memory is not set: see
                                  stream_zigzag_rule_link (zigzag_mapping.h) */
    stream_loc loc;
} stream_zigzag_layer;

typedef struct {
    const stream_zigzag_layer *layers;
    int32_t n_layers; /* > 0 */
} stream_zigzag_workload;

/* Reads a workload file of ZigZag: a list of layers, each with `id`, `operator_type`, `equation`
 * (O[b][k]+=W[k][c]*I[b][c], one to four inputs), `loop_dims`, `loop_sizes`, `operand_precision`
 * (every operand; O_final is O if not given), and if wanted `name`, `dimension_relations`
 * (ix=2*ox+1*fx), `pr_loop_dims` with `pr_loop_sizes` or `padding`, `operand_source` (checked, not
 * used: a layer is priced alone). Names of dims ignore case, as in ZigZag.
 *
 * The extent of a related dim is its size in `pr_loop_sizes`, or what the loops touch less its
 * `padding`.
 *
 * path   borrowed: for messages
 * bytes  [n], borrowed
 * out    in `arena`
 * errs   INVALID with file, line and column;  LIMIT: file too large */
STREAM_NODISCARD
stream_status stream_zigzag_workload_import(const char *path, const void *bytes, size_t n,
                                            stream_arena *arena, const stream_diag *diag,
                                            stream_zigzag_workload *out);

#ifdef __cplusplus
}
#endif

#endif
