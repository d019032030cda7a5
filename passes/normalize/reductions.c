/* A reduction that the plan splits over cores: one op for each part, and one that adds up; see
 * normalize.h.
 *
 *     y = init + sum_r f(r)   becomes   p0 = init + sum_{r in part 0} f,   pi = sum_{r in part i}
 * f, y = ((p0 + p1) + p2) + ...
 *
 * and in the same way for any combiner with a neutral element. Layers NAME.part0 ..., and NAME. */

#include "normalize.h"

#include "../convert/classify.h"
#include "../convert/combiner.h"
#include "../convert/ir.h"
#include "../convert/maps.h"

#include "stream-c/Dialect.h"
#include "stream/support/integer.h"
#include "stream/support/vec.h"
#include "stream/workload/workload.h"

#include "mlir-c/AffineMap.h"
#include "mlir-c/Dialect/Linalg.h"

#include <string.h>

typedef struct {
    MlirOperation op;
    MlirContext context;
    stream_arena *arena;
    MlirAttribute maps;
    stream_plan_attr plan;
    int32_t n_loops, loop; /* loop: the reduction that is split */
    int64_t bounds[STREAM_MAX_LOOPS], parts;
    intptr_t n_results;
    const stream_combiner **combiners; /* [n_results] */
    const char *name;                  /* of the layer */
} splitter;

/* ---- which ops */

/* The one reduction loop with a split, or -1. */
static int32_t split_loop(const splitter *s) {
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
static bool can_slice(const splitter *s) {
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
    return stream_ir_collect_named(s->op, "linalg.index", s->arena).n == 0;
}

/* All results are written alike and have combiners. */
static bool find_combiners(splitter *s) {
    intptr_t first = mlirOperationGetNumOperands(s->op) - s->n_results;
    s->combiners = STREAM_NEW(s->arena, const stream_combiner *, (size_t)s->n_results);
    for (intptr_t r = 0; r < s->n_results; ++r) {
        s->combiners[r] = stream_combiner_of(s->op, r);
        if (!s->combiners[r] ||
            !mlirAffineMapEqual(stream_maps_at(s->maps, first + r), stream_maps_at(s->maps, first)))
            return false;
    }
    return true;
}

static bool read_op(MlirOperation op, stream_arena *arena, splitter *s) {
    MlirAttribute plan = stream_ir_attr(op, "stream.plan");
    *s = (splitter){.op = op,
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
    return can_slice(s) && find_combiners(s);
}

/* ---- parts */

static MlirValue insert(splitter *s, const char *name, const MlirValue *operands, intptr_t n,
                        MlirType type, const MlirNamedAttribute *attrs, intptr_t n_attrs) {
    stream_ir_op op = {.loc = mlirOperationGetLocation(s->op),
                       .name = name,
                       .operands = operands,
                       .n_operands = n,
                       .results = &type,
                       .n_results = 1,
                       .attrs = attrs,
                       .n_attrs = n_attrs};
    return mlirOperationGetResult(stream_ir_insert(mlirOperationGetBlock(s->op), s->op, &op), 0);
}

/* What operand `i` shows of iterations [lo, lo + size) of the loop. */
static MlirValue slice(splitter *s, intptr_t i, int64_t lo, int64_t size) {
    MlirValue value = mlirOperationGetOperand(s->op, i);
    MlirType type = mlirValueGetType(value);
    int64_t offsets[STREAM_MAX_RANK] = {0}, sizes[STREAM_MAX_RANK], ones[STREAM_MAX_RANK];
    int64_t coefficients[STREAM_MAX_LOOPS], constant;
    int32_t rank;
    bool whole = true;
    if (!stream_ir_is_tensor(type))
        return value;
    stream_ir_shape(type, &rank, sizes);
    for (int32_t d = 0; d < rank; ++d) {
        MlirAffineExpr e = mlirAffineMapGetResult(stream_maps_at(s->maps, i), d);
        ones[d] = 1;
        if (!mlirAffineExprIsFunctionOfDim(e, s->loop))
            continue;
        whole = false;
        stream_ir_affine_linear(e, s->n_loops, coefficients, &constant);
        offsets[d] = coefficients[s->loop] * lo;
        sizes[d] = constant + 1;
        for (int32_t l = 0; l < s->n_loops; ++l)
            sizes[d] += coefficients[l] * ((l == s->loop ? size : s->bounds[l]) - 1);
    }
    if (whole)
        return value;
    int32_t segments[4] = {1, 0, 0, 0};
    MlirNamedAttribute attrs[4] = {
        stream_ir_named(s->context, "static_offsets", stream_ir_i64s(s->context, rank, offsets)),
        stream_ir_named(s->context, "static_sizes", stream_ir_i64s(s->context, rank, sizes)),
        stream_ir_named(s->context, "static_strides", stream_ir_i64s(s->context, rank, ones)),
        stream_ir_named(s->context, "operandSegmentSizes",
                        mlirDenseI32ArrayGet(s->context, 4, segments))};
    return insert(s, "tensor.extract_slice", &value, 1,
                  stream_ir_tensor(rank, sizes, mlirShapedTypeGetElementType(type)), attrs, 4);
}

/* A destination full of the neutral element: a splat constant. */
static MlirValue neutral_destination(splitter *s, intptr_t result) {
    MlirType type = mlirValueGetType(mlirOperationGetResult(s->op, result));
    MlirAttribute neutral =
        stream_combiner_neutral(s->combiners[result], mlirShapedTypeGetElementType(type));
    MlirNamedAttribute value =
        stream_ir_named(s->context, "value", mlirDenseElementsAttrSplatGet(type, neutral));
    return insert(s, "arith.constant", NULL, 0, type, &value, 1);
}

static MlirAttribute part_plan(const splitter *s, int64_t part) {
    int64_t split[STREAM_MAX_LOOPS] = {0};
    MlirAttribute whole = stream_ir_attr(s->op, "stream.plan");
    stream_plan_attr plan = s->plan;
    stream_vec cores = STREAM_VEC(MlirStringRef);
    for (intptr_t l = 0; l < plan.n_split; ++l)
        split[l] = l == s->loop ? 1 : plan.split[l];
    for (intptr_t c = 0; c < plan.n_cores; ++c)
        if (plan.n_cores != s->parts || c == part)
            *(MlirStringRef *)stream_vec_push(&cores) = stream_plan_attr_core(whole, c);
    plan.split = split;
    plan.cores = cores.data;
    plan.n_cores = (intptr_t)cores.n;
    MlirAttribute made = stream_plan_attr_get(mlirOperationGetLocation(s->op), &plan);
    stream_vec_free(&cores);
    return made;
}

static MlirOperation part(splitter *s, int64_t i, int64_t lo, int64_t size) {
    intptr_t n = mlirOperationGetNumOperands(s->op) - s->n_results;
    MlirOperation copy = mlirOperationClone(s->op);
    stream_text name = {0};
    for (intptr_t o = 0; o < n; ++o)
        mlirOperationSetOperand(copy, o, slice(s, o, lo, size));
    for (intptr_t r = 0; i > 0 && r < s->n_results; ++r)
        mlirOperationSetOperand(copy, n + r, neutral_destination(s, r));
    stream_text_print(&name, "%s.part%d", s->name, (int)i);
    stream_ir_set(copy, "stream.layer", stream_ir_string(s->context, name.data));
    stream_ir_set(copy, "stream.plan", part_plan(s, i));
    stream_text_free(&name);
    mlirBlockInsertOwnedOperationBefore(mlirOperationGetBlock(s->op), s->op, copy);
    return copy;
}

/* ---- the sum */

/* `format` with the number of each of `n`, joined. */
static void list(stream_text *out, const char *prefix, const char *suffix, int64_t n) {
    for (int64_t i = 0; i < n; ++i)
        stream_text_print(out, "%s%s%d%s", i ? ", " : "", prefix, (int)i, suffix);
}

/* The same for each result r: PREFIXr_0, PREFIXr_1 ... with type !Tr. */
static void list_parts(const splitter *s, stream_text *out, const char *prefix, const char *type,
                       int64_t n) {
    for (intptr_t r = 0; r < s->n_results; ++r)
        for (int64_t i = 0; i < n; ++i) {
            stream_text_str(out, r || i ? ", " : "");
            if (*prefix)
                stream_text_print(out, "%s%d_%d%s", prefix, (int)r, (int)i, *type ? ": " : "");
            if (*type)
                stream_text_print(out, "%s%d", type, (int)r);
        }
}

static void write_types(const splitter *s, stream_text *out) {
    for (intptr_t r = 0; r < s->n_results; ++r) {
        MlirType type = mlirValueGetType(mlirOperationGetResult(s->op, r));
        stream_text_print(out, "!t%d = ", (int)r);
        stream_ir_print_type(type, out);
        stream_text_print(out, "\n!e%d = ", (int)r);
        stream_ir_print_type(mlirShapedTypeGetElementType(type), out);
        stream_text_str(out, "\n");
    }
}

static void write_body(const splitter *s, int64_t n, stream_text *out) {
    stream_text_str(out, "  ^bb0(");
    list_parts(s, out, "%x", "!e", n);
    for (intptr_t r = 0; r < s->n_results; ++r)
        stream_text_print(out, ", %%o%d: !e%d", (int)r, (int)r);
    stream_text_str(out, "):\n");
    for (int r = 0; r < s->n_results; ++r)
        for (int i = 1; i < n; ++i)
            stream_text_print(out, "    %%s%d_%d = %s %%%s%d_%d, %%x%d_%d : !e%d\n", r, i,
                              s->combiners[r]->joins, i == 1 ? "x" : "s", r, i - 1, r, i, r);
    stream_text_str(out, "    linalg.yield ");
    for (int r = 0; r < s->n_results; ++r)
        stream_text_print(out, "%s%%%s%d_%d", r ? ", " : "", n > 1 ? "s" : "x", r, (int)n - 1);
    stream_text_str(out, " : ");
    list(out, "!e", "", s->n_results);
}

static void write_sum(const splitter *s, int32_t rank, int64_t n, stream_text *out) {
    stream_text_str(out, "#id = affine_map<(");
    list(out, "d", "", rank);
    stream_text_str(out, ") -> (");
    list(out, "d", "", rank);
    stream_text_str(out, ")>\n");
    write_types(s, out);
    stream_text_str(out, "func.func private @sum(");
    list_parts(s, out, "%p", "!t", n);
    stream_text_str(out, ") -> (");
    list(out, "!t", "", s->n_results);
    stream_text_str(out, ") {\n");
    for (int r = 0; r < s->n_results; ++r)
        stream_text_print(out, "  %%e%d = tensor.empty() : !t%d\n", r, r);
    stream_text_print(out, "  %%y:%d = linalg.generic {indexing_maps = [#id", (int)s->n_results);
    for (int64_t i = 1; i < (n + 1) * s->n_results; ++i)
        stream_text_str(out, ", #id");
    stream_text_str(out, "], iterator_types = [");
    for (int32_t d = 0; d < rank; ++d)
        stream_text_str(out, d ? ", \"parallel\"" : "\"parallel\"");
    stream_text_str(out, "]} ins(");
    list_parts(s, out, "%p", "", n);
    stream_text_str(out, " : ");
    list_parts(s, out, "", "!t", n);
    stream_text_str(out, ") outs(");
    list(out, "%e", "", s->n_results);
    stream_text_str(out, " : ");
    list(out, "!t", "", s->n_results);
    stream_text_str(out, ") {\n");
    write_body(s, n, out);
    stream_text_str(out, "\n  } -> (");
    list(out, "!t", "", s->n_results);
    stream_text_str(out, ")\n  return ");
    list(out, "%y#", "", s->n_results);
    stream_text_str(out, " : ");
    list(out, "!t", "", s->n_results);
    stream_text_str(out, "\n}\n");
}

static void split(splitter *s) {
    int64_t size = stream_ceil_div(s->bounds[s->loop], s->parts), n = 0, shape[STREAM_MAX_RANK];
    MlirOperation *parts = STREAM_NEW(s->arena, MlirOperation, (size_t)s->parts);
    stream_text text = {0};
    int32_t rank = 0;
    for (int64_t lo = 0; lo < s->bounds[s->loop]; lo += size, ++n)
        parts[n] = part(s, n, lo, stream_min_i64(size, s->bounds[s->loop] - lo));
    stream_ir_shape(mlirValueGetType(mlirOperationGetResult(s->op, 0)), &rank, shape);
    MlirValue *values = STREAM_NEW(s->arena, MlirValue, (size_t)(n * s->n_results));
    int32_t *ids = STREAM_NEW(s->arena, int32_t, (size_t)s->n_results);
    for (int32_t r = 0; r < s->n_results; ++r) {
        ids[r] = r;
        for (int64_t i = 0; i < n; ++i)
            values[r * n + i] = mlirOperationGetResult(parts[i], r);
    }
    write_sum(s, rank, n, &text);
    MlirModule module = stream_normalize_parse(s->op, &text);
    MlirOperation sum =
        stream_ir_collect_named(mlirModuleGetOperation(module), "linalg.generic", s->arena).ops[0];
    stream_ir_set(sum, "stream.layer", stream_ir_string(s->context, s->name));
    stream_plan_attr apart = {.fuse = mlirStringRefCreate("never", 5)};
    stream_ir_set(sum, "stream.plan",
                  stream_plan_attr_get(mlirOperationGetLocation(s->op), &apart));
    if (stream_classify_order_matters(s->op, &(stream_result_list){ids, (int32_t)s->n_results}))
        stream_ir_set(sum, "stream.reassociated", stream_ir_unit(s->context));
    stream_normalize_splice(s->op, module, values, (int32_t)(n * s->n_results));
}

void stream_normalize_reductions(MlirOperation func, stream_arena *arena) {
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(func), arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        splitter s;
        if (read_op(ops.ops[i], arena, &s))
            split(&s);
    }
}
