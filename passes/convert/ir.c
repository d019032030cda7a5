/* Strings, operations, walks, modules, text; see ir.h. */

#include "ir.h"

#include "stream/support/vec.h"

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

bool stream_ir_in_dialect(MlirOperation op, const char *prefix) {
    MlirStringRef name = stream_ir_op_name(op);
    size_t n = strlen(prefix);
    return name.length > n && memcmp(name.data, prefix, n) == 0;
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
