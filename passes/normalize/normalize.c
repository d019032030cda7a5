/* The rewrites in their order; see normalize.h. */

#include "normalize.h"

#include "../convert/ir.h"

void stream_normalize_write_identity(stream_text *out, int32_t rank) {
    stream_text_str(out, "affine_map<(");
    for (int side = 0; side < 2; ++side) {
        for (int32_t d = 0; d < rank; ++d)
            stream_text_print(out, "%sd%d", d ? ", " : "", d);
        stream_text_str(out, side ? ")>" : ") -> (");
    }
}

void stream_normalize_write_parallel(stream_text *out, int32_t rank) {
    stream_text_str(out, "[");
    for (int32_t d = 0; d < rank; ++d)
        stream_text_str(out, d ? ", \"parallel\"" : "\"parallel\"");
    stream_text_str(out, "]");
}

MlirModule stream_normalize_parse(MlirOperation op, stream_text *text) {
    MlirModule module =
        mlirModuleCreateParse(mlirOperationGetContext(op), stream_ir_str(text->data));
    stream_text_free(text);
    return module;
}

/* Ops in the body of `at`, too, are where the op is that they come from. */
static MlirWalkResult locate(MlirOperation at, void *user) {
    const MlirLocation *location = user;
    mlirOperationSetLocation(at, *location);
    return MlirWalkResultAdvance;
}

void stream_normalize_splice(MlirOperation op, MlirModule module, const MlirValue *args,
                             int32_t n_args) {
    MlirLocation location = mlirOperationGetLocation(op);
    MlirBlock to = mlirOperationGetBlock(op);
    MlirBlock from = stream_ir_body(mlirBlockGetFirstOperation(mlirModuleGetBody(module)));
    MlirOperation end = mlirBlockGetTerminator(from), next;
    for (int32_t i = 0; i < n_args; ++i)
        mlirValueReplaceAllUsesOfWith(mlirBlockGetArgument(from, i), args[i]);
    MlirOperation at = mlirBlockGetFirstOperation(from);
    for (; !mlirOperationEqual(at, end); at = next) {
        next = mlirOperationGetNextInBlock(at);
        mlirOperationRemoveFromParent(at);
        mlirOperationWalk(at, locate, &location, MlirWalkPreOrder);
        mlirBlockInsertOwnedOperationBefore(to, op, at);
    }
    for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i)
        mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(op, i),
                                      mlirOperationGetOperand(end, i));
    mlirModuleDestroy(module);
    mlirOperationDestroy(op);
}

void stream_normalize_keep_names(MlirModule module, MlirOperation op) {
    stream_arena *arena = stream_arena_create();
    stream_ir_ops made =
        stream_ir_collect_named(mlirModuleGetOperation(module), "linalg.generic", arena);
    for (intptr_t i = 0; i < mlirOperationGetNumDiscardableAttributes(op); ++i) {
        MlirNamedAttribute attr = mlirOperationGetDiscardableAttribute(op, i);
        for (int32_t k = 0; k < made.n; ++k)
            mlirOperationSetDiscardableAttributeByName(made.ops[k], mlirIdentifierStr(attr.name),
                                                       attr.attribute);
    }
    stream_arena_destroy(arena);
}

static bool is_decomposed(MlirOperation op, void *user) {
    (void)user;
    return stream_ir_is(op, "linalg.softmax") || stream_ir_is(op, "linalg.pack") ||
           stream_ir_is(op, "linalg.unpack") || stream_normalize_is_elementwise(op);
}

void stream_normalize_decompose(MlirOperation root, stream_arena *arena) {
    stream_ir_ops ops = stream_ir_collect(root, is_decomposed, NULL, true, arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        if (stream_ir_is(ops.ops[i], "linalg.softmax"))
            stream_normalize_softmax(ops.ops[i]);
        else if (stream_ir_is(ops.ops[i], "linalg.pack"))
            stream_normalize_pack(ops.ops[i]);
        else if (stream_ir_is(ops.ops[i], "linalg.unpack"))
            stream_normalize_unpack(ops.ops[i]);
        else
            stream_normalize_elementwise(ops.ops[i], arena);
    }
}

void stream_normalize(MlirOperation func, stream_arena *arena, const stream_diag *diag) {
    stream_normalize_decompose(func, arena);
    stream_normalize_constants(func, arena);
    stream_normalize_reshapes(func, arena);
    stream_normalize_moving_slices(func, arena);
    stream_normalize_pads(func, arena);
    stream_normalize_scalars(func, arena);
    stream_normalize_reads(func, arena);
    stream_normalize_results(func, arena, diag);
    stream_normalize_reductions(func, arena);
}
