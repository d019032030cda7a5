/* tensor.extract at quasi-affine indices becomes an input with an indexing map; see normalize.h. */

#include "normalize.h"

#include "../convert/ir.h"
#include "../convert/maps.h"
#include "../convert/quasi.h"

#include "stream/support/vec.h"
#include "stream/workload/workload.h"

#include "mlir-c/AffineMap.h"

#include <string.h>

typedef struct {
    MlirOperation op;
    MlirContext context;
    stream_arena *arena;
    MlirAttribute maps;
    int32_t n_loops, n_inputs;
    int64_t bounds[STREAM_MAX_LOOPS];
} generic;

/* Bounds of the loops from the operands that they index by themselves. */
static bool read_bounds(generic *g) {
    if (!stream_maps_bounds(g->op, g->maps, g->bounds))
        return false;
    for (int32_t d = 0; d < g->n_loops; ++d)
        if (g->bounds[d] <= 0)
            return false;
    return true;
}

static bool read_generic(MlirOperation op, stream_arena *arena, generic *g) {
    MlirAttribute segments = stream_ir_attr(op, "operandSegmentSizes");
    *g = (generic){.op = op, .context = mlirOperationGetContext(op), .arena = arena};
    g->maps = stream_ir_attr(op, "indexing_maps");
    if (stream_ir_length(g->maps) < 1 || mlirAttributeIsNull(segments) ||
        !mlirAttributeIsADenseI32Array(segments) || mlirOperationGetNumResults(op) == 0)
        return false;
    g->n_inputs = mlirDenseI32ArrayGetElement(segments, 0);
    intptr_t n_loops = mlirAffineMapGetNumDims(stream_maps_at(g->maps, 0));
    g->n_loops = (int32_t)n_loops;
    return n_loops <= STREAM_MAX_LOOPS && read_bounds(g);
}

/* The map of an extract whose indices are quasi-affine and inside the tensor at every point. */
static bool map_of_read(const generic *g, MlirOperation read, MlirAttribute *out) {
    static const int64_t origin[STREAM_MAX_LOOPS];
    MlirAffineExpr results[STREAM_MAX_RANK];
    int64_t shape[STREAM_MAX_RANK], min, max;
    int32_t rank;
    stream_quasi q;
    if (!stream_ir_shape(mlirValueGetType(mlirOperationGetOperand(read, 0)), &rank, shape))
        return false;
    for (int32_t d = 0; d < rank; ++d) {
        if (!stream_quasi_of_value(mlirOperationGetOperand(read, d + 1), g->op, g->n_loops,
                                   g->bounds, g->arena, &q) ||
            !stream_quasi_to_expr(&q, g->context, &results[d]))
            return false;
        stream_quasi_range(&q, origin, g->bounds, &min, &max);
        if (min < 0 || max >= shape[d])
            return false;
    }
    *out = mlirAffineMapAttrGet(mlirAffineMapGet(g->context, g->n_loops, 0, rank, results));
    return true;
}

static bool is_from_outside(const generic *g, MlirValue value) {
    if (mlirValueIsABlockArgument(value))
        return !mlirBlockEqual(mlirBlockArgumentGetOwner(value), stream_ir_body(g->op));
    return !mlirOperationEqual(mlirOperationGetParentOperation(mlirOpResultGetOwner(value)), g->op);
}

/* ---- the op with one input more */

static MlirAttribute maps_with(const generic *g, MlirAttribute map) {
    intptr_t n = mlirArrayAttrGetNumElements(g->maps);
    MlirAttribute *maps = STREAM_NEW(g->arena, MlirAttribute, (size_t)n + 1);
    for (intptr_t i = 0; i <= n; ++i)
        maps[i] = i == g->n_inputs ? map : mlirArrayAttrGetElement(g->maps, i - (i > g->n_inputs));
    return mlirArrayAttrGet(g->context, n + 1, maps);
}

static MlirNamedAttribute *attributes_with(const generic *g, MlirAttribute map, intptr_t *n) {
    intptr_t extra = mlirOperationGetNumDiscardableAttributes(g->op);
    MlirNamedAttribute *attrs = STREAM_NEW(g->arena, MlirNamedAttribute, (size_t)extra + 3);
    int32_t n_outs = (int32_t)mlirOperationGetNumOperands(g->op) - g->n_inputs;
    int32_t segments[2] = {g->n_inputs + 1, n_outs};
    for (intptr_t i = 0; i < extra; ++i)
        attrs[i] = mlirOperationGetDiscardableAttribute(g->op, i);
    attrs[extra] = stream_ir_named(g->context, "indexing_maps", maps_with(g, map));
    attrs[extra + 1] =
        stream_ir_named(g->context, "iterator_types", stream_ir_attr(g->op, "iterator_types"));
    attrs[extra + 2] = stream_ir_named(g->context, "operandSegmentSizes",
                                       mlirDenseI32ArrayGet(g->context, 2, segments));
    *n = extra + 3;
    return attrs;
}

/* Takes the body of the old op, which is destroyed. */
static MlirOperation with_input(generic *g, MlirValue tensor, MlirAttribute map) {
    intptr_t n = mlirOperationGetNumOperands(g->op), n_results = mlirOperationGetNumResults(g->op);
    MlirValue *operands = STREAM_NEW(g->arena, MlirValue, (size_t)n + 1);
    MlirType *results = STREAM_NEW(g->arena, MlirType, (size_t)n_results);
    for (intptr_t i = 0; i <= n; ++i)
        operands[i] =
            i == g->n_inputs ? tensor : mlirOperationGetOperand(g->op, i - (i > g->n_inputs));
    for (intptr_t i = 0; i < n_results; ++i)
        results[i] = mlirValueGetType(mlirOperationGetResult(g->op, i));
    MlirRegion region = mlirRegionCreate();
    mlirRegionTakeBody(region, mlirOperationGetRegion(g->op, 0));
    stream_ir_op op = {.loc = mlirOperationGetLocation(g->op),
                       .name = "linalg.generic",
                       .operands = operands,
                       .n_operands = n + 1,
                       .results = results,
                       .n_results = n_results,
                       .regions = &region,
                       .n_regions = 1};
    op.attrs = attributes_with(g, map, &op.n_attrs);
    MlirOperation built = stream_ir_insert(mlirOperationGetBlock(g->op), g->op, &op);
    for (intptr_t i = 0; i < n_results; ++i)
        mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(g->op, i),
                                      mlirOperationGetResult(built, i));
    mlirOperationDestroy(g->op);
    return built;
}

/* Index arithmetic that nobody uses any more. */
static void erase_unused(MlirOperation op, stream_arena *arena) {
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(op), arena);
    for (int32_t i = ops.n - 1; i-- > 0;) {
        bool pure =
            stream_ir_in_dialect(ops.ops[i], "arith.") || stream_ir_is(ops.ops[i], "linalg.index");
        bool used = false;
        for (intptr_t r = 0; r < mlirOperationGetNumResults(ops.ops[i]); ++r)
            used |=
                !mlirOpOperandIsNull(mlirValueGetFirstUse(mlirOperationGetResult(ops.ops[i], r)));
        if (pure && !used)
            mlirOperationDestroy(ops.ops[i]);
    }
}

/* True: one read is an input now, of `*op`. */
static bool convert_one(MlirOperation *op, stream_arena *arena) {
    generic g;
    MlirAttribute map;
    if (!read_generic(*op, arena, &g))
        return false;
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(*op), arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        MlirOperation read = ops.ops[i];
        if (!stream_ir_is(read, "tensor.extract") ||
            !is_from_outside(&g, mlirOperationGetOperand(read, 0)) || !map_of_read(&g, read, &map))
            continue;
        MlirValue tensor = mlirOperationGetOperand(read, 0);
        MlirType element = mlirShapedTypeGetElementType(mlirValueGetType(tensor));
        *op = with_input(&g, tensor, map);
        MlirValue argument = mlirBlockInsertArgument(stream_ir_body(*op), g.n_inputs, element,
                                                     mlirOperationGetLocation(*op));
        mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(read, 0), argument);
        mlirOperationDestroy(read);
        erase_unused(*op, arena);
        return true;
    }
    return false;
}

void stream_normalize_reads(MlirOperation func, stream_arena *arena) {
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(func), arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        MlirOperation op = ops.ops[i];
        while (stream_ir_is(op, "linalg.generic") && convert_one(&op, arena))
            continue;
    }
}
