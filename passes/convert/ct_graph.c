/* stream.ct ops -> stream_ct_graph. */

#include "ct_graph.h"

#include "builder.h"
#include "compatible.h"

#include "stream/support/integer.h"

#include <string.h>

/* What a CT takes from its kernel's signature. */
typedef struct {
    int32_t n_inputs;        /* all arguments */
    int32_t n_results;       /* of one shape */
    const stream_box *boxes; /* [n_inputs + 1] sizes of arguments and of a result */
    const uint8_t *operands; /* [n_inputs] stream_operand_class */
    const char *op_type;
} signature;

typedef struct {
    MlirOperation module, func;
    const stream_accelerator *acc;
    stream_arena *arena;
    const stream_diag *diag;
    stream_vec tensors, values;                 /* stream_tensor, stream_ct_value */
    stream_vec kernels, kernel_ops, signatures; /* stream_kernel, MlirOperation, signature */
    stream_vec layers;                          /* stream_ct_layer */
    stream_vec cts, ct_ops, cores, reads;
    value_map value_of;    /* MlirValue -> values */
    value_map fixed;       /* values that depend on no input */
    value_map kernel_of;   /* symbol attribute -> kernel */
    value_map layer_of;    /* string attribute -> layer */
    value_map cores_of;    /* array attribute -> index into core_lists */
    stream_vec core_lists; /* stream_ct: only allowed_cores */
} reader;

static MlirValue attr_key(MlirAttribute attr) {
    return (MlirValue){attr.ptr};
}

int32_t stream_core_by_name(const stream_accelerator *acc, MlirStringRef name) {
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (stream_ir_str_is(name, acc->cores[c].name))
            return c;
    return -1;
}

/* ---- kernels */

static stream_status box_of_type(reader *r, MlirOperation op, MlirType type, stream_box *out) {
    int64_t shape[STREAM_MAX_RANK];
    if (!stream_ir_shape(type, &out->rank, shape))
        return stream_error(r->diag, STREAM_INVALID, stream_loc_of(op),
                            "a kernel works on tensors of static shape and rank up to %d",
                            STREAM_MAX_RANK);
    for (int32_t d = 0; d < out->rank; ++d)
        out->size[d] = (int32_t)shape[d];
    return STREAM_OK;
}

static bool operand_of_name(MlirStringRef name, uint8_t *out) {
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (stream_ir_str_is(name, stream_operand_class_name((stream_operand_class)o))) {
            *out = o;
            return true;
        }
    return false;
}

static stream_status read_operand_class(reader *r, MlirOperation op, intptr_t i, uint8_t *out) {
    MlirAttribute attrs = stream_ir_attr(op, "arg_attrs");
    MlirStringRef text;
    if (i < stream_ir_length(attrs) &&
        stream_ir_as_string(stream_ir_entry(mlirArrayAttrGetElement(attrs, i), "stream.operand"),
                            &text) &&
        operand_of_name(text, out))
        return STREAM_OK;
    return stream_error(r->diag, STREAM_INVALID, stream_loc_of(op),
                        "argument %d of a kernel has no stream.operand (\"I1\", \"I2\" or \"O\")",
                        (int)i);
}

static stream_status read_signature(reader *r, MlirOperation op, signature *out) {
    MlirType type = mlirTypeAttrGetValue(stream_ir_attr(op, "function_type"));
    intptr_t n = mlirFunctionTypeGetNumInputs(type);
    intptr_t n_results = mlirFunctionTypeGetNumResults(type);
    if (n_results < 1)
        return stream_error(r->diag, STREAM_INVALID, stream_loc_of(op),
                            "a kernel gives at least one tensor");
    stream_box *boxes = STREAM_NEW(r->arena, stream_box, (size_t)n + 1);
    uint8_t *operands = STREAM_NEW(r->arena, uint8_t, (size_t)n);
    for (intptr_t i = 0; i < n; ++i) {
        STREAM_TRY(box_of_type(r, op, mlirFunctionTypeGetInput(type, i), &boxes[i]));
        STREAM_TRY(read_operand_class(r, op, i, &operands[i]));
    }
    STREAM_TRY(box_of_type(r, op, mlirFunctionTypeGetResult(type, 0), &boxes[n]));
    MlirStringRef op_type = mlirStringRefCreate("Generic", 7);
    stream_ir_as_string(stream_ir_entry(stream_ir_attr(op, "stream.kernel"), "operator"), &op_type);
    *out = (signature){(int32_t)n, (int32_t)n_results, boxes, operands,
                       stream_ir_strdup(r->arena, op_type)};
    return STREAM_OK;
}

static stream_status read_kernels(reader *r) {
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(r->module));
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op)) {
        if (!stream_ir_is(op, "func.func") || !stream_ir_has(op, "stream.kernel"))
            continue;
        MlirStringRef name = stream_ir_symbol_name(op);
        STREAM_TRY(read_signature(r, op, stream_vec_push(&r->signatures)));
        stream_kernel *kernel = stream_vec_push(&r->kernels);
        *kernel = (stream_kernel){stream_ir_strdup(r->arena, name), -1, stream_loc_of(op)};
        value_map_set(&r->kernel_of,
                      attr_key(mlirFlatSymbolRefAttrGet(mlirOperationGetContext(op), name)),
                      (int32_t)r->kernels.n - 1);
        *(MlirOperation *)stream_vec_push(&r->kernel_ops) = op;
    }
    return STREAM_OK;
}

/* ---- tensors */

/* A CT that uses it, or null. */
static MlirOperation first_ct(MlirValue value) {
    MlirOpOperand use = mlirValueGetFirstUse(value);
    for (; !mlirOpOperandIsNull(use); use = mlirOpOperandGetNextUse(use))
        if (stream_ir_is(mlirOpOperandGetOwner(use), "stream.ct"))
            return mlirOpOperandGetOwner(use);
    return (MlirOperation){NULL};
}

static bool used_by_ct(MlirValue value) {
    return !mlirOperationIsNull(first_ct(value));
}

static const char *numbered(reader *r, const char *stem, int32_t i) {
    stream_text text = {0};
    stream_text_print(&text, "%s%d", stem, i);
    const char *result = stream_arena_strdup(r->arena, text.data);
    stream_text_free(&text);
    return result;
}

static const char *argument_name(reader *r, intptr_t i) {
    MlirAttribute attrs = stream_ir_attr(r->func, "arg_attrs");
    MlirStringRef given;
    if (i < stream_ir_length(attrs) &&
        stream_ir_as_string(stream_ir_entry(mlirArrayAttrGetElement(attrs, i), "stream.name"),
                            &given))
        return stream_ir_strdup(r->arena, given);
    return numbered(r, "arg", (int32_t)i);
}

static stream_status element_bits(reader *r, stream_loc loc, MlirType type, const char *name,
                                  int32_t *out) {
    *out = stream_ir_element_bits(mlirShapedTypeGetElementType(type));
    if (*out > 0)
        return STREAM_OK;
    return stream_error(r->diag, STREAM_INVALID, loc,
                        "'%s' has elements of a type whose size in bits is not known", name);
}

static void add_value(reader *r, MlirValue value, int32_t lane, int32_t lanes) {
    value_map_set(&r->value_of, value, (int32_t)r->values.n);
    *(stream_ct_value *)stream_vec_push(&r->values) =
        (stream_ct_value){value, (int32_t)r->tensors.n, lane, lanes};
}

static stream_status shape_of(reader *r, MlirType type, int32_t most, stream_tensor *t) {
    if (stream_ir_shape(type, &t->rank, t->shape) && t->rank <= most)
        return STREAM_OK;
    return stream_error(r->diag, STREAM_INVALID, t->loc,
                        "'%s' is no tensor of static shape and rank up to %d", t->name, most);
}

static stream_status add_tensor(reader *r, MlirOperation op, MlirValue value, const char *name,
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
static stream_status add_results(reader *r, MlirOperation op, const MlirValue *into, int32_t n) {
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

static stream_status read_arguments(reader *r) {
    MlirBlock body = stream_ir_body(r->func);
    for (intptr_t i = 0; i < mlirBlockGetNumArguments(body); ++i) {
        MlirValue arg = mlirBlockGetArgument(body, i);
        if (stream_ir_is_tensor(mlirValueGetType(arg)))
            STREAM_TRY(add_tensor(r, r->func, arg, argument_name(r, i), STREAM_TENSOR_INPUT));
    }
    return STREAM_OK;
}

static bool is_fixed(const reader *r, MlirValue value) {
    return value_map_get(&r->fixed, value) >= 0;
}

/* Tensors that are made before the CTs and do not depend on the network's inputs are constants. */
static stream_status read_constant(reader *r, MlirOperation op, MlirValue value) {
    stream_captures captured = stream_body_captures(op, r->arena);
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op) + captured.n_values; ++i) {
        intptr_t n = mlirOperationGetNumOperands(op);
        MlirValue from = i < n ? mlirOperationGetOperand(op, i) : captured.values[i - n];
        if (!is_fixed(r, from))
            return STREAM_OK;
    }
    value_map_set(&r->fixed, value, 1);
    if (!used_by_ct(value))
        return STREAM_OK;
    return add_tensor(r, op, value, numbered(r, "constant", (int32_t)r->tensors.n),
                      STREAM_TENSOR_CONSTANT);
}

/* The destination of a CT, or of several results of it: the tensor of these comes with the first.
 */
static stream_status read_destination(reader *r, MlirOperation op, MlirValue value) {
    MlirOperation ct = first_ct(value);
    int32_t n = (int32_t)mlirOperationGetNumResults(ct);
    intptr_t inputs = mlirOperationGetNumOperands(ct) - n;
    if (n == 1)
        return add_tensor(r, op, value, "", STREAM_TENSOR_INTERMEDIATE);
    MlirValue *into = STREAM_NEW(r->arena, MlirValue, (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        into[i] = mlirOperationGetOperand(ct, inputs + i);
    return mlirValueEqual(into[0], value) ? add_results(r, op, into, n) : STREAM_OK;
}

static stream_status read_tensors(reader *r, MlirOperation op) {
    for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i) {
        MlirValue value = mlirOperationGetResult(op, i);
        if (stream_ir_is(op, "tensor.empty") && used_by_ct(value))
            return read_destination(r, op, value);
        if (stream_op_is_pure(op))
            STREAM_TRY(read_constant(r, op, value));
    }
    return STREAM_OK;
}

static stream_status value_of(reader *r, MlirOperation ct, MlirValue value,
                              const stream_ct_value **out) {
    int32_t id = value_map_get(&r->value_of, value);
    if (id < 0)
        return stream_error(r->diag, STREAM_INVALID, stream_loc_of(ct),
                            "a CT works on arguments, constants, and what CTs wrote into a "
                            "tensor.empty; this is something else");
    *out = &STREAM_AT(stream_ct_value, r->values, id);
    return STREAM_OK;
}

/* ---- CTs */

static int32_t layer_of(reader *r, MlirOperation ct, int32_t kernel) {
    MlirAttribute name = stream_ir_attr(ct, "layer");
    int32_t id = value_map_get(&r->layer_of, attr_key(name));
    if (id >= 0)
        return id;
    id = (int32_t)r->layers.n;
    value_map_set(&r->layer_of, attr_key(name), id);
    stream_ct_layer *layer = stream_vec_push(&r->layers);
    layer->name = stream_ir_strdup(r->arena, mlirStringAttrGetValue(name));
    layer->op_type = STREAM_AT(signature, r->signatures, kernel).op_type;
    return id;
}

static void sort_ids(int32_t *ids, int32_t n) {
    for (int32_t i = 1; i < n; ++i)
        for (int32_t j = i; j > 0 && ids[j - 1] > ids[j]; --j) {
            int32_t swap = ids[j];
            ids[j] = ids[j - 1];
            ids[j - 1] = swap;
        }
}

static stream_status core_of(reader *r, MlirOperation ct, MlirAttribute symbol, int32_t *out) {
    MlirStringRef name = {0};
    stream_ir_as_symbol(symbol, &name);
    *out = stream_core_by_name(r->acc, name);
    if (*out < 0)
        return stream_error(r->diag, STREAM_INVALID, stream_loc_of(ct), "'%s' has no core '%.*s'",
                            r->acc->name, (int)name.length, name.data);
    return STREAM_OK;
}

static stream_status read_allowed(reader *r, MlirOperation op, stream_ct *ct) {
    MlirAttribute list = stream_ir_attr(op, "cores");
    if (mlirAttributeIsNull(list))
        return STREAM_OK;
    int32_t known = value_map_get(&r->cores_of, attr_key(list));
    if (known < 0) {
        intptr_t n = stream_ir_length(list);
        int32_t *ids = STREAM_NEW(r->arena, int32_t, (size_t)n);
        for (intptr_t i = 0; i < n; ++i)
            STREAM_TRY(core_of(r, op, mlirArrayAttrGetElement(list, i), &ids[i]));
        sort_ids(ids, (int32_t)n);
        known = (int32_t)r->core_lists.n;
        stream_ct *kept = stream_vec_push(&r->core_lists);
        kept->allowed_cores = ids;
        kept->n_allowed_cores = (int32_t)n;
        value_map_set(&r->cores_of, attr_key(list), known);
    }
    ct->allowed_cores = STREAM_AT(stream_ct, r->core_lists, known).allowed_cores;
    ct->n_allowed_cores = STREAM_AT(stream_ct, r->core_lists, known).n_allowed_cores;
    return STREAM_OK;
}

static void set_offsets(stream_box *box, MlirAttribute offsets) {
    for (int32_t d = 0; d < box->rank; ++d)
        box->lo[d] = (int32_t)mlirDenseI64ArrayGetElement(offsets, d);
}

/* The box of a result is a part of the tensor of all. */
static void set_lanes(stream_box *box, int32_t lane, int32_t lanes) {
    if (lanes == 0)
        return;
    box->lo[box->rank] = lane;
    box->size[box->rank++] = lanes;
}

static stream_status read_reads(reader *r, MlirOperation op, const signature *s, stream_ct *ct) {
    MlirAttribute offsets = stream_ir_attr(op, "input_offsets");
    ct->first_read = (int32_t)r->reads.n;
    ct->n_reads = s->n_inputs - (ct->accumulates ? s->n_results : 0);
    if (mlirOperationGetNumOperands(op) != ct->n_reads + s->n_results ||
        mlirOperationGetNumResults(op) != s->n_results)
        return stream_error(r->diag, STREAM_INVALID, stream_loc_of(op),
                            "a CT of this kernel reads %d boxes and writes %d, not %d and %d",
                            ct->n_reads, s->n_results,
                            (int)(mlirOperationGetNumOperands(op) - mlirOperationGetNumResults(op)),
                            (int)mlirOperationGetNumResults(op));
    for (int32_t i = 0; i < ct->n_reads; ++i) {
        stream_ct_read read = {.box = s->boxes[i], .operand = s->operands[i]};
        const stream_ct_value *value = NULL;
        STREAM_TRY(value_of(r, op, mlirOperationGetOperand(op, i), &value));
        read.tensor = value->tensor;
        set_offsets(&read.box, mlirArrayAttrGetElement(offsets, i));
        set_lanes(&read.box, value->lane, value->lanes);
        *(stream_ct_read *)stream_vec_push(&r->reads) = read;
    }
    return STREAM_OK;
}

/* What the CT writes: all values of one tensor, in their order. */
static stream_status read_output(reader *r, MlirOperation op, const signature *s, stream_ct *ct) {
    const stream_ct_value *first = NULL, *value = NULL;
    STREAM_TRY(value_of(r, op, mlirOperationGetOperand(op, ct->n_reads), &first));
    const stream_tensor *t = &STREAM_AT(stream_tensor, r->tensors, first->tensor);
    int32_t lane = 0, id = value_map_get(&r->value_of, first->value);
    if (t->kind != STREAM_TENSOR_INTERMEDIATE)
        return stream_error(r->diag, STREAM_INVALID, ct->loc,
                            "a CT writes into a tensor.empty or what CTs wrote there, not into "
                            "'%s'",
                            t->name);
    for (int32_t i = 0; i < s->n_results; ++i, lane += value->lanes) {
        STREAM_TRY(value_of(r, op, mlirOperationGetOperand(op, ct->n_reads + i), &value));
        if (value->tensor != first->tensor || value->lane != lane)
            break;
        value_map_set(&r->value_of, mlirOperationGetResult(op, i), id + i);
    }
    if (s->n_results > 1 ? lane != t->shape[t->rank - 1] : first->lanes != 0)
        return stream_error(r->diag, STREAM_INVALID, ct->loc,
                            "the results of a layer are written together, by each of its CTs and "
                            "in one order");
    ct->tensor = first->tensor;
    ct->box = s->boxes[s->n_inputs];
    set_offsets(&ct->box, stream_ir_attr(op, "output_offsets"));
    set_lanes(&ct->box, 0, lane);
    return STREAM_OK;
}

static void note_writer(reader *r, const stream_ct *ct) {
    stream_tensor *t = &STREAM_AT(stream_tensor, r->tensors, ct->tensor);
    stream_kernel *k = &STREAM_AT(stream_kernel, r->kernels, ct->kernel);
    if (t->layer < 0) {
        t->layer = ct->layer;
        t->name = STREAM_AT(stream_ct_layer, r->layers, ct->layer).name;
    }
    if (k->layer < 0)
        k->layer = ct->layer;
}

static stream_status read_ct(reader *r, MlirOperation op) {
    stream_ct ct = {.loc = stream_loc_of(op)};
    int64_t number = 0;
    int32_t core = -1;
    ct.kernel = value_map_get(&r->kernel_of, attr_key(stream_ir_attr(op, "kernel")));
    if (ct.kernel < 0)
        return stream_error(r->diag, STREAM_INVALID, ct.loc,
                            "the CT's kernel is no function of the module with stream.kernel");
    const signature *s = &STREAM_AT(signature, r->signatures, ct.kernel);
    ct.layer = layer_of(r, op, ct.kernel);
    if (stream_ir_get_i64(op, "stack", &number))
        ct.stack = (int32_t)number;
    if (stream_ir_get_i64(op, "split", &number))
        ct.split = (int32_t)number;
    ct.accumulates = stream_ir_has(op, "accumulates");
    STREAM_TRY(read_reads(r, op, s, &ct));
    STREAM_TRY(read_output(r, op, s, &ct));
    STREAM_TRY(read_allowed(r, op, &ct));
    if (stream_ir_has(op, "core"))
        STREAM_TRY(core_of(r, op, stream_ir_attr(op, "core"), &core));
    note_writer(r, &ct);
    *(stream_ct *)stream_vec_push(&r->cts) = ct;
    *(MlirOperation *)stream_vec_push(&r->ct_ops) = op;
    *(int32_t *)stream_vec_push(&r->cores) = core;
    return STREAM_OK;
}

static stream_status read_body(reader *r) {
    MlirBlock body = stream_ir_body(r->func);
    MlirOperation op = mlirBlockGetFirstOperation(body);
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op)) {
        if (stream_ir_is(op, "stream.ct"))
            STREAM_TRY(read_ct(r, op));
        else
            STREAM_TRY(read_tensors(r, op));
    }
    if (r->cts.n == 0)
        return stream_error(r->diag, STREAM_INVALID, stream_loc_of(r->func),
                            "the network has no stream.ct: run stream-tile first");
    return STREAM_OK;
}

/* ---- outputs: what the returned values are made of */

static void mark_outputs(reader *r) {
    stream_vec open = STREAM_VEC(MlirOperation);
    value_map seen = {0};
    *(MlirOperation *)stream_vec_push(&open) = stream_ir_terminator(r->func);
    while (open.n) {
        MlirOperation op = STREAM_AT(MlirOperation, open, --open.n);
        for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
            MlirValue value = mlirOperationGetOperand(op, i);
            int32_t id = value_map_get(&r->value_of, value);
            if (id >= 0) {
                const stream_ct_value *known = &STREAM_AT(stream_ct_value, r->values, id);
                stream_tensor *t = &STREAM_AT(stream_tensor, r->tensors, known->tensor);
                t->is_output |= t->kind == STREAM_TENSOR_INTERMEDIATE;
            } else if (mlirValueIsAOpResult(value) && value_map_get(&seen, value) < 0) {
                value_map_set(&seen, value, 1);
                *(MlirOperation *)stream_vec_push(&open) = mlirOpResultGetOwner(value);
            }
        }
    }
    stream_vec_free(&open);
    value_map_free(&seen);
}

static const int32_t *first_values(reader *r) {
    int32_t *first = STREAM_NEW(r->arena, int32_t, r->tensors.n + 1);
    for (size_t i = 0; i < r->values.n; ++i)
        first[STREAM_AT(stream_ct_value, r->values, i).tensor + 1] = (int32_t)i + 1;
    return first;
}

static stream_status finish(reader *r, stream_ct_ir *out) {
    stream_ct_graph *g = &out->graph;
    mark_outputs(r);
    out->first_value = first_values(r);
    g->n_tensors = (int32_t)r->tensors.n;
    g->tensors = stream_vec_freeze(&r->tensors, r->arena);
    g->n_layers = (int32_t)r->layers.n;
    g->layers = stream_vec_freeze(&r->layers, r->arena);
    g->n_kernels = (int32_t)r->kernels.n;
    g->kernels = stream_vec_freeze(&r->kernels, r->arena);
    g->n_cts = (int32_t)r->cts.n;
    g->cts = stream_vec_freeze(&r->cts, r->arena);
    g->n_reads = (int32_t)r->reads.n;
    g->reads = stream_vec_freeze(&r->reads, r->arena);
    out->ct_ops = stream_vec_freeze(&r->ct_ops, r->arena);
    out->kernel_ops = stream_vec_freeze(&r->kernel_ops, r->arena);
    out->n_values = (int32_t)r->values.n;
    out->values = stream_vec_freeze(&r->values, r->arena);
    out->cores = stream_vec_freeze(&r->cores, r->arena);
    return stream_ct_graph_finish(g, r->arena, r->diag);
}

static void free_reader(reader *r) {
    stream_vec *vecs[] = {&r->tensors,    &r->values, &r->kernels,   &r->kernel_ops,
                          &r->signatures, &r->layers, &r->cts,       &r->ct_ops,
                          &r->cores,      &r->reads,  &r->core_lists};
    for (size_t i = 0; i < sizeof vecs / sizeof *vecs; ++i)
        stream_vec_free(vecs[i]);
    value_map_free(&r->value_of);
    value_map_free(&r->fixed);
    value_map_free(&r->kernel_of);
    value_map_free(&r->layer_of);
    value_map_free(&r->cores_of);
}

static stream_status read_all(reader *r, stream_ct_ir *out) {
    STREAM_TRY(read_kernels(r));
    STREAM_TRY(read_arguments(r));
    STREAM_TRY(read_body(r));
    return finish(r, out);
}

stream_status stream_load_ct_graph(MlirOperation module, MlirOperation func,
                                   const stream_accelerator *acc, stream_arena *arena,
                                   const stream_diag *diag, stream_ct_ir *out) {
    if (stream_is_compatible(func))
        return stream_error(diag, STREAM_UNSUPPORTED, stream_loc_of(func),
                            "the schedule was made by model=coala-v0, which follows no rules: it "
                            "has no CTs to verify, lower or draw");
    reader r = {.module = module,
                .func = func,
                .acc = acc,
                .arena = arena,
                .diag = diag,
                .tensors = STREAM_VEC(stream_tensor),
                .values = STREAM_VEC(stream_ct_value),
                .kernels = STREAM_VEC(stream_kernel),
                .kernel_ops = STREAM_VEC(MlirOperation),
                .signatures = STREAM_VEC(signature),
                .layers = STREAM_VEC(stream_ct_layer),
                .cts = STREAM_VEC(stream_ct),
                .ct_ops = STREAM_VEC(MlirOperation),
                .cores = STREAM_VEC(int32_t),
                .reads = STREAM_VEC(stream_ct_read),
                .core_lists = STREAM_VEC(stream_ct)};
    *out = (stream_ct_ir){0};
    stream_status status = read_all(&r, out);
    free_reader(&r);
    return status;
}
