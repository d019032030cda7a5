/* The IR of a tiling; see tile_emit.h. */

#include "tile_emit.h"

#include "convert/classify.h"

#include "stream/plan/defaults.h"

#include "mlir-c/AffineMap.h"

#include <string.h>

typedef struct {
    const stream_tile_emission *in;
    MlirContext context;
    const MlirAttribute *kernels; /* [n_kernels of the tiling] */
    MlirAttribute *layer_names;   /* [n_layers] */
    MlirAttribute *core_lists;    /* [n_layers] or null */
    bool *is_split;               /* [n_layers] */
    bool *reassociated;           /* [n_layers] floats are summed in another order */
    MlirValue *values;            /* [values of all tensors] what holds each now; null: not begun */
    int32_t *first_value;         /* [n_tensors + 1] */
    MlirType *types;              /* scratch: of the results of a CT */
    MlirBlock body;
    MlirOperation end; /* the terminator: CTs go before it */
} emitter;

/* ---- dead code */

static bool is_used(MlirOperation op) {
    for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i)
        if (!mlirOpOperandIsNull(mlirValueGetFirstUse(mlirOperationGetResult(op, i))))
            return true;
    return false;
}

void stream_erase_dead(MlirOperation func) {
    MlirBlock body = stream_ir_body(func);
    stream_vec ops = STREAM_VEC(MlirOperation);
    if (mlirBlockIsNull(body))
        return;
    MlirOperation op = mlirBlockGetFirstOperation(body);
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op))
        *(MlirOperation *)stream_vec_push(&ops) = op;
    while (ops.n) {
        op = STREAM_AT(MlirOperation, ops, --ops.n);
        if (!is_used(op) && stream_op_is_pure(op))
            mlirOperationDestroy(op);
    }
    stream_vec_free(&ops);
}

/* ---- CTs */

/* Null if every core that runs the operator is allowed. */
static MlirAttribute core_list(emitter *e, int32_t l) {
    const stream_layer_plan *plan = &e->in->plans[l];
    int32_t runs = 0, allowed = 0;
    for (int32_t c = 0; c < e->in->acc->n_cores; ++c)
        runs += stream_core_runs(&e->in->acc->cores[c], e->in->network->workload.layers[l].op_type);
    MlirAttribute *names = STREAM_NEW(e->in->arena, MlirAttribute, (size_t)plan->n_cores);
    for (int32_t i = 0; i < plan->n_cores; ++i) {
        names[i] = stream_ir_symbol(e->context, e->in->acc->cores[plan->cores[i]].name);
        allowed++;
    }
    return allowed == runs ? (MlirAttribute){NULL} : stream_ir_array(e->context, allowed, names);
}

bool stream_tile_reassociates(const stream_layer *layer, const stream_layer_plan *plan) {
    const stream_layer_ops *ops = layer->ops;
    return stream_ir_has(ops->ops[0], "stream.reassociated") ||
           (!stream_plan_keeps_order(layer, plan) &&
            stream_classify_order_matters(ops->ops[0], &ops->results));
}

static void prepare_layers(emitter *e) {
    int32_t n = e->in->network->workload.n_layers;
    e->layer_names = STREAM_NEW(e->in->arena, MlirAttribute, (size_t)n);
    e->core_lists = STREAM_NEW(e->in->arena, MlirAttribute, (size_t)n);
    e->is_split = STREAM_NEW(e->in->arena, bool, (size_t)n);
    e->reassociated = STREAM_NEW(e->in->arena, bool, (size_t)n);
    for (int32_t l = 0; l < n; ++l) {
        const stream_layer *layer = &e->in->network->workload.layers[l];
        e->layer_names[l] = stream_ir_string(e->context, layer->name);
        e->core_lists[l] = core_list(e, l);
        e->reassociated[l] = stream_tile_reassociates(layer, &e->in->plans[l]);
        for (int32_t i = 0; i < layer->n_loops; ++i)
            e->is_split[l] |= e->in->plans[l].split[i] > 1;
    }
}

static void begin_tensor(emitter *e, int32_t tensor, MlirLocation loc) {
    for (int32_t v = e->first_value[tensor]; v < e->first_value[tensor + 1]; ++v) {
        MlirType type = mlirValueGetType(
            stream_network_value(e->in->network, tensor, v - e->first_value[tensor]));
        stream_ir_op op = {.loc = loc, .name = "tensor.empty", .results = &type, .n_results = 1};
        e->values[v] = mlirOperationGetResult(stream_ir_insert(e->body, e->end, &op), 0);
    }
}

/* In the values of the tensor. */
static MlirAttribute offsets(emitter *e, int32_t tensor, const stream_box *box) {
    int64_t lo[STREAM_MAX_RANK];
    int32_t rank = box->rank - (e->in->network->workload.tensors[tensor].lanes > 0);
    for (int32_t d = 0; d < rank; ++d)
        lo[d] = box->lo[d];
    return stream_ir_i64s(e->context, rank, lo);
}

/* The core list of one CT: that of its part of a split, else of its layer. */
static MlirAttribute cores_of(emitter *e, const stream_ct *ct) {
    if (ct->n_allowed_cores != 1 || e->in->plans[ct->layer].n_cores == 1)
        return e->core_lists[ct->layer];
    MlirAttribute name = stream_ir_symbol(e->context, e->in->acc->cores[ct->allowed_cores[0]].name);
    return stream_ir_array(e->context, 1, &name);
}

static intptr_t ct_attributes(emitter *e, const stream_ct *ct, int32_t n_results,
                              MlirAttribute input_offsets, MlirNamedAttribute *attrs) {
    intptr_t n = 0;
    int32_t segments[2] = {ct->n_reads, n_results};
    MlirAttribute cores = cores_of(e, ct);
    attrs[n++] = stream_ir_named(e->context, "operandSegmentSizes",
                                 mlirDenseI32ArrayGet(e->context, 2, segments));
    attrs[n++] = stream_ir_named(e->context, "kernel", e->kernels[ct->kernel]);
    attrs[n++] = stream_ir_named(e->context, "input_offsets", input_offsets);
    attrs[n++] = stream_ir_named(e->context, "output_offsets", offsets(e, ct->tensor, &ct->box));
    attrs[n++] = stream_ir_named(e->context, "layer", e->layer_names[ct->layer]);
    attrs[n++] = stream_ir_named(e->context, "stack", stream_ir_i64(e->context, ct->stack));
    if (e->is_split[ct->layer])
        attrs[n++] = stream_ir_named(e->context, "split", stream_ir_i64(e->context, ct->split));
    if (ct->accumulates)
        attrs[n++] = stream_ir_named(e->context, "accumulates", stream_ir_unit(e->context));
    if (e->reassociated[ct->layer])
        attrs[n++] = stream_ir_named(e->context, "stream.reassociated", stream_ir_unit(e->context));
    if (!mlirAttributeIsNull(cores))
        attrs[n++] = stream_ir_named(e->context, "cores", cores);
    return n;
}

static void emit_ct(emitter *e, const stream_ct *ct, MlirValue *operands, MlirAttribute *boxes) {
    MlirNamedAttribute attrs[10];
    MlirLocation loc = mlirLocationUnknownGet(e->context);
    const stream_layer_ops *ops = e->in->network->workload.layers[ct->layer].ops;
    loc = mlirOperationGetLocation(ops->ops[0]);
    for (int32_t i = 0; i < ct->n_reads; ++i) {
        const stream_ct_read *read = &e->in->tiling->graph.reads[ct->first_read + i];
        operands[i] = e->values[e->first_value[read->tensor] +
                                stream_network_value_at(e->in->network, read->tensor, &read->box)];
        boxes[i] = offsets(e, read->tensor, &read->box);
    }
    int32_t first = e->first_value[ct->tensor], n = e->first_value[ct->tensor + 1] - first;
    if (mlirValueIsNull(e->values[first]))
        begin_tensor(e, ct->tensor, loc);
    for (int32_t i = 0; i < n; ++i) {
        operands[ct->n_reads + i] = e->values[first + i];
        e->types[i] = mlirValueGetType(e->values[first + i]);
    }
    stream_ir_op op = {.loc = loc,
                       .name = "stream.ct",
                       .operands = operands,
                       .n_operands = ct->n_reads + n,
                       .results = e->types,
                       .n_results = n,
                       .attrs = attrs};
    op.n_attrs = ct_attributes(e, ct, n, stream_ir_array(e->context, ct->n_reads, boxes), attrs);
    MlirOperation made = stream_ir_insert(e->body, e->end, &op);
    for (int32_t i = 0; i < n; ++i)
        e->values[first + i] = mlirOperationGetResult(made, i);
}

/* Where the values of each tensor begin, and the values of those that no CT makes. */
static int32_t begin_values(emitter *e) {
    const stream_workload *w = &e->in->network->workload;
    int32_t n = 0, most = 1;
    e->first_value = STREAM_NEW(e->in->arena, int32_t, (size_t)w->n_tensors + 1);
    for (int32_t t = 0; t < w->n_tensors; ++t) {
        int32_t here = stream_network_n_values(e->in->network, t);
        e->first_value[t + 1] = n += here;
        most = here > most ? here : most;
    }
    e->values = STREAM_NEW(e->in->arena, MlirValue, (size_t)n);
    e->types = STREAM_NEW(e->in->arena, MlirType, (size_t)most);
    for (int32_t t = 0; t < w->n_tensors; ++t)
        if (w->tensors[t].kind != STREAM_TENSOR_INTERMEDIATE)
            e->values[e->first_value[t]] = e->in->network->tensor_values[t];
    return most;
}

static void emit_cts(emitter *e) {
    const stream_ct_graph *g = &e->in->tiling->graph;
    int32_t most = 0, most_results = begin_values(e);
    for (int32_t i = 0; i < g->n_cts; ++i)
        most = g->cts[i].n_reads > most ? g->cts[i].n_reads : most;
    MlirValue *operands = STREAM_NEW(e->in->arena, MlirValue, (size_t)(most + most_results));
    MlirAttribute *boxes = STREAM_NEW(e->in->arena, MlirAttribute, (size_t)most + 1);
    for (int32_t i = 0; i < g->n_cts; ++i)
        emit_ct(e, &g->cts[i], operands, boxes);
}

/* ---- the old body */

static void replace_results(emitter *e) {
    const stream_workload *w = &e->in->network->workload;
    for (int32_t t = 0; t < w->n_tensors; ++t)
        for (int32_t v = e->first_value[t]; v < e->first_value[t + 1]; ++v)
            if (w->tensors[t].kind == STREAM_TENSOR_INTERMEDIATE && !mlirValueIsNull(e->values[v]))
                mlirValueReplaceAllUsesOfWith(
                    stream_network_value(e->in->network, t, v - e->first_value[t]), e->values[v]);
}

/* Data movement of results was before the CTs: behind them now, in its order. Constants and what
 * makes them stay. */
static void move_rest(emitter *e) {
    stream_ir_ops behind = stream_ops_behind_cts(e->body, e->in->arena);
    for (int32_t i = 0; i < behind.n; ++i)
        if (!mlirOperationEqual(behind.ops[i], e->end))
            mlirOperationMoveBefore(behind.ops[i], e->end);
}

void stream_tile_emit(const stream_tile_emission *in) {
    emitter e = {.in = in, .context = mlirOperationGetContext(in->module)};
    e.body = stream_ir_body(in->func);
    e.end = mlirBlockGetTerminator(e.body);
    e.kernels = stream_tile_emit_kernels(in);
    prepare_layers(&e);
    emit_cts(&e);
    replace_results(&e);
    stream_erase_dead(in->func);
    move_rest(&e);
}
