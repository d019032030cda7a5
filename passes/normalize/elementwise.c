/* arith and math ops on whole tensors become linalg.generic; see normalize.h.
 *
 *     %z = arith.addf %x, %y : tensor<4x6xf32>      one generic of identity maps, whose body is
 *                                                   the op on elements */

#include "normalize.h"

#include "../convert/ir.h"

bool stream_normalize_is_elementwise(MlirOperation op) {
    int32_t rank;
    int64_t shape[STREAM_MAX_RANK];
    return (stream_ir_in_dialect(op, "arith.") || stream_ir_in_dialect(op, "math.")) &&
           mlirOperationGetNumResults(op) == 1 && mlirOperationGetNumOperands(op) > 0 &&
           mlirOperationGetNumRegions(op) == 0 &&
           stream_ir_shape(mlirValueGetType(mlirOperationGetResult(op, 0)), &rank, shape);
}

static MlirType element_of(MlirType type) {
    return stream_ir_is_tensor(type) ? mlirShapedTypeGetElementType(type) : type;
}

/* %x0: type, %x1: type */
static void write_arguments(stream_text *out, MlirOperation op) {
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
        stream_text_print(out, "%s%%x%d: ", i ? ", " : "", (int)i);
        stream_ir_print_type(mlirValueGetType(mlirOperationGetOperand(op, i)), out);
    }
}

/* %a0: element, %a1: element, of the operands that are tensors; %o: !e */
static void write_block_arguments(stream_text *out, MlirOperation op) {
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
        MlirType type = mlirValueGetType(mlirOperationGetOperand(op, i));
        if (!stream_ir_is_tensor(type))
            continue;
        stream_text_print(out, "%%a%d: ", (int)i);
        stream_ir_print_type(element_of(type), out);
        stream_text_str(out, ", ");
    }
    stream_text_str(out, "%o: !e");
}

/* ins(%x0, %x1 : type, type) */
static void write_inputs(stream_text *out, MlirOperation op) {
    for (int types = 0; types < 2; ++types)
        for (intptr_t i = 0, n = 0; i < mlirOperationGetNumOperands(op); ++i) {
            MlirType type = mlirValueGetType(mlirOperationGetOperand(op, i));
            if (!stream_ir_is_tensor(type))
                continue;
            stream_text_str(out, n++ ? ", " : types ? " : " : " ins(");
            if (types)
                stream_ir_print_type(type, out);
            else
                stream_text_print(out, "%%x%d", (int)i);
        }
    stream_text_str(out, ")");
}

/* "name"(%a0, %x1) {attributes} : (type, type) -> !e. Operands that are no tensors are used from
 * outside. */
static void write_scalar_op(stream_text *out, MlirOperation op) {
    MlirStringRef name = stream_ir_op_name(op);
    intptr_t n = mlirOperationGetNumOperands(op);
    stream_text_print(out, "    %%r = \"%.*s\"(", (int)name.length, name.data);
    for (intptr_t i = 0; i < n; ++i) {
        bool tensor = stream_ir_is_tensor(mlirValueGetType(mlirOperationGetOperand(op, i)));
        stream_text_print(out, "%s%%%s%d", i ? ", " : "", tensor ? "a" : "x", (int)i);
    }
    stream_text_str(out, ") {");
    for (intptr_t i = 0, n_written = 0; i < mlirOperationGetNumAttributes(op); ++i) {
        MlirNamedAttribute attr = mlirOperationGetAttribute(op, i);
        MlirStringRef key = mlirIdentifierStr(attr.name);
        if (!mlirAttributeIsNull(mlirOperationGetDiscardableAttributeByName(op, key)))
            continue;
        stream_text_print(out, "%s\"%.*s\" = ", n_written++ ? ", " : "", (int)key.length, key.data);
        stream_ir_print_attr(attr.attribute, out);
    }
    stream_text_str(out, "} : (");
    for (intptr_t i = 0; i < n; ++i) {
        stream_text_str(out, i ? ", " : "");
        stream_ir_print_type(element_of(mlirValueGetType(mlirOperationGetOperand(op, i))), out);
    }
    stream_text_str(out, ") -> !e\n");
}

static void write(stream_text *out, MlirOperation op, MlirType type, int32_t rank) {
    stream_text_str(out, "#id = ");
    stream_normalize_write_identity(out, rank);
    stream_text_str(out, "\n!e = ");
    stream_ir_print_type(mlirShapedTypeGetElementType(type), out);
    stream_text_str(out, "\n!t = ");
    stream_ir_print_type(type, out);
    stream_text_str(out, "\nfunc.func private @elementwise(");
    write_arguments(out, op);
    stream_text_str(out, ") -> !t {\n  %e = tensor.empty() : !t\n"
                         "  %y = linalg.generic {indexing_maps = [#id");
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
        if (stream_ir_is_tensor(mlirValueGetType(mlirOperationGetOperand(op, i))))
            stream_text_str(out, ", #id");
    stream_text_str(out, "], iterator_types = ");
    stream_normalize_write_parallel(out, rank);
    stream_text_str(out, "}");
    write_inputs(out, op);
    stream_text_str(out, " outs(%e : !t) {\n  ^bb0(");
    write_block_arguments(out, op);
    stream_text_str(out, "):\n");
    write_scalar_op(out, op);
    stream_text_str(out, "    linalg.yield %r : !e\n  } -> !t\n  return %y : !t\n}\n");
}

void stream_normalize_elementwise(MlirOperation op, stream_arena *arena) {
    int32_t rank;
    int64_t shape[STREAM_MAX_RANK];
    stream_text text = {0};
    intptr_t n = mlirOperationGetNumOperands(op);
    MlirValue *args = STREAM_NEW(arena, MlirValue, (size_t)n);
    MlirType type = mlirValueGetType(mlirOperationGetResult(op, 0));
    for (intptr_t i = 0; i < n; ++i)
        args[i] = mlirOperationGetOperand(op, i);
    stream_ir_shape(type, &rank, shape);
    write(&text, op, type, rank);
    MlirModule module = stream_normalize_parse(op, &text);
    if (mlirModuleIsNull(module))
        return;
    stream_normalize_keep_names(module, op);
    stream_normalize_splice(op, module, args, (int32_t)n);
}
