/* Slices that leave their tensor; see slice_range.h. */

#include "slice_range.h"

#include "ir.h"

#include "stream/support/integer.h"

typedef struct {
    int64_t value;
    bool known;
} entry;

/* A list of `rank` entries, whose dynamic ones are operands from *next on. */
static bool read_entries(MlirOperation op, const char *list, int32_t rank, intptr_t *next,
                         entry *out) {
    int64_t values[STREAM_MAX_RANK];
    if (stream_ir_as_i64s(stream_ir_attr(op, list), values, STREAM_MAX_RANK) != rank)
        return false;
    for (int32_t d = 0; d < rank; ++d) {
        out[d] = (entry){values[d], true};
        if (values[d] == mlirShapedTypeGetDynamicStrideOrOffset())
            out[d].known =
                *next < mlirOperationGetNumOperands(op) &&
                stream_ir_constant_i64(mlirOperationGetOperand(op, (*next)++), &out[d].value);
    }
    return true;
}

/* The elements are offset, offset + stride ... offset + reach. */
static bool is_inside(entry offset, int64_t size, int64_t stride, int64_t length) {
    int64_t reach, last;
    if (size < 1)
        return true;
    if (!stream_mul_i64(size - 1, stride, &reach))
        return false;
    if (!offset.known)
        return reach < length && reach > -length;
    return offset.value >= 0 && offset.value < length &&
           stream_add_i64(offset.value, reach, &last) && last >= 0 && last < length;
}

bool stream_slice_in_range(MlirOperation op, stream_slice_fault *fault) {
    bool inserts = stream_ir_is(op, "tensor.insert_slice");
    intptr_t next = inserts ? 2 : 1;
    int32_t rank;
    int64_t shape[STREAM_MAX_RANK];
    entry offset[STREAM_MAX_RANK], size[STREAM_MAX_RANK], stride[STREAM_MAX_RANK];
    if (!stream_ir_shape(mlirValueGetType(mlirOperationGetOperand(op, inserts)), &rank, shape) ||
        !read_entries(op, "static_offsets", rank, &next, offset) ||
        !read_entries(op, "static_sizes", rank, &next, size) ||
        !read_entries(op, "static_strides", rank, &next, stride))
        return true;
    for (int32_t d = 0; d < rank; ++d)
        if (size[d].known && stride[d].known &&
            !is_inside(offset[d], size[d].value, stride[d].value, shape[d])) {
            *fault = (stream_slice_fault){.dim = d,
                                          .moves = !offset[d].known,
                                          .offset = offset[d].value,
                                          .size = size[d].value,
                                          .stride = stride[d].value,
                                          .length = shape[d]};
            return false;
        }
    return true;
}
