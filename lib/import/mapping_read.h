/* What the files that read mapping files share. */
#ifndef STREAM_IMPORT_MAPPING_READ_H
#define STREAM_IMPORT_MAPPING_READ_H

#include "stream/import/mapping.h"

#include "yaml.h"

#define STREAM_MAPPING_MAX_ENTRIES 4096

typedef struct {
    stream_arena *arena;
    const stream_diag *diag;
} stream_mapping_reader;

/* {dim: D6, split: 4}; in groups {dim: Conv1.D0, tile: 1} */
STREAM_NODISCARD
stream_status stream_mapping_read_entry(const stream_mapping_reader *r, const stream_yaml *node,
                                        const char *size_key, const char *what,
                                        stream_mapping_factor *out);

/* `fused_groups`, of layers that `out` has rules for. */
STREAM_NODISCARD
stream_status stream_mapping_read_groups(const stream_mapping_reader *r, const stream_yaml *list,
                                         stream_mapping *out);

#endif
