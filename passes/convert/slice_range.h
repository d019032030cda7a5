#ifndef STREAM_PASSES_CONVERT_SLICE_RANGE_H
#define STREAM_PASSES_CONVERT_SLICE_RANGE_H

#include "mlir-c/IR.h"

#include <stdbool.h>
#include <stdint.h>

/* A dimension in which a slice has elements that its tensor does not have. */
typedef struct {
    int32_t dim;
    bool moves;                           /* the offset is no constant: it is so at every offset */
    int64_t offset, size, stride, length; /* in elements; `length` is the tensor's */
} stream_slice_fault;

/* Of tensor.extract_slice and tensor.insert_slice, whose own verifier knows attributes alone:
 * scalars that are constants count too. True: in range as far as that can be known; else `*fault`
 * is the first such dimension. */
bool stream_slice_in_range(MlirOperation op, stream_slice_fault *fault);

#endif
