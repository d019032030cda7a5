/* Ops that only move data, read as views. */

#include "builder.h"

#include "mlir-c/AffineMap.h"
#include "mlir-c/Dialect/Linalg.h"

#include <string.h>

/* The view of result 0 of `op`. */
static stream_status give(loader *l, MlirOperation op, int32_t view) {
    value_map_set(&l->view_of, mlirOperationGetResult(op, 0), view);
    return STREAM_OK;
}

static MlirType result_element(MlirOperation op) {
    return mlirShapedTypeGetElementType(mlirValueGetType(mlirOperationGetResult(op, 0)));
}

static stream_status result_shape(loader *l, MlirOperation op, int32_t *rank, int64_t *shape) {
    return tensor_shape(l, mlirValueGetType(mlirOperationGetResult(op, 0)), op, "result", rank,
                        shape);
}

static int32_t source_view(loader *l, MlirOperation op, intptr_t i) {
    return view_of(l, mlirOperationGetOperand(op, i));
}

/* A fill whose scalar is operand 0 (linalg.fill, tensor.splat), or one without content. */
static stream_status load_fill(loader *l, MlirOperation op) {
    int32_t rank;
    int64_t shape[STREAM_MAX_RANK];
    STREAM_TRY(result_shape(l, op, &rank, shape));
    stream_view_origin origin = {.element = result_element(op)};
    if (!stream_ir_is(op, "tensor.empty")) {
        origin.scalar = mlirOperationGetOperand(op, 0);
        if (!stream_scalar_is_constant(origin.scalar))
            return unsupported(l, op,
                               "fills with a scalar that is not a constant: pass it as a "
                               "tensor of one element");
        if (!mlirTypeEqual(mlirValueGetType(origin.scalar), origin.element))
            return unsupported(l, op, "fills with a scalar of another type than its elements");
    }
    return give(l, op, view_fill(l, rank, shape, origin));
}

static stream_status load_from_elements(loader *l, MlirOperation op) {
    if (mlirOperationGetNumOperands(op) != 1)
        return unsupported(l, op, "makes a tensor of %d scalars; one, or arith.constant, is read",
                           (int)mlirOperationGetNumOperands(op));
    return load_fill(l, op);
}

/* The scalar of a tensor.pad, or a null value. */
static MlirValue pad_scalar(MlirOperation op) {
    MlirOperation yield = stream_ir_terminator(op);
    MlirValue scalar = mlirOperationGetOperand(yield, 0);
    return stream_scalar_is_constant(scalar) ? scalar : (MlirValue){NULL};
}

static stream_status load_pad(loader *l, MlirOperation op) {
    int32_t rank;
    int64_t shape[STREAM_MAX_RANK], low[STREAM_MAX_RANK], high[STREAM_MAX_RANK];
    STREAM_TRY(result_shape(l, op, &rank, shape));
    if (mlirOperationGetNumOperands(op) != 1)
        return unsupported(l, op, "pads by amounts that are not constants");
    stream_ir_as_i64s(stream_ir_attr(op, "static_low"), low, STREAM_MAX_RANK);
    stream_ir_as_i64s(stream_ir_attr(op, "static_high"), high, STREAM_MAX_RANK);
    for (int32_t d = 0; d < rank; ++d)
        if (low[d] < 0 || high[d] < 0)
            return unsupported(l, op, "pads dimension %d by a negative amount", d);
    MlirValue scalar = pad_scalar(op);
    if (mlirValueIsNull(scalar))
        return unsupported(l, op, "pads with a value that is not one constant");
    stream_view_origin origin = {.element = result_element(op), .scalar = scalar};
    return give(l, op, view_pad(l, source_view(l, op, 0), low, high, origin));
}

/* Fills map[d] = group of d from a reassociation; -1 everywhere if there are no groups. */
static void reassociation(MlirOperation op, int32_t *map) {
    MlirAttribute groups = stream_ir_attr(op, "reassociation");
    for (int32_t d = 0; d < STREAM_MAX_RANK; ++d)
        map[d] = -1;
    for (intptr_t g = 0; g < mlirArrayAttrGetNumElements(groups); ++g) {
        int64_t dims[STREAM_MAX_RANK];
        intptr_t n = stream_ir_as_i64s(mlirArrayAttrGetElement(groups, g), dims, STREAM_MAX_RANK);
        for (intptr_t i = 0; i < n; ++i)
            map[dims[i]] = (int32_t)g;
    }
}

static stream_status load_reshape(loader *l, MlirOperation op) {
    int32_t rank, map[STREAM_MAX_RANK];
    int64_t shape[STREAM_MAX_RANK];
    STREAM_TRY(result_shape(l, op, &rank, shape));
    reassociation(op, map);
    int32_t source = source_view(l, op, 0);
    return give(l, op,
                stream_ir_is(op, "tensor.expand_shape") ? view_expand(l, source, rank, shape, map)
                                                        : view_collapse(l, source, rank, map));
}

static stream_status load_concat(loader *l, MlirOperation op) {
    int32_t rank;
    int64_t shape[STREAM_MAX_RANK], axis = 0;
    STREAM_TRY(result_shape(l, op, &rank, shape));
    intptr_t n = mlirOperationGetNumOperands(op);
    int32_t *sources = STREAM_NEW(l->arena, int32_t, (size_t)n);
    for (intptr_t i = 0; i < n; ++i)
        sources[i] = source_view(l, op, i);
    stream_ir_get_i64(op, "dim", &axis);
    return give(l, op, view_concat(l, (int32_t)n, sources, (int32_t)axis));
}

static stream_status load_transpose(loader *l, MlirOperation op) {
    int64_t permutation[STREAM_MAX_RANK];
    int32_t map[STREAM_MAX_RANK];
    intptr_t n = stream_ir_as_i64s(stream_ir_attr(op, "permutation"), permutation, STREAM_MAX_RANK);
    for (intptr_t d = 0; d < n; ++d)
        map[d] = (int32_t)permutation[d];
    return give(l, op, view_transpose(l, source_view(l, op, 0), map));
}

static stream_status load_broadcast(loader *l, MlirOperation op) {
    int32_t rank, map[STREAM_MAX_RANK], next = 0;
    int64_t shape[STREAM_MAX_RANK], added[STREAM_MAX_RANK];
    STREAM_TRY(result_shape(l, op, &rank, shape));
    intptr_t n = stream_ir_as_i64s(stream_ir_attr(op, "dimensions"), added, STREAM_MAX_RANK);
    for (int32_t d = 0; d < rank; ++d) {
        bool is_new = false;
        for (intptr_t i = 0; i < n; ++i)
            is_new |= added[i] == d;
        map[d] = is_new ? -1 : next++;
    }
    return give(l, op, view_broadcast(l, source_view(l, op, 0), rank, shape, map));
}

static stream_status load_cast(loader *l, MlirOperation op) {
    int32_t rank;
    int64_t shape[STREAM_MAX_RANK];
    STREAM_TRY(result_shape(l, op, &rank, shape));
    return give(l, op, source_view(l, op, 0));
}

typedef struct {
    const char *name;
    stream_status (*load)(loader *l, MlirOperation op);
} view_op;

static const view_op view_ops[] = {
    {"tensor.empty", load_fill},
    {"tensor.splat", load_fill},
    {"tensor.from_elements", load_from_elements},
    {"tensor.pad", load_pad},
    {"tensor.expand_shape", load_reshape},
    {"tensor.collapse_shape", load_reshape},
    {"tensor.extract_slice", load_slice},
    {"tensor.insert_slice", load_insert},
    {"tensor.concat", load_concat},
    {"tensor.cast", load_cast},
    {"linalg.fill", load_fill},
    {"linalg.transpose", load_transpose},
    {"linalg.broadcast", load_broadcast},
};

stream_status load_view(loader *l, MlirOperation op, bool *handled) {
    *handled = true;
    for (size_t i = 0; i < sizeof view_ops / sizeof *view_ops; ++i)
        if (stream_ir_is(op, view_ops[i].name))
            return view_ops[i].load(l, op);
    return load_yield_only(l, op, handled);
}
