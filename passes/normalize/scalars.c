/* Scalars that are made of elements of tensors, computed in the bodies that use them; see
 * normalize.h. */

#include "normalize.h"

#include "../convert/ir.h"
#include "../convert/maps.h"
#include "../convert/workload.h"

#include "mlir-c/Dialect/Linalg.h"

enum {
    MOST_OPS = 32 /* of the chain that makes a scalar */
};

/* What makes one scalar, users before what they use. */
typedef struct {
    MlirOperation ops[MOST_OPS];
    int32_t n;
    bool reads; /* an element of a tensor */
} chain;

static bool is_link(MlirOperation op) {
    return mlirOperationGetNumRegions(op) == 0 && mlirOperationGetNumResults(op) == 1 &&
           (stream_ir_in_dialect(op, "arith.") || stream_ir_in_dialect(op, "math.") ||
            stream_ir_in_dialect(op, "index.") || stream_ir_is(op, "tensor.extract"));
}

/* False: it is an argument, comes from another kind of op, or the chain is long. */
static bool find_chain(MlirValue scalar, chain *c) {
    if (!mlirValueIsAOpResult(scalar))
        return false;
    MlirOperation op = mlirOpResultGetOwner(scalar);
    if (!is_link(op) || c->n == MOST_OPS)
        return false;
    bool extract = stream_ir_is(op, "tensor.extract");
    c->ops[c->n++] = op;
    c->reads |= extract;
    for (intptr_t i = extract; i < mlirOperationGetNumOperands(op); ++i)
        if (!find_chain(mlirOperationGetOperand(op, i), c))
            return false;
    return true;
}

/* Copies the chain to the beginning of the body of `op`; each copy goes before its users. */
static void sink(MlirOperation op, const chain *c) {
    MlirBlock body = stream_ir_body(op);
    for (int32_t i = 0; i < c->n; ++i) {
        MlirOperation copy = mlirOperationClone(c->ops[i]);
        mlirBlockInsertOwnedOperation(body, 0, copy);
        stream_ir_replace_in(op, mlirOperationGetResult(c->ops[i], 0),
                             mlirOperationGetResult(copy, 0));
    }
}

static void sink_captures(MlirOperation op, stream_arena *arena) {
    stream_captures captured = stream_body_captures(op, arena);
    for (int32_t i = 0; i < captured.n_values; ++i) {
        chain c = {.n = 0};
        if (!mlirTypeIsAShaped(mlirValueGetType(captured.values[i])) &&
            find_chain(captured.values[i], &c) && c.reads)
            sink(op, &c);
    }
}

/* linalg.fill of such a scalar becomes a generic that yields it; null if `op` is none. */
static MlirOperation fill_as_generic(MlirOperation op) {
    int32_t rank;
    int64_t shape[STREAM_MAX_RANK];
    chain c = {.n = 0};
    MlirType type = mlirValueGetType(mlirOperationGetOperand(op, 1));
    if (mlirOperationGetNumResults(op) != 1 || !stream_ir_shape(type, &rank, shape) ||
        !find_chain(mlirOperationGetOperand(op, 0), &c) || !c.reads)
        return (MlirOperation){NULL};
    stream_text text = {0};
    stream_text_str(&text, "!t = ");
    stream_ir_print_type(type, &text);
    stream_text_str(&text, "\n!e = ");
    stream_ir_print_type(mlirShapedTypeGetElementType(type), &text);
    stream_text_str(&text, "\nfunc.func private @fill(%v: !e, %o: !t) -> !t {\n"
                           "  %r = linalg.generic {indexing_maps = [");
    stream_normalize_write_identity(&text, rank);
    stream_text_str(&text, "], iterator_types = ");
    stream_normalize_write_parallel(&text, rank);
    stream_text_str(&text, "} outs(%o : !t) {\n  ^bb0(%a: !e):\n    linalg.yield %v : !e\n"
                           "  } -> !t\n  return %r : !t\n}\n");
    MlirValue args[2] = {mlirOperationGetOperand(op, 0), mlirOperationGetOperand(op, 1)};
    MlirModule module = stream_normalize_parse(op, &text);
    MlirOperation generic = mlirBlockGetFirstOperation(
        stream_ir_body(mlirBlockGetFirstOperation(mlirModuleGetBody(module))));
    stream_normalize_splice(op, module, args, 2);
    return generic;
}

/* Zero points and the like that are operands: the op becomes a generic that has them in its body.
 */
static MlirOperation without_scalar_operands(MlirOperation op, stream_arena *arena) {
    intptr_t n = mlirOperationGetNumOperands(op);
    bool *leaves = STREAM_NEW(arena, bool, (size_t)n), any = false;
    MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(op);
    if (mlirAttributeIsNull(maps) || mlirArrayAttrGetNumElements(maps) != n ||
        mlirAffineMapGetNumDims(stream_maps_at(maps, 0)) > STREAM_MAX_LOOPS)
        return op;
    for (intptr_t i = 0; i < n; ++i) {
        chain c = {.n = 0};
        MlirValue value = mlirOperationGetOperand(op, i);
        leaves[i] = !mlirTypeIsAShaped(mlirValueGetType(value)) && find_chain(value, &c) && c.reads;
        any |= leaves[i];
    }
    return any ? stream_normalize_generalize(op, leaves) : op;
}

void stream_normalize_scalars(MlirOperation func, stream_arena *arena) {
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(func), arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        MlirOperation op = ops.ops[i];
        if (stream_ir_is(op, "linalg.fill"))
            op = fill_as_generic(op);
        else
            op = without_scalar_operands(op, arena);
        if (!mlirOperationIsNull(op) && stream_ir_is(op, "linalg.generic"))
            sink_captures(op, arena);
    }
}
