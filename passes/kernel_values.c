/* Values of a kernel: scalars, constants, destinations, named ops. */

#include "kernel.h"

#include "mlir-c/Dialect/Linalg.h"

MlirValue stream_kernel_append(stream_kernel_builder *b, const stream_ir_op *op) {
    MlirOperation built = stream_ir_insert(b->block, (MlirOperation){NULL}, op);
    return mlirOperationGetResult(built, 0);
}

MlirValue stream_kernel_empty(stream_kernel_builder *b, int32_t rank, const int64_t *shape,
                              MlirType element) {
    MlirType type = stream_ir_tensor(rank, shape, element);
    stream_ir_op op = {.loc = b->loc, .name = "tensor.empty", .results = &type, .n_results = 1};
    return stream_kernel_append(b, &op);
}

static MlirValue known_copy(const stream_kernel_builder *b, MlirValue scalar) {
    for (size_t i = 0; i < b->scalars.n; ++i) {
        stream_kernel_scalar s = STREAM_AT(stream_kernel_scalar, b->scalars, i);
        if (mlirValueEqual(s.from, scalar))
            return s.to;
    }
    return (MlirValue){NULL};
}

MlirValue stream_kernel_scalar_copy(stream_kernel_builder *b, MlirValue scalar) {
    MlirValue copy = known_copy(b, scalar);
    if (!mlirValueIsNull(copy))
        return copy;
    MlirOperation op = mlirOpResultGetOwner(scalar), clone = mlirOperationClone(op);
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
        mlirOperationSetOperand(clone, i,
                                stream_kernel_scalar_copy(b, mlirOperationGetOperand(op, i)));
    mlirBlockAppendOwnedOperation(b->block, clone);
    copy = mlirOperationGetResult(clone, mlirOpResultGetResultNumber(scalar));
    *(stream_kernel_scalar *)stream_vec_push(&b->scalars) = (stream_kernel_scalar){scalar, copy};
    return copy;
}

MlirValue stream_kernel_constant(stream_kernel_builder *b, MlirType type, MlirAttribute value) {
    MlirNamedAttribute attr = stream_ir_named(b->context, "value", value);
    stream_ir_op op = {.loc = b->loc,
                       .name = "arith.constant",
                       .results = &type,
                       .n_results = 1,
                       .attrs = &attr,
                       .n_attrs = 1};
    return stream_kernel_append(b, &op);
}

MlirValue stream_kernel_zero(stream_kernel_builder *b, MlirType element) {
    MlirAttribute value = mlirTypeIsAFloat(element) ? mlirFloatAttrDoubleGet(b->context, element, 0)
                                                    : mlirIntegerAttrGet(element, 0);
    return stream_kernel_constant(b, element, value);
}

MlirValue stream_kernel_unary(stream_kernel_builder *b, const char *name, MlirValue in,
                              MlirValue out, MlirNamedAttribute attr) {
    MlirValue operands[2] = {in, out};
    MlirType type = mlirValueGetType(out);
    MlirRegion region = mlirRegionCreate();
    stream_ir_op op = {.loc = b->loc,
                       .name = name,
                       .operands = operands,
                       .n_operands = 2,
                       .results = &type,
                       .n_results = 1,
                       .attrs = &attr,
                       .n_attrs = 1,
                       .regions = &region,
                       .n_regions = 1};
    MlirValue result = stream_kernel_append(b, &op);
    mlirLinalgFillBuiltinNamedOpRegion(mlirOpResultGetOwner(result));
    return result;
}
