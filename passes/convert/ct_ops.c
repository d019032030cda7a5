/* stream.ct ops: layer, cores, boxes. */

#include "ct_reader.h"

#include "stream/support/sort.h"

static int32_t layer_of(ct_reader *r, MlirOperation ct, int32_t kernel) {
    MlirAttribute name = stream_ir_attr(ct, "layer");
    int32_t id = value_map_get(&r->layer_of, stream_attr_key(name));
    if (id >= 0)
        return id;
    id = (int32_t)r->layers.n;
    value_map_set(&r->layer_of, stream_attr_key(name), id);
    stream_ct_layer *layer = stream_vec_push(&r->layers);
    layer->name = stream_ir_strdup(r->arena, mlirStringAttrGetValue(name));
    layer->op_type = STREAM_AT(ct_signature, r->signatures, kernel).op_type;
    return id;
}

static stream_status core_of(ct_reader *r, MlirOperation ct, MlirAttribute symbol, int32_t *out) {
    MlirStringRef name = {0};
    stream_ir_as_symbol(symbol, &name);
    *out = stream_core_by_name(r->acc, name);
    if (*out < 0)
        return stream_error(r->diag, STREAM_INVALID, stream_loc_of(ct), "'%s' has no core '%.*s'",
                            r->acc->name, (int)name.length, name.data);
    return STREAM_OK;
}

static stream_status read_allowed(ct_reader *r, MlirOperation op, stream_ct *ct) {
    MlirAttribute list = stream_ir_attr(op, "cores");
    if (mlirAttributeIsNull(list))
        return STREAM_OK;
    int32_t known = value_map_get(&r->cores_of, stream_attr_key(list));
    if (known < 0) {
        intptr_t n = stream_ir_length(list);
        int32_t *ids = STREAM_NEW(r->arena, int32_t, (size_t)n);
        for (intptr_t i = 0; i < n; ++i)
            STREAM_TRY(core_of(r, op, mlirArrayAttrGetElement(list, i), &ids[i]));
        stream_sort_i32(ids, (size_t)n);
        known = (int32_t)r->core_lists.n;
        stream_ct *kept = stream_vec_push(&r->core_lists);
        kept->allowed_cores = ids;
        kept->n_allowed_cores = (int32_t)n;
        value_map_set(&r->cores_of, stream_attr_key(list), known);
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

static stream_status read_reads(ct_reader *r, MlirOperation op, const ct_signature *s,
                                stream_ct *ct) {
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
        STREAM_TRY(stream_ct_value_of(r, op, mlirOperationGetOperand(op, i), &value));
        read.tensor = value->tensor;
        set_offsets(&read.box, mlirArrayAttrGetElement(offsets, i));
        set_lanes(&read.box, value->lane, value->lanes);
        *(stream_ct_read *)stream_vec_push(&r->reads) = read;
    }
    return STREAM_OK;
}

static stream_status apart(const ct_reader *r, const stream_ct *ct) {
    return stream_error(r->diag, STREAM_INVALID, ct->loc,
                        "the results of a layer are written together, by each of its CTs and in "
                        "one order");
}

/* The first value of the tensor that a CT writes. */
static stream_status destination(ct_reader *r, MlirOperation op, const ct_signature *s,
                                 const stream_ct *ct, int32_t *out) {
    const stream_ct_value *value;
    bool begins;
    *out = (int32_t)r->values.n;
    STREAM_TRY(stream_ct_begin(r, op, ct->n_reads, s->n_results, &begins));
    if (begins)
        return STREAM_OK;
    for (int32_t i = 0; i < s->n_results; ++i) {
        MlirValue into = mlirOperationGetOperand(op, ct->n_reads + i);
        STREAM_TRY(stream_ct_value_of(r, op, into, &value));
        int32_t id = value_map_get(&r->value_of, into);
        *out = i == 0 ? id : *out;
        const stream_tensor *t = &STREAM_AT(stream_tensor, r->tensors, value->tensor);
        if (t->kind != STREAM_TENSOR_INTERMEDIATE)
            return stream_error(r->diag, STREAM_INVALID, ct->loc,
                                "a CT writes into a tensor.empty or what CTs wrote there, not into "
                                "'%s'",
                                t->name);
        if (id != *out + i || value->tensor != STREAM_AT(stream_ct_value, r->values, *out).tensor)
            return apart(r, ct);
    }
    return STREAM_OK;
}

/* What the CT writes: all values of one tensor, in their order. */
static stream_status read_output(ct_reader *r, MlirOperation op, const ct_signature *s,
                                 stream_ct *ct) {
    int32_t id, lanes = 0;
    STREAM_TRY(destination(r, op, s, ct, &id));
    stream_ct_value *value = &STREAM_AT(stream_ct_value, r->values, id);
    const stream_tensor *t = &STREAM_AT(stream_tensor, r->tensors, value->tensor);
    ct->tensor = value->tensor;
    for (int32_t i = 0; i < s->n_results; ++i) {
        value[i].finished = mlirOperationGetResult(op, i);
        value_map_set(&r->value_of, value[i].finished, id + i);
        lanes += value[i].lanes;
    }
    if (value->lane != 0 || (s->n_results > 1 ? lanes != t->shape[t->rank - 1] : lanes != 0))
        return apart(r, ct);
    ct->box = s->boxes[s->n_inputs];
    set_offsets(&ct->box, stream_ir_attr(op, "output_offsets"));
    set_lanes(&ct->box, 0, lanes);
    return STREAM_OK;
}

static void note_writer(ct_reader *r, const stream_ct *ct) {
    stream_tensor *t = &STREAM_AT(stream_tensor, r->tensors, ct->tensor);
    stream_kernel *k = &STREAM_AT(stream_kernel, r->kernels, ct->kernel);
    if (t->layer < 0) {
        t->layer = ct->layer;
        t->name = STREAM_AT(stream_ct_layer, r->layers, ct->layer).name;
    }
    if (k->layer < 0)
        k->layer = ct->layer;
}

stream_status stream_ct_read_op(ct_reader *r, MlirOperation op) {
    stream_ct ct = {.loc = stream_loc_of(op)};
    int64_t number = 0;
    int32_t core = -1;
    ct.kernel = value_map_get(&r->kernel_of, stream_attr_key(stream_ir_attr(op, "kernel")));
    if (ct.kernel < 0)
        return stream_error(r->diag, STREAM_INVALID, ct.loc,
                            "the CT's kernel is no function of the module with stream.kernel");
    const ct_signature *s = &STREAM_AT(ct_signature, r->signatures, ct.kernel);
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
