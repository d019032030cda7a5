/* Any bytes as an ONNX model: a message or a module, nothing else. */

#include "stream/import/onnx.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    stream_arena *arena = stream_arena_create();
    stream_text text = {0};
    stream_status status = stream_onnx_import(NULL, data, size, arena, NULL, &text);
    (void)status;
    stream_text_free(&text);
    stream_arena_destroy(arena);
    return 0;
}
