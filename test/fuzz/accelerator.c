/* libFuzzer: accelerator and core files. No file of that directory exists: only cores in place are
 * read. */

#include "stream/import/accelerator.h"
#include "stream/import/core.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    stream_arena *arena = stream_arena_create();
    stream_accelerator acc;
    stream_core core;
    if (stream_accelerator_import("no/such/directory/a.yaml", data, size, arena, NULL, &acc) !=
            STREAM_OK &&
        stream_core_import("core.yaml", data, size, arena, NULL, &core) == STREAM_OK &&
        core.n_memories == 0)
        __builtin_trap(); /* a core that was read has a memory */
    stream_arena_destroy(arena);
    return 0;
}
