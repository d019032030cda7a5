/* libFuzzer: workload files of ZigZag. */

#include "stream/import/zigzag_workload.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    stream_arena *arena = stream_arena_create();
    stream_zigzag_workload w;
    if (stream_zigzag_workload_import("net.yaml", data, size, arena, NULL, &w) == STREAM_OK)
        for (int32_t i = 0; i < w.n_layers; ++i)
            if (stream_loop_nest_check(&w.layers[i].nest, NULL) != STREAM_OK)
                __builtin_trap(); /* a layer that was read can be priced */
    stream_arena_destroy(arena);
    return 0;
}
