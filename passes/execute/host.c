/* What is to be known of a program before it is compiled; see internal.h. */

#include "internal.h"

#include <string.h>

typedef struct {
    const stream_diag *diag;
    stream_status status;
} search;

static bool begins_with(MlirStringRef name, const char *prefix) {
    size_t n = strlen(prefix);
    return name.length > n && !memcmp(name.data, prefix, n);
}

static bool is_small_float(MlirType type) {
    int32_t bits = mlirTypeIsAFloat(type) ? stream_ir_element_bits(type) : 0;
    return bits > 0 && bits < 16;
}

/* A float of less than 16 bits that the op reads or makes; null: none. */
static MlirType small_float(MlirOperation op) {
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
        if (is_small_float(mlirValueGetType(mlirOperationGetOperand(op, i))))
            return mlirValueGetType(mlirOperationGetOperand(op, i));
    for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i)
        if (is_small_float(mlirValueGetType(mlirOperationGetResult(op, i))))
            return mlirValueGetType(mlirOperationGetResult(op, i));
    return (MlirType){NULL};
}

/* Ops in the body of a named op have no place of their own. */
static stream_loc place_of(MlirOperation op) {
    MlirLocation unknown = mlirLocationUnknownGet(mlirOperationGetContext(op));
    MlirOperation parent = op;
    while (mlirLocationEqual(mlirOperationGetLocation(op), unknown) &&
           !mlirOperationIsNull(parent = mlirOperationGetParentOperation(op)))
        op = parent;
    return stream_loc_of(op);
}

static stream_status refuse_float(MlirOperation op, MlirType type, const stream_diag *diag) {
    stream_text text = {0};
    stream_ir_print_type(type, &text);
    stream_status status = stream_error(diag, STREAM_UNSUPPORTED, place_of(op),
                                        "the host has no arithmetic on %s: such a network can be "
                                        "scheduled, not executed",
                                        text.data);
    stream_text_free(&text);
    return status;
}

static MlirWalkResult look(MlirOperation op, void *user) {
    search *s = user;
    MlirStringRef name = stream_ir_op_name(op);
    bool computes = (begins_with(name, "arith.") && !stream_ir_is(op, "arith.constant")) ||
                    begins_with(name, "math.");
    MlirType type = computes ? small_float(op) : (MlirType){NULL};
    if (!mlirTypeIsNull(type))
        s->status = refuse_float(op, type, s->diag);
    else if (begins_with(name, "linalg.winograd_"))
        s->status = stream_error(s->diag, STREAM_UNSUPPORTED, stream_loc_of(op),
                                 "'%.*s' op can be scheduled, but is executed only decomposed "
                                 "(transform.structured.decompose_winograd_op)",
                                 (int)name.length, name.data);
    return s->status == STREAM_OK ? MlirWalkResultAdvance : MlirWalkResultInterrupt;
}

stream_status stream_execute_check_host(MlirOperation module, const stream_diag *diag) {
    search s = {diag, STREAM_OK};
    mlirOperationWalk(module, look, &s, MlirWalkPreOrder);
    return s.status;
}
