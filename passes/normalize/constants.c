/* Data movement by amounts that are constants, but written as scalars; see normalize.h.
 *
 *     %p = tensor.pad %x low[%c1, 0] ...   becomes   tensor.pad %x low[1, 0] ... */

#include "normalize.h"

#include "../convert/ir.h"

#include "stream/support/box.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"

/* An op whose operands are `n_tensors` tensors, then scalars for the dynamic entries of `lists`. */
typedef struct {
    const char *name;
    int32_t n_tensors, n_lists;
    const char *lists[3];
} mover;

static const mover movers[] = {
    {"tensor.pad", 1, 2, {"static_low", "static_high"}},
    {"tensor.extract_slice", 1, 3, {"static_offsets", "static_sizes", "static_strides"}},
    {"tensor.insert_slice", 2, 3, {"static_offsets", "static_sizes", "static_strides"}},
};

static const mover *mover_of(MlirOperation op) {
    for (size_t i = 0; i < sizeof movers / sizeof *movers; ++i)
        if (stream_ir_is(op, movers[i].name))
            return &movers[i];
    return NULL;
}

/* The list with its dynamic entries filled in, from operand *next on; null: one is no constant. */
static MlirAttribute filled(MlirOperation op, const char *name, intptr_t *next) {
    int64_t values[STREAM_MAX_RANK];
    intptr_t n = stream_ir_as_i64s(stream_ir_attr(op, name), values, STREAM_MAX_RANK);
    for (intptr_t i = 0; i < n; ++i)
        if (values[i] == mlirShapedTypeGetDynamicStrideOrOffset() &&
            (*next >= mlirOperationGetNumOperands(op) ||
             !stream_ir_constant_i64(mlirOperationGetOperand(op, (*next)++), &values[i]) ||
             values[i] == mlirShapedTypeGetDynamicStrideOrOffset()))
            return (MlirAttribute){NULL};
    return stream_ir_i64s(mlirOperationGetContext(op), n, values);
}

static void fill(MlirOperation op, const mover *m) {
    MlirContext context = mlirOperationGetContext(op);
    MlirAttribute lists[3];
    MlirValue tensors[2];
    int32_t segments[5] = {1, m->n_tensors == 2, 0, 0, 0};
    intptr_t next = m->n_tensors;
    MlirType type = mlirValueGetType(mlirOperationGetResult(op, 0));
    if (next == mlirOperationGetNumOperands(op) || mlirShapedTypeGetRank(type) > STREAM_MAX_RANK)
        return;
    for (int32_t i = 0; i < m->n_lists; ++i) {
        lists[i] = filled(op, m->lists[i], &next);
        if (mlirAttributeIsNull(lists[i]))
            return;
    }
    for (int32_t i = 0; i < m->n_tensors; ++i)
        tensors[i] = mlirOperationGetOperand(op, i);
    mlirOperationSetOperands(op, m->n_tensors, tensors);
    for (int32_t i = 0; i < m->n_lists; ++i)
        stream_ir_set(op, m->lists[i], lists[i]);
    stream_ir_set(op, "operandSegmentSizes",
                  mlirDenseI32ArrayGet(context, m->n_tensors + m->n_lists, segments));
}

void stream_normalize_constants(MlirOperation func, stream_arena *arena) {
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(func), arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        const mover *m = mover_of(ops.ops[i]);
        if (m)
            fill(ops.ops[i], m);
    }
}
