/* Padding by elements of tensors; see normalize.h.
 *
 *     %v = tensor.extract %filled[]   becomes   what %filled is filled with
 *     tensor.pad %x low.. high.. { yield %v }   a tensor full of %v, into which %x is inserted */

#include "normalize.h"

#include "../convert/ir.h"
#include "../convert/workload.h"

/* ---- elements of tensors that are filled with one scalar */

static bool is_outside(MlirValue value, MlirOperation op) {
    MlirBlock body = stream_ir_body(op);
    MlirBlock owner = mlirValueIsAOpResult(value)
                          ? mlirOperationGetBlock(mlirOpResultGetOwner(value))
                          : mlirBlockArgumentGetOwner(value);
    return !mlirBlockEqual(owner, body);
}

/* What every element of `tensor` is, or null. */
static MlirValue filling(MlirValue tensor) {
    MlirValue none = {NULL};
    if (!mlirValueIsAOpResult(tensor))
        return none;
    MlirOperation op = mlirOpResultGetOwner(tensor);
    if (stream_ir_is(op, "linalg.fill") || stream_ir_is(op, "tensor.splat") ||
        (stream_ir_is(op, "tensor.from_elements") && mlirOperationGetNumOperands(op) == 1))
        return mlirOperationGetOperand(op, 0);
    if (!stream_ir_is(op, "linalg.generic"))
        return none;
    MlirValue value =
        mlirOperationGetOperand(stream_ir_terminator(op), mlirOpResultGetResultNumber(tensor));
    return is_outside(value, op) ? value : none;
}

static void replace_extract(MlirOperation op) {
    MlirValue scalar = filling(mlirOperationGetOperand(op, 0));
    if (mlirValueIsNull(scalar))
        return;
    mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(op, 0), scalar);
    mlirOperationDestroy(op);
}

/* ---- pads */

/* The scalar from outside that the pad yields, if it is no constant; else null. */
static MlirValue computed_scalar(MlirOperation op) {
    MlirOperation yield = stream_ir_terminator(op);
    MlirValue none = {NULL};
    if (mlirOperationIsNull(yield) || mlirOperationGetNumOperands(yield) != 1)
        return none;
    MlirValue value = mlirOperationGetOperand(yield, 0);
    return is_outside(value, op) && mlirValueIsAOpResult(value) && !stream_scalar_is_constant(value)
               ? value
               : none;
}

static void list(stream_text *out, int32_t n, const int64_t *values) {
    for (int32_t d = 0; d < n; ++d)
        stream_text_print(out, "%s%lld", d ? ", " : "", (long long)values[d]);
}

static void write_insertion(MlirType source, MlirType result, const int64_t *low,
                            stream_text *text) {
    int64_t shape[STREAM_MAX_RANK], ones[STREAM_MAX_RANK];
    int32_t rank = 0;
    stream_ir_shape(source, &rank, shape);
    for (int32_t d = 0; d < rank; ++d)
        ones[d] = 1;
    stream_text_str(text, "!s = ");
    stream_ir_print_type(source, text);
    stream_text_str(text, "\n!t = ");
    stream_ir_print_type(result, text);
    stream_text_str(text, "\n!e = ");
    stream_ir_print_type(mlirShapedTypeGetElementType(result), text);
    stream_text_str(text, "\nfunc.func private @pad(%x: !s, %v: !e) -> !t {\n"
                          "  %e = tensor.empty() : !t\n"
                          "  %f = linalg.fill ins(%v : !e) outs(%e : !t) -> !t\n"
                          "  %r = tensor.insert_slice %x into %f[");
    list(text, rank, low);
    stream_text_str(text, "] [");
    list(text, rank, shape);
    stream_text_str(text, "] [");
    list(text, rank, ones);
    stream_text_str(text, "] : !s into !t\n  return %r : !t\n}\n");
}

static void replace_pad(MlirOperation op) {
    MlirValue args[2] = {mlirOperationGetOperand(op, 0), computed_scalar(op)};
    MlirType result = mlirValueGetType(mlirOperationGetResult(op, 0));
    int64_t low[STREAM_MAX_RANK], high[STREAM_MAX_RANK], shape[STREAM_MAX_RANK];
    int32_t rank = 0;
    stream_text text = {0};
    if (mlirValueIsNull(args[1]) || mlirOperationGetNumOperands(op) != 1 ||
        !stream_ir_shape(result, &rank, shape) ||
        stream_ir_as_i64s(stream_ir_attr(op, "static_low"), low, STREAM_MAX_RANK) != rank ||
        stream_ir_as_i64s(stream_ir_attr(op, "static_high"), high, STREAM_MAX_RANK) != rank)
        return;
    for (int32_t d = 0; d < rank; ++d)
        if (low[d] < 0 || high[d] < 0)
            return;
    write_insertion(mlirValueGetType(args[0]), result, low, &text);
    stream_normalize_splice(op, stream_normalize_parse(op, &text), args, 2);
}

void stream_normalize_pads(MlirOperation func, stream_arena *arena) {
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(func), arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        if (stream_ir_is(ops.ops[i], "tensor.extract"))
            replace_extract(ops.ops[i]);
        else if (stream_ir_is(ops.ops[i], "tensor.pad"))
            replace_pad(ops.ops[i]);
    }
}
