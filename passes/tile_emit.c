/* The IR of a tiling; see tile_emit.h. */

#include "tile_emit.h"

#include "convert/classify.h"

#include "stream/plan/defaults.h"

#include "mlir-c/AffineMap.h"

#include <string.h>

typedef struct {
    MlirOperation module, func;
    MlirContext context;
    const stream_network *network;
    const stream_accelerator *acc;
    const stream_layer_plan *plans;
    const stream_tiling *tiling;
    stream_arena *arena;
    MlirSymbolTable symbols;
    MlirAttribute *kernel_refs; /* [n_kernels of the tiling] */
    MlirAttribute *layer_names; /* [n_layers] */
    MlirAttribute *core_lists;  /* [n_layers] or null */
    bool *is_split;             /* [n_layers] */
    bool *reassociated;         /* [n_layers] floats are summed in another order */
    MlirValue *values;          /* [values of all tensors] what holds each now; null: not begun */
    int32_t *first_value;       /* [n_tensors + 1] */
    MlirType *types;            /* scratch: of the results of a CT */
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

/* ---- kernels */

/* Kernels made so far, found by their text. Chains of equal hash are short. */
typedef struct {
    const char *text;
    const char *op_type;
    uint64_t hash;
    int32_t next; /* in the bucket; -1 ends */
    MlirAttribute symbol;
    uint8_t streamed;
} made_kernel;

typedef struct {
    stream_vec made;  /* made_kernel */
    int32_t *buckets; /* [n_buckets] */
    size_t n_buckets; /* power of two */
    stream_text text;
    int32_t *per_layer; /* [n_layers] kernels named after it */
} kernel_set;

static uint64_t hash_of(const char *text) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *text; ++text)
        hash = (hash ^ (uint8_t)*text) * 0x100000001b3u;
    return hash ^ hash >> 29;
}

static const made_kernel *find_kernel(const kernel_set *set, uint64_t hash, const char *op_type,
                                      uint8_t streamed) {
    for (int32_t i = set->buckets[hash & (set->n_buckets - 1)]; i >= 0;) {
        const made_kernel *k = &STREAM_AT(made_kernel, set->made, i);
        if (k->hash == hash && !strcmp(k->text, set->text.data) && !strcmp(k->op_type, op_type) &&
            k->streamed == streamed)
            return k;
        i = k->next;
    }
    return NULL;
}

/* <layer>_k<i> in characters that a symbol has without quotes. */
static const char *kernel_name(emitter *e, const char *layer, int32_t i) {
    stream_text text = {0};
    for (const char *c = layer; *c; ++c) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '_' ||
                     (*c >= '0' && *c <= '9' && c != layer);
        stream_text_append(&text, plain ? c : "_", 1);
    }
    stream_text_print(&text, "_k%d", i);
    const char *name = stream_arena_strdup(e->arena, text.data);
    stream_text_free(&text);
    return name;
}

/* Operators of the ops behind the anchor, in their order. */
static MlirAttribute fused_operators(emitter *e, const stream_layer_ops *ops) {
    static const stream_layer elementwise = {0};
    MlirAttribute *names = STREAM_NEW(e->arena, MlirAttribute, (size_t)ops->n_ops);
    for (int32_t i = 1; i < ops->n_ops; ++i)
        names[i - 1] = stream_ir_string(
            e->context, stream_classify_operator(ops->ops[i], 0, &elementwise, e->arena));
    return stream_ir_array(e->context, ops->n_ops - 1, names);
}

/* Operand classes that the plan streams in any case. */
static MlirAttribute streamed_classes(emitter *e, uint8_t streamed) {
    MlirAttribute names[STREAM_N_OPERANDS];
    intptr_t n = 0;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (streamed >> o & 1)
            names[n++] =
                stream_ir_string(e->context, stream_operand_class_name((stream_operand_class)o));
    return stream_ir_array(e->context, n, names);
}

static MlirAttribute kernel_dictionary(emitter *e, const stream_layer *layer, uint8_t streamed) {
    const stream_layer_ops *ops = layer->ops;
    intptr_t n = 2;
    MlirNamedAttribute entries[4] = {
        stream_ir_named(e->context, "layer", stream_ir_string(e->context, layer->name)),
        stream_ir_named(e->context, "operator", stream_ir_string(e->context, layer->op_type))};
    if (ops->n_ops > 1)
        entries[n++] = stream_ir_named(e->context, "fused", fused_operators(e, ops));
    if (streamed)
        entries[n++] = stream_ir_named(e->context, "streams", streamed_classes(e, streamed));
    return stream_ir_dictionary(e->context, n, entries);
}

/* Names the new kernel and puts it before the network function. */
static void add_kernel(emitter *e, kernel_set *set, MlirOperation func, int32_t l, uint64_t hash) {
    const stream_layer *layer = &e->network->workload.layers[l];
    made_kernel k = {.hash = hash, .op_type = layer->op_type, .streamed = e->plans[l].streamed};
    k.text = stream_arena_strdup(e->arena, set->text.data);
    k.next = set->buckets[hash & (set->n_buckets - 1)];
    set->buckets[hash & (set->n_buckets - 1)] = (int32_t)set->made.n;
    const char *name = kernel_name(e, layer->name, set->per_layer[l]++);
    stream_ir_set(func, "sym_name", stream_ir_string(e->context, name));
    stream_ir_set(func, "stream.kernel", kernel_dictionary(e, layer, k.streamed));
    mlirBlockInsertOwnedOperationBefore(stream_ir_body(e->module), e->func, func);
    MlirAttribute unique = mlirSymbolTableInsert(e->symbols, func);
    k.symbol = mlirFlatSymbolRefAttrGet(e->context, mlirStringAttrGetValue(unique));
    *(made_kernel *)stream_vec_push(&set->made) = k;
}

static void emit_kernel(emitter *e, kernel_set *set, int32_t k) {
    const stream_kernel_shape *shape = &e->tiling->shapes[k];
    MlirOperation func = stream_kernel_build(e->network, shape, e->context, e->arena);
    stream_text_clear(&set->text);
    stream_ir_print_op(func, &set->text);
    uint64_t hash = hash_of(set->text.data);
    const made_kernel *old =
        find_kernel(set, hash, e->network->workload.layers[shape->layer].op_type,
                    e->plans[shape->layer].streamed);
    if (old)
        mlirOperationDestroy(func);
    else
        add_kernel(e, set, func, shape->layer, hash);
    e->kernel_refs[k] =
        old ? old->symbol : STREAM_AT(made_kernel, set->made, set->made.n - 1).symbol;
}

static void emit_kernels(emitter *e) {
    int32_t n = e->tiling->graph.n_kernels;
    kernel_set set = {.made = STREAM_VEC(made_kernel), .n_buckets = 64};
    while (set.n_buckets < (size_t)n)
        set.n_buckets *= 2;
    set.buckets = STREAM_NEW(e->arena, int32_t, set.n_buckets);
    for (size_t i = 0; i < set.n_buckets; ++i)
        set.buckets[i] = -1;
    set.per_layer = STREAM_NEW(e->arena, int32_t, (size_t)e->network->workload.n_layers);
    e->kernel_refs = STREAM_NEW(e->arena, MlirAttribute, (size_t)n);
    for (int32_t k = 0; k < n; ++k)
        emit_kernel(e, &set, k);
    stream_vec_free(&set.made);
    stream_text_free(&set.text);
}

/* ---- CTs */

/* Null if every core that runs the operator is allowed. */
static MlirAttribute core_list(emitter *e, int32_t l) {
    const stream_layer_plan *plan = &e->plans[l];
    int32_t runs = 0, allowed = 0;
    for (int32_t c = 0; c < e->acc->n_cores; ++c)
        runs += stream_core_runs(&e->acc->cores[c], e->network->workload.layers[l].op_type);
    MlirAttribute *names = STREAM_NEW(e->arena, MlirAttribute, (size_t)plan->n_cores);
    for (int32_t i = 0; i < plan->n_cores; ++i) {
        names[i] = stream_ir_symbol(e->context, e->acc->cores[plan->cores[i]].name);
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
    int32_t n = e->network->workload.n_layers;
    e->layer_names = STREAM_NEW(e->arena, MlirAttribute, (size_t)n);
    e->core_lists = STREAM_NEW(e->arena, MlirAttribute, (size_t)n);
    e->is_split = STREAM_NEW(e->arena, bool, (size_t)n);
    e->reassociated = STREAM_NEW(e->arena, bool, (size_t)n);
    for (int32_t l = 0; l < n; ++l) {
        const stream_layer *layer = &e->network->workload.layers[l];
        e->layer_names[l] = stream_ir_string(e->context, layer->name);
        e->core_lists[l] = core_list(e, l);
        e->reassociated[l] = stream_tile_reassociates(layer, &e->plans[l]);
        for (int32_t i = 0; i < layer->n_loops; ++i)
            e->is_split[l] |= e->plans[l].split[i] > 1;
    }
}

static void begin_tensor(emitter *e, int32_t tensor, MlirLocation loc) {
    for (int32_t v = e->first_value[tensor]; v < e->first_value[tensor + 1]; ++v) {
        MlirType type =
            mlirValueGetType(stream_network_value(e->network, tensor, v - e->first_value[tensor]));
        stream_ir_op op = {.loc = loc, .name = "tensor.empty", .results = &type, .n_results = 1};
        e->values[v] = mlirOperationGetResult(stream_ir_insert(e->body, e->end, &op), 0);
    }
}

/* In the values of the tensor. */
static MlirAttribute offsets(emitter *e, int32_t tensor, const stream_box *box) {
    int64_t lo[STREAM_MAX_RANK];
    int32_t rank = box->rank - (e->network->workload.tensors[tensor].lanes > 0);
    for (int32_t d = 0; d < rank; ++d)
        lo[d] = box->lo[d];
    return stream_ir_i64s(e->context, rank, lo);
}

/* The core list of one CT: that of its part of a split, else of its layer. */
static MlirAttribute cores_of(emitter *e, const stream_ct *ct) {
    if (ct->n_allowed_cores != 1 || e->plans[ct->layer].n_cores == 1)
        return e->core_lists[ct->layer];
    MlirAttribute name = stream_ir_symbol(e->context, e->acc->cores[ct->allowed_cores[0]].name);
    return stream_ir_array(e->context, 1, &name);
}

static intptr_t ct_attributes(emitter *e, const stream_ct *ct, int32_t n_results,
                              MlirAttribute input_offsets, MlirNamedAttribute *attrs) {
    intptr_t n = 0;
    int32_t segments[2] = {ct->n_reads, n_results};
    MlirAttribute cores = cores_of(e, ct);
    attrs[n++] = stream_ir_named(e->context, "operandSegmentSizes",
                                 mlirDenseI32ArrayGet(e->context, 2, segments));
    attrs[n++] = stream_ir_named(e->context, "kernel", e->kernel_refs[ct->kernel]);
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
    const stream_layer_ops *ops = e->network->workload.layers[ct->layer].ops;
    loc = mlirOperationGetLocation(ops->ops[0]);
    for (int32_t i = 0; i < ct->n_reads; ++i) {
        const stream_ct_read *read = &e->tiling->graph.reads[ct->first_read + i];
        operands[i] = e->values[e->first_value[read->tensor] +
                                stream_network_value_at(e->network, read->tensor, &read->box)];
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
    const stream_workload *w = &e->network->workload;
    int32_t n = 0, most = 1;
    e->first_value = STREAM_NEW(e->arena, int32_t, (size_t)w->n_tensors + 1);
    for (int32_t t = 0; t < w->n_tensors; ++t) {
        int32_t here = stream_network_n_values(e->network, t);
        e->first_value[t + 1] = n += here;
        most = here > most ? here : most;
    }
    e->values = STREAM_NEW(e->arena, MlirValue, (size_t)n);
    e->types = STREAM_NEW(e->arena, MlirType, (size_t)most);
    for (int32_t t = 0; t < w->n_tensors; ++t)
        if (w->tensors[t].kind != STREAM_TENSOR_INTERMEDIATE)
            e->values[e->first_value[t]] = e->network->tensor_values[t];
    return most;
}

static void emit_cts(emitter *e) {
    const stream_ct_graph *g = &e->tiling->graph;
    int32_t most = 0, most_results = begin_values(e);
    for (int32_t i = 0; i < g->n_cts; ++i)
        most = g->cts[i].n_reads > most ? g->cts[i].n_reads : most;
    MlirValue *operands = STREAM_NEW(e->arena, MlirValue, (size_t)(most + most_results));
    MlirAttribute *boxes = STREAM_NEW(e->arena, MlirAttribute, (size_t)most + 1);
    for (int32_t i = 0; i < g->n_cts; ++i)
        emit_ct(e, &g->cts[i], operands, boxes);
}

/* ---- the old body */

static void replace_results(emitter *e) {
    const stream_workload *w = &e->network->workload;
    for (int32_t t = 0; t < w->n_tensors; ++t)
        for (int32_t v = e->first_value[t]; v < e->first_value[t + 1]; ++v)
            if (w->tensors[t].kind == STREAM_TENSOR_INTERMEDIATE && !mlirValueIsNull(e->values[v]))
                mlirValueReplaceAllUsesOfWith(
                    stream_network_value(e->network, t, v - e->first_value[t]), e->values[v]);
}

/* Data movement of results was before the CTs: behind them now, in its order. Constants and what
 * makes them stay. */
static void move_rest(emitter *e) {
    stream_ir_ops behind = stream_ops_behind_cts(e->body, e->arena);
    for (int32_t i = 0; i < behind.n; ++i)
        if (!mlirOperationEqual(behind.ops[i], e->end))
            mlirOperationMoveBefore(behind.ops[i], e->end);
}

void stream_tile_emit(MlirOperation module, MlirOperation func, const stream_network *network,
                      const stream_accelerator *acc, const stream_layer_plan *plans,
                      const stream_tiling *tiling, stream_arena *arena) {
    emitter e = {.module = module,
                 .func = func,
                 .network = network,
                 .acc = acc,
                 .plans = plans,
                 .tiling = tiling,
                 .arena = arena};
    e.context = mlirOperationGetContext(module);
    e.body = stream_ir_body(func);
    e.end = mlirBlockGetTerminator(e.body);
    e.symbols = mlirSymbolTableCreate(module);
    prepare_layers(&e);
    emit_kernels(&e);
    mlirSymbolTableDestroy(e.symbols);
    emit_cts(&e);
    replace_results(&e);
    stream_erase_dead(func);
    move_rest(&e);
}
