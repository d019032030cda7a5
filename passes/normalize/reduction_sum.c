/* The op that puts the parts of a reduction together; see reductions.h. */

#include "reductions.h"

#include "normalize.h"

#include "../convert/classify.h"

#include <string.h>

/* `format` with the number of each of `n`, joined. */
static void list(stream_text *out, const char *prefix, const char *suffix, int64_t n) {
    for (int64_t i = 0; i < n; ++i)
        stream_text_print(out, "%s%s%d%s", i ? ", " : "", prefix, (int)i, suffix);
}

/* The same for each result r: PREFIXr_0, PREFIXr_1 ... with type !Tr. */
static void list_parts(const stream_reduction *s, stream_text *out, const char *prefix,
                       const char *type, int64_t n) {
    for (intptr_t r = 0; r < s->n_results; ++r)
        for (int64_t i = 0; i < n; ++i) {
            stream_text_str(out, r || i ? ", " : "");
            if (*prefix)
                stream_text_print(out, "%s%d_%d%s", prefix, (int)r, (int)i, *type ? ": " : "");
            if (*type)
                stream_text_print(out, "%s%d", type, (int)r);
        }
}

static void write_types(const stream_reduction *s, stream_text *out) {
    for (intptr_t r = 0; r < s->n_results; ++r) {
        MlirType type = mlirValueGetType(mlirOperationGetResult(s->op, r));
        stream_text_print(out, "!t%d = ", (int)r);
        stream_ir_print_type(type, out);
        stream_text_print(out, "\n!e%d = ", (int)r);
        stream_ir_print_type(mlirShapedTypeGetElementType(type), out);
        stream_text_str(out, "\n");
    }
}

static void write_body(const stream_reduction *s, int64_t n, stream_text *out) {
    stream_text_str(out, "  ^bb0(");
    list_parts(s, out, "%x", "!e", n);
    for (intptr_t r = 0; r < s->n_results; ++r)
        stream_text_print(out, ", %%o%d: !e%d", (int)r, (int)r);
    stream_text_str(out, "):\n");
    for (int r = 0; !s->selects && r < s->n_results; ++r)
        for (int i = 1; i < n; ++i)
            stream_text_print(out, "    %%s%d_%d = %s %%%s%d_%d, %%x%d_%d : !e%d\n", r, i,
                              s->combiners[r]->joins, i == 1 ? "x" : "s", r, i - 1, r, i, r);
    stream_text_str(out, "    linalg.yield ");
    bool sums = n > 1 && !s->selects;
    for (int r = 0; r < s->n_results; ++r)
        stream_text_print(out, "%s%%%s%d_%d", r ? ", " : "", sums ? "s" : "x", r,
                          sums ? (int)n - 1 : 0);
    stream_text_str(out, " : ");
    list(out, "!e", "", s->n_results);
}

static void write_sum(const stream_reduction *s, int32_t rank, int64_t n, stream_text *out) {
    stream_text_str(out, "#id = ");
    stream_normalize_write_identity(out, rank);
    stream_text_str(out, "\n");
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
    stream_text_str(out, "], iterator_types = ");
    stream_normalize_write_parallel(out, rank);
    stream_text_str(out, "} ins(");
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

/* ---- results that select: the body of the reduction, on what each part left */

static void select_parts(const stream_reduction *s, MlirOperation sum, int64_t n) {
    MlirBlock body = stream_ir_body(sum);
    MlirOperation yield = stream_ir_terminator(sum);
    size_t n_results = (size_t)s->n_results;
    MlirValue *state = STREAM_NEW(s->arena, MlirValue, n_results);
    MlirValue *from = STREAM_NEW(s->arena, MlirValue, n_results);
    MlirValue *next = STREAM_NEW(s->arena, MlirValue, n_results);
    for (intptr_t r = 0; r < s->n_results; ++r)
        state[r] = mlirOperationGetOperand(yield, r);
    for (int64_t i = 1; i < n; ++i) {
        for (intptr_t r = 0; r < s->n_results; ++r)
            from[r] = mlirBlockGetArgument(body, r * n + i);
        for (intptr_t r = 0; r < s->n_results; ++r)
            next[r] = stream_selection_apply(&s->selection, s->op, r, from, state, sum);
        memcpy(state, next, n_results * sizeof *state);
    }
    for (intptr_t r = 0; r < s->n_results; ++r)
        mlirOperationSetOperand(yield, r, state[r]);
}

/* ---- the op */

static bool is_reassociated(const stream_reduction *s) {
    int32_t *ids = STREAM_NEW(s->arena, int32_t, (size_t)s->n_results);
    for (int32_t r = 0; r < s->n_results; ++r)
        ids[r] = r;
    return !s->selects &&
           stream_classify_order_matters(s->op, &(stream_result_list){ids, (int32_t)s->n_results});
}

void stream_reduction_join(stream_reduction *s, const MlirOperation *parts, int64_t n) {
    int64_t shape[STREAM_MAX_RANK];
    stream_text text = {0};
    int32_t rank = 0;
    stream_ir_shape(mlirValueGetType(mlirOperationGetResult(s->op, 0)), &rank, shape);
    MlirValue *values = STREAM_NEW(s->arena, MlirValue, (size_t)(n * s->n_results));
    for (intptr_t r = 0; r < s->n_results; ++r)
        for (int64_t i = 0; i < n; ++i)
            values[r * n + i] = mlirOperationGetResult(parts[i], r);
    write_sum(s, rank, n, &text);
    MlirModule module = stream_normalize_parse(s->op, &text);
    MlirOperation sum =
        stream_ir_collect_named(mlirModuleGetOperation(module), "linalg.generic", s->arena).ops[0];
    if (s->selects)
        select_parts(s, sum, n);
    stream_ir_set(sum, "stream.layer", stream_ir_string(s->context, s->name));
    stream_plan_attr apart = {.fuse = mlirStringRefCreate("never", 5)};
    stream_ir_set(sum, "stream.plan",
                  stream_plan_attr_get(mlirOperationGetLocation(s->op), &apart));
    if (is_reassociated(s))
        stream_ir_set(sum, "stream.reassociated", stream_ir_unit(s->context));
    stream_normalize_splice(s->op, module, values, (int32_t)(n * s->n_results));
}
