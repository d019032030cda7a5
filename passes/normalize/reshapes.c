/* tensor.reshape between static shapes without encoding becomes tensor.collapse_shape and
 * expand_shape; see normalize.h. */

#include "normalize.h"

#include "../convert/ir.h"

/* [[0, 1, ... rank - 1]] */
static void write_group(stream_text *out, int32_t rank) {
    stream_text_str(out, " [[");
    for (int32_t d = 0; d < rank; ++d)
        stream_text_print(out, "%s%d", d ? ", " : "", d);
    stream_text_str(out, "]]");
}

static void write(stream_text *out, MlirType from, int32_t from_rank, MlirType to, int32_t to_rank,
                  const int64_t *shape) {
    int64_t n = 1;
    for (int32_t d = 0; d < to_rank; ++d)
        n *= shape[d];
    stream_text_str(out, "!from = ");
    stream_ir_print_type(from, out);
    stream_text_str(out, "\n!to = ");
    stream_ir_print_type(to, out);
    stream_text_print(out, "\n!line = tensor<%lldx", (long long)n);
    stream_ir_print_type(mlirShapedTypeGetElementType(to), out);
    stream_text_str(out, ">\nfunc.func private @reshape(%x: !from) -> !to {\n");
    if (from_rank > 1) {
        stream_text_str(out, "  %line = tensor.collapse_shape %x");
        write_group(out, from_rank);
        stream_text_str(out, " : !from into !line\n");
    }
    if (to_rank > 1) {
        stream_text_print(out, "  %%y = tensor.expand_shape %s", from_rank > 1 ? "%line" : "%x");
        write_group(out, to_rank);
        stream_text_str(out, " output_shape [");
        for (int32_t d = 0; d < to_rank; ++d)
            stream_text_print(out, "%s%lld", d ? ", " : "", (long long)shape[d]);
        stream_text_str(out, "] : !line into !to\n");
    }
    stream_text_print(out, "  return %s : !to\n}\n",
                      to_rank > 1     ? "%y"
                      : from_rank > 1 ? "%line"
                                      : "%x");
}

/* At least one dimension, all of them static, in the usual order. */
static bool is_plain(MlirType type, int32_t *rank, int64_t *shape) {
    return stream_ir_shape(type, rank, shape) && *rank > 0 &&
           mlirAttributeIsNull(mlirRankedTensorTypeGetEncoding(type));
}

void stream_normalize_reshapes(MlirOperation func, stream_arena *arena) {
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(func), arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        int32_t from_rank, to_rank;
        int64_t from_shape[STREAM_MAX_RANK], shape[STREAM_MAX_RANK];
        if (!stream_ir_is(ops.ops[i], "tensor.reshape"))
            continue;
        MlirValue source = mlirOperationGetOperand(ops.ops[i], 0);
        MlirType from = mlirValueGetType(source);
        MlirType to = mlirValueGetType(mlirOperationGetResult(ops.ops[i], 0));
        if (!is_plain(from, &from_rank, from_shape) || !is_plain(to, &to_rank, shape))
            continue;
        stream_text text = {0};
        write(&text, from, from_rank, to, to_rank, shape);
        MlirModule module = stream_normalize_parse(ops.ops[i], &text);
        if (!mlirModuleIsNull(module))
            stream_normalize_splice(ops.ops[i], module, &source, 1);
    }
}
