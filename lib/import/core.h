/* Cores from YAML trees, shared by core and accelerator files. */
#ifndef STREAM_IMPORT_CORE_READ_H
#define STREAM_IMPORT_CORE_READ_H

#include "yaml.h"

#include "stream/hardware/accelerator.h"

/* `text` with every character outside [A-Za-z0-9_] as `_`, with a `_` before a digit in front. */
char *stream_import_identifier(const char *text, stream_arena *arena);

STREAM_NODISCARD
stream_status stream_core_read(const stream_yaml *root, stream_arena *arena,
                               const stream_diag *diag, stream_core *out);

/* The `memories` of a ZigZag core, whose array dimensions are read already. */
STREAM_NODISCARD
stream_status stream_core_read_memories(const stream_yaml *list, stream_arena *arena,
                                        const stream_diag *diag, stream_core *out);

/* "D3" -> 2; INVALID outside D1 .. D<n_dims>. */
STREAM_NODISCARD
stream_status stream_core_read_dim(const stream_yaml *node, int32_t n_dims, const char *what,
                                   const stream_diag *diag, int32_t *out);

/* A list of array dimensions as a bit set. */
STREAM_NODISCARD
stream_status stream_core_read_dims(const stream_yaml *list, int32_t n_dims, const char *what,
                                    const stream_diag *diag, uint16_t *out);

/* Reads `operator_types`; a warning for each that is no known operator. */
STREAM_NODISCARD
stream_status stream_core_read_operators(const stream_yaml *list, stream_arena *arena,
                                         const stream_diag *diag, stream_core *out);

/* Reads `post_processing`: {operator_types: [Relu, Add], ops_per_cycle: 32, unit_energy: 0.1}. */
STREAM_NODISCARD
stream_status stream_core_read_post(const stream_yaml *map, stream_arena *arena,
                                    const stream_diag *diag, stream_core *out);

#endif
