/* Contractions of two tensors by labels, as in einsum; not installed. */
#ifndef STREAM_IMPORT_ONNX_CONTRACT_H
#define STREAM_IMPORT_ONNX_CONTRACT_H

#include "onnx_import.h"

/* out[labels] = init[labels] + sum over labels that only a and b have of (a - za) * (b - zb)
 *
 * One loop per label: first those of `out`, then the reductions in order of appearance. Labels are
 * distinct within a tensor, and equal labels have equal sizes. za, zb: scalars, or vectors along
 * the label za_label, zb_label; NULL for none. suffix: appended to the layer's name; NULL: none. */
typedef struct {
    onnx_value *a, *b, *za, *zb;
    const char *a_labels, *b_labels, *out_labels;
    char za_label, zb_label;
    const char *suffix;
} onnx_contraction;

onnx_value *stream_onnx_contract(onnx_ctx *c, const onnx_contraction *k, onnx_value *init);
/* numpy's matmul of inputs a and b of the node into the accumulator type, as a layer. */
stream_status stream_onnx_matmul_read(onnx_ctx *c, onnx_value *a, onnx_value *b);
onnx_value *stream_onnx_matmul_emit(onnx_ctx *c, onnx_value *a, onnx_value *b, onnx_value *za,
                                    onnx_value *zb, onnx_type acc);
/* v elementwise converted to `type` (v itself if it has it already); layer suffix ".trunc". */
onnx_value *stream_onnx_narrow(onnx_ctx *c, onnx_value *v, onnx_type type);

#endif
