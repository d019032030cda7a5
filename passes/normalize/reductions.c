/* A reduction that the plan splits over cores: one op for each part, and one that puts them
 * together; see normalize.h.
 *
 *     y = init + sum_r f(r)   becomes   p0 = init + sum_{r in part 0} f,   pi = sum_{r in part i}
 * f, y = ((p0 + p1) + p2) + ...
 *
 * and in the same way for any combiner with a neutral element. Results that select (an argmax) are
 * put together by their own body. Layers NAME.part0 ..., and NAME. */

#include "normalize.h"

#include "reductions.h"

#include "../convert/maps.h"

#include "stream/support/integer.h"

#include "mlir-c/AffineMap.h"
#include "mlir-c/Dialect/Linalg.h"

#include <string.h>

/* ---- which ops */

/* The one reduction loop with a split, or -1. */
static int32_t split_loop(const stream_reduction *s) {
    MlirAffineMap out = stream_maps_at(s->maps, mlirOperationGetNumOperands(s->op) - 1);
    int32_t found = -1;
    for (int32_t l = 0; l < s->n_loops && l < s->plan.n_split; ++l) {
        if (s->plan.split[l] <= 1 || s->plan.split[l] > s->bounds[l] || mlirAffineMapIsNull(out))
            continue;
        bool parallel = false;
        for (intptr_t r = 0; r < mlirAffineMapGetNumResults(out); ++r)
            parallel |= mlirAffineExprIsFunctionOfDim(mlirAffineMapGetResult(out, r), l);
        if (!parallel)
            found = found < 0 ? l : s->n_loops;
    }
    return found == s->n_loops ? -1 : found;
}

/* Every index that the loop is in is linear and grows with it, so that a part reads a slice. */
static bool can_slice(const stream_reduction *s) {
    int64_t coefficients[STREAM_MAX_LOOPS], constant;
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(s->op); ++i)
        for (intptr_t r = 0; r < mlirAffineMapGetNumResults(stream_maps_at(s->maps, i)); ++r) {
            MlirAffineExpr e = mlirAffineMapGetResult(stream_maps_at(s->maps, i), r);
            if (!mlirAffineExprIsFunctionOfDim(e, s->loop))
                continue;
            if (!stream_ir_affine_linear(e, s->n_loops, coefficients, &constant) || constant < 0)
                return false;
            for (int32_t l = 0; l < s->n_loops; ++l)
                if (coefficients[l] < 0)
                    return false;
        }
    return true;
}

static bool written_alike(const stream_reduction *s) {
    intptr_t first = mlirOperationGetNumOperands(s->op) - s->n_results;
    for (intptr_t r = 1; r < s->n_results; ++r)
        if (!mlirAffineMapEqual(stream_maps_at(s->maps, first + r), stream_maps_at(s->maps, first)))
            return false;
    return true;
}

/* Which of equal elements a selection keeps depends on their order: parts of the outermost
 * reduction loop follow each other in it. */
static bool is_outermost(const stream_reduction *s) {
    MlirAffineMap out = stream_maps_at(s->maps, mlirOperationGetNumOperands(s->op) - 1);
    for (int32_t l = 0; l < s->loop; ++l) {
        bool parallel = s->bounds[l] == 1;
        for (intptr_t r = 0; r < mlirAffineMapGetNumResults(out); ++r)
            parallel |= mlirAffineExprIsFunctionOfDim(mlirAffineMapGetResult(out, r), l);
        if (!parallel)
            return false;
    }
    return true;
}

/* All results have combiners, or select together. */
static bool find_combiners(stream_reduction *s) {
    bool all = true;
    s->combiners = STREAM_NEW(s->arena, const stream_combiner *, (size_t)s->n_results);
    for (intptr_t r = 0; r < s->n_results; ++r) {
        s->combiners[r] = stream_combiner_of(s->op, r);
        all &= s->combiners[r] != NULL;
    }
    if (all)
        return true;
    s->selects = is_outermost(s) && stream_selection_of(s->op, s->arena, &s->selection);
    for (intptr_t r = 0; s->selects && r < s->n_results; ++r)
        s->combiners[r] = &s->selection.combiners[r];
    return s->selects;
}

static bool read_op(MlirOperation op, stream_arena *arena, stream_reduction *s) {
    MlirAttribute plan = stream_ir_attr(op, "stream.plan");
    *s = (stream_reduction){.op = op,
                            .context = mlirOperationGetContext(op),
                            .arena = arena,
                            .n_results = mlirOperationGetNumResults(op)};
    s->maps = mlirLinalgGetIndexingMapsAttribute(op);
    if (mlirAttributeIsNull(plan) || !stream_attr_is_plan(plan) || mlirAttributeIsNull(s->maps) ||
        s->n_results < 1 ||
        mlirArrayAttrGetNumElements(s->maps) != mlirOperationGetNumOperands(op) ||
        mlirAffineMapGetNumDims(stream_maps_at(s->maps, 0)) > STREAM_MAX_LOOPS)
        return false;
    s->plan = stream_plan_attr_value(plan);
    s->n_loops = (int32_t)mlirAffineMapGetNumDims(stream_maps_at(s->maps, 0));
    if (!stream_maps_bounds(op, s->maps, s->bounds) || (s->loop = split_loop(s)) < 0)
        return false;
    s->parts = s->plan.split[s->loop];
    MlirStringRef name;
    s->name = stream_ir_get_string(op, "stream.layer", &name)
                  ? stream_ir_strdup(arena, name)
                  : stream_ir_strdup(arena, stream_ir_op_name(op)) + sizeof "linalg." - 1;
    return can_slice(s) && written_alike(s) && find_combiners(s);
}

static void split(stream_reduction *s) {
    int64_t size = stream_ceil_div(s->bounds[s->loop], s->parts), n = 0;
    MlirOperation *parts = STREAM_NEW(s->arena, MlirOperation, (size_t)s->parts);
    for (int64_t lo = 0; lo < s->bounds[s->loop]; lo += size, ++n)
        parts[n] = stream_reduction_part(s, n, lo, stream_min_i64(size, s->bounds[s->loop] - lo));
    stream_reduction_join(s, parts, n);
}

void stream_normalize_reductions(MlirOperation func, stream_arena *arena) {
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(func), arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        stream_reduction s;
        if (read_op(ops.ops[i], arena, &s))
            split(&s);
    }
}
