/* libFuzzer: accelerator and core files, and the routes of an accelerator. No file of that
 * directory exists: only cores in place are read. */

#include "stream/import/accelerator.h"
#include "stream/hardware/route.h"
#include "stream/import/core.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every compute core is reached from off-chip. */
static void check_routes(const stream_accelerator *acc, stream_arena *arena) {
    stream_routes *routes = stream_routes_create(acc, arena);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (acc->cores[c].kind == STREAM_CORE_COMPUTE &&
            !stream_routes_between(routes, acc->offchip_instance,
                                   acc->top[c * STREAM_N_OPERANDS]))
            __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    stream_arena *arena = stream_arena_create();
    stream_accelerator acc;
    stream_core core;
    if (stream_accelerator_import("no/such/directory/a.yaml", data, size, arena, NULL, &acc) ==
        STREAM_OK)
        check_routes(&acc, arena);
    else if (stream_core_import("core.yaml", data, size, arena, NULL, &core) == STREAM_OK &&
             core.n_memories == 0)
        __builtin_trap(); /* a core that was read has a memory */
    stream_arena_destroy(arena);
    return 0;
}
