/* HannWindow, HammingWindow and BlackmanWindow: constants.
 *
 *   y[i] = a - b cos(2 pi i / n) + d cos(4 pi i / n), n - 1 for n when symmetric */

#include "onnx_import.h"

#include <math.h>
#include <string.h>

enum {
    MAX_SIZE = 1 << 16
};

typedef struct {
    const char *op_type;
    double a, b, d;
} window_row;

static const window_row table[] = {
    {"HannWindow", 0.5, 0.5, 0},
    {"HammingWindow", 25.0 / 46, 1 - 25.0 / 46, 0},
    {"BlackmanWindow", 0.42, 0.5, 0.08},
};

static const window_row *row_of(const char *op_type) {
    size_t i = 0;
    while (strcmp(table[i].op_type, op_type) != 0)
        ++i;
    return &table[i];
}

static stream_status window(onnx_ctx *c) {
    const double circle = 6.283185307179586;
    const window_row *row = row_of(c->node->op_type);
    const int64_t *size = NULL;
    int64_t type = 0;
    int32_t n_sizes = 0;
    bool periodic = true;
    STREAM_TRY(stream_onnx_const_ints(c, 0, "the size", &size, &n_sizes));
    STREAM_TRY(stream_onnx_flag(c, "periodic", true, &periodic));
    STREAM_TRY(stream_onnx_int(c, "output_datatype", ONNX_FLOAT, &type));
    if (n_sizes != 1 || size[0] < 0 || size[0] > MAX_SIZE)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "the size must be 0 to %d", MAX_SIZE);
    if (type < 0 || type > 100 || !stream_onnx_type_known((int32_t)type) ||
        !stream_onnx_is_float((onnx_type)type))
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "element type %s is not supported",
                                 stream_onnx_any_type_name(c, type));
    size_t bytes = stream_onnx_bytes((onnx_type)type);
    uint8_t *data = stream_arena_alloc(c->arena, (size_t)size[0], bytes);
    double n = (double)(periodic ? size[0] : size[0] - 1);
    for (int64_t i = 0; i < size[0]; ++i) {
        double at = n > 0 ? circle * (double)i / n : 0;
        stream_onnx_store((onnx_type)type, data + (size_t)i * bytes,
                          row->a - row->b * cos(at) + row->d * cos(2 * at));
    }
    c->out[0] = stream_onnx_constant_new(c, (onnx_type)type, 1, size, data, false);
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"HannWindow", NULL, 17, 1, 1, ONNX_INTEGER, window},
    {"HammingWindow", NULL, 17, 1, 1, ONNX_INTEGER, window},
    {"BlackmanWindow", NULL, 17, 1, 1, ONNX_INTEGER, window},
};

ONNX_FAMILY(stream_onnx_window_function, rows);
