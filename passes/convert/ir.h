#ifndef STREAM_PASSES_CONVERT_IR_H
#define STREAM_PASSES_CONVERT_IR_H

#include "mlir-c/AffineExpr.h"
#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"
#include "mlir-c/IR.h"

#include "stream/support/arena.h"
#include "stream/support/box.h"
#include "stream/support/text.h"

#include <stdbool.h>
#include <stdint.h>

/* Short names over the MLIR C API, for every pass. Strings that are returned as MlirStringRef
 * belong to the context and live as long as it; handles are values. Nothing here reports an error:
 * what is not there is a null handle or `false`, and the caller knows what that means. */

/* ---- strings */
MlirStringRef stream_ir_str(const char *s); /* borrowed */
bool stream_ir_str_is(MlirStringRef s, const char *text);
char *stream_ir_strdup(stream_arena *arena, MlirStringRef s); /* NUL-terminated */

/* ---- operations */
MlirStringRef stream_ir_op_name(MlirOperation op); /* "linalg.matmul" */
bool stream_ir_is(MlirOperation op, const char *name);
bool stream_ir_in_dialect(MlirOperation op, const char *prefix); /* "linalg." */
/* The value of `sym_name`, empty if there is none. */
MlirStringRef stream_ir_symbol_name(MlirOperation op);
MlirBlock stream_ir_body(MlirOperation op);           /* first block of the first region, or null */
MlirOperation stream_ir_terminator(MlirOperation op); /* of the body, or null */

/* What it takes to build an operation; leave out what it does not have. Regions are taken. */
typedef struct {
    MlirLocation loc;
    const char *name;
    const MlirValue *operands;
    intptr_t n_operands;
    const MlirType *results;
    intptr_t n_results;
    const MlirNamedAttribute *attrs; /* inherent ones too */
    intptr_t n_attrs;
    MlirRegion *regions;
    intptr_t n_regions;
} stream_ir_op;

/* A detached operation; the caller inserts it. Null, with a diagnostic of MLIR's, if its inherent
 * attributes have the wrong kind. */
MlirOperation stream_ir_build(const stream_ir_op *op);
/* Builds and inserts before `before`, or at the end of `block` if `before` is null. */
MlirOperation stream_ir_insert(MlirBlock block, MlirOperation before, const stream_ir_op *op);

typedef struct {
    MlirOperation *ops; /* in the arena */
    int32_t n;
} stream_ir_ops;

/* Operations below `root` (itself included) that `want` accepts, in pre-order. With `into` false
 * the walk does not enter an accepted operation. */
typedef bool (*stream_ir_filter)(MlirOperation op, void *user);
stream_ir_ops stream_ir_collect(MlirOperation root, stream_ir_filter want, void *user, bool into,
                                stream_arena *arena);
/* Operations of that name. */
stream_ir_ops stream_ir_collect_named(MlirOperation root, const char *name, stream_arena *arena);
/* The operations of a block itself, in order, its terminator included. */
stream_ir_ops stream_ir_block_ops(MlirBlock block, stream_arena *arena);

/* Operations inside `root`, not itself, use `to` where they used `from`. */
void stream_ir_replace_in(MlirOperation root, MlirValue from, MlirValue to);

/* ---- attributes of an operation, inherent or discardable */
MlirAttribute stream_ir_attr(MlirOperation op, const char *name); /* null if absent */
bool stream_ir_has(MlirOperation op, const char *name);
void stream_ir_set(MlirOperation op, const char *name, MlirAttribute value);
bool stream_ir_remove(MlirOperation op, const char *name); /* false: was not there */

/* true and the value, if it is there and of that kind; else `*out` is untouched. */
bool stream_ir_get_i64(MlirOperation op, const char *name, int64_t *out);
/* Of a value that arith.constant or index.constant gives. */
bool stream_ir_constant_i64(MlirValue value, int64_t *out);
bool stream_ir_get_f64(MlirOperation op, const char *name, double *out);
bool stream_ir_get_string(MlirOperation op, const char *name, MlirStringRef *out);

/* The same for an attribute in hand. */
bool stream_ir_as_i64(MlirAttribute attr, int64_t *out);
bool stream_ir_as_f64(MlirAttribute attr, double *out);
bool stream_ir_as_string(MlirAttribute attr, MlirStringRef *out);
/* Flat symbol references only. */
bool stream_ir_as_symbol(MlirAttribute attr, MlirStringRef *out);
/* @root::@leaf; with a flat reference leaf is empty. False if it is deeper or no reference. */
bool stream_ir_as_nested_symbol(MlirAttribute attr, MlirStringRef *root, MlirStringRef *leaf);
/* array<i64: ...> or an array attribute of integers: copies at most `max`, returns how many there
 * are, or -1 if it is neither. */
intptr_t stream_ir_as_i64s(MlirAttribute attr, int64_t *out, intptr_t max);
/* Element `name` of a dictionary attribute, or null. */
MlirAttribute stream_ir_entry(MlirAttribute dictionary, const char *name);
/* Elements of an array attribute; 0 of anything else and of null. */
intptr_t stream_ir_length(MlirAttribute array);

/* ---- attribute builders */
MlirAttribute stream_ir_i64(MlirContext context, int64_t value); /* : i64 */
MlirAttribute stream_ir_f64(MlirContext context, double value);
MlirAttribute stream_ir_string(MlirContext context, const char *text);
MlirAttribute stream_ir_unit(MlirContext context);
MlirAttribute stream_ir_symbol(MlirContext context, const char *name);
MlirAttribute stream_ir_nested_symbol(MlirContext context, const char *root, const char *leaf);
MlirAttribute stream_ir_i64s(MlirContext context, intptr_t n,
                             const int64_t *values); /* array<i64> */
MlirAttribute stream_ir_array(MlirContext context, intptr_t n, const MlirAttribute *elements);
MlirAttribute stream_ir_strings(MlirContext context, intptr_t n, const char *const *texts);
MlirNamedAttribute stream_ir_named(MlirContext context, const char *name, MlirAttribute value);
MlirAttribute stream_ir_dictionary(MlirContext context, intptr_t n,
                                   const MlirNamedAttribute *entries);

/* ---- types */
bool stream_ir_is_tensor(MlirType type); /* ranked */
/* Rank and shape of a ranked tensor with a static shape and at most STREAM_MAX_RANK dimensions. */
bool stream_ir_shape(MlirType type, int32_t *rank, int64_t *shape);
/* Bits of one element of an integer or float type, 64 for index; 0 of any other type. */
int32_t stream_ir_element_bits(MlirType element);
MlirType stream_ir_tensor(int32_t rank, const int64_t *shape, MlirType element);

/* ---- affine expressions */
/* Value at dims[n]. False on symbols, division by zero, overflow or a dim >= n. */
bool stream_ir_affine_eval(MlirAffineExpr e, const int64_t *dims, int32_t n, int64_t *out);
/* e as constant + sum_i coefficients[i] * dim i. False if it is not of that form (floordiv, mod,
 * products of dims, symbols) or overflows. */
bool stream_ir_affine_linear(MlirAffineExpr e, int32_t n, int64_t *coefficients, int64_t *constant);

/* ---- the module */
/* The function of that name directly in the module, or null. Linear in the number of its ops: a
 * pass that needs many keeps an MlirSymbolTable. */
MlirOperation stream_ir_function(MlirOperation module, MlirStringRef name);
bool stream_ir_is_private(MlirOperation symbol);

/* ---- text */
void stream_ir_print_op(MlirOperation op, stream_text *out);
void stream_ir_print_attr(MlirAttribute attr, stream_text *out);
void stream_ir_print_type(MlirType type, stream_text *out);
/* The same, in the arena. */
const char *stream_ir_attr_text(MlirAttribute attr, stream_arena *arena);

#endif
