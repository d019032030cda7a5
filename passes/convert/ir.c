#include "ir.h"

#include "stream/support/integer.h"
#include "stream/support/vec.h"

#include "mlir-c/AffineMap.h"
#include "mlir-c/Support.h"

#include <string.h>

/* ---- strings */

MlirStringRef stream_ir_str(const char *s) {
    return mlirStringRefCreateFromCString(s);
}

bool stream_ir_str_is(MlirStringRef s, const char *text) {
    size_t n = strlen(text);
    return s.length == n && memcmp(s.data, text, n) == 0;
}

char *stream_ir_strdup(stream_arena *arena, MlirStringRef s) {
    char *copy = STREAM_NEW(arena, char, s.length + 1);
    if (s.length)
        memcpy(copy, s.data, s.length);
    return copy;
}

/* ---- operations */

MlirStringRef stream_ir_op_name(MlirOperation op) {
    return mlirIdentifierStr(mlirOperationGetName(op));
}

bool stream_ir_is(MlirOperation op, const char *name) {
    return stream_ir_str_is(stream_ir_op_name(op), name);
}

MlirStringRef stream_ir_symbol_name(MlirOperation op) {
    MlirStringRef name = mlirStringRefCreate("", 0);
    stream_ir_get_string(op, "sym_name", &name);
    return name;
}

MlirBlock stream_ir_body(MlirOperation op) {
    if (mlirOperationGetNumRegions(op) == 0)
        return (MlirBlock){NULL};
    return mlirRegionGetFirstBlock(mlirOperationGetRegion(op, 0));
}

MlirOperation stream_ir_terminator(MlirOperation op) {
    MlirBlock body = stream_ir_body(op);
    return mlirBlockIsNull(body) ? (MlirOperation){NULL} : mlirBlockGetTerminator(body);
}

MlirOperation stream_ir_build(const stream_ir_op *op) {
    MlirOperationState state = mlirOperationStateGet(stream_ir_str(op->name), op->loc);
    mlirOperationStateAddOperands(&state, op->n_operands, op->operands);
    mlirOperationStateAddResults(&state, op->n_results, op->results);
    mlirOperationStateAddAttributes(&state, op->n_attrs, op->attrs);
    mlirOperationStateAddOwnedRegions(&state, op->n_regions, op->regions);
    return mlirOperationCreate(&state);
}

MlirOperation stream_ir_insert(MlirBlock block, MlirOperation before, const stream_ir_op *op) {
    MlirOperation built = stream_ir_build(op);
    if (mlirOperationIsNull(built))
        return built;
    if (mlirOperationIsNull(before))
        mlirBlockAppendOwnedOperation(block, built);
    else
        mlirBlockInsertOwnedOperationBefore(block, before, built);
    return built;
}

/* ---- walking */

typedef struct {
    stream_ir_filter want;
    void *user;
    bool into;
    stream_vec ops;
} collector;

static MlirWalkResult visit(MlirOperation op, void *user) {
    collector *c = user;
    if (!c->want(op, c->user))
        return MlirWalkResultAdvance;
    *(MlirOperation *)stream_vec_push(&c->ops) = op;
    return c->into ? MlirWalkResultAdvance : MlirWalkResultSkip;
}

static stream_ir_ops freeze(stream_vec *ops, stream_arena *arena) {
    stream_ir_ops result = {.n = (int32_t)ops->n};
    result.ops = stream_vec_freeze(ops, arena);
    return result;
}

stream_ir_ops stream_ir_collect(MlirOperation root, stream_ir_filter want, void *user, bool into,
                                stream_arena *arena) {
    collector c = {want, user, into, STREAM_VEC(MlirOperation)};
    mlirOperationWalk(root, visit, &c, MlirWalkPreOrder);
    return freeze(&c.ops, arena);
}

static bool has_name(MlirOperation op, void *name) {
    return stream_ir_is(op, *(const char **)name);
}

stream_ir_ops stream_ir_collect_named(MlirOperation root, const char *name, stream_arena *arena) {
    return stream_ir_collect(root, has_name, &name, true, arena);
}

stream_ir_ops stream_ir_block_ops(MlirBlock block, stream_arena *arena) {
    stream_vec ops = STREAM_VEC(MlirOperation);
    MlirOperation op = mlirBlockGetFirstOperation(block);
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op))
        *(MlirOperation *)stream_vec_push(&ops) = op;
    return freeze(&ops, arena);
}

typedef struct {
    MlirOperation root;
    MlirValue from, to;
} replacement;

static MlirWalkResult replace_uses(MlirOperation op, void *user) {
    replacement *r = user;
    if (!mlirOperationEqual(op, r->root))
        mlirOperationReplaceUsesOfWith(op, r->from, r->to);
    return MlirWalkResultAdvance;
}

void stream_ir_replace_in(MlirOperation root, MlirValue from, MlirValue to) {
    replacement r = {root, from, to};
    mlirOperationWalk(root, replace_uses, &r, MlirWalkPreOrder);
}

/* ---- reading attributes */

MlirAttribute stream_ir_attr(MlirOperation op, const char *name) {
    return mlirOperationGetAttributeByName(op, stream_ir_str(name));
}

bool stream_ir_has(MlirOperation op, const char *name) {
    return !mlirAttributeIsNull(stream_ir_attr(op, name));
}

void stream_ir_set(MlirOperation op, const char *name, MlirAttribute value) {
    mlirOperationSetAttributeByName(op, stream_ir_str(name), value);
}

bool stream_ir_remove(MlirOperation op, const char *name) {
    return mlirOperationRemoveAttributeByName(op, stream_ir_str(name));
}

bool stream_ir_get_i64(MlirOperation op, const char *name, int64_t *out) {
    return stream_ir_as_i64(stream_ir_attr(op, name), out);
}

bool stream_ir_constant_i64(MlirValue value, int64_t *out) {
    if (!mlirValueIsAOpResult(value))
        return false;
    MlirOperation op = mlirOpResultGetOwner(value);
    return (stream_ir_is(op, "arith.constant") || stream_ir_is(op, "index.constant")) &&
           stream_ir_get_i64(op, "value", out);
}

bool stream_ir_get_f64(MlirOperation op, const char *name, double *out) {
    return stream_ir_as_f64(stream_ir_attr(op, name), out);
}

bool stream_ir_get_string(MlirOperation op, const char *name, MlirStringRef *out) {
    return stream_ir_as_string(stream_ir_attr(op, name), out);
}

bool stream_ir_get_symbol(MlirOperation op, const char *name, MlirStringRef *out) {
    return stream_ir_as_symbol(stream_ir_attr(op, name), out);
}

bool stream_ir_as_i64(MlirAttribute attr, int64_t *out) {
    if (mlirAttributeIsNull(attr) || !mlirAttributeIsAInteger(attr))
        return false;
    MlirType type = mlirAttributeGetType(attr);
    if (mlirTypeIsAInteger(type) && mlirIntegerTypeGetWidth(type) > 64)
        return false;
    if (mlirTypeIsAInteger(type) && mlirIntegerTypeIsUnsigned(type))
        *out = (int64_t)mlirIntegerAttrGetValueUInt(attr);
    else if (mlirTypeIsAInteger(type) && mlirIntegerTypeIsSigned(type))
        *out = mlirIntegerAttrGetValueSInt(attr);
    else
        *out = mlirIntegerAttrGetValueInt(attr);
    return true;
}

bool stream_ir_as_f64(MlirAttribute attr, double *out) {
    if (mlirAttributeIsNull(attr) || !mlirAttributeIsAFloat(attr))
        return false;
    *out = mlirFloatAttrGetValueDouble(attr);
    return true;
}

bool stream_ir_as_string(MlirAttribute attr, MlirStringRef *out) {
    if (mlirAttributeIsNull(attr) || !mlirAttributeIsAString(attr))
        return false;
    *out = mlirStringAttrGetValue(attr);
    return true;
}

bool stream_ir_as_symbol(MlirAttribute attr, MlirStringRef *out) {
    if (mlirAttributeIsNull(attr) || !mlirAttributeIsAFlatSymbolRef(attr))
        return false;
    *out = mlirFlatSymbolRefAttrGetValue(attr);
    return true;
}

bool stream_ir_as_nested_symbol(MlirAttribute attr, MlirStringRef *root, MlirStringRef *leaf) {
    if (mlirAttributeIsNull(attr) || !mlirAttributeIsASymbolRef(attr))
        return false;
    intptr_t n = mlirSymbolRefAttrGetNumNestedReferences(attr);
    if (n > 1)
        return false;
    *root = mlirSymbolRefAttrGetRootReference(attr);
    *leaf = n ? mlirSymbolRefAttrGetLeafReference(attr) : mlirStringRefCreate("", 0);
    return true;
}

static intptr_t array_i64s(MlirAttribute attr, int64_t *out, intptr_t max) {
    intptr_t n = mlirArrayAttrGetNumElements(attr);
    for (intptr_t i = 0; i < n; i++) {
        int64_t value;
        if (!stream_ir_as_i64(mlirArrayAttrGetElement(attr, i), &value))
            return -1;
        if (i < max)
            out[i] = value;
    }
    return n;
}

intptr_t stream_ir_as_i64s(MlirAttribute attr, int64_t *out, intptr_t max) {
    if (mlirAttributeIsNull(attr))
        return -1;
    if (mlirAttributeIsAArray(attr))
        return array_i64s(attr, out, max);
    if (!mlirAttributeIsADenseI64Array(attr))
        return -1;
    intptr_t n = mlirDenseArrayGetNumElements(attr);
    for (intptr_t i = 0; i < n && i < max; i++)
        out[i] = mlirDenseI64ArrayGetElement(attr, i);
    return n;
}

MlirAttribute stream_ir_entry(MlirAttribute dictionary, const char *name) {
    if (mlirAttributeIsNull(dictionary) || !mlirAttributeIsADictionary(dictionary))
        return mlirAttributeGetNull();
    return mlirDictionaryAttrGetElementByName(dictionary, stream_ir_str(name));
}

intptr_t stream_ir_length(MlirAttribute array) {
    bool is_array = !mlirAttributeIsNull(array) && mlirAttributeIsAArray(array);
    return is_array ? mlirArrayAttrGetNumElements(array) : 0;
}

/* ---- building attributes */

MlirAttribute stream_ir_i64(MlirContext context, int64_t value) {
    return mlirIntegerAttrGet(mlirIntegerTypeGet(context, 64), value);
}

MlirAttribute stream_ir_f64(MlirContext context, double value) {
    return mlirFloatAttrDoubleGet(context, mlirF64TypeGet(context), value);
}

MlirAttribute stream_ir_string(MlirContext context, const char *text) {
    return mlirStringAttrGet(context, stream_ir_str(text));
}

MlirAttribute stream_ir_unit(MlirContext context) {
    return mlirUnitAttrGet(context);
}

MlirAttribute stream_ir_symbol(MlirContext context, const char *name) {
    return mlirFlatSymbolRefAttrGet(context, stream_ir_str(name));
}

MlirAttribute stream_ir_nested_symbol(MlirContext context, const char *root, const char *leaf) {
    MlirAttribute nested = stream_ir_symbol(context, leaf);
    return mlirSymbolRefAttrGet(context, stream_ir_str(root), 1, &nested);
}

MlirAttribute stream_ir_i64s(MlirContext context, intptr_t n, const int64_t *values) {
    return mlirDenseI64ArrayGet(context, n, values);
}

MlirAttribute stream_ir_array(MlirContext context, intptr_t n, const MlirAttribute *elements) {
    return mlirArrayAttrGet(context, n, elements);
}

MlirAttribute stream_ir_strings(MlirContext context, intptr_t n, const char *const *texts) {
    stream_vec elements = STREAM_VEC(MlirAttribute);
    for (intptr_t i = 0; i < n; i++)
        *(MlirAttribute *)stream_vec_push(&elements) = stream_ir_string(context, texts[i]);
    MlirAttribute array = mlirArrayAttrGet(context, n, elements.data);
    stream_vec_free(&elements);
    return array;
}

MlirNamedAttribute stream_ir_named(MlirContext context, const char *name, MlirAttribute value) {
    return mlirNamedAttributeGet(mlirIdentifierGet(context, stream_ir_str(name)), value);
}

MlirAttribute stream_ir_dictionary(MlirContext context, intptr_t n,
                                   const MlirNamedAttribute *entries) {
    return mlirDictionaryAttrGet(context, n, entries);
}

/* ---- types */

bool stream_ir_is_tensor(MlirType type) {
    return !mlirTypeIsNull(type) && mlirTypeIsARankedTensor(type);
}

bool stream_ir_shape(MlirType type, int32_t *rank, int64_t *shape) {
    if (!stream_ir_is_tensor(type) || !mlirShapedTypeHasStaticShape(type) ||
        mlirShapedTypeGetRank(type) > STREAM_MAX_RANK)
        return false;
    *rank = (int32_t)mlirShapedTypeGetRank(type);
    for (int32_t d = 0; d < *rank; d++)
        shape[d] = mlirShapedTypeGetDimSize(type, d);
    return true;
}

int32_t stream_ir_element_bits(MlirType element) {
    if (mlirTypeIsAInteger(element))
        return (int32_t)mlirIntegerTypeGetWidth(element);
    if (mlirTypeIsAFloat(element))
        return (int32_t)mlirFloatTypeGetWidth(element);
    return mlirTypeIsAIndex(element) ? 64 : 0;
}

MlirType stream_ir_tensor(int32_t rank, const int64_t *shape, MlirType element) {
    return mlirRankedTensorTypeGet(rank, shape, element, mlirAttributeGetNull());
}

/* ---- affine expressions */

static bool floor_div(int64_t a, int64_t b, int64_t *quotient, int64_t *remainder) {
    if (b <= 0)
        return false;
    *quotient = a / b - (a % b < 0);
    *remainder = a - *quotient * b;
    return true;
}

static bool binary(MlirAffineExpr e, int64_t a, int64_t b, int64_t *out) {
    int64_t q, r;
    if (mlirAffineExprIsAAdd(e))
        return stream_add_i64(a, b, out);
    if (mlirAffineExprIsAMul(e))
        return stream_mul_i64(a, b, out);
    if (!floor_div(a, b, &q, &r))
        return false;
    if (mlirAffineExprIsAMod(e))
        *out = r;
    else if (mlirAffineExprIsAFloorDiv(e))
        *out = q;
    else
        *out = q + (r != 0);
    return true;
}

bool stream_ir_affine_eval(MlirAffineExpr e, const int64_t *dims, int32_t n, int64_t *out) {
    if (mlirAffineExprIsAConstant(e)) {
        *out = mlirAffineConstantExprGetValue(e);
        return true;
    }
    if (mlirAffineExprIsADim(e)) {
        intptr_t position = mlirAffineDimExprGetPosition(e);
        if (position >= n)
            return false;
        *out = dims[position];
        return true;
    }
    int64_t a, b;
    return mlirAffineExprIsABinary(e) &&
           stream_ir_affine_eval(mlirAffineBinaryOpExprGetLHS(e), dims, n, &a) &&
           stream_ir_affine_eval(mlirAffineBinaryOpExprGetRHS(e), dims, n, &b) &&
           binary(e, a, b, out);
}

/* Adds scale * e to the linear form. */
static bool add_scaled(MlirAffineExpr e, int64_t scale, int32_t n, int64_t *coefficients,
                       int64_t *constant) {
    int64_t value;
    if (mlirAffineExprIsAConstant(e))
        return stream_mul_i64(scale, mlirAffineConstantExprGetValue(e), &value) &&
               stream_add_i64(*constant, value, constant);
    if (mlirAffineExprIsADim(e)) {
        intptr_t d = mlirAffineDimExprGetPosition(e);
        return d < n && stream_add_i64(coefficients[d], scale, &coefficients[d]);
    }
    if (!mlirAffineExprIsAAdd(e) && !mlirAffineExprIsAMul(e))
        return false;
    MlirAffineExpr lhs = mlirAffineBinaryOpExprGetLHS(e), rhs = mlirAffineBinaryOpExprGetRHS(e);
    if (mlirAffineExprIsAAdd(e))
        return add_scaled(lhs, scale, n, coefficients, constant) &&
               add_scaled(rhs, scale, n, coefficients, constant);
    if (!mlirAffineExprIsAConstant(rhs)) {
        MlirAffineExpr swap = lhs;
        lhs = rhs;
        rhs = swap;
    }
    return mlirAffineExprIsAConstant(rhs) &&
           stream_mul_i64(scale, mlirAffineConstantExprGetValue(rhs), &value) &&
           add_scaled(lhs, value, n, coefficients, constant);
}

bool stream_ir_affine_linear(MlirAffineExpr e, int32_t n, int64_t *coefficients,
                             int64_t *constant) {
    for (int32_t d = 0; d < n; d++)
        coefficients[d] = 0;
    *constant = 0;
    return add_scaled(e, 1, n, coefficients, constant);
}

/* ---- the module */

MlirOperation stream_ir_function(MlirOperation module, MlirStringRef name) {
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(module));
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op))
        if (stream_ir_is(op, "func.func") && mlirStringRefEqual(stream_ir_symbol_name(op), name))
            return op;
    return op;
}

bool stream_ir_is_private(MlirOperation symbol) {
    MlirStringRef visibility;
    return stream_ir_get_string(symbol, "sym_visibility", &visibility) &&
           stream_ir_str_is(visibility, "private");
}

/* ---- text */

static void append(MlirStringRef part, void *text) {
    stream_text_append(text, part.data, part.length);
}

void stream_ir_print_op(MlirOperation op, stream_text *out) {
    mlirOperationPrint(op, append, out);
}

void stream_ir_print_attr(MlirAttribute attr, stream_text *out) {
    mlirAttributePrint(attr, append, out);
}

void stream_ir_print_type(MlirType type, stream_text *out) {
    mlirTypePrint(type, append, out);
}

const char *stream_ir_attr_text(MlirAttribute attr, stream_arena *arena) {
    stream_text text = {0};
    stream_ir_print_attr(attr, &text);
    char *copy = stream_arena_strdup(arena, text.data ? text.data : "");
    stream_text_free(&text);
    return copy;
}
