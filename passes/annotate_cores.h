#ifndef STREAM_PASSES_ANNOTATE_CORES_H
#define STREAM_PASSES_ANNOTATE_CORES_H

#include "stream/hardware/accelerator.h"
#include "stream/support/arena.h"

#include "mlir-c/IR.h"

/* Which cores the CTs of a module may run on, as their plans say. */

/* kernel  the symbol that the CT names
 * cores   [n] that it may run on: the one that it is put on, those that it lists, or all */
typedef void stream_ct_cores_visit(void *user, MlirAttribute kernel, const int32_t *cores,
                                   int32_t n);

/* Calls `visit` for the CTs in `module`, once for those in a row that say the same. */
void stream_visit_ct_cores(MlirOperation module, const stream_accelerator *acc, stream_arena *arena,
                           stream_ct_cores_visit *visit, void *user);

#endif
