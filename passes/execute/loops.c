/* Loops that carry tensors, in a form that bufferizes in place; see internal.h. */

#include "internal.h"

/* What an op that writes into a tensor leaves of it, or null. */
static MlirValue destination(MlirValue value) {
    if (!mlirValueIsAOpResult(value))
        return (MlirValue){NULL};
    MlirOperation op = mlirOpResultGetOwner(value);
    if (stream_ir_is(op, "tensor.insert_slice") || stream_ir_is(op, "tensor.insert"))
        return mlirOperationGetOperand(op, 1);
    if (stream_ir_is(op, "scf.for"))
        return mlirOperationGetOperand(op, 3 + mlirOpResultGetResultNumber(value));
    return (MlirValue){NULL};
}

/* True if `value` is what insertions, here or in loops inside, made of `carried`. */
static bool is_carried(MlirValue value, MlirValue carried) {
    while (!mlirValueIsNull(value) && !mlirValueEqual(value, carried))
        value = destination(value);
    return !mlirValueIsNull(value);
}

/* Values yielded by `loop` become contents of the buffers that it carries. */
static void write_in_place(MlirOperation loop) {
    MlirBlock body = stream_ir_body(loop);
    MlirOperation yield = mlirBlockGetTerminator(body);
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(yield); ++i) {
        MlirValue operands[2] = {mlirOperationGetOperand(yield, i),
                                 mlirBlockGetArgument(body, i + 1)};
        MlirType type = mlirValueGetType(operands[0]);
        if (!stream_ir_is_tensor(type) || is_carried(operands[0], operands[1]))
            continue;
        stream_ir_op op = {.loc = mlirOperationGetLocation(yield),
                           .name = "bufferization.materialize_in_destination",
                           .operands = operands,
                           .n_operands = 2,
                           .results = &type,
                           .n_results = 1};
        MlirOperation written = stream_ir_insert(body, yield, &op);
        mlirOperationSetOperand(yield, i, mlirOperationGetResult(written, 0));
    }
}

void stream_execute_loops(MlirOperation module, stream_arena *arena) {
    stream_ir_ops loops = stream_ir_collect_named(module, "scf.for", arena);
    for (int32_t i = 0; i < loops.n; ++i)
        write_in_place(loops.ops[i]);
}
