/* Loop order of linalg.generic; see internal.h. */

#include "internal.h"

#include "mlir-c/AffineMap.h"

#include <string.h>

#define MAX_LOOPS 32

typedef struct {
    MlirOperation op;
    int32_t n_loops;
    bool reduction[MAX_LOOPS];
    int32_t position[MAX_LOOPS]; /* of each old loop in the new order */
} nest;

static bool read_nest(MlirOperation op, stream_arena *arena, nest *out) {
    MlirAttribute iterators = stream_ir_attr(op, "iterator_types");
    intptr_t n = stream_ir_length(iterators);
    bool any = false;
    if (n == 0 || n > MAX_LOOPS)
        return false;
    out->op = op;
    out->n_loops = (int32_t)n;
    for (intptr_t i = 0; i < n; ++i) {
        const char *text = stream_ir_attr_text(mlirArrayAttrGetElement(iterators, i), arena);
        out->reduction[i] = strstr(text, "reduction") != NULL;
        any = any || out->reduction[i];
    }
    return any;
}

static MlirAffineMap map_of(const nest *n, intptr_t i) {
    MlirAttribute maps = stream_ir_attr(n->op, "indexing_maps");
    return mlirAffineMapAttrGetValue(mlirArrayAttrGetElement(maps, i));
}

/* Loop d moves along `map`'s last dimension with stride `1`, or not at all. */
static bool contiguous(MlirAffineMap map, int32_t n_loops, int32_t d) {
    intptr_t results = mlirAffineMapGetNumResults(map);
    int64_t coefficients[MAX_LOOPS], constant;
    for (intptr_t r = 0; r < results; ++r) {
        if (!stream_ir_affine_linear(mlirAffineMapGetResult(map, r), n_loops, coefficients,
                                     &constant))
            return false;
        if (coefficients[d] != 0 && (r + 1 < results || coefficients[d] != 1))
            return false;
    }
    return true;
}

/* The parallel loop to put innermost: that of the output's last dimension; -1: none. */
static int32_t pick_inner(const nest *n) {
    intptr_t n_maps = stream_ir_length(stream_ir_attr(n->op, "indexing_maps"));
    MlirAffineMap output = map_of(n, n_maps - 1);
    intptr_t rank = mlirAffineMapGetNumResults(output);
    if (rank == 0 || !mlirAffineExprIsADim(mlirAffineMapGetResult(output, rank - 1)))
        return -1;
    int32_t d = (int32_t)mlirAffineDimExprGetPosition(mlirAffineMapGetResult(output, rank - 1));
    for (intptr_t i = 0; i < n_maps; ++i)
        if (!contiguous(map_of(n, i), n->n_loops, d))
            return -1;
    return n->reduction[d] ? -1 : d;
}

static void order_loops(nest *n, int32_t inner) {
    int32_t next = 0;
    for (int32_t i = 0; i < n->n_loops; ++i)
        if (!n->reduction[i] && i != inner)
            n->position[i] = next++;
    for (int32_t i = 0; i < n->n_loops; ++i)
        if (n->reduction[i])
            n->position[i] = next++;
    if (inner >= 0)
        n->position[inner] = next;
}

static MlirAttribute permuted_maps(const nest *n, MlirContext context) {
    intptr_t n_maps = stream_ir_length(stream_ir_attr(n->op, "indexing_maps"));
    MlirAffineExpr dims[MAX_LOOPS];
    stream_vec maps = STREAM_VEC(MlirAttribute);
    for (int32_t i = 0; i < n->n_loops; ++i)
        dims[i] = mlirAffineDimExprGet(context, n->position[i]);
    MlirAffineMap order = mlirAffineMapGet(context, n->n_loops, 0, n->n_loops, dims);
    for (intptr_t i = 0; i < n_maps; ++i) {
        MlirAffineMap old = map_of(n, i);
        stream_vec exprs = STREAM_VEC(MlirAffineExpr);
        for (intptr_t r = 0; r < mlirAffineMapGetNumResults(old); ++r)
            *(MlirAffineExpr *)stream_vec_push(&exprs) =
                mlirAffineExprCompose(mlirAffineMapGetResult(old, r), order);
        *(MlirAttribute *)stream_vec_push(&maps) = mlirAffineMapAttrGet(
            mlirAffineMapGet(context, n->n_loops, 0, (intptr_t)exprs.n, exprs.data));
        stream_vec_free(&exprs);
    }
    MlirAttribute array = mlirArrayAttrGet(context, n_maps, maps.data);
    stream_vec_free(&maps);
    return array;
}

static MlirAttribute permuted_iterators(const nest *n, MlirContext context) {
    MlirAttribute old = stream_ir_attr(n->op, "iterator_types"), types[MAX_LOOPS];
    for (int32_t i = 0; i < n->n_loops; ++i)
        types[n->position[i]] = mlirArrayAttrGetElement(old, i);
    return mlirArrayAttrGet(context, n->n_loops, types);
}

static void permute_indices(const nest *n, MlirContext context, stream_arena *arena) {
    stream_ir_ops ops = stream_ir_collect_named(n->op, "linalg.index", arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        int64_t d = 0;
        if (stream_ir_get_i64(ops.ops[i], "dim", &d))
            stream_ir_set(ops.ops[i], "dim", stream_ir_i64(context, n->position[d]));
    }
}

void stream_execute_interchange(MlirOperation module, stream_arena *arena) {
    MlirContext context = mlirOperationGetContext(module);
    stream_ir_ops ops = stream_ir_collect_named(module, "linalg.generic", arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        nest n = {0};
        if (!read_nest(ops.ops[i], arena, &n))
            continue;
        order_loops(&n, pick_inner(&n));
        MlirAttribute maps = permuted_maps(&n, context), types = permuted_iterators(&n, context);
        stream_ir_set(n.op, "indexing_maps", maps);
        stream_ir_set(n.op, "iterator_types", types);
        permute_indices(&n, context, arena);
    }
}
