#ifndef STREAM_IMPORT_MAPPING_H
#define STREAM_IMPORT_MAPPING_H

#include "stream/plan/mapping.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Reads a mapping file of the Stream framework: a dictionary with `layers`, `fused_groups` and
 * `runtime_args` (1.13, 2.1.1), or a list of layers; with flat `core_allocation: [0, 1]`,
 * `inter_core_tiling: ["K, *"]`, `intra_core_tiling: ["OY, all"]` and a `default` layer as older
 * files have them. `intra_core_tiling` of a layer counts tiles; that of a fused group gives their
 * size. Kernels and runtime arguments are read, kept in `contents`, and unused. A group of cores
 * (`[[0, 1]]`) names each once; flat lists of older files may repeat them.
 *
 * path   borrowed: for messages
 * bytes  [n], borrowed
 * out    in `arena`
 * errs   INVALID with file, line and column;  LIMIT: file too large */
STREAM_NODISCARD
stream_status stream_mapping_import(const char *path, const void *bytes, size_t n,
                                    stream_arena *arena, const stream_diag *diag,
                                    stream_mapping *out);

/* The same of a text in which line i holds, if anything, a value that is at places[i], or at the
 * last place.
 *
 * places  [n_places], borrowed; n_places > 0 */
STREAM_NODISCARD
stream_status stream_mapping_import_placed(const void *bytes, size_t n, const stream_loc *places,
                                           int32_t n_places, stream_arena *arena,
                                           const stream_diag *diag, stream_mapping *out);

#ifdef __cplusplus
}
#endif

#endif
