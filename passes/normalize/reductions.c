/* A reduction that the plan splits over cores: one op for each part, and one that adds up; see
 * normalize.h.
 *
 *     y = init + sum_r f(r)   becomes   p0 = init + sum_{r in part 0} f,   pi = sum_{r in part i}
 * f, y = ((p0 + p1) + p2) + ...
 *
 * and in the same way for any combiner with a neutral element. Layers NAME.part0 ..., and NAME. */

#include "normalize.h"

#include "../convert/classify.h"
#include "../convert/ir.h"
#include "../convert/maps.h"

#include "stream-c/Dialect.h"
#include "stream/support/integer.h"
#include "stream/support/vec.h"
#include "stream/workload/workload.h"

#include "mlir-c/AffineMap.h"
#include "mlir-c/Dialect/Linalg.h"

#include <math.h>
#include <string.h>

typedef struct {
    MlirOperation op;
    MlirContext context;
    stream_arena *arena;
    MlirAttribute maps;
    stream_plan_attr plan;
    int32_t n_loops, loop; /* loop: the reduction that is split */
    int64_t bounds[STREAM_MAX_LOOPS], parts;
    const char *combiner; /* op of the body */
    MlirAttribute neutral;
    const char *name; /* of the layer */
} splitter;

/* ---- combiners */

typedef struct {
    const char *name;
    enum {
        ZERO,
        ONE,
        ALL_ONES,
        LEAST,
        GREATEST
    } neutral;
} combiner_row;

static const combiner_row combiners[] = {
    {"arith.addf", ZERO},         {"arith.addi", ZERO},        {"arith.mulf", ONE},
    {"arith.muli", ONE},          {"arith.maximumf", LEAST},   {"arith.maxnumf", LEAST},
    {"arith.minimumf", GREATEST}, {"arith.minnumf", GREATEST}, {"arith.maxsi", LEAST},
    {"arith.minsi", GREATEST},    {"arith.maxui", ZERO},       {"arith.minui", ALL_ONES},
    {"arith.andi", ALL_ONES},     {"arith.ori", ZERO},         {"arith.xori", ZERO},
};

static MlirAttribute neutral_of(const combiner_row *row, MlirType element, MlirContext context) {
    static const double floats[] = {0, 1, 0, -INFINITY, INFINITY};
    if (mlirTypeIsAFloat(element))
        return mlirFloatAttrDoubleGet(context, element, floats[row->neutral]);
    uint32_t width = mlirIntegerTypeGetWidth(element);
    int64_t least = width < 64 ? -(INT64_C(1) << (width - 1)) : INT64_MIN;
    int64_t values[] = {0, 1, -1, least, -1 - least};
    return mlirIntegerAttrGet(element, values[row->neutral]);
}

/* The body ends in combiner(out, x) or combiner(x, out). */
static bool find_combiner(splitter *s) {
    MlirBlock body = stream_ir_body(s->op);
    MlirOperation yield = stream_ir_terminator(s->op);
    if (mlirOperationIsNull(yield) || mlirOperationGetNumOperands(yield) != 1 ||
        !mlirValueIsAOpResult(mlirOperationGetOperand(yield, 0)))
        return false;
    MlirOperation last = mlirOpResultGetOwner(mlirOperationGetOperand(yield, 0));
    MlirValue out = mlirBlockGetArgument(body, mlirBlockGetNumArguments(body) - 1);
    MlirType element = mlirValueGetType(mlirOperationGetOperand(yield, 0));
    for (size_t i = 0; i < sizeof combiners / sizeof *combiners; ++i)
        if (stream_ir_is(last, combiners[i].name) &&
            (mlirTypeIsAFloat(element) || mlirTypeIsAInteger(element)) &&
            (mlirValueEqual(mlirOperationGetOperand(last, 0), out) ||
             mlirValueEqual(mlirOperationGetOperand(last, 1), out))) {
            s->combiner = combiners[i].name;
            s->neutral = neutral_of(&combiners[i], element, s->context);
            return true;
        }
    return false;
}

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

static bool read_op(MlirOperation op, stream_arena *arena, splitter *s) {
    MlirAttribute plan = stream_ir_attr(op, "stream.plan");
    *s = (splitter){.op = op, .context = mlirOperationGetContext(op), .arena = arena};
    s->maps = mlirLinalgGetIndexingMapsAttribute(op);
    if (mlirAttributeIsNull(plan) || !stream_attr_is_plan(plan) || mlirAttributeIsNull(s->maps) ||
        mlirOperationGetNumResults(op) != 1 ||
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
    return can_slice(s) && find_combiner(s);
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
static MlirValue neutral_destination(splitter *s, MlirType type) {
    MlirNamedAttribute value =
        stream_ir_named(s->context, "value", mlirDenseElementsAttrSplatGet(type, s->neutral));
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

static MlirValue part(splitter *s, int64_t i, int64_t lo, int64_t size) {
    intptr_t n = mlirOperationGetNumOperands(s->op);
    MlirOperation copy = mlirOperationClone(s->op);
    stream_text name = {0};
    for (intptr_t o = 0; o < n - 1; ++o)
        mlirOperationSetOperand(copy, o, slice(s, o, lo, size));
    if (i > 0)
        mlirOperationSetOperand(
            copy, n - 1,
            neutral_destination(s, mlirValueGetType(mlirOperationGetOperand(s->op, n - 1))));
    stream_text_print(&name, "%s.part%d", s->name, (int)i);
    stream_ir_set(copy, "stream.layer", stream_ir_string(s->context, name.data));
    stream_ir_set(copy, "stream.plan", part_plan(s, i));
    stream_text_free(&name);
    mlirBlockInsertOwnedOperationBefore(mlirOperationGetBlock(s->op), s->op, copy);
    return mlirOperationGetResult(copy, 0);
}

/* ---- the sum */

static void list(stream_text *out, const char *prefix, const char *suffix, int64_t n) {
    for (int64_t i = 0; i < n; ++i)
        stream_text_print(out, "%s%s%d%s", i ? ", " : "", prefix, (int)i, suffix);
}

static void write_sum(splitter *s, int32_t rank, int64_t n, stream_text *out) {
    MlirType type = mlirValueGetType(mlirOperationGetResult(s->op, 0));
    stream_text_str(out, "#id = affine_map<(");
    list(out, "d", "", rank);
    stream_text_str(out, ") -> (");
    list(out, "d", "", rank);
    stream_text_str(out, ")>\n!t = ");
    stream_ir_print_type(type, out);
    stream_text_str(out, "\n!e = ");
    stream_ir_print_type(mlirShapedTypeGetElementType(type), out);
    stream_text_str(out, "\nfunc.func private @sum(");
    list(out, "%p", ": !t", n);
    stream_text_str(out, ") -> !t {\n  %e = tensor.empty() : !t\n"
                         "  %y = linalg.generic {indexing_maps = [#id");
    for (int64_t i = 0; i < n; ++i)
        stream_text_str(out, ", #id");
    stream_text_str(out, "], iterator_types = [");
    for (int32_t d = 0; d < rank; ++d)
        stream_text_str(out, d ? ", \"parallel\"" : "\"parallel\"");
    stream_text_str(out, "]} ins(");
    list(out, "%p", "", n);
    stream_text_str(out, " : ");
    for (int64_t i = 0; i < n; ++i)
        stream_text_str(out, i ? ", !t" : "!t");
    stream_text_str(out, ") outs(%e : !t) {\n  ^bb0(");
    list(out, "%x", ": !e", n);
    stream_text_str(out, ", %o: !e):\n");
    for (int64_t i = 1; i < n; ++i)
        stream_text_print(out, "    %%s%d = %s %%%s%d, %%x%d : !e\n", (int)i, s->combiner,
                          i == 1 ? "x" : "s", (int)i - 1, (int)i);
    stream_text_print(out, "    linalg.yield %%s%d : !e\n  } -> !t\n  return %%y : !t\n}\n",
                      (int)n - 1);
}

static void split(splitter *s) {
    int64_t size = stream_ceil_div(s->bounds[s->loop], s->parts), n = 0, shape[STREAM_MAX_RANK];
    MlirValue *parts = STREAM_NEW(s->arena, MlirValue, (size_t)s->parts);
    stream_text text = {0};
    int32_t rank = 0;
    for (int64_t lo = 0; lo < s->bounds[s->loop]; lo += size, ++n)
        parts[n] = part(s, n, lo, stream_min_i64(size, s->bounds[s->loop] - lo));
    stream_ir_shape(mlirValueGetType(parts[0]), &rank, shape);
    write_sum(s, rank, n, &text);
    MlirModule module = stream_normalize_parse(s->op, &text);
    MlirOperation sum =
        stream_ir_collect_named(mlirModuleGetOperation(module), "linalg.generic", s->arena).ops[0];
    stream_ir_set(sum, "stream.layer", stream_ir_string(s->context, s->name));
    stream_plan_attr apart = {.fuse = mlirStringRefCreate("never", 5)};
    stream_ir_set(sum, "stream.plan",
                  stream_plan_attr_get(mlirOperationGetLocation(s->op), &apart));
    static const int32_t only[1] = {0};
    if (stream_classify_order_matters(s->op, &(stream_result_list){only, 1}))
        stream_ir_set(sum, "stream.reassociated", stream_ir_unit(s->context));
    stream_normalize_splice(s->op, module, parts, (int32_t)n);
}

void stream_normalize_reductions(MlirOperation func, stream_arena *arena) {
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(func), arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        splitter s;
        if (read_op(ops.ops[i], arena, &s))
            split(&s);
    }
}
