/* What a core must have to run an element-wise op behind another; see classify.h. */

#include "classify.h"

#include "ir.h"

#include "stream/support/vec.h"

#include <string.h>

typedef struct {
    stream_vec seen;  /* MlirOperation */
    stream_vec names; /* const char *, each once */
    int32_t n_ops;    /* occurrences */
} finder;

static MlirOperation definition(MlirValue value) {
    return mlirValueIsAOpResult(value) ? mlirOpResultGetOwner(value) : (MlirOperation){NULL};
}

static bool has_prefix(MlirOperation op, const char *prefix) {
    MlirStringRef name = stream_ir_op_name(op);
    size_t n = strlen(prefix);
    return name.length >= n && !memcmp(name.data, prefix, n);
}

/* Constants, indices, comparisons and conversions are part of the op that uses them. */
static bool comes_along(MlirOperation op, const char *name) {
    return stream_ir_is(op, "arith.constant") || has_prefix(op, "arith.cmp") ||
           !strcmp(name, "Cast") || has_prefix(op, "linalg.index") ||
           stream_ir_is(op, "arith.bitcast") ||
           mlirTypeIsAIndex(mlirValueGetType(mlirOperationGetResult(op, 0)));
}

static void add_name(finder *f, const char *name) {
    f->n_ops++;
    for (size_t i = 0; i < f->names.n; ++i)
        if (!strcmp(STREAM_AT(const char *, f->names, i), name))
            return;
    *(const char **)stream_vec_push(&f->names) = name;
}

static void visit(finder *f, MlirValue value) {
    MlirOperation op = definition(value);
    if (!mlirOperationIsNull(op))
        *(MlirOperation *)stream_vec_push(&f->seen) = op;
}

/* The last operand of a chain of `op`s, each reading the one before as operand `from`. */
static MlirOperation through(MlirOperation op, const char *name, intptr_t from) {
    MlirOperation before =
        mlirOperationIsNull(op) ? op : definition(mlirOperationGetOperand(op, from));
    return !mlirOperationIsNull(before) && stream_ir_is(before, name) ? before
                                                                      : (MlirOperation){NULL};
}

/* The argument of 1 / (1 + exp(-x)), with or without the negation apart. */
static MlirValue sigmoid_argument(MlirOperation division) {
    MlirOperation sum = definition(mlirOperationGetOperand(division, 1));
    MlirOperation e = through(sum, "math.exp", 0);
    if (mlirOperationIsNull(e))
        e = through(sum, "math.exp", 1);
    MlirOperation negation = through(e, "arith.negf", 0);
    return mlirOperationGetOperand(mlirOperationIsNull(negation) ? e : negation, 0);
}

/* Names `op` and visits what it reads that its name does not stand for. */
static void find(finder *f, MlirOperation op) {
    const char *name = stream_classify_element_op(op);
    if (!comes_along(op, name))
        add_name(f, name);
    if (!strcmp(name, "Sigmoid")) {
        visit(f, sigmoid_argument(op));
        return;
    }
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
        visit(f, mlirOperationGetOperand(op, i));
}

static bool is_seen_before(const finder *f, size_t i) {
    for (size_t k = 0; k < i; ++k)
        if (mlirOperationEqual(STREAM_AT(MlirOperation, f->seen, k),
                               STREAM_AT(MlirOperation, f->seen, i)))
            return true;
    return false;
}

static int32_t widest_input(MlirOperation op, bool *is_float) {
    int32_t widest = 0;
    for (intptr_t i = 0; i + 1 < mlirOperationGetNumOperands(op); ++i) {
        MlirType type = mlirValueGetType(mlirOperationGetOperand(op, i));
        MlirType element = mlirTypeIsAShaped(type) ? mlirShapedTypeGetElementType(type) : type;
        int32_t bits = stream_ir_element_bits(element);
        widest = bits > widest ? bits : widest;
        *is_float |= mlirTypeIsAFloat(element);
    }
    return widest;
}

/* "QuantizeLinear", "DequantizeLinear" or NULL. */
static const char *quantization(MlirOperation op) {
    bool from_float = false;
    MlirType element =
        mlirShapedTypeGetElementType(mlirValueGetType(mlirOperationGetResult(op, 0)));
    int32_t widest = widest_input(op, &from_float);
    if (!mlirTypeIsAFloat(element))
        return stream_ir_element_bits(element) > 1 &&
                       (from_float || stream_ir_element_bits(element) < widest)
                   ? "QuantizeLinear"
                   : NULL;
    return from_float || widest == 0 ? NULL : "DequantizeLinear";
}

stream_fusion_needs stream_classify_needs(MlirOperation op, stream_arena *arena) {
    finder f = {.seen = STREAM_VEC(MlirOperation), .names = STREAM_VEC(const char *)};
    const char **whole = STREAM_NEW(arena, const char *, 2), *quantizes = quantization(op);
    stream_fusion_needs needs = {.whole = whole};
    MlirOperation yield = stream_ir_terminator(op);
    MlirStringRef given;
    if (stream_ir_get_string(op, "stream.operator", &given))
        whole[needs.n_whole++] = stream_ir_strdup(arena, given);
    if (quantizes)
        whole[needs.n_whole++] = quantizes;
    if (!mlirOperationIsNull(yield))
        visit(&f, mlirOperationGetOperand(yield, 0));
    for (size_t i = 0; i < f.seen.n; ++i)
        if (!is_seen_before(&f, i))
            find(&f, STREAM_AT(MlirOperation, f.seen, i));
    if (f.names.n == 0)
        add_name(&f, f.seen.n ? stream_classify_element_op(STREAM_AT(MlirOperation, f.seen, 0))
                              : "Identity");
    needs.n_ops = f.n_ops;
    needs.n_parts = (int32_t)f.names.n;
    needs.parts = stream_vec_freeze(&f.names, arena);
    stream_vec_free(&f.seen);
    return needs;
}
