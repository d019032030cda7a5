#ifndef STREAM_PASSES_CONVERT_MAPPING_H
#define STREAM_PASSES_CONVERT_MAPPING_H

#include "mlir-c/IR.h"

#include "stream/plan/mapping.h"
#include "stream/support/arena.h"

/* stream.mapping <-> stream_mapping. The op holds the contents of a mapping file, key by key. */

/* Builds the op, detached; null, with a diagnostic of MLIR's, if the contents are no dictionary. */
MlirOperation stream_build_mapping(MlirContext context, const stream_mapping *mapping);

/* The mapping of the module, read as its file would be. *out_found is false if it has none.
 * errs  INVALID, located at the op: more than one; what the reader of mapping files refuses */
STREAM_NODISCARD
stream_status stream_load_mapping(MlirOperation module, stream_arena *arena,
                                  const stream_diag *diag, stream_mapping *out, bool *out_found);

#endif
