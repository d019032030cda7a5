/* stream-lower: CTs become calls on memrefs, one per CT in program order.
 *
 * memories=implicit: every tensor of a layer is one memref; transfers and residents vanish.
 * memories=explicit: lower_explicit.c. */

#include "lower_common.h"
#include "lower_explicit.h"
#include "pass.h"

#include "convert/accelerator.h"
#include "convert/costs.h"
#include "convert/schedule.h"

/* memref of an input or constant. */
static MlirValue to_buffer(stream_lowering *l, MlirValue tensor) {
    MlirType type = stream_memref_type(mlirValueGetType(tensor));
    MlirNamedAttribute read_only =
        stream_ir_named(l->context, "read_only", stream_ir_unit(l->context));
    stream_ir_op op = {.loc = mlirOperationGetLocation(l->func),
                       .name = "bufferization.to_buffer",
                       .operands = &tensor,
                       .n_operands = 1,
                       .results = &type,
                       .n_results = 1,
                       .attrs = &read_only,
                       .n_attrs = 1};
    return mlirOperationGetResult(stream_lowering_emit(l, &op), 0);
}

static MlirValue alloc(stream_lowering *l, MlirValue tensor) {
    return stream_lower_alloc(mlirOperationGetLocation(l->func), mlirOperationGetBlock(l->before),
                              l->before, stream_memref_type(mlirValueGetType(tensor)));
}

static MlirValue *make_bases(stream_lowering *l, const stream_ct_ir *ir) {
    MlirValue *bases = STREAM_NEW(l->arena, MlirValue, (size_t)ir->n_values);
    for (int32_t v = 0; v < ir->n_values; ++v) {
        const stream_ct_value *value = &ir->values[v];
        bases[v] = ir->graph.tensors[value->tensor].kind == STREAM_TENSOR_INTERMEDIATE
                       ? alloc(l, value->value)
                       : to_buffer(l, value->value);
    }
    return bases;
}

/* A place for each value that `box` of a tensor is made of. */
static void push_places(stream_lowering *l, int32_t tensor, const stream_box *box,
                        stream_vec *places) {
    stream_box part;
    int32_t n, first = stream_ct_values_of(l->ir, tensor, box, &part, &n);
    for (int32_t v = first; v < first + n; ++v)
        *(stream_place *)stream_vec_push(places) =
            (stream_place){.memref = stream_lowering_base(l, v), .box = part};
}

static void lower_ct(stream_lowering *l, int32_t c, stream_vec *places) {
    const stream_ct_graph *g = &l->ir->graph;
    const stream_ct *ct = &g->cts[c];
    places->n = 0;
    l->loc = mlirOperationGetLocation(l->ir->ct_ops[c]);
    for (int32_t i = 0; i < ct->n_reads; ++i) {
        const stream_ct_read *read = &g->reads[ct->first_read + i];
        push_places(l, read->tensor, &read->box, places);
    }
    push_places(l, ct->tensor, &ct->box, places);
    stream_lowering_kernel(l, ct->kernel, ct->n_reads, places->data);
    stream_lowering_boundary(l);
}

/* Memory of tensors that no result needs. */
static void free_intermediates(stream_lowering *l) {
    for (int32_t v = 0; v < l->ir->n_values; ++v) {
        const stream_tensor *t = &l->ir->graph.tensors[l->ir->values[v].tensor];
        if (t->kind != STREAM_TENSOR_INTERMEDIATE || l->ir->values[v].is_output)
            continue;
        stream_ir_op op = {.loc = mlirOperationGetLocation(l->func),
                           .name = "memref.dealloc",
                           .operands = &l->bases[v],
                           .n_operands = 1};
        stream_lowering_emit(l, &op);
    }
}

static stream_status lower_implicit(stream_lowering *l, const stream_ct_ir *ir) {
    stream_vec places = STREAM_VEC(stream_place);
    l->n_bases = ir->n_values;
    l->bases = make_bases(l, ir);
    stream_lowering_begin(l, ir);
    for (int32_t c = 0; c < ir->graph.n_cts; ++c)
        lower_ct(l, c, &places);
    stream_vec_free(&places);
    stream_lowering_flush(l);
    free_intermediates(l);
    stream_status status = stream_lower_results(l, l->bases);
    stream_lowering_end(l);
    return status;
}

/* Which operands CTs stream, as the schedule says it: all that a lowering asks of prices but the
 * bits that pass through a core's memory. */
static stream_price_streams streams_of(const stream_accelerator *acc, const stream_ct_graph *g,
                                       const stream_schedule *schedule, stream_arena *arena) {
    size_t n = (size_t)g->n_kernels * (size_t)acc->n_cores;
    uint8_t *operands = STREAM_NEW(arena, uint8_t, n);
    for (int32_t i = 0; i < schedule->n_streams; ++i) {
        const stream_ct_stream *s = &schedule->streams[i];
        size_t row = (size_t)g->cts[s->ct].kernel * (size_t)acc->n_cores;
        operands[row + (size_t)schedule->slots[s->ct].core] |= (uint8_t)(1u << s->operand);
    }
    return (stream_price_streams){.operands = operands};
}

static stream_status lower_explicit(stream_lowering *l, const stream_accelerator *acc,
                                    const stream_ct_ir *ir) {
    stream_schedule schedule;
    stream_schedule_problem problem = {.acc = acc, .graph = &ir->graph, .cores = ir->cores};
    STREAM_TRY(stream_load_schedule(l->func, acc, ir, l->arena, l->diag, &schedule));
    stream_price_streams streams = streams_of(acc, &ir->graph, &schedule, l->arena);
    stream_cost_tables costs;
    if (schedule.n_streams > 0) {
        STREAM_TRY(stream_load_costs(ir, acc, l->arena, l->diag, &costs));
        streams.of = costs.streams.of;
    }
    problem.streams = &streams;
    return stream_lower_explicit(l, &problem, &schedule, ir);
}

stream_status stream_pass_lower_run(stream_pass *pass, MlirOperation module) {
    const stream_accelerator *acc;
    stream_ct_ir ir;
    stream_lowering l = {
        .module = module, .context = pass->context, .arena = pass->arena, .diag = pass->diag};
    STREAM_TRY(stream_lower_find(module, pass->diag, &l.func));
    STREAM_TRY(stream_load_accelerator(pass, module, &acc));
    STREAM_TRY(stream_load_ct_graph(module, l.func, acc, pass->arena, pass->diag, &ir));
    l.before = stream_lower_end_of_cts(l.func);
    if (pass->lower.memories == STREAM_LOWER_EXPLICIT)
        STREAM_TRY(lower_explicit(&l, acc, &ir));
    else
        STREAM_TRY(lower_implicit(&l, &ir));
    stream_lower_strip(module, l.func);
    return STREAM_OK;
}
