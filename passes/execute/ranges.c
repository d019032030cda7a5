/* Which inputs are indices, and which are divided by; see internal.h.
 *
 * From every index and every divisor back to the arguments that it is computed from. Where a value
 * only chooses among others (a condition, an index of an index) it is not followed. */

#include "internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    MlirValue value;
    int64_t below;
} root;

typedef struct {
    stream_arena *arena;
    stream_vec roots;    /* root: indices, below what */
    stream_vec divisors; /* root */
    stream_vec todo;     /* MlirValue */
    const void **seen;   /* values, a table of 2^k places of which at most a half is taken */
    size_t n_seen, n_places;
    root current;
    stream_execute_range *ranges;
    int32_t n_ranges;
} finder;

/* ---- a set of values */

static bool add_to(const void **places, size_t n, const void *value) {
    size_t at = (size_t)((uintptr_t)value * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (n - 1);
    while (places[at] && places[at] != value)
        at = (at + 1) & (n - 1);
    bool is_new = !places[at];
    places[at] = value;
    return is_new;
}

static void grow(finder *f) {
    size_t n = f->n_places ? 2 * f->n_places : 256;
    const void **places = STREAM_NEW(f->arena, const void *, n);
    for (size_t i = 0; i < f->n_places; ++i)
        if (f->seen[i])
            add_to(places, n, f->seen[i]);
    f->seen = places;
    f->n_places = n;
}

static void push(finder *f, MlirValue value) {
    if (2 * f->n_seen >= f->n_places)
        grow(f);
    if (!add_to(f->seen, f->n_places, value.ptr))
        return;
    f->n_seen++;
    *(MlirValue *)stream_vec_push(&f->todo) = value;
}

static void forget(finder *f) {
    f->seen = NULL;
    f->n_seen = f->n_places = 0;
}

/* ---- one step back */

static void push_operands(finder *f, MlirOperation op, intptr_t first, intptr_t end) {
    intptr_t n = mlirOperationGetNumOperands(op);
    for (intptr_t i = first; i < end && i < n; ++i)
        push(f, mlirOperationGetOperand(op, i));
}

static void push_all(finder *f, MlirOperation op) {
    push_operands(f, op, 0, mlirOperationGetNumOperands(op));
    for (intptr_t r = 0; r < mlirOperationGetNumRegions(op); ++r) {
        MlirBlock block = mlirRegionGetFirstBlock(mlirOperationGetRegion(op, r));
        for (; !mlirBlockIsNull(block); block = mlirBlockGetNextInRegion(block)) {
            MlirOperation end = mlirBlockGetTerminator(block);
            if (!mlirOperationIsNull(end))
                push_operands(f, end, 0, mlirOperationGetNumOperands(end));
        }
    }
}

static bool is_structured(MlirOperation op) {
    MlirStringRef name = stream_ir_op_name(op);
    return name.length > 7 && !memcmp(name.data, "linalg.", 7) &&
           mlirOperationGetNumRegions(op) == 1;
}

static void follow_result(finder *f, MlirOperation op, intptr_t r) {
    if (stream_ir_is(op, "tensor.extract") || stream_ir_is(op, "tensor.extract_slice")) {
        push_operands(f, op, 0, 1);
    } else if (stream_ir_is(op, "tensor.insert") || stream_ir_is(op, "tensor.insert_slice")) {
        push_operands(f, op, 0, 2);
    } else if (stream_ir_is(op, "arith.select")) {
        push_operands(f, op, 1, 3);
    } else if (stream_ir_is(op, "scf.for")) {
        push_operands(f, op, 3 + r, 4 + r);
        push_operands(f, stream_ir_terminator(op), r, r + 1);
    } else if (is_structured(op)) {
        intptr_t out = mlirOperationGetNumOperands(op) - mlirOperationGetNumResults(op) + r;
        push_operands(f, op, out, out + 1);
        push_operands(f, stream_ir_terminator(op), r, r + 1);
    } else if (!stream_ir_is(op, "arith.cmpi") && !stream_ir_is(op, "arith.cmpf")) {
        push_all(f, op);
    }
}

static void limit(finder *f, int32_t argument) {
    stream_execute_range *range = &f->ranges[argument];
    int64_t below = f->current.below;
    if (below == 0)
        range->positive = true;
    else if (range->below == 0 || below < range->below)
        range->below = below;
}

/* Of the entry: limited. Of other functions: whatever they are called with. */
static void reach_function(finder *f, MlirOperation func, MlirBlock block, intptr_t i) {
    bool known = !stream_ir_is_private(func) && mlirBlockEqual(block, stream_ir_body(func));
    for (int32_t a = 0; a < f->n_ranges; ++a)
        if (!known || a == i)
            limit(f, a);
}

static void follow_argument(finder *f, MlirValue value) {
    MlirBlock block = mlirBlockArgumentGetOwner(value);
    MlirOperation op = mlirBlockGetParentOperation(block);
    intptr_t i = mlirBlockArgumentGetArgNumber(value);
    if (stream_ir_is(op, "func.func")) {
        reach_function(f, op, block, i);
    } else if (stream_ir_is(op, "scf.for")) {
        push_operands(f, op, i ? 2 + i : 0, 3 + i);
        if (i)
            push_operands(f, stream_ir_terminator(op), i - 1, i);
    } else if (is_structured(op)) {
        push_operands(f, op, i, i + 1);
    } else {
        push_all(f, op);
    }
}

static void follow(finder *f, root from) {
    f->current = from;
    push(f, from.value);
    while (f->todo.n > 0) {
        MlirValue value = STREAM_AT(MlirValue, f->todo, --f->todo.n);
        if (mlirValueIsABlockArgument(value))
            follow_argument(f, value);
        else
            follow_result(f, mlirOpResultGetOwner(value), mlirOpResultGetResultNumber(value));
    }
}

/* ---- indices and divisors */

static void add_index(finder *f, MlirValue value, int64_t below) {
    *(root *)stream_vec_push(&f->roots) = (root){value, below < 1 ? 1 : below};
}

/* Of tensor.extract and tensor.insert: one in each dimension. */
static void look_at_elements(finder *f, MlirOperation op, intptr_t tensor) {
    MlirType type = mlirValueGetType(mlirOperationGetOperand(op, tensor));
    for (intptr_t d = 0; d + tensor + 1 < mlirOperationGetNumOperands(op); ++d)
        add_index(f, mlirOperationGetOperand(op, tensor + 1 + d),
                  mlirShapedTypeGetDimSize(type, d));
}

/* Offsets of a slice of `tensor`, such that it lies within. */
static void look_at_slice(finder *f, MlirOperation op, intptr_t tensor) {
    MlirType type = mlirValueGetType(mlirOperationGetOperand(op, tensor));
    intptr_t rank = mlirShapedTypeGetRank(type), at = tensor + 1;
    int64_t offset[STREAM_MAX_RANK], size[STREAM_MAX_RANK], stride[STREAM_MAX_RANK];
    int64_t dynamic = mlirShapedTypeGetDynamicStrideOrOffset();
    if (stream_ir_as_i64s(stream_ir_attr(op, "static_offsets"), offset, STREAM_MAX_RANK) != rank ||
        stream_ir_as_i64s(stream_ir_attr(op, "static_sizes"), size, STREAM_MAX_RANK) != rank ||
        stream_ir_as_i64s(stream_ir_attr(op, "static_strides"), stride, STREAM_MAX_RANK) != rank)
        return;
    for (intptr_t d = 0; d < rank; ++d) {
        if (offset[d] != dynamic)
            continue;
        bool fixed = size[d] != dynamic && stride[d] != dynamic;
        int64_t dim = mlirShapedTypeGetDimSize(type, d);
        add_index(f, mlirOperationGetOperand(op, at++),
                  fixed ? dim - (size[d] - 1) * stride[d] : 1);
    }
}

static bool divides_integers(MlirOperation op) {
    static const char *const names[] = {"arith.divsi",      "arith.divui",     "arith.remsi",
                                        "arith.remui",      "arith.ceildivsi", "arith.ceildivui",
                                        "arith.floordivsi", "index.divs",      "index.divu",
                                        "index.rems",       "index.remu",      "index.ceildivs",
                                        "index.ceildivu",   "index.floordivs"};
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
        if (stream_ir_is(op, names[i]))
            return true;
    return false;
}

static MlirWalkResult look(MlirOperation op, void *user) {
    finder *f = user;
    if (stream_ir_is(op, "tensor.extract"))
        look_at_elements(f, op, 0);
    else if (stream_ir_is(op, "tensor.insert"))
        look_at_elements(f, op, 1);
    else if (stream_ir_is(op, "tensor.extract_slice"))
        look_at_slice(f, op, 0);
    else if (stream_ir_is(op, "tensor.insert_slice"))
        look_at_slice(f, op, 1);
    else if (divides_integers(op))
        *(root *)stream_vec_push(&f->divisors) = (root){mlirOperationGetOperand(op, 1), 0};
    return MlirWalkResultAdvance;
}

/* ---- */

static int by_limit(const void *a, const void *b) {
    int64_t x = ((const root *)a)->below, y = ((const root *)b)->below;
    return (x > y) - (x < y);
}

static int32_t count_arguments(MlirOperation module) {
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(module));
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op))
        if (stream_ir_is(op, "func.func") && !stream_ir_is_private(op) &&
            !mlirBlockIsNull(stream_ir_body(op)))
            return (int32_t)mlirBlockGetNumArguments(stream_ir_body(op));
    return 0;
}

const stream_execute_range *stream_execute_ranges(MlirOperation module, stream_arena *arena,
                                                  int32_t *n) {
    finder f = {.arena = arena,
                .roots = STREAM_VEC(root),
                .divisors = STREAM_VEC(root),
                .todo = STREAM_VEC(MlirValue)};
    *n = f.n_ranges = count_arguments(module);
    f.ranges = STREAM_NEW(arena, stream_execute_range, (size_t)*n + 1);
    mlirOperationWalk(module, look, &f, MlirWalkPreOrder);
    if (f.roots.n > 1)
        qsort(f.roots.data, f.roots.n, sizeof(root), by_limit);
    for (size_t i = 0; i < f.roots.n; ++i)
        follow(&f, STREAM_AT(root, f.roots, i));
    forget(&f);
    for (size_t i = 0; i < f.divisors.n; ++i)
        follow(&f, STREAM_AT(root, f.divisors, i));
    stream_vec_free(&f.roots);
    stream_vec_free(&f.divisors);
    stream_vec_free(&f.todo);
    return f.ranges;
}
