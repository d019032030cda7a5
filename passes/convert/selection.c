/* Reductions that keep one element; see selection.h. */

#include "selection.h"

#include "ir.h"

#include <string.h>

typedef struct {
    MlirOperation op, yield;
    intptr_t n;
    MlirValue *taken;           /* [n] null: not known yet */
    stream_combiner *combiners; /* [n] */
    intptr_t key;               /* the result that is compared; -1: not known yet */
} finder;

static MlirValue out_of(const finder *f, intptr_t r) {
    MlirBlock body = stream_ir_body(f->op);
    return mlirBlockGetArgument(body, mlirBlockGetNumArguments(body) - f->n + r);
}

static MlirOperation definition(MlirValue value) {
    return mlirValueIsAOpResult(value) ? mlirOpResultGetOwner(value) : (MlirOperation){NULL};
}

static bool is(MlirValue value, const char *name) {
    return mlirValueIsAOpResult(value) && stream_ir_is(definition(value), name);
}

static MlirValue operand(MlirValue value, intptr_t i) {
    return mlirOperationGetOperand(definition(value), i);
}

/* ---- comparisons */

typedef enum {
    OTHER,
    LESS,
    GREATER,
    EQUAL,
    UNEQUAL
} order_kind;

static order_kind relation_of(MlirValue comparison) {
    /* by the numbers of arith.cmpf and arith.cmpi */
    static const order_kind floats[] = {OTHER, EQUAL,   GREATER, GREATER, LESS,    LESS,
                                        OTHER, OTHER,   EQUAL,   GREATER, GREATER, LESS,
                                        LESS,  UNEQUAL, OTHER,   OTHER};
    static const order_kind integers[] = {EQUAL,   UNEQUAL, LESS, LESS,    GREATER,
                                          GREATER, LESS,    LESS, GREATER, GREATER};
    int64_t predicate = -1;
    bool real = is(comparison, "arith.cmpf");
    if (!real && !is(comparison, "arith.cmpi"))
        return OTHER;
    stream_ir_get_i64(definition(comparison), "predicate", &predicate);
    if (predicate < 0 || predicate >= (real ? 16 : 10))
        return OTHER;
    return real ? floats[predicate] : integers[predicate];
}

static bool is_unsigned(MlirValue comparison) {
    int64_t predicate = 0;
    return is(comparison, "arith.cmpi") &&
           stream_ir_get_i64(definition(comparison), "predicate", &predicate) && predicate >= 6;
}

/* The result whose taken and out elements are compared, or -1; taken_first: in that order. */
static intptr_t compared(const finder *f, MlirValue comparison, bool *taken_first) {
    MlirValue a = operand(comparison, 0), b = operand(comparison, 1);
    for (intptr_t r = 0; r < f->n; ++r) {
        if (mlirValueIsNull(f->taken[r]))
            continue;
        *taken_first = mlirValueEqual(a, f->taken[r]);
        if ((*taken_first && mlirValueEqual(b, out_of(f, r))) ||
            (mlirValueEqual(b, f->taken[r]) && mlirValueEqual(a, out_of(f, r))))
            return r;
    }
    return -1;
}

/* x != x of the key. */
static bool is_nan_test(const finder *f, MlirValue value) {
    MlirValue x;
    if (!is(value, "arith.cmpf") || relation_of(value) != UNEQUAL)
        return false;
    x = operand(value, 0);
    return mlirValueEqual(x, operand(value, 1)) &&
           (mlirValueEqual(x, f->taken[f->key]) || mlirValueEqual(x, out_of(f, f->key)));
}

/* ---- conditions */

static stream_neutral extreme(bool greatest, MlirValue comparison) {
    if (is_unsigned(comparison))
        return greatest ? STREAM_NEUTRAL_ALL_ONES : STREAM_NEUTRAL_ZERO;
    return greatest ? STREAM_NEUTRAL_GREATEST : STREAM_NEUTRAL_LEAST;
}

/* Result `r` begins with what every other element is preferred to; false: it was to begin with
 * another one. */
static bool begins_with(finder *f, intptr_t r, stream_neutral neutral) {
    if (f->combiners[r].neutral != STREAM_NEUTRAL_NONE && f->combiners[r].neutral != neutral)
        return false;
    f->combiners[r].neutral = neutral;
    return true;
}

/* An order of result `of` (-1: of the key, whichever that is); if the condition holds, the taken
 * element is kept, or (`takes` false) the old one. */
static bool orders(finder *f, MlirValue condition, intptr_t of, bool takes) {
    order_kind relation = relation_of(condition);
    bool taken_first;
    if (relation != LESS && relation != GREATER)
        return false;
    intptr_t r = compared(f, condition, &taken_first);
    if (r < 0 || (of >= 0 && r != of))
        return false;
    bool prefers_greater = ((relation == GREATER) == taken_first) == takes;
    if (of < 0)
        f->key = r;
    return begins_with(f, r, extreme(!prefers_greater, condition));
}

/* Equal keys, and an order of result r. */
static bool is_tie(finder *f, MlirValue condition, intptr_t r, bool takes) {
    bool taken_first;
    for (intptr_t i = 0; is(condition, "arith.andi") && i < 2; ++i) {
        MlirValue equal = operand(condition, i), order = operand(condition, 1 - i);
        if (relation_of(equal) == EQUAL && compared(f, equal, &taken_first) == f->key &&
            r != f->key && orders(f, order, r, takes))
            return true;
    }
    return false;
}

/* When result r changes: an order of the key, or it or more. */
static bool better(finder *f, MlirValue condition, intptr_t r, bool takes) {
    if (orders(f, condition, f->key, takes))
        return true;
    for (intptr_t i = 0; is(condition, "arith.ori") && i < 2; ++i) {
        MlirValue rest = operand(condition, 1 - i);
        if (better(f, operand(condition, i), r, takes) &&
            (is_nan_test(f, rest) || is_tie(f, rest, r, takes)))
            return true;
    }
    return false;
}

/* ---- results */

static bool is_limit(MlirValue value) {
    static const char *const names[] = {"arith.maximumf", "arith.maxnumf",  "arith.maxsi",
                                        "arith.maxui",    "arith.minimumf", "arith.minnumf",
                                        "arith.minsi",    "arith.minui"};
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
        if (is(value, names[i]))
            return true;
    return false;
}

/* What the body may take instead of the element of result r; null: it does not choose. */
static MlirValue taken_of(const finder *f, intptr_t r) {
    MlirValue value = mlirOperationGetOperand(f->yield, r), none = {NULL};
    intptr_t first = is(value, "arith.select") ? 1 : 0;
    if (first == 0 && !is_limit(value))
        return none;
    for (intptr_t i = 0; i < 2; ++i)
        if (mlirValueEqual(operand(value, first + i), out_of(f, r)))
            return operand(value, first + 1 - i);
    return none;
}

static bool finds_taken(finder *f) {
    for (intptr_t r = 0; r < f->n; ++r) {
        MlirType type = mlirValueGetType(out_of(f, r));
        f->taken[r] = taken_of(f, r);
        f->combiners[r] = (stream_combiner){.neutral = STREAM_NEUTRAL_NONE};
        if (mlirValueIsNull(f->taken[r]) || stream_body_is_carried(f->op, f->taken[r]) ||
            !(mlirTypeIsAFloat(type) || mlirTypeIsAInteger(type)))
            return false;
    }
    return true;
}

/* Selects first: they say which result is the key. */
static bool finds_orders(finder *f) {
    for (intptr_t r = 0; r < f->n; ++r) {
        MlirValue value = mlirOperationGetOperand(f->yield, r);
        if (is(value, "arith.select") &&
            !better(f, operand(value, 0), r, mlirValueEqual(operand(value, 1), f->taken[r])))
            return false;
    }
    for (intptr_t r = 0; r < f->n && f->key >= 0; ++r) {
        const stream_combiner *limit = stream_combiner_of(f->op, r);
        if (is_limit(mlirOperationGetOperand(f->yield, r)) &&
            (r != f->key || !limit || limit->neutral != f->combiners[r].neutral))
            return false;
    }
    return f->key >= 0;
}

bool stream_selection_of(MlirOperation op, stream_arena *arena, stream_selection *out) {
    finder f = {.op = op,
                .yield = stream_ir_terminator(op),
                .n = mlirOperationGetNumResults(op),
                .key = -1};
    if (f.n < 1 || mlirOperationIsNull(f.yield) || mlirOperationGetNumOperands(f.yield) != f.n ||
        mlirBlockGetNumArguments(stream_ir_body(op)) < f.n)
        return false;
    f.taken = STREAM_NEW(arena, MlirValue, (size_t)f.n);
    f.combiners = STREAM_NEW(arena, stream_combiner, (size_t)f.n);
    *out = (stream_selection){f.taken, f.combiners};
    if (!finds_taken(&f) || !finds_orders(&f))
        return false;
    for (intptr_t r = 0; r < f.n; ++r)
        if (f.combiners[r].neutral == STREAM_NEUTRAL_NONE)
            f.combiners[r].neutral = STREAM_NEUTRAL_ZERO; /* whatever: the key decides */
    return true;
}

/* ---- the body again */

typedef struct {
    const stream_selection *selection;
    const MlirValue *from, *state;
    MlirOperation op, to;
} application;

/* Conditions and choices are a few ops deep, and nothing in them is used often. */
static MlirValue apply(const application *a, MlirValue value) {
    intptr_t n = mlirOperationGetNumResults(a->op);
    MlirBlock body = stream_ir_body(a->op);
    for (intptr_t r = 0; r < n; ++r) {
        if (mlirValueEqual(value, a->selection->taken[r]))
            return a->from[r];
        if (mlirValueEqual(value,
                           mlirBlockGetArgument(body, mlirBlockGetNumArguments(body) - n + r)))
            return a->state[r];
    }
    MlirOperation copy = mlirOperationClone(definition(value));
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(copy); ++i)
        mlirOperationSetOperand(copy, i, apply(a, operand(value, i)));
    mlirBlockInsertOwnedOperationBefore(stream_ir_body(a->to), stream_ir_terminator(a->to), copy);
    return mlirOperationGetResult(copy, 0);
}

MlirValue stream_selection_apply(const stream_selection *selection, MlirOperation op,
                                 intptr_t result, const MlirValue *from, const MlirValue *state,
                                 MlirOperation to) {
    application a = {selection, from, state, op, to};
    return apply(&a, mlirOperationGetOperand(stream_ir_terminator(op), result));
}
