/* Generics (and linalg.copy) whose body only yields an input: transpositions and broadcasts.
 *
 *     source[c, i, ..]  --SLICE-->  constant indices picked  --COLLAPSE-->  unit dims gone
 *                       --TRANSPOSE-->  dims in result order  --BROADCAST-->  result */

#include "builder.h"

#include "mlir-c/AffineMap.h"
#include "mlir-c/Dialect/Linalg.h"

#include <string.h>

/* How one operand is indexed: dim[r] is the loop of result r, or -1 and constant[r]. */
typedef struct {
    int32_t n, dim[STREAM_MAX_RANK];
    int64_t constant[STREAM_MAX_RANK];
} simple_map;

static bool read_map(MlirAttribute maps, intptr_t i, simple_map *out) {
    MlirAffineMap map = mlirAffineMapAttrGetValue(mlirArrayAttrGetElement(maps, i));
    uint64_t seen = 0;
    out->n = (int32_t)mlirAffineMapGetNumResults(map);
    if (out->n > STREAM_MAX_RANK || mlirAffineMapGetNumDims(map) > STREAM_MAX_LOOPS)
        return false;
    for (int32_t r = 0; r < out->n; ++r) {
        MlirAffineExpr e = mlirAffineMapGetResult(map, r);
        if (mlirAffineExprIsADim(e)) {
            out->dim[r] = (int32_t)mlirAffineDimExprGetPosition(e);
            if (seen & (UINT64_C(1) << out->dim[r]))
                return false;
            seen |= UINT64_C(1) << out->dim[r];
        } else if (mlirAffineExprIsAConstant(e)) {
            out->dim[r] = -1;
            out->constant[r] = mlirAffineConstantExprGetValue(e);
        } else
            return false;
    }
    return true;
}

/* The input whose element the body yields unchanged, or -1. */
static intptr_t yielded_input(MlirOperation op) {
    if (mlirOperationGetNumResults(op) != 1 || mlirOperationGetNumRegions(op) != 1)
        return -1;
    MlirBlock body = stream_ir_body(op);
    MlirOperation yield = mlirBlockGetFirstOperation(body);
    if (mlirOperationIsNull(yield) || !stream_ir_is(yield, "linalg.yield"))
        return -1;
    MlirValue value = mlirOperationGetOperand(yield, 0);
    if (!mlirValueIsABlockArgument(value) ||
        !mlirBlockEqual(mlirBlockArgumentGetOwner(value), body))
        return -1;
    intptr_t i = mlirBlockArgumentGetArgNumber(value);
    return i < mlirOperationGetNumOperands(op) - 1 ? i : -1;
}

/* Constant indices: one element of those dims, then without them. */
static int32_t drop_constants(loader *l, int32_t view, simple_map *in) {
    int64_t shape[STREAM_MAX_RANK], before[STREAM_MAX_RANK] = {0};
    int32_t map[STREAM_MAX_RANK], kept = 0, rank = view_at(l, view)->rank;
    for (int32_t s = 0; s < rank; ++s) {
        shape[s] = in->dim[s] < 0 ? 1 : view_at(l, view)->shape[s];
        before[s] = in->dim[s] < 0 ? in->constant[s] : 0;
        kept += in->dim[s] >= 0;
    }
    view = view_slice(l, view, shape, before, NULL);
    int32_t group = -1, n = 0;
    for (int32_t s = 0; s < rank; ++s) {
        group += in->dim[s] >= 0;
        map[s] = kept == 0 ? -1 : group < 0 ? 0 : group;
        if (in->dim[s] >= 0)
            in->dim[n++] = in->dim[s];
    }
    in->n = n;
    return view_collapse(l, view, kept, map);
}

static int32_t reorder(loader *l, int32_t view, const simple_map *in, const simple_map *out,
                       int32_t *broadcast_map) {
    int32_t permutation[STREAM_MAX_RANK], n = 0;
    for (int32_t d = 0; d < out->n; ++d) {
        broadcast_map[d] = -1;
        for (int32_t s = 0; s < in->n; ++s)
            if (in->dim[s] == out->dim[d]) {
                broadcast_map[d] = n;
                permutation[n++] = s;
            }
    }
    return n == in->n ? view_transpose(l, view, permutation) : -1;
}

static bool all_dims(const simple_map *map) {
    for (int32_t r = 0; r < map->n; ++r)
        if (map->dim[r] < 0)
            return false;
    return true;
}

stream_status load_yield_only(loader *l, MlirOperation op, bool *handled) {
    MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(op);
    *handled = false;
    if (mlirAttributeIsNull(maps))
        return STREAM_OK;
    intptr_t input = yielded_input(op);
    simple_map in, out;
    if (input < 0 || !read_map(maps, input, &in) ||
        !read_map(maps, mlirArrayAttrGetNumElements(maps) - 1, &out) || !all_dims(&out))
        return STREAM_OK;
    MlirValue result = mlirOperationGetResult(op, 0);
    MlirValue source = mlirOperationGetOperand(op, input);
    int32_t rank, broadcast_map[STREAM_MAX_RANK];
    int64_t shape[STREAM_MAX_RANK];
    if (!stream_ir_is_tensor(mlirValueGetType(result)))
        return STREAM_OK;
    STREAM_TRY(tensor_shape(l, mlirValueGetType(result), op, "result", &rank, shape));
    stream_view_origin origin = {.element = mlirShapedTypeGetElementType(mlirValueGetType(result))};
    int32_t view;
    if (!stream_ir_is_tensor(mlirValueGetType(source))) {
        origin.scalar = source;
        if (!stream_scalar_is_constant(source))
            return unsupported(l, op, "yields a scalar operand that is not a constant");
        view = view_fill(l, rank, shape, origin);
    } else {
        view = drop_constants(l, view_of(l, source), &in);
        view = reorder(l, view, &in, &out, broadcast_map);
        if (view < 0)
            return STREAM_OK;
        view = view_broadcast(l, view, rank, shape, broadcast_map);
    }
    *handled = true;
    value_map_set(&l->view_of, result, view);
    return STREAM_OK;
}
