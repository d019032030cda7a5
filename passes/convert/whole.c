/* Ops that are one CT as they stand; see builder.h. */

#include "builder.h"
#include "classify.h"
#include "quasi.h"

#include "stream/support/integer.h"

#include "mlir-c/AffineMap.h"
#include "mlir-c/Dialect/Linalg.h"

#include <string.h>

/* ---- loops */

/* Iterations of an scf.for; -1 if they are not constant. */
static int64_t trip_count(MlirOperation op) {
    int64_t from = 0, to = 0, by = 0;
    if (!stream_ir_constant_i64(mlirOperationGetOperand(op, 0), &from) ||
        !stream_ir_constant_i64(mlirOperationGetOperand(op, 1), &to) ||
        !stream_ir_constant_i64(mlirOperationGetOperand(op, 2), &by) || by <= 0)
        return -1;
    return to <= from ? 0 : stream_ceil_div(to - from, by);
}

static MlirWalkResult look_for_effects(MlirOperation op, void *user) {
    static const char *const pure[] = {"linalg.", "tensor.", "arith.", "math.", "index."};
    bool *effects = user, known = stream_ir_is(op, "scf.yield") || stream_ir_is(op, "cf.assert");
    for (size_t i = 0; i < sizeof pure / sizeof *pure; ++i)
        known = known || stream_ir_in_dialect(op, pure[i]);
    if (stream_ir_is(op, "scf.for"))
        known = trip_count(op) >= 0;
    *effects = *effects || !known;
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
        *effects |= mlirTypeIsAMemRef(mlirValueGetType(mlirOperationGetOperand(op, i)));
    return MlirWalkResultAdvance;
}

bool stream_op_is_pure(MlirOperation op) {
    bool effects = mlirOperationGetNumResults(op) == 0;
    if (!effects)
        mlirOperationWalk(op, look_for_effects, &effects, MlirWalkPreOrder);
    return !effects;
}

bool can_be_whole(MlirOperation op) {
    static const char *const makers[] = {"tensor.generate", "tensor.from_elements",
                                         "tensor.insert"};
    bool candidate = stream_ir_in_dialect(op, "linalg.") || stream_ir_is(op, "scf.for");
    for (size_t i = 0; i < sizeof makers / sizeof *makers; ++i)
        candidate = candidate || stream_ir_is(op, makers[i]);
    return candidate && stream_op_is_pure(op);
}

/* ---- how much there is to do */

static int64_t points_of(MlirOperation op) {
    MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(op);
    int64_t bounds[32] = {0}, points = 1;
    intptr_t n = mlirAttributeIsNull(maps) ? 0 : mlirArrayAttrGetNumElements(maps);
    for (intptr_t i = 0; i < n && i < mlirOperationGetNumOperands(op); ++i) {
        MlirAffineMap map = mlirAffineMapAttrGetValue(mlirArrayAttrGetElement(maps, i));
        MlirType type = mlirValueGetType(mlirOperationGetOperand(op, i));
        if (!stream_ir_is_tensor(type))
            continue;
        for (intptr_t r = 0; r < mlirAffineMapGetNumResults(map); ++r) {
            MlirAffineExpr e = mlirAffineMapGetResult(map, r);
            if (mlirAffineExprIsADim(e) && mlirAffineDimExprGetPosition(e) < 32 &&
                !mlirShapedTypeIsDynamicDim(type, r))
                bounds[mlirAffineDimExprGetPosition(e)] = mlirShapedTypeGetDimSize(type, r);
        }
    }
    for (int32_t d = 0; d < 32; ++d)
        if (bounds[d] > 1 && !stream_mul_i64(points, bounds[d], &points))
            return INT64_MAX;
    return points;
}

typedef struct {
    MlirOperation root;
    int64_t work;
} work_count;

static MlirWalkResult count_work(MlirOperation op, void *user) {
    work_count *count = user;
    int64_t work = 0, trips;
    if (!stream_ir_in_dialect(op, "linalg.") ||
        mlirAttributeIsNull(mlirLinalgGetIndexingMapsAttribute(op)))
        return MlirWalkResultAdvance;
    if (!stream_mul_i64(points_of(op), stream_classify_macs(op), &work))
        work = INT64_MAX;
    for (MlirOperation at = op; !mlirOperationEqual(at, count->root);) {
        at = mlirOperationGetParentOperation(at);
        trips = stream_ir_is(at, "scf.for") ? trip_count(at) : 1;
        if (!stream_mul_i64(work, trips, &work))
            work = INT64_MAX;
    }
    if (!stream_add_i64(count->work, work, &count->work))
        count->work = INT64_MAX;
    return MlirWalkResultSkip;
}

/* Operations per element of the result, rounded up. */
static int64_t work_per_point(MlirOperation op, int32_t rank, const int64_t *shape) {
    work_count count = {op, 0};
    int64_t points = 1;
    mlirOperationWalk(op, count_work, &count, MlirWalkPreOrder);
    for (int32_t d = 0; d < rank; ++d)
        if (!stream_mul_i64(points, shape[d], &points))
            return 1;
    return stream_max_i64(
        1, stream_min_i64(stream_ceil_div(count.work, points), INT64_MAX / 2 / points));
}

/* ---- operands: all of each */

static stream_status add_operand(loader *l, MlirOperation op, MlirValue value, int32_t position,
                                 stream_vec *operands) {
    int32_t rank;
    int64_t shape[STREAM_MAX_RANK];
    if (!mlirTypeIsAShaped(mlirValueGetType(value))) {
        if (!stream_scalar_is_constant(value))
            return unsupported(l, op,
                               "uses a scalar that is not a constant: pass it as a "
                               "tensor of one element");
        return STREAM_OK;
    }
    STREAM_TRY(tensor_shape(l, mlirValueGetType(value), op, "an operand", &rank, shape));
    stream_operand *o = stream_vec_push(operands);
    o->view = view_of(l, value);
    o->position = (int16_t)position;
    o->operand_class = position > 0 && !is_intermediate(l, o->view);
    memcpy(o->extent, shape, (size_t)rank * sizeof *shape);
    return STREAM_OK;
}

static stream_status add_operands(loader *l, MlirOperation op, stream_vec *operands) {
    int32_t n = (int32_t)mlirOperationGetNumOperands(op);
    stream_captures captured = stream_body_captures(op, l->arena);
    for (int32_t i = 0; i < n; ++i)
        STREAM_TRY(add_operand(l, op, mlirOperationGetOperand(op, i), i, operands));
    for (int32_t i = 0; i < captured.n_values; ++i)
        STREAM_TRY(add_operand(l, op, captured.values[i], n + i, operands));
    return STREAM_OK;
}

/* The shape of all of these results. */
static stream_status one_shape(loader *l, MlirOperation op, const stream_result_list *results,
                               int32_t *rank, int64_t *shape) {
    for (int32_t i = 0; i < results->n; ++i) {
        MlirType type = mlirValueGetType(mlirOperationGetResult(op, results->ids[i]));
        int64_t other[STREAM_MAX_RANK];
        int32_t other_rank;
        STREAM_TRY(tensor_shape(l, type, op, "result", &other_rank, i == 0 ? shape : other));
        if (i > 0 &&
            (other_rank != *rank || memcmp(shape, other, (size_t)other_rank * sizeof *other) != 0))
            return unsupported(l, op, "has results of different shapes that are both used");
        *rank = other_rank;
    }
    return STREAM_OK;
}

static stream_status add_layer(loader *l, MlirOperation op, const char *why, stream_vec *operands) {
    open_layer rest = {.closed = "it is kept whole", .whole = why};
    int64_t shape[STREAM_MAX_RANK];
    int32_t rank = 0;
    rest.results = list_results(l, op, NULL);
    STREAM_TRY(one_shape(l, op, &rest.results, &rank, shape));
    STREAM_TRY(add_operands(l, op, operands));
    stream_layer layer = {.name = layer_name(l, op), .n_loops = rank};
    layer.macs_per_point = work_per_point(op, rank, shape);
    for (int32_t d = 0; d < rank; ++d) {
        layer.bounds[d] = shape[d];
        layer.whole[d] = true;
        layer.output_loop[d] = d;
    }
    if (rest.results.n > 1)
        layer.output_loop[rank] = -1;
    STREAM_TRY(output_tensor(l, op, &rest.results, layer.name));
    layer_new(l, op, &layer, *operands, &rest);
    *operands = STREAM_VEC(stream_operand);
    return STREAM_OK;
}

stream_status load_whole(loader *l, MlirOperation op, const char *why) {
    stream_vec operands = STREAM_VEC(stream_operand);
    stream_status status = add_layer(l, op, why, &operands);
    stream_vec_free(&operands);
    return status;
}
