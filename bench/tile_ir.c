/* Times stream-tile as a pass, from linalg to CTs in the IR, beside the least that MLIR needs for
 * as many operations:
 *
 *   bench-tile_ir MODULE RULE...    a network and its accelerator; rules as of the option `tiles`
 *
 *   pass     the pass alone
 *   build    the same stream.cts once more, through the C API, from numbers: their offsets made and
 *            looked up as attributes, everything else at hand
 *   print    the module of the pass as text
 *   beyond   (pass - build) per CT, in us: what the pass takes beyond building
 *
 * CPU time of one thread, the least of three runs. */

#include "convert/context.h"
#include "convert/ir.h"
#include "convert/loc.h"
#include "cpu_time.h"
#include "pass.h"

#include "stream-c/Dialect.h"
#include "stream/support/text_file.h"
#include "stream/support/vec.h"

#include <stdio.h>

enum {
    RUNS = 3,
    MOST_ATTRIBUTES = 16,
    MOST_OPERANDS = 16
};

/* ---- the same CTs again */

static MlirAttribute remake(MlirContext context, MlirAttribute attr) {
    int64_t values[STREAM_MAX_RANK];
    intptr_t n = stream_ir_as_i64s(attr, values, STREAM_MAX_RANK);
    MlirAttribute elements[MOST_OPERANDS];
    if (n >= 0 && mlirAttributeIsADenseI64Array(attr))
        return stream_ir_i64s(context, n, values);
    intptr_t length = stream_ir_length(attr);
    if (length == 0 || length > MOST_OPERANDS)
        return attr;
    for (intptr_t i = 0; i < length; ++i)
        elements[i] = remake(context, mlirArrayAttrGetElement(attr, i));
    return stream_ir_array(context, length, elements);
}

static void build_again(MlirContext context, MlirOperation ct, MlirBlock block) {
    MlirNamedAttribute attrs[MOST_ATTRIBUTES];
    MlirValue operands[MOST_OPERANDS];
    MlirType type = mlirValueGetType(mlirOperationGetResult(ct, 0));
    stream_ir_op op = {.loc = mlirOperationGetLocation(ct),
                       .name = "stream.ct",
                       .operands = operands,
                       .n_operands = mlirOperationGetNumOperands(ct),
                       .results = &type,
                       .n_results = 1,
                       .attrs = attrs,
                       .n_attrs = mlirOperationGetNumAttributes(ct)};
    if (op.n_operands > MOST_OPERANDS || op.n_attrs > MOST_ATTRIBUTES)
        return;
    for (intptr_t i = 0; i < op.n_operands; ++i)
        operands[i] = mlirOperationGetOperand(ct, i);
    for (intptr_t i = 0; i < op.n_attrs; ++i) {
        attrs[i] = mlirOperationGetAttribute(ct, i);
        attrs[i].attribute = remake(context, attrs[i].attribute);
    }
    mlirBlockAppendOwnedOperation(block, stream_ir_build(&op));
}

static double time_build(MlirContext context, const stream_ir_ops *cts) {
    MlirBlock block = mlirBlockCreate(0, NULL, NULL);
    double start = cpu_ms();
    for (int32_t i = 0; i < cts->n; ++i)
        build_again(context, cts->ops[i], block);
    double ms = cpu_ms() - start;
    mlirBlockDestroy(block);
    return ms;
}

/* ---- one run */

typedef struct {
    double pass, build, print; /* ms */
    int32_t cts;
    size_t bytes; /* of text */
} times;

static void count_bytes(MlirStringRef text, void *user) {
    *(size_t *)user += text.length;
}

static stream_status run(const stream_text *source, const char *const *rules, int32_t n_rules,
                         times *out) {
    MlirContext context = context_create();
    stream_diag diag = stream_diag_mlir(context);
    stream_arena *arena = stream_arena_create(), *own = stream_arena_create();
    stream_pass pass = {.arena = arena,
                        .diag = &diag,
                        .context = context,
                        .tile = {.function = "",
                                 .tiles = rules,
                                 .n_tiles = n_rules,
                                 .rows = 1,
                                 .fill = 0.5,
                                 .max_cts = 4000000}};
    MlirModule module =
        mlirModuleCreateParse(context, mlirStringRefCreate(source->data, source->length));
    stream_status status = STREAM_INVALID;
    if (!mlirModuleIsNull(module)) {
        MlirOperation op = mlirModuleGetOperation(module);
        double start = cpu_ms();
        status = stream_pass_tile_run(&pass, op);
        out->pass = cpu_ms() - start;
        start = cpu_ms();
        out->bytes = 0;
        mlirOperationPrint(op, count_bytes, &out->bytes);
        out->print = cpu_ms() - start;
        stream_ir_ops cts = stream_ir_collect_named(op, "stream.ct", own);
        out->cts = cts.n;
        out->build = time_build(context, &cts);
        mlirModuleDestroy(module);
    }
    stream_arena_destroy(own);
    stream_arena_destroy(arena);
    mlirContextDestroy(context);
    return status;
}

static double least(double a, double b) {
    return a < b ? a : b;
}

int main(int argc, char **argv) {
    stream_text source = {0};
    times best = {0}, now;
    if (argc < 3 || stream_file_read(argv[1], (size_t)1 << 30, NULL, &source) != STREAM_OK) {
        fputs("usage: bench-tile_ir MODULE RULE...\n", stderr);
        return 2;
    }
    for (int i = 0; i < RUNS; ++i) {
        if (run(&source, (const char *const *)argv + 2, argc - 2, &now) != STREAM_OK)
            return 1;
        if (i > 0) {
            now.pass = least(now.pass, best.pass);
            now.build = least(now.build, best.build);
            now.print = least(now.print, best.print);
        }
        best = now;
    }
    stream_text_free(&source);
    printf("%9s %9s %9s %9s %12s\n", "CTs", "pass ms", "build ms", "print ms", "beyond us/CT");
    printf("%9d %9.1f %9.1f %9.1f %12.2f\n", best.cts, best.pass, best.build, best.print,
           (best.pass - best.build) * 1e3 / best.cts);
    return 0;
}
