/* linalg.softmax as four generics; see normalize.h.
 *
 *     m = max_d x      e = exp(x - m)      s = sum_d e      y = e / s
 *
 * Layers NAME.max, NAME.exp, NAME.sum and NAME; a plan for the op is a plan for each of them, whose
 * loops are the dimensions of x. */

#include "normalize.h"

#include "../convert/ir.h"

static const char *minus_infinity(MlirType element) {
    if (mlirTypeIsAF16(element))
        return "0xFC00";
    if (mlirTypeIsABF16(element))
        return "0xFF80";
    if (mlirTypeIsAF32(element))
        return "0xFF800000";
    return mlirTypeIsAF64(element) ? "0xFFF0000000000000" : NULL;
}

typedef struct {
    int32_t rank, dim;
    int64_t shape[STREAM_MAX_RANK];
    MlirType element;
} input;

/* d0, d1 ...; without the one that is reduced, if `but_dim`. */
static void dims(stream_text *out, const input *x, bool but_dim) {
    bool first = true;
    for (int32_t d = 0; d < x->rank; ++d)
        if (!but_dim || d != x->dim) {
            stream_text_print(out, "%sd%d", first ? "" : ", ", d);
            first = false;
        }
}

static void alias_maps(stream_text *out, const input *x) {
    for (int row = 0; row < 2; ++row) {
        stream_text_print(out, "#%s = affine_map<(", row ? "row" : "all");
        dims(out, x, false);
        stream_text_str(out, ") -> (");
        dims(out, x, row);
        stream_text_str(out, ")>\n");
    }
    for (int reduces = 0; reduces < 2; ++reduces) {
        stream_text_print(out, "#%s = [", reduces ? "reduces" : "keeps");
        for (int32_t d = 0; d < x->rank; ++d)
            stream_text_print(out, "%s\"%s\"", d ? ", " : "",
                              reduces && d == x->dim ? "reduction" : "parallel");
        stream_text_str(out, "]\n");
    }
}

static void alias_types(stream_text *out, const input *x) {
    stream_text_str(out, "!e = ");
    stream_ir_print_type(x->element, out);
    for (int row = 0; row < 2; ++row) {
        stream_text_print(out, "\n!%s = tensor<", row ? "row" : "all");
        for (int32_t d = 0; d < x->rank; ++d)
            if (!row || d != x->dim)
                stream_text_print(out, "%lldx", (long long)x->shape[d]);
        stream_text_str(out, "!e>");
    }
    stream_text_str(out, "\n");
}

static void begin(stream_text *out, const char *infinity) {
    stream_text_print(out,
                      "func.func private @softmax(%%x: !all) -> !all {\n"
                      "  %%low = arith.constant %s : !e\n"
                      "  %%zero = arith.constant 0.0 : !e\n"
                      "  %%row = tensor.empty() : !row\n"
                      "  %%all = tensor.empty() : !all\n"
                      "  %%lows = linalg.fill ins(%%low : !e) outs(%%row : !row) -> !row\n"
                      "  %%zeros = linalg.fill ins(%%zero : !e) outs(%%row : !row) -> !row\n",
                      infinity);
}

static void reduction(stream_text *out, const char *name, const char *in, const char *init,
                      const char *op) {
    stream_text_print(out,
                      "  %%%s = linalg.generic {indexing_maps = [#all, #row], iterator_types = "
                      "#reduces} ins(%s : !all) outs(%s : !row) {\n"
                      "  ^bb0(%%a: !e, %%b: !e):\n"
                      "    %%r = %s %%a, %%b : !e\n"
                      "    linalg.yield %%r : !e\n"
                      "  } -> !row\n",
                      name, in, init, op);
}

static void pointwise(stream_text *out, const char *name, const char *ins, const char *body) {
    stream_text_print(out,
                      "  %%%s = linalg.generic {indexing_maps = [#all, #row, #all], "
                      "iterator_types = #keeps} ins(%s : !all, !row) outs(%%all : !all) {\n"
                      "  ^bb0(%%a: !e, %%b: !e, %%c: !e):\n"
                      "%s"
                      "    linalg.yield %%r : !e\n"
                      "  } -> !all\n",
                      name, ins, body);
}

static void write(stream_text *out, const input *x, const char *infinity) {
    alias_maps(out, x);
    alias_types(out, x);
    begin(out, infinity);
    reduction(out, "max", "%x", "%lows", "arith.maximumf");
    pointwise(out, "exp", "%x, %max",
              "    %d = arith.subf %a, %b : !e\n    %r = math.exp %d : !e\n");
    reduction(out, "sum", "%exp", "%zeros", "arith.addf");
    pointwise(out, "y", "%exp, %sum", "    %r = arith.divf %a, %b : !e\n");
    stream_text_str(out, "  return %y : !all\n}\n");
}

/* Names, operator and plan of the four. */
static void name_parts(MlirModule module, MlirOperation op) {
    static const char *const suffixes[] = {".max", ".exp", ".sum", ""};
    MlirContext context = mlirOperationGetContext(op);
    MlirAttribute plan = stream_ir_attr(op, "stream.plan");
    MlirStringRef name = stream_ir_str("softmax");
    stream_ir_get_string(op, "stream.layer", &name);
    stream_arena *arena = stream_arena_create();
    stream_ir_ops parts =
        stream_ir_collect_named(mlirModuleGetOperation(module), "linalg.generic", arena);
    for (int32_t i = 0; i < parts.n; ++i) {
        stream_text text = {0};
        stream_text_print(&text, "%.*s%s", (int)name.length, name.data, suffixes[i]);
        stream_ir_set(parts.ops[i], "stream.layer", stream_ir_string(context, text.data));
        stream_ir_set(parts.ops[i], "stream.operator", stream_ir_string(context, "Softmax"));
        if (!mlirAttributeIsNull(plan))
            stream_ir_set(parts.ops[i], "stream.plan", plan);
        stream_text_free(&text);
    }
    stream_arena_destroy(arena);
}

void stream_normalize_softmax(MlirOperation op) {
    input x = {0};
    int64_t dim = 0;
    MlirValue value = mlirOperationGetOperand(op, 0);
    if (mlirOperationGetNumResults(op) != 1 ||
        !stream_ir_shape(mlirValueGetType(value), &x.rank, x.shape) ||
        !stream_ir_get_i64(op, "dimension", &dim))
        return;
    x.dim = (int32_t)dim;
    x.element = mlirShapedTypeGetElementType(mlirValueGetType(value));
    const char *infinity = minus_infinity(x.element);
    if (!infinity)
        return;
    stream_text text = {0};
    write(&text, &x, infinity);
    MlirModule module = stream_normalize_parse(op, &text);
    name_parts(module, op);
    stream_normalize_splice(op, module, &value, 1);
}
