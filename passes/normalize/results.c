/* Results that are written alike are one layer; of others there is one op each; see normalize.h. */

#include "normalize.h"

#include "../convert/combiner.h"
#include "../convert/ir.h"
#include "../convert/loc.h"
#include "../convert/maps.h"
#include "../convert/workload.h"

#include "mlir-c/AffineMap.h"
#include "mlir-c/Dialect/Linalg.h"

#include <string.h>

static bool is_used(MlirValue value) {
    return !mlirOpOperandIsNull(mlirValueGetFirstUse(value));
}

static bool same_shape(MlirValue a, MlirValue b, int32_t *rank) {
    int64_t x[STREAM_MAX_RANK], y[STREAM_MAX_RANK];
    int32_t other;
    return stream_ir_shape(mlirValueGetType(a), rank, x) &&
           stream_ir_shape(mlirValueGetType(b), &other, y) && *rank == other &&
           memcmp(x, y, (size_t)other * sizeof *x) == 0;
}

/* True if one box of loops writes the same box of both. */
static bool written_alike(MlirOperation op, intptr_t r, intptr_t s) {
    MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(op);
    intptr_t first = mlirOperationGetNumOperands(op) - mlirOperationGetNumResults(op);
    int32_t rank;
    if (!same_shape(mlirOperationGetResult(op, r), mlirOperationGetResult(op, s), &rank) ||
        rank == STREAM_MAX_RANK)
        return false;
    return mlirAttributeIsNull(maps) ||
           mlirAffineMapEqual(stream_maps_at(maps, first + r), stream_maps_at(maps, first + s));
}

/* Gives the used results from `r` on that are not written like result `r` to a copy of `op`. */
static MlirOperation split(MlirOperation op, intptr_t r) {
    MlirOperation copy = {NULL};
    for (intptr_t s = r + 1; s < mlirOperationGetNumResults(op); ++s) {
        MlirValue result = mlirOperationGetResult(op, s);
        if (!is_used(result) || written_alike(op, r, s))
            continue;
        if (mlirOperationIsNull(copy)) {
            copy = mlirOperationClone(op);
            mlirBlockInsertOwnedOperationAfter(mlirOperationGetBlock(op), op, copy);
        }
        mlirValueReplaceAllUsesOfWith(result, mlirOperationGetResult(copy, s));
    }
    return copy;
}

/* Every loop has its bound from an operand that stays. */
static bool keeps_bounds(MlirOperation op, const bool *leaves) {
    MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(op);
    intptr_t n_loops = mlirAffineMapGetNumDims(stream_maps_at(maps, 0));
    for (intptr_t l = 0; l < n_loops; ++l) {
        bool found = false;
        for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
            MlirAffineMap map = stream_maps_at(maps, i);
            for (intptr_t r = 0; !leaves[i] && r < mlirAffineMapGetNumResults(map); ++r) {
                MlirAffineExpr e = mlirAffineMapGetResult(map, r);
                found |= mlirAffineExprIsADim(e) && mlirAffineDimExprGetPosition(e) == l;
            }
        }
        if (!found)
            return false;
    }
    return true;
}

/* Results that nobody uses, and what only they need. */
static void prune(MlirOperation op, stream_arena *arena) {
    intptr_t n = mlirOperationGetNumOperands(op), n_results = mlirOperationGetNumResults(op);
    bool *used = STREAM_NEW(arena, bool, (size_t)n_results), any_used = false, any = false;
    bool *keeps = STREAM_NEW(arena, bool, (size_t)n_results);
    bool *leaves = STREAM_NEW(arena, bool, (size_t)n);
    if (!stream_ir_is(op, "linalg.generic"))
        return;
    for (intptr_t r = 0; r < n_results; ++r)
        any_used |= used[r] = is_used(mlirOperationGetResult(op, r));
    stream_body_state(op, used, keeps);
    for (intptr_t r = 0; r < n_results; ++r)
        any |= leaves[n - n_results + r] = !used[r] && !keeps[r];
    if (any_used && any && keeps_bounds(op, leaves))
        stream_normalize_generalize(op, leaves);
}

/* Until all results of each copy are written alike. */
static int32_t split_all(MlirOperation op, stream_arena *arena) {
    int32_t n = 0;
    while (!mlirOperationIsNull(op)) {
        MlirOperation last = op;
        intptr_t r = 0;
        while (r < mlirOperationGetNumResults(op) && !is_used(mlirOperationGetResult(op, r)))
            ++r;
        op = split(op, r);
        prune(last, arena);
        ++n;
    }
    return n;
}

void stream_normalize_results(MlirOperation func, stream_arena *arena, const stream_diag *diag) {
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(func), arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        if (mlirOperationGetNumResults(ops.ops[i]) < 2 || !stream_op_is_pure(ops.ops[i]))
            continue;
        stream_loc loc = stream_loc_of(ops.ops[i]);
        int32_t n = split_all(ops.ops[i], arena);
        if (n > 1)
            stream_remark(diag, loc,
                          "its results are not written alike: it becomes %d layers, each of which "
                          "computes what its own results need",
                          n);
    }
}
