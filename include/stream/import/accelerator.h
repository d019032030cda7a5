#ifndef STREAM_IMPORT_ACCELERATOR_H
#define STREAM_IMPORT_ACCELERATOR_H

#include "stream/hardware/accelerator.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Reads an accelerator file of the Stream framework, 1.13 or 2.1.1, with the core files it names,
 * and finishes it (stream_accelerator_finish).
 *
 * A core is a file or a core written in place. A file is looked for beside the accelerator file, in
 * `cores/` there, and then by shorter and shorter ends of its path, so that paths relative to
 * another project's root are found too. Cores are named `<type>_<id>`, links `link_<i>` and
 * `bus_<i>` after their place in `core_connectivity`. `unit_energy_cost` is pJ per word
 * of `bandwidth` bits (as Stream 2.1.1 counts it). `latency` of a connection (cycles per hop,
 * default 0) is ours.
 *
 * A shim that `offchip_core_id` names is the off-chip core.
 *
 * path   borrowed: where the file is; NULL: core files are looked for in the current directory
 * bytes  [n], borrowed
 * out    in `arena`
 * errs   INVALID with file, line and column;  LIMIT: too large;  IO: a core file cannot be read */
STREAM_NODISCARD
stream_status stream_accelerator_import(const char *path, const void *bytes, size_t n,
                                        stream_arena *arena, const stream_diag *diag,
                                        stream_accelerator *out);

#ifdef __cplusplus
}
#endif

#endif
