/* Scalars and other values that a body takes from outside. */

#include "workload.h"

#include "ir.h"

#include "stream/support/vec.h"

#include <string.h>

static bool starts_with(MlirStringRef s, const char *prefix) {
    size_t n = strlen(prefix);
    return s.length >= n && memcmp(s.data, prefix, n) == 0;
}

/* Depth limits the walk through chains of scalar arithmetic: real ones have two or three ops. */
static bool is_constant(MlirValue value, int depth) {
    if (!mlirValueIsAOpResult(value) || depth > 16)
        return false;
    MlirOperation op = mlirOpResultGetOwner(value);
    if (mlirTypeIsAShaped(mlirValueGetType(value)) || mlirOperationGetNumRegions(op) > 0)
        return false;
    if (stream_ir_is(op, "arith.constant") || stream_ir_is(op, "index.constant"))
        return true;
    MlirStringRef name = stream_ir_op_name(op);
    if (!starts_with(name, "arith.") && !starts_with(name, "math.") && !starts_with(name, "index."))
        return false;
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
        if (!is_constant(mlirOperationGetOperand(op, i), depth + 1))
            return false;
    return true;
}

bool stream_scalar_is_constant(MlirValue value) {
    return is_constant(value, 0);
}

typedef struct {
    MlirOperation root;
    stream_vec values; /* MlirValue */
} capture_walk;

static bool is_inside(MlirOperation op, MlirOperation root) {
    for (; !mlirOperationIsNull(op); op = mlirOperationGetParentOperation(op))
        if (mlirOperationEqual(op, root))
            return true;
    return false;
}

static MlirOperation owner_of(MlirValue value) {
    return mlirValueIsAOpResult(value)
               ? mlirOpResultGetOwner(value)
               : mlirBlockGetParentOperation(mlirBlockArgumentGetOwner(value));
}

static void note(capture_walk *walk, MlirValue value) {
    for (size_t i = 0; i < walk->values.n; ++i)
        if (mlirValueEqual(STREAM_AT(MlirValue, walk->values, i), value))
            return;
    *(MlirValue *)stream_vec_push(&walk->values) = value;
}

static MlirWalkResult visit(MlirOperation op, void *user) {
    capture_walk *walk = user;
    if (mlirOperationEqual(op, walk->root))
        return MlirWalkResultAdvance;
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
        MlirValue value = mlirOperationGetOperand(op, i);
        if (!is_inside(owner_of(value), walk->root))
            note(walk, value);
    }
    return MlirWalkResultAdvance;
}

stream_captures stream_body_captures(MlirOperation op, stream_arena *arena) {
    capture_walk walk = {op, STREAM_VEC(MlirValue)};
    mlirOperationWalk(op, visit, &walk, MlirWalkPreOrder);
    stream_captures result = {.n_values = (int32_t)walk.values.n};
    result.values = stream_vec_freeze(&walk.values, arena);
    return result;
}
