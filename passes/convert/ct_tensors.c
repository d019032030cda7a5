/* Tensors of a function of CTs: arguments, constants, what CTs write. */

#include "ct_reader.h"

#include "stream/support/integer.h"

static bool used_by_ct(MlirValue value) {
    MlirOpOperand use = mlirValueGetFirstUse(value);
    while (!mlirOpOperandIsNull(use) && !stream_ir_is(mlirOpOperandGetOwner(use), "stream.ct"))
        use = mlirOpOperandGetNextUse(use);
    return !mlirOpOperandIsNull(use);
}

static const char *numbered(ct_reader *r, const char *stem, int32_t i) {
    stream_text text = {0};
    stream_text_print(&text, "%s%d", stem, i);
    const char *result = stream_arena_strdup(r->arena, text.data);
    stream_text_free(&text);
    return result;
}

static const char *argument_name(ct_reader *r, intptr_t i) {
    MlirAttribute attrs = stream_ir_attr(r->func, "arg_attrs");
    MlirStringRef given;
    if (i < stream_ir_length(attrs) &&
        stream_ir_as_string(stream_ir_entry(mlirArrayAttrGetElement(attrs, i), "stream.name"),
                            &given))
        return stream_ir_strdup(r->arena, given);
    return numbered(r, "arg", (int32_t)i);
}

static stream_status element_bits(ct_reader *r, stream_loc loc, MlirType type, const char *name,
                                  int32_t *out) {
    *out = stream_ir_element_bits(mlirShapedTypeGetElementType(type));
    if (*out > 0)
        return STREAM_OK;
    return stream_error(r->diag, STREAM_INVALID, loc,
                        "'%s' has elements of a type whose size in bits is not known", name);
}

static bool is_empty(MlirValue value) {
    return mlirValueIsAOpResult(value) && stream_ir_is(mlirOpResultGetOwner(value), "tensor.empty");
}

/* A tensor.empty is no tensor itself: several may begin there. */
static void add_value(ct_reader *r, MlirValue value, int32_t lane, int32_t lanes) {
    if (!is_empty(value))
        value_map_set(&r->value_of, value, (int32_t)r->values.n);
    *(stream_ct_value *)stream_vec_push(&r->values) =
        (stream_ct_value){value, value, (int32_t)r->tensors.n, lane, lanes, false};
}

static stream_status shape_of(ct_reader *r, MlirType type, int32_t most, stream_tensor *t) {
    if (stream_ir_shape(type, &t->rank, t->shape) && t->rank <= most)
        return STREAM_OK;
    return stream_error(r->diag, STREAM_INVALID, t->loc,
                        "'%s' is no tensor of static shape and rank up to %d", t->name, most);
}

static stream_status add_tensor(ct_reader *r, MlirOperation op, MlirValue value, const char *name,
                                stream_tensor_kind kind) {
    MlirType type = mlirValueGetType(value);
    stream_tensor t = {.name = name, .kind = kind, .layer = -1, .loc = stream_loc_of(op)};
    STREAM_TRY(shape_of(r, type, STREAM_MAX_RANK, &t));
    STREAM_TRY(element_bits(r, t.loc, type, name, &t.element_bits));
    add_value(r, value, 0, 0);
    *(stream_tensor *)stream_vec_push(&r->tensors) = t;
    return STREAM_OK;
}

/* The tensor of the `n` results of a CT, which are written into values `into`. */
static stream_status add_results(ct_reader *r, MlirOperation op, const MlirValue *into, int32_t n) {
    stream_tensor t = {.kind = STREAM_TENSOR_INTERMEDIATE, .layer = -1, .loc = stream_loc_of(op)};
    int32_t *bits = STREAM_NEW(r->arena, int32_t, (size_t)n), lane = 0;
    t.name = "the results of a CT";
    STREAM_TRY(shape_of(r, mlirValueGetType(into[0]), STREAM_MAX_RANK - 1, &t));
    for (int32_t i = 0; i < n; ++i) {
        STREAM_TRY(element_bits(r, t.loc, mlirValueGetType(into[i]), t.name, &bits[i]));
        t.element_bits = stream_gcd_i32(t.element_bits, bits[i]);
    }
    for (int32_t i = 0; i < n; ++i) {
        add_value(r, into[i], lane, bits[i] / t.element_bits);
        lane += bits[i] / t.element_bits;
    }
    t.shape[t.rank++] = lane;
    *(stream_tensor *)stream_vec_push(&r->tensors) = t;
    return STREAM_OK;
}

stream_status stream_ct_read_arguments(ct_reader *r) {
    MlirBlock body = stream_ir_body(r->func);
    for (intptr_t i = 0; i < mlirBlockGetNumArguments(body); ++i) {
        MlirValue arg = mlirBlockGetArgument(body, i);
        if (stream_ir_is_tensor(mlirValueGetType(arg)))
            STREAM_TRY(add_tensor(r, r->func, arg, argument_name(r, i), STREAM_TENSOR_INPUT));
    }
    return STREAM_OK;
}

static bool is_fixed(const ct_reader *r, MlirValue value) {
    return value_map_get(&r->fixed, value) >= 0;
}

/* Tensors that are made before the CTs and do not depend on the network's inputs are constants. */
static stream_status read_constant(ct_reader *r, MlirOperation op, MlirValue value) {
    stream_captures captured = stream_body_captures(op, r->arena);
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op) + captured.n_values; ++i) {
        intptr_t n = mlirOperationGetNumOperands(op);
        MlirValue from = i < n ? mlirOperationGetOperand(op, i) : captured.values[i - n];
        if (!is_fixed(r, from))
            return STREAM_OK;
    }
    value_map_set(&r->fixed, value, 1);
    if (is_empty(value) || !used_by_ct(value))
        return STREAM_OK;
    return add_tensor(r, op, value, numbered(r, "constant", (int32_t)r->tensors.n),
                      STREAM_TENSOR_CONSTANT);
}

/* The tensor that begins with what a CT writes into `n` tensor.empty. */
static stream_status begin_tensor(ct_reader *r, const MlirValue *into, int32_t n) {
    MlirOperation empty = mlirOpResultGetOwner(into[0]);
    return n == 1 ? add_tensor(r, empty, into[0], "", STREAM_TENSOR_INTERMEDIATE)
                  : add_results(r, empty, into, n);
}

stream_status stream_ct_begin(ct_reader *r, MlirOperation ct, int32_t first, int32_t n,
                              bool *out_begins) {
    MlirValue *into = STREAM_NEW(r->arena, MlirValue, (size_t)n);
    *out_begins = true;
    for (int32_t i = 0; i < n; ++i) {
        into[i] = mlirOperationGetOperand(ct, first + i);
        *out_begins &= is_empty(into[i]);
    }
    return *out_begins ? begin_tensor(r, into, n) : STREAM_OK;
}

stream_status stream_ct_read_tensors(ct_reader *r, MlirOperation op) {
    for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i)
        if (stream_op_is_pure(op))
            STREAM_TRY(read_constant(r, op, mlirOperationGetResult(op, i)));
    return STREAM_OK;
}

stream_status stream_ct_value_of(ct_reader *r, MlirOperation ct, MlirValue value,
                                 const stream_ct_value **out) {
    int32_t id = value_map_get(&r->value_of, value);
    if (id < 0)
        return stream_error(r->diag, STREAM_INVALID, stream_loc_of(ct),
                            "a CT works on arguments, constants, and what CTs wrote into a "
                            "tensor.empty; this is something else");
    *out = &STREAM_AT(stream_ct_value, r->values, id);
    return STREAM_OK;
}

void stream_ct_mark_outputs(ct_reader *r) {
    stream_vec open = STREAM_VEC(MlirOperation);
    value_map seen = {0};
    *(MlirOperation *)stream_vec_push(&open) = stream_ir_terminator(r->func);
    while (open.n) {
        MlirOperation op = STREAM_AT(MlirOperation, open, --open.n);
        for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
            MlirValue value = mlirOperationGetOperand(op, i);
            int32_t id = value_map_get(&r->value_of, value);
            if (id >= 0) {
                stream_ct_value *known = &STREAM_AT(stream_ct_value, r->values, id);
                stream_tensor *t = &STREAM_AT(stream_tensor, r->tensors, known->tensor);
                known->is_output = t->kind == STREAM_TENSOR_INTERMEDIATE;
                if (known->is_output)
                    stream_tensor_mark_output(t, known->lane, known->lanes);
            } else if (mlirValueIsAOpResult(value) && value_map_get(&seen, value) < 0) {
                value_map_set(&seen, value, 1);
                *(MlirOperation *)stream_vec_push(&open) = mlirOpResultGetOwner(value);
            }
        }
    }
    stream_vec_free(&open);
    value_map_free(&seen);
}

const int32_t *stream_ct_first_values(ct_reader *r) {
    int32_t *first = STREAM_NEW(r->arena, int32_t, r->tensors.n + 1);
    for (size_t i = 0; i < r->values.n; ++i)
        first[STREAM_AT(stream_ct_value, r->values, i).tensor + 1] = (int32_t)i + 1;
    return first;
}
