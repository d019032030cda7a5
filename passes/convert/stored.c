/* Tensors that are there at the start: inputs and constants; see builder.h. */

#include "builder.h"

#include "mlir-c/Dialect/Linalg.h"

static const char *type_text(loader *l, MlirType type) {
    stream_text text = {0};
    stream_ir_print_type(type, &text);
    const char *kept = stream_arena_strdup(l->arena, text.data);
    stream_text_free(&text);
    return kept;
}

static stream_status check_dim(loader *l, MlirType type, int32_t d, MlirOperation op,
                               const char *what) {
    if (mlirShapedTypeIsDynamicDim(type, d))
        return unsupported(l, op, "%s has a dynamic dimension %d; static shapes are read", what, d);
    int64_t size = mlirShapedTypeGetDimSize(type, d);
    if (size < 1 || size > INT32_MAX)
        return unsupported(l, op, "%s has %lld elements in dimension %d; 1 to %d are read", what,
                           (long long)size, d, INT32_MAX);
    return STREAM_OK;
}

stream_status tensor_shape(loader *l, MlirType type, MlirOperation op, const char *what,
                           int32_t *rank, int64_t *shape) {
    if (!stream_ir_is_tensor(type))
        return unsupported(l, op, "%s is no ranked tensor", what);
    int64_t n = mlirShapedTypeGetRank(type);
    if (n > STREAM_MAX_RANK)
        return unsupported(l, op, "%s has rank %lld; up to %d is read", what, (long long)n,
                           STREAM_MAX_RANK);
    *rank = (int32_t)n;
    for (int32_t d = 0; d < *rank; ++d) {
        STREAM_TRY(check_dim(l, type, d, op, what));
        shape[d] = mlirShapedTypeGetDimSize(type, d);
    }
    if (stream_ir_element_bits(mlirShapedTypeGetElementType(type)) == 0)
        return unsupported(l, op, "%s has elements of type %s; integers, floats and index are read",
                           what, type_text(l, mlirShapedTypeGetElementType(type)));
    return STREAM_OK;
}

/* ---- tensors that are there at the start */

static stream_status add_stored(loader *l, MlirOperation op, MlirValue value, const char *name,
                                stream_tensor_kind kind) {
    MlirType type = mlirValueGetType(value);
    stream_tensor t = {.name = name, .kind = kind, .layer = -1, .loc = stream_loc_of(op)};
    STREAM_TRY(tensor_shape(l, type, op, name, &t.rank, t.shape));
    MlirType element = mlirShapedTypeGetElementType(type);
    t.element_bits = stream_ir_element_bits(element);
    value_map_set(&l->view_of, value, tensor_new(l, &t, value, element));
    return STREAM_OK;
}

static const char *arg_name(loader *l, MlirOperation func, intptr_t i) {
    MlirAttribute attrs = stream_ir_attr(func, "arg_attrs");
    MlirStringRef given;
    if (i < stream_ir_length(attrs) &&
        stream_ir_as_string(stream_ir_entry(mlirArrayAttrGetElement(attrs, i), "stream.name"),
                            &given))
        return stream_ir_strdup(l->arena, given);
    stream_text text = {0};
    stream_text_print(&text, "arg%d", (int)i);
    const char *name = stream_arena_strdup(l->arena, text.data);
    stream_text_free(&text);
    return name;
}

stream_status load_arguments(loader *l, MlirOperation func, MlirBlock body) {
    for (intptr_t i = 0; i < mlirBlockGetNumArguments(body); ++i) {
        MlirValue arg = mlirBlockGetArgument(body, i);
        MlirType type = mlirValueGetType(arg);
        if (!stream_ir_is_tensor(type) && mlirTypeIsAShaped(type) &&
            !mlirOpOperandIsNull(mlirValueGetFirstUse(arg)))
            return unsupported(l, func, "%s is of type %s; ranked tensors are read",
                               arg_name(l, func, i), type_text(l, type));
        if (stream_ir_is_tensor(type))
            STREAM_TRY(add_stored(l, func, arg, arg_name(l, func, i), STREAM_TENSOR_INPUT));
    }
    return STREAM_OK;
}

/* ---- constants */

/* The data of a convolution or a matrix product, as opposed to a destination or element-wise data.
 */
static bool is_weight_use(MlirOpOperand use) {
    MlirOperation op = mlirOpOperandGetOwner(use);
    MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(op);
    if (mlirAttributeIsNull(maps) || mlirOperationGetNumResults(op) != 1)
        return false;
    return mlirOpOperandGetOperandNumber(use) == 1 && mlirOperationGetNumOperands(op) >= 3 &&
           (mlirLinalgIsAConvolutionOp(op) || mlirLinalgIsAContractionOp(op));
}

static bool is_weight(MlirValue value) {
    MlirOpOperand use = mlirValueGetFirstUse(value);
    for (; !mlirOpOperandIsNull(use); use = mlirOpOperandGetNextUse(use))
        if (is_weight_use(use))
            return true;
    return false;
}

static const char *constant_name(loader *l) {
    stream_text text = {0};
    stream_text_print(&text, "constant%d", (int)l->tensors.n);
    const char *name = stream_arena_strdup(l->arena, text.data);
    stream_text_free(&text);
    return name;
}

stream_status load_constant(loader *l, MlirOperation op) {
    MlirValue value = mlirOperationGetResult(op, 0);
    MlirType type = mlirValueGetType(value);
    MlirAttribute data = stream_ir_attr(op, "value");
    if (!stream_ir_is_tensor(type))
        return STREAM_OK;
    bool splat = mlirAttributeIsADenseElements(data) && mlirDenseElementsAttrIsSplat(data);
    if (!splat || (is_weight(value) && mlirElementsAttrGetNumElements(data) > 1))
        return add_stored(l, op, value, constant_name(l), STREAM_TENSOR_CONSTANT);
    int32_t rank;
    int64_t shape[STREAM_MAX_RANK];
    STREAM_TRY(tensor_shape(l, type, op, "the constant", &rank, shape));
    stream_view_origin origin = {.element = mlirShapedTypeGetElementType(type),
                                 .splat = mlirDenseElementsAttrGetSplatValue(data)};
    value_map_set(&l->view_of, value, view_fill(l, rank, shape, origin));
    return STREAM_OK;
}

stream_status add_constants(loader *l, MlirOperation op) {
    for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i)
        STREAM_TRY(add_stored(l, op, mlirOperationGetResult(op, i), constant_name(l),
                              STREAM_TENSOR_CONSTANT));
    return STREAM_OK;
}
