/* From linalg on tensors and memrefs to the LLVM dialect. */

#include "internal.h"

#include "mlir-c/Pass.h"

static const char generalize[] = "func.func(linalg-generalize-named-ops)";

static const char write_in_place[] = "eliminate-empty-tensors";

static const char bufferize[] = "one-shot-bufferize{bufferize-function-boundaries "
                                "function-boundary-type-conversion=identity-layout-map}";

/* Bare pointers: every memref that crosses a function has a static shape and identity layout. */
static const char to_llvm[] =
    "func.func(convert-linalg-to-loops),expand-strided-metadata,lower-affine,convert-scf-to-cf,"
    "arith-expand,convert-cf-to-llvm,convert-math-to-llvm,convert-math-to-libm,"
    "finalize-memref-to-llvm,convert-func-to-llvm{use-bare-ptr-memref-call-conv},"
    "convert-arith-to-llvm,convert-index-to-llvm,reconcile-unrealized-casts";

static void append(MlirStringRef part, void *text) {
    stream_text_append(text, part.data, part.length);
}

/* Passes for ops of the kind of `op`. */
static stream_status run(MlirOperation op, const char *passes, const stream_diag *diag) {
    MlirPassManager manager =
        mlirPassManagerCreateOnOperation(mlirOperationGetContext(op), stream_ir_op_name(op));
    stream_text message = {0};
    mlirPassManagerEnableVerifier(manager, false);
    bool parsed = mlirLogicalResultIsSuccess(mlirOpPassManagerAddPipeline(
        mlirPassManagerGetAsOpPassManager(manager), stream_ir_str(passes), append, &message));
    stream_status status = STREAM_OK;
    if (!parsed)
        status =
            stream_error(diag, STREAM_UNSUPPORTED, stream_loc_of(op),
                         "passes for execution are missing: %s", message.data ? message.data : "");
    else if (mlirLogicalResultIsFailure(mlirPassManagerRunOnOp(manager, op)))
        status = STREAM_INVALID;
    stream_text_free(&message);
    mlirPassManagerDestroy(manager);
    return status;
}

/* Kernels compute in the memory of their one result. Not the entry: with several results, of which
 * one is computed in the memory of another, MLIR's pass loses one of them. */
static stream_status compute_in_place(MlirOperation module, MlirOperation entry,
                                      const stream_diag *diag) {
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(module));
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op))
        if (stream_ir_is(op, "func.func") && !mlirOperationEqual(op, entry) &&
            !mlirBlockIsNull(stream_ir_body(op)))
            STREAM_TRY(run(op, write_in_place, diag));
    return STREAM_OK;
}

static bool is_freed(MlirValue memref) {
    MlirOpOperand use = mlirValueGetFirstUse(memref);
    for (; !mlirOpOperandIsNull(use); use = mlirOpOperandGetNextUse(use))
        if (stream_ir_is(mlirOpOperandGetOwner(use), "memref.dealloc"))
            return true;
    return false;
}

/* No function returns memory: what it allocated is freed at its end. */
static void free_buffers(MlirOperation module, stream_arena *arena) {
    stream_ir_ops allocs = stream_ir_collect_named(module, "memref.alloc", arena);
    for (int32_t i = 0; i < allocs.n; ++i) {
        MlirValue memref = mlirOperationGetResult(allocs.ops[i], 0);
        MlirBlock block = mlirOperationGetBlock(allocs.ops[i]);
        if (is_freed(memref))
            continue;
        stream_ir_op op = {.loc = mlirOperationGetLocation(allocs.ops[i]),
                           .name = "memref.dealloc",
                           .operands = &memref,
                           .n_operands = 1};
        stream_ir_insert(block, mlirBlockGetTerminator(block), &op);
    }
}

stream_status stream_execute_compile(MlirOperation module, MlirOperation entry, stream_arena *arena,
                                     const stream_diag *diag) {
    STREAM_TRY(run(module, generalize, diag));
    stream_execute_partial(module, arena);
    stream_execute_interchange(module, arena);
    stream_execute_loops(module, arena);
    STREAM_TRY(compute_in_place(module, entry, diag));
    STREAM_TRY(run(module, bufferize, diag));
    free_buffers(module, arena);
    stream_execute_outline(module, entry, arena);
    return run(module, to_llvm, diag);
}
