/* A linalg op as a loop nest. */

#include "builder.h"
#include "combiner.h"
#include "maps.h"
#include "quasi.h"

#include "mlir-c/AffineMap.h"
#include "mlir-c/Dialect/Linalg.h"

#include <string.h>

static stream_status check_op(loader *l, MlirOperation op, intptr_t n_maps) {
    if (mlirOperationGetNumResults(op) == 0)
        return unsupported(l, op, "works on memrefs; only tensors are read");
    if (mlirOperationGetNumOperands(op) != n_maps)
        return unsupported(l, op, "has operands that are not indexed by its maps");
    return STREAM_OK;
}

bool body_reads(MlirOperation op, intptr_t i) {
    MlirBlock body = stream_ir_body(op);
    if (mlirBlockIsNull(body) || mlirBlockGetNumArguments(body) != mlirOperationGetNumOperands(op))
        return true;
    return !mlirOpOperandIsNull(mlirValueGetFirstUse(mlirBlockGetArgument(body, i)));
}

static bool is_used(MlirOperation op, intptr_t result) {
    return !mlirOpOperandIsNull(mlirValueGetFirstUse(mlirOperationGetResult(op, result)));
}

stream_result_list list_results(loader *l, MlirOperation op, const bool *keeps) {
    intptr_t n = mlirOperationGetNumResults(op);
    int32_t *ids = STREAM_NEW(l->arena, int32_t, (size_t)n + 1);
    stream_result_list list = {ids, 0};
    for (intptr_t i = 0; i < n; ++i)
        if (is_used(op, i) || (keeps && keeps[i]))
            ids[list.n++] = (int32_t)i;
    list.n = list.n ? list.n : 1;
    return list;
}

/* Which results the layer gives: those that are used; if it `carries`, also those that the body
 * needs for them from iteration to iteration. All are written through one map. */
static stream_status read_results(loader *l, MlirAttribute maps, bool carries, loop_nest *n) {
    intptr_t n_results = mlirOperationGetNumResults(n->op);
    bool *used = STREAM_NEW(l->arena, bool, (size_t)n_results);
    bool *keeps = STREAM_NEW(l->arena, bool, (size_t)n_results);
    bool *wanted = STREAM_NEW(l->arena, bool, (size_t)n_results);
    for (intptr_t i = 0; i < n_results; ++i)
        used[i] = is_used(n->op, i);
    if (n_results > 1)
        stream_body_state(n->op, used, keeps);
    for (intptr_t i = 0; i < n_results; ++i) {
        wanted[i] = n_results == 1 || used[i] || keeps[i];
        n->loses_state |= keeps[i] && !carries;
        keeps[i] = keeps[i] && carries;
    }
    n->wanted = wanted;
    n->results = list_results(l, n->op, keeps);
    MlirAffineMap first = stream_maps_at(maps, n->n_inputs + n->results.ids[0]);
    for (int32_t i = 1; i < n->results.n; ++i)
        if (!mlirAffineMapEqual(first, stream_maps_at(maps, n->n_inputs + n->results.ids[i])))
            return unsupported(l, n->op,
                               "writes results %d and %d, which are both used, through different "
                               "maps",
                               n->results.ids[0], n->results.ids[i]);
    return STREAM_OK;
}

/* Bounds of loops that index a dimension of some operand directly: MLIR's verifier wants one of
 * each. */
static stream_status read_bounds(loader *l, MlirAttribute maps, loop_nest *n) {
    for (int32_t i = 0; i < n->n_operands; ++i) {
        MlirType type = mlirValueGetType(mlirOperationGetOperand(n->op, i));
        int32_t rank;
        int64_t shape[STREAM_MAX_RANK];
        if (stream_ir_is_tensor(type))
            STREAM_TRY(tensor_shape(l, type, n->op, "an operand", &rank, shape));
    }
    (void)stream_maps_bounds(n->op, maps, n->bounds); /* the shapes are readable */
    for (int32_t d = 0; d < n->n_loops; ++d)
        if (n->bounds[d] <= 0)
            return unsupported(l, n->op, "has a loop d%d that indexes no dimension by itself", d);
    return STREAM_OK;
}

static const char not_written_in_boxes[] =
    "it writes a dimension of its result through a map that is neither a loop of its own nor 0";

static stream_status read_output(loader *l, MlirAffineMap map, loop_nest *n) {
    MlirType type = mlirValueGetType(mlirOperationGetResult(n->op, n->results.ids[0]));
    STREAM_TRY(tensor_shape(l, type, n->op, "result", &n->rank, n->shape));
    for (int32_t d = 0; d < n->n_loops; ++d)
        n->reduction[d] = true;
    for (int32_t d = 0; d < n->rank; ++d) {
        MlirAffineExpr e = mlirAffineMapGetResult(map, d);
        bool zero = mlirAffineExprIsAConstant(e) && mlirAffineConstantExprGetValue(e) == 0;
        n->output_loop[d] = mlirAffineExprIsADim(e) ? (int32_t)mlirAffineDimExprGetPosition(e) : -1;
        if ((n->output_loop[d] < 0 && !zero) || (zero && n->shape[d] != 1) ||
            (!zero && !n->reduction[n->output_loop[d]])) {
            n->not_boxes = not_written_in_boxes;
            return STREAM_OK;
        }
        if (!zero)
            n->reduction[n->output_loop[d]] = false;
    }
    return STREAM_OK;
}

/* False: it is no form that is known. */
static bool read_quasi(const loader *l, const loop_nest *n, int32_t d, MlirAffineExpr e,
                       stream_operand *o) {
    stream_quasi *quasi = STREAM_NEW(l->arena, stream_quasi, 1);
    if (!stream_quasi_of_expr(e, l->arena, quasi) || !stream_quasi_ok(quasi, n->n_loops, n->bounds))
        return false;
    uint32_t loops = stream_quasi_loops(quasi);
    o->quasi[d] = quasi;
    for (int32_t i = 0; i < n->n_loops; ++i)
        o->index[d].coefficient[i] = loops >> i & 1;
    return true;
}

static void read_index(loader *l, loop_nest *n, int32_t d, MlirAffineExpr e, stream_operand *o) {
    int64_t coefficients[STREAM_MAX_LOOPS];
    bool linear = stream_ir_affine_linear(e, n->n_loops, coefficients, &o->index[d].constant);
    for (int32_t i = 0; i < n->n_loops; ++i)
        linear = linear && coefficients[i] >= INT32_MIN && coefficients[i] <= INT32_MAX;
    if (!linear) {
        if (!read_quasi(l, n, d, e, o))
            n->not_boxes = "an indexing map is no form of loops, divided by constants";
        return;
    }
    for (int32_t i = 0; i < n->n_loops; ++i)
        o->index[d].coefficient[i] = (int32_t)coefficients[i];
}

/* Shape without data: the view of an operand that is not read. */
static int32_t shape_only(loader *l, MlirType type) {
    int32_t rank;
    int64_t shape[STREAM_MAX_RANK];
    stream_ir_shape(type, &rank, shape);
    stream_view_origin origin = {.element = mlirShapedTypeGetElementType(type)};
    return view_fill(l, rank, shape, origin);
}

bool is_weight_like(const loader *l, const loop_nest *n, const stream_operand *o) {
    if (is_intermediate(l, o->view))
        return false;
    const stream_view *v = view_at(l, o->view);
    if (v->kind == STREAM_VIEW_TENSOR &&
        STREAM_AT(stream_tensor, l->tensors, v->tensor).kind == STREAM_TENSOR_CONSTANT)
        return true;
    if (v->kind != STREAM_VIEW_TENSOR)
        return true;
    for (int32_t d = 0; d < n->n_loops; ++d) {
        bool indexed = n->reduction[d] || n->bounds[d] == 1;
        for (int32_t r = 0; r < v->rank; ++r)
            indexed |= o->index[r].coefficient[d] != 0;
        if (!indexed)
            return true;
    }
    return false;
}

static stream_status read_operand(loader *l, MlirAttribute maps, int32_t i, loop_nest *n) {
    MlirValue value = mlirOperationGetOperand(n->op, i);
    bool reads = body_reads(n->op, i), out = i >= n->n_inputs;
    if (!stream_ir_is_tensor(mlirValueGetType(value))) {
        if (!stream_scalar_is_constant(value))
            return unsupported(l, n->op,
                               "reads a scalar operand %d that is not a constant: "
                               "pass it as a tensor of one element",
                               i);
        return STREAM_OK;
    }
    if (out && (!reads || !n->wanted[i - n->n_inputs]))
        return STREAM_OK;
    stream_operand o = {.position = (int16_t)i, .is_window = !reads, .is_init = out};
    o.view = reads ? view_of(l, value) : shape_only(l, mlirValueGetType(value));
    MlirAffineMap map = stream_maps_at(maps, i);
    for (int32_t d = 0; d < view_at(l, o.view)->rank; ++d)
        read_index(l, n, d, mlirAffineMapGetResult(map, d), &o);
    o.operand_class = i == 0 ? 0 : i == 1 && !out ? 1 : is_weight_like(l, n, &o);
    *(stream_operand *)stream_vec_push(&n->operands) = o;
    return STREAM_OK;
}

static int32_t count_inputs(MlirOperation op, int32_t n_operands) {
    MlirAttribute segments = stream_ir_attr(op, "operandSegmentSizes");
    if (!mlirAttributeIsNull(segments) && mlirAttributeIsADenseI32Array(segments))
        return mlirDenseI32ArrayGetElement(segments, 0);
    return n_operands - (int32_t)mlirOperationGetNumResults(op);
}

stream_status read_nest(loader *l, MlirOperation op, bool carries, loop_nest *out) {
    MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(op);
    intptr_t n_maps = mlirArrayAttrGetNumElements(maps);
    *out = (loop_nest){.op = op, .operands = STREAM_VEC(stream_operand)};
    STREAM_TRY(check_op(l, op, n_maps));
    out->n_operands = (int32_t)n_maps;
    out->n_inputs = count_inputs(op, out->n_operands);
    STREAM_TRY(read_results(l, maps, carries, out));
    intptr_t n_loops = mlirAffineMapGetNumDims(stream_maps_at(maps, 0));
    if (n_loops > STREAM_MAX_LOOPS) {
        out->not_boxes = "it has more loops than are read";
        return STREAM_OK;
    }
    out->n_loops = (int32_t)n_loops;
    STREAM_TRY(read_bounds(l, maps, out));
    STREAM_TRY(read_output(l, stream_maps_at(maps, out->n_inputs + out->results.ids[0]), out));
    for (int32_t i = 0; i < out->n_operands && !out->not_boxes; ++i)
        STREAM_TRY(read_operand(l, maps, i, out));
    return out->not_boxes ? STREAM_OK : read_nest_body(l, out);
}
