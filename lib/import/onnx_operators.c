/* The table of operators; see onnx_import.h. */

#include "onnx_import.h"

#include <string.h>

static const onnx_family *const families[] = {
    &stream_onnx_conv,
    &stream_onnx_conv_transpose,
    &stream_onnx_pool,
    &stream_onnx_matmul,
    &stream_onnx_einsum,
    &stream_onnx_elementwise,
    &stream_onnx_activation,
    &stream_onnx_normalize,
    &stream_onnx_softmax,
    &stream_onnx_reduce,
    &stream_onnx_reshape,
    &stream_onnx_move,
    &stream_onnx_gather,
    &stream_onnx_resize,
    &stream_onnx_quantize,
    &stream_onnx_constant,
    &stream_onnx_function,
    &stream_onnx_clip,
    &stream_onnx_order,
    &stream_onnx_scatter,
    &stream_onnx_place,
    &stream_onnx_depth,
    &stream_onnx_attention,
    &stream_onnx_rotary,
    &stream_onnx_loss,
    &stream_onnx_batch_norm,
    &stream_onnx_pool_more,
    &stream_onnx_padding,
    &stream_onnx_gather_nd,
    &stream_onnx_slicing,
    &stream_onnx_quantize_dynamic,
    &stream_onnx_window_function,
    &stream_onnx_qlinear,
};

static bool in_domain(const char *row, const char *domain) {
    bool standard = !domain || !*domain || !strcmp(domain, "ai.onnx");
    if (!row)
        return standard;
    return !strcmp(row, "*") || (domain && !strcmp(row, domain));
}

const onnx_row *stream_onnx_find_row(const char *op_type, const char *domain, int32_t opset,
                                     int32_t *out_oldest) {
    const onnx_row *best = NULL;
    *out_oldest = 0;
    for (size_t f = 0; f < sizeof families / sizeof families[0]; ++f)
        for (size_t i = 0; i < families[f]->n_rows; ++i) {
            const onnx_row *row = &families[f]->rows[i];
            if (strcmp(row->op_type, op_type) != 0 || !in_domain(row->domain, domain))
                continue;
            if (!*out_oldest || row->since < *out_oldest)
                *out_oldest = row->since;
            if (row->since <= opset && (!best || row->since > best->since))
                best = row;
        }
    return best;
}

const char *stream_onnx_operator_at(int32_t i) {
    size_t at = (size_t)i;
    for (size_t f = 0; f < sizeof families / sizeof families[0]; ++f) {
        if (at < families[f]->n_rows)
            return families[f]->rows[at].op_type;
        at -= families[f]->n_rows;
    }
    return NULL;
}
