#ifndef STREAM_IMPORT_CORE_H
#define STREAM_IMPORT_CORE_H

#include "stream/hardware/accelerator.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Reads one core file of the Stream framework, 1.13 or 2.1.1: a core of namespace `zigzag`
 * (memories, ports, operational array) or `aie2` (one memory for all operands behind one read/write
 * port, an array of 32 units: bf16 operations per cycle at the peak). A file without `type` is a
 * ZigZag core.
 *
 * What the file says that no model uses (banks, dma, operand_precision, in-memory computing ...) is
 * kept in `unmodelled`. Costs of `auto_cost_extraction` memories are taken as written, with a
 * warning. Of a key that is there twice the last counts, as ZigZag reads its tpu_like.yaml, with a
 * warning.
 *
 * path   borrowed: for messages
 * bytes  [n], borrowed
 * out    in `arena`; its name is the type name made an identifier
 * errs   INVALID with file, line and column;  LIMIT: file too large */
STREAM_NODISCARD
stream_status stream_core_import(const char *path, const void *bytes, size_t n, stream_arena *arena,
                                 const stream_diag *diag, stream_core *out);

#ifdef __cplusplus
}
#endif

#endif
