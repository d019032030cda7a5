/* Kernels of a module of CTs. */

#include "ct_reader.h"

static stream_status box_of_type(ct_reader *r, MlirOperation op, MlirType type, stream_box *out) {
    int64_t shape[STREAM_MAX_RANK];
    if (!stream_ir_shape(type, &out->rank, shape))
        return stream_error(r->diag, STREAM_INVALID, stream_loc_of(op),
                            "a kernel works on tensors of static shape and rank up to %d",
                            STREAM_MAX_RANK);
    for (int32_t d = 0; d < out->rank; ++d)
        out->size[d] = (int32_t)shape[d];
    return STREAM_OK;
}

static bool operand_of_name(MlirStringRef name, uint8_t *out) {
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (stream_ir_str_is(name, stream_operand_class_name((stream_operand_class)o))) {
            *out = o;
            return true;
        }
    return false;
}

static stream_status read_operand_class(ct_reader *r, MlirOperation op, intptr_t i, uint8_t *out) {
    MlirAttribute attrs = stream_ir_attr(op, "arg_attrs");
    MlirStringRef text;
    if (i < stream_ir_length(attrs) &&
        stream_ir_as_string(stream_ir_entry(mlirArrayAttrGetElement(attrs, i), "stream.operand"),
                            &text) &&
        operand_of_name(text, out))
        return STREAM_OK;
    return stream_error(r->diag, STREAM_INVALID, stream_loc_of(op),
                        "argument %d of a kernel has no stream.operand (\"I1\", \"I2\" or \"O\")",
                        (int)i);
}

static stream_status read_signature(ct_reader *r, MlirOperation op, ct_signature *out) {
    MlirType type = mlirTypeAttrGetValue(stream_ir_attr(op, "function_type"));
    intptr_t n = mlirFunctionTypeGetNumInputs(type);
    intptr_t n_results = mlirFunctionTypeGetNumResults(type);
    if (n_results < 1)
        return stream_error(r->diag, STREAM_INVALID, stream_loc_of(op),
                            "a kernel gives at least one tensor");
    stream_box *boxes = STREAM_NEW(r->arena, stream_box, (size_t)n + 1);
    uint8_t *operands = STREAM_NEW(r->arena, uint8_t, (size_t)n);
    for (intptr_t i = 0; i < n; ++i) {
        STREAM_TRY(box_of_type(r, op, mlirFunctionTypeGetInput(type, i), &boxes[i]));
        STREAM_TRY(read_operand_class(r, op, i, &operands[i]));
    }
    STREAM_TRY(box_of_type(r, op, mlirFunctionTypeGetResult(type, 0), &boxes[n]));
    MlirStringRef op_type = mlirStringRefCreate("Generic", 7);
    stream_ir_as_string(stream_ir_entry(stream_ir_attr(op, "stream.kernel"), "operator"), &op_type);
    *out = (ct_signature){(int32_t)n, (int32_t)n_results, boxes, operands,
                          stream_ir_strdup(r->arena, op_type)};
    return STREAM_OK;
}

stream_status stream_ct_read_kernels(ct_reader *r) {
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(r->module));
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op)) {
        if (!stream_ir_is(op, "func.func") || !stream_ir_has(op, "stream.kernel"))
            continue;
        MlirStringRef name = stream_ir_symbol_name(op);
        STREAM_TRY(read_signature(r, op, stream_vec_push(&r->signatures)));
        stream_kernel *kernel = stream_vec_push(&r->kernels);
        *kernel = (stream_kernel){stream_ir_strdup(r->arena, name), -1, stream_loc_of(op)};
        value_map_set(&r->kernel_of,
                      stream_attr_key(mlirFlatSymbolRefAttrGet(mlirOperationGetContext(op), name)),
                      (int32_t)r->kernels.n - 1);
        *(MlirOperation *)stream_vec_push(&r->kernel_ops) = op;
    }
    return STREAM_OK;
}
