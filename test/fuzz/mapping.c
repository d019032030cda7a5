/* libFuzzer: mapping files. */

#include "stream/import/mapping.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    stream_arena *arena = stream_arena_create();
    stream_mapping mapping;
    if (stream_mapping_import("map.yaml", data, size, arena, NULL, &mapping) == STREAM_OK)
        for (int32_t i = 0; i < mapping.n_rules; ++i)
            if (mapping.rules[i].n_cores < 1)
                __builtin_trap(); /* every rule names a core */
    stream_arena_destroy(arena);
    return 0;
}
