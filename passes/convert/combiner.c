/* Bodies of reductions; see combiner.h. */

#include "combiner.h"

#include "ir.h"

#include "stream/support/vec.h"

#include <math.h>
#include <string.h>

#define JOINS_ITSELF(name, neutral)                                                                \
    { name, neutral, name }

static const stream_combiner combiners[] = {
    JOINS_ITSELF("arith.addf", STREAM_NEUTRAL_ZERO),
    JOINS_ITSELF("arith.addi", STREAM_NEUTRAL_ZERO),
    {"arith.subf", STREAM_NEUTRAL_ZERO, "arith.addf"},
    {"arith.subi", STREAM_NEUTRAL_ZERO, "arith.addi"},
    JOINS_ITSELF("arith.mulf", STREAM_NEUTRAL_ONE),
    JOINS_ITSELF("arith.muli", STREAM_NEUTRAL_ONE),
    JOINS_ITSELF("arith.maximumf", STREAM_NEUTRAL_LEAST),
    JOINS_ITSELF("arith.maxnumf", STREAM_NEUTRAL_LEAST),
    JOINS_ITSELF("arith.minimumf", STREAM_NEUTRAL_GREATEST),
    JOINS_ITSELF("arith.minnumf", STREAM_NEUTRAL_GREATEST),
    JOINS_ITSELF("arith.maxsi", STREAM_NEUTRAL_LEAST),
    JOINS_ITSELF("arith.minsi", STREAM_NEUTRAL_GREATEST),
    JOINS_ITSELF("arith.maxui", STREAM_NEUTRAL_ZERO),
    JOINS_ITSELF("arith.minui", STREAM_NEUTRAL_ALL_ONES),
    JOINS_ITSELF("arith.andi", STREAM_NEUTRAL_ALL_ONES),
    JOINS_ITSELF("arith.ori", STREAM_NEUTRAL_ZERO),
    JOINS_ITSELF("arith.xori", STREAM_NEUTRAL_ZERO),
};

MlirAttribute stream_combiner_neutral(const stream_combiner *combiner, MlirType element) {
    static const double floats[] = {0, 1, 0, -INFINITY, INFINITY};
    if (mlirTypeIsAFloat(element))
        return mlirFloatAttrDoubleGet(mlirTypeGetContext(element), element,
                                      floats[combiner->neutral]);
    uint32_t width = mlirIntegerTypeGetWidth(element);
    int64_t least = width < 64 ? -(INT64_C(1) << (width - 1)) : INT64_MIN;
    int64_t values[] = {0, 1, -1, least, -1 - least};
    return mlirIntegerAttrGet(element, values[combiner->neutral]);
}

/* ---- what depends on the results so far */

static bool contains(const stream_vec *values, MlirValue value) {
    for (size_t i = 0; i < values->n; ++i)
        if (mlirValueEqual(STREAM_AT(MlirValue, *values, i), value))
            return true;
    return false;
}

typedef struct {
    const stream_vec *values;
    bool any;
} use_search;

static MlirWalkResult look_for_uses(MlirOperation op, void *user) {
    use_search *search = user;
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op) && !search->any; ++i)
        search->any = contains(search->values, mlirOperationGetOperand(op, i));
    return search->any ? MlirWalkResultInterrupt : MlirWalkResultAdvance;
}

static MlirValue out_element(MlirOperation op, intptr_t result) {
    MlirBlock body = stream_ir_body(op);
    return mlirBlockGetArgument(body, mlirBlockGetNumArguments(body) -
                                          mlirOperationGetNumResults(op) + result);
}

/* Adds the values of the body that depend on `carried`. */
static void follow(MlirBlock body, stream_vec *carried) {
    MlirOperation at = mlirBlockGetFirstOperation(body);
    for (; !mlirOperationIsNull(at); at = mlirOperationGetNextInBlock(at)) {
        use_search search = {carried, false};
        mlirOperationWalk(at, look_for_uses, &search, MlirWalkPreOrder);
        for (intptr_t r = 0; search.any && r < mlirOperationGetNumResults(at); ++r)
            *(MlirValue *)stream_vec_push(carried) = mlirOperationGetResult(at, r);
    }
}

/* Values of the body that depend on the elements of the outs. */
static void find_carried(MlirOperation op, MlirBlock body, stream_vec *carried) {
    for (intptr_t r = 0; r < mlirOperationGetNumResults(op); ++r)
        *(MlirValue *)stream_vec_push(carried) = out_element(op, r);
    follow(body, carried);
}

/* True if some other result that is used or kept depends on the element of result `r`. */
static bool is_needed(MlirOperation op, intptr_t r, const bool *used, const bool *keeps) {
    MlirOperation yield = stream_ir_terminator(op);
    stream_vec from = STREAM_VEC(MlirValue);
    bool needed = false;
    *(MlirValue *)stream_vec_push(&from) = out_element(op, r);
    follow(stream_ir_body(op), &from);
    for (intptr_t i = 0; i < mlirOperationGetNumResults(op) && !needed; ++i)
        needed = (used[i] || keeps[i]) && contains(&from, mlirOperationGetOperand(yield, i));
    stream_vec_free(&from);
    return needed;
}

/* ---- combiners */

static const stream_combiner *combiner_named(MlirOperation op) {
    MlirType type = mlirValueGetType(mlirOperationGetResult(op, 0));
    for (size_t i = 0; i < sizeof combiners / sizeof *combiners; ++i)
        if (stream_ir_is(op, combiners[i].name) &&
            (mlirTypeIsAFloat(type) || mlirTypeIsAInteger(type)))
            return &combiners[i];
    return NULL;
}

/* The body ends in combiner(out, x) or, if it joins itself, combiner(x, out). */
static const stream_combiner *combiner_in(MlirOperation op, intptr_t result,
                                          const stream_vec *carried) {
    MlirOperation yield = stream_ir_terminator(op);
    if (result >= mlirOperationGetNumOperands(yield) ||
        !mlirValueIsAOpResult(mlirOperationGetOperand(yield, result)))
        return NULL;
    MlirOperation last = mlirOpResultGetOwner(mlirOperationGetOperand(yield, result));
    if (mlirOperationGetNumOperands(last) != 2 || mlirOperationGetNumResults(last) != 1)
        return NULL;
    MlirValue out = out_element(op, result);
    bool first = mlirValueEqual(mlirOperationGetOperand(last, 0), out);
    if ((!first && !mlirValueEqual(mlirOperationGetOperand(last, 1), out)) ||
        contains(carried, mlirOperationGetOperand(last, first ? 1 : 0)))
        return NULL;
    const stream_combiner *found = combiner_named(last);
    return found && (first || !strcmp(found->name, found->joins)) ? found : NULL;
}

static bool has_body(MlirOperation op) {
    MlirBlock body = stream_ir_body(op);
    return !mlirBlockIsNull(body) && !mlirOperationIsNull(stream_ir_terminator(op)) &&
           mlirBlockGetNumArguments(body) >= mlirOperationGetNumResults(op);
}

const stream_combiner *stream_combiner_of(MlirOperation op, intptr_t result) {
    stream_vec carried = STREAM_VEC(MlirValue);
    const stream_combiner *found = NULL;
    if (has_body(op)) {
        find_carried(op, stream_ir_body(op), &carried);
        found = combiner_in(op, result, &carried);
    }
    stream_vec_free(&carried);
    return found;
}

bool stream_body_is_carried(MlirOperation op, MlirValue value) {
    stream_vec carried = STREAM_VEC(MlirValue);
    find_carried(op, stream_ir_body(op), &carried);
    bool found = contains(&carried, value);
    stream_vec_free(&carried);
    return found;
}

bool stream_body_is_recurrence(MlirOperation op, const stream_result_list *results) {
    stream_vec carried = STREAM_VEC(MlirValue);
    bool recurrence = !has_body(op);
    if (!recurrence)
        find_carried(op, stream_ir_body(op), &carried);
    for (int32_t i = 0; i < results->n && !recurrence; ++i) {
        MlirOperation yield = stream_ir_terminator(op);
        recurrence = contains(&carried, mlirOperationGetOperand(yield, results->ids[i])) &&
                     !combiner_in(op, results->ids[i], &carried);
    }
    stream_vec_free(&carried);
    return recurrence;
}

void stream_body_state(MlirOperation op, const bool *used, bool *keeps) {
    bool more = has_body(op);
    while (more) {
        more = false;
        for (intptr_t r = 0; r < mlirOperationGetNumResults(op); ++r)
            if (!used[r] && !keeps[r] && is_needed(op, r, used, keeps))
                more = keeps[r] = true;
    }
}
