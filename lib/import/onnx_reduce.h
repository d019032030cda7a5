/* Reductions and normalisation building blocks; not installed. */
#ifndef STREAM_IMPORT_ONNX_REDUCE_H
#define STREAM_IMPORT_ONNX_REDUCE_H

#include "onnx_import.h"

/* What happens to an element before it is combined; x is the element minus shift * factor. */
typedef enum {
    ONNX_AS_IS,
    ONNX_ABSOLUTE,
    ONNX_SQUARE,
    ONNX_EXPONENTIAL
} onnx_before;

/* y[kept dims] = op over the dims in `mask` of before(x - shift[kept dims] * factor)
 *
 * shift   NULL for none; of type `acc` and the shape of y
 * op      as stream_onnx_s_arith; acc: type of y */
typedef struct {
    onnx_value *x, *shift;
    double factor;
    const bool *mask;
    onnx_before before;
    char op;
    onnx_type acc;
} onnx_reduction;

onnx_value *stream_onnx_reduce_emit(onnx_ctx *c, const onnx_reduction *r, const char *suffix);
/* Product of the dims in `mask`. */
int64_t stream_onnx_reduced(const onnx_value *x, const bool *mask);
/* "d0, d2": the loops not in `mask`. */
const char *stream_onnx_kept_map(onnx_ctx *c, int32_t rank, const bool *mask);

#endif
