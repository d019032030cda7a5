#ifndef STREAM_COMPILE_RUN_H
#define STREAM_COMPILE_RUN_H

#include "stream/support/diag.h"

#include "mlir-c/IR.h"

#include <stdbool.h>

/* Executes, compiled at LLVM's `opt_level` (0 to 3), `reference` (the network) and `scheduled` (its
 * schedule, lowered on a copy) on the same inputs, prints "executed: identical" or what differs on
 * standard output. errs  INVALID: they differ, or cannot be executed */
STREAM_NODISCARD
stream_status run_and_compare(MlirContext context, MlirModule reference, MlirModule scheduled,
                              bool explicit_memories, int opt_level);

/* Runs a textual pass pipeline; MLIR or the pass has said why it failed. */
STREAM_NODISCARD
stream_status run_pipeline(MlirModule module, const char *pipeline, const stream_diag *diag);

#endif
