/* A schedule on explicit memories; see lower_explicit.h. */

#include "lower_explicit.h"
#include "lower_places.h"

#include "stream/support/integer.h"

/* ---- bases: memories first, then values */

static MlirValue make_memory(stream_explicit *x, int32_t instance) {
    int64_t bits = x->residency.memories[instance].bits;
    if (bits == 0)
        return (MlirValue){NULL};
    MlirType type = stream_explicit_bytes(x->l, stream_ceil_div(bits, 8));
    return stream_explicit_allocate(x->l, type, false);
}

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

/* Does what is off-chip at the end have the value? */
static bool leaves_chip(const stream_explicit *x, int32_t v) {
    const stream_ct_value *value = &x->ir->values[v];
    const stream_tensor *tensor = &x->graph->tensors[value->tensor];
    int32_t end = tensor->output_lo + tensor->output_size;
    return tensor->is_output && (tensor->output_size == 0 || value->lanes == 0 ||
                                 (value->lane >= tensor->output_lo && value->lane < end));
}

static MlirValue make_value(stream_explicit *x, int32_t v) {
    const stream_tensor *tensor = &x->graph->tensors[x->ir->values[v].tensor];
    MlirValue value = x->ir->values[v].value;
    if (tensor->kind != STREAM_TENSOR_INTERMEDIATE)
        return to_buffer(x->l, value);
    if (!leaves_chip(x, v))
        return (MlirValue){NULL};
    MlirType type = stream_memref_type(mlirValueGetType(value));
    return stream_explicit_allocate(x->l, type, false);
}

static void make_bases(stream_explicit *x) {
    int32_t n = stream_explicit_value_base(x, x->ir->n_values);
    MlirValue *bases = STREAM_NEW(x->l->arena, MlirValue, (size_t)n);
    for (int32_t i = 0; i < x->problem->acc->n_instances; ++i)
        bases[i] = make_memory(x, i);
    for (int32_t v = 0; v < x->ir->n_values; ++v)
        bases[stream_explicit_value_base(x, v)] = make_value(x, v);
    x->l->bases = bases;
    x->l->n_bases = n;
}

static void free_base(stream_explicit *x, int32_t base) {
    if (mlirValueIsNull(x->l->bases[base]))
        return;
    stream_ir_op op = {.loc = mlirOperationGetLocation(x->l->func),
                       .name = "memref.dealloc",
                       .operands = &x->l->bases[base],
                       .n_operands = 1};
    stream_lowering_emit(x->l, &op);
}

/* Memories, and what came out with the results that lie around it. */
static void free_memories(stream_explicit *x) {
    for (int32_t i = 0; i < x->problem->acc->n_instances; ++i)
        free_base(x, i);
    for (int32_t v = 0; v < x->ir->n_values; ++v)
        if (x->graph->tensors[x->ir->values[v].tensor].kind == STREAM_TENSOR_INTERMEDIATE &&
            !x->ir->values[v].is_output)
            free_base(x, stream_explicit_value_base(x, v));
}

/* ---- transfers */

static void begin_transfer(stream_explicit *x, const stream_transfer *t) {
    for (int32_t i = 0; i < t->n_targets; ++i)
        stream_explicit_poison(x, t->tensor, t->targets[i].instance, t->targets[i].address,
                               &t->box);
}

static void end_transfer(stream_explicit *x, int32_t id) {
    const stream_transfer *t = &x->schedule->transfers[id];
    for (int32_t i = 0; i < t->n_targets; ++i) {
        x->places.n = 0;
        stream_explicit_push(x, t->tensor, &x->residency.sources[id], &x->places);
        stream_explicit_push_buffer(x, t->tensor, t->targets[i].instance, t->targets[i].address,
                                    &t->box, &x->places);
        stream_explicit_copy(x);
    }
}

/* ---- begin and end of the network */

static void begin_network(stream_explicit *x) {
    const stream_accelerator *acc = x->problem->acc;
    for (int32_t i = 0; i < acc->n_instances; ++i)
        if (!mlirValueIsNull(x->l->bases[i]))
            stream_explicit_poison_bits(x, i, 0, x->residency.memories[i].bits);
    for (int32_t r = 0; r < x->schedule->n_residents; ++r) {
        const stream_resident *resident = &x->schedule->residents[r];
        const stream_tensor *tensor = &x->graph->tensors[resident->tensor];
        stream_box whole = stream_box_whole(tensor->rank, tensor->shape);
        x->places.n = 0;
        stream_explicit_push_own(x, resident->tensor, &whole, &x->places);
        stream_explicit_push_buffer(x, resident->tensor, acc->offchip_instance, resident->address,
                                    &whole, &x->places);
        stream_explicit_copy(x);
    }
}

static void end_network(stream_explicit *x) {
    for (int32_t t = 0; t < x->graph->n_tensors; ++t)
        for (int32_t p = x->residency.final_first[t]; p < x->residency.final_first[t + 1]; ++p) {
            const stream_residency_piece *piece = &x->residency.pieces[p];
            x->places.n = 0;
            stream_explicit_push(x, t, piece, &x->places);
            stream_explicit_push_own(x, t, &piece->piece, &x->places);
            stream_explicit_copy(x);
        }
}

static void run_event(stream_explicit *x, const stream_residency_event *e) {
    x->l->loc = mlirOperationGetLocation(x->l->func);
    if (e->is_ct && e->begins)
        stream_explicit_begin_ct(x, e->id);
    else if (e->is_ct)
        stream_explicit_end_ct(x, e->id);
    else if (e->begins)
        begin_transfer(x, &x->schedule->transfers[e->id]);
    else
        end_transfer(x, e->id);
}

/* ---- what can be lowered */

static stream_status check_tensors(const stream_explicit *x) {
    for (int32_t v = 0; v < x->ir->n_values; ++v) {
        const stream_ct_value *value = &x->ir->values[v];
        const stream_tensor *tensor = &x->graph->tensors[value->tensor];
        MlirType type = mlirValueGetType(value->value);
        int32_t bits = stream_ir_element_bits(mlirShapedTypeGetElementType(type));
        int32_t stored = tensor->element_bits * (value->lanes ? value->lanes : 1);
        if (bits > 0 && bits <= 64 && bits == stored)
            continue;
        return stream_error(x->l->diag, STREAM_UNSUPPORTED, tensor->loc,
                            "'%s' has elements of %d bits, stored as %d: explicit memories hold "
                            "elements of at most 64 bits in their own width",
                            tensor->name, bits, stored);
    }
    return STREAM_OK;
}

static stream_status check_address(const stream_explicit *x, stream_loc loc, int64_t address) {
    if (address % 8 == 0 && address >= 0)
        return STREAM_OK;
    return stream_error(x->l->diag, STREAM_INVALID, loc, "address %lld is not at a whole byte",
                        (long long)address);
}

static stream_status check_addresses(const stream_explicit *x) {
    const stream_schedule *s = x->schedule;
    for (int32_t c = 0; c < x->graph->n_cts; ++c)
        STREAM_TRY(check_address(x, x->graph->cts[c].loc, s->slots[c].address));
    for (int32_t i = 0; i < s->n_streams; ++i)
        STREAM_TRY(check_address(x, x->graph->cts[s->streams[i].ct].loc, s->streams[i].address));
    for (int32_t r = 0; r < s->n_residents; ++r)
        STREAM_TRY(check_address(x, x->graph->tensors[s->residents[r].tensor].loc,
                                 s->residents[r].address));
    for (int32_t t = 0; t < s->n_transfers; ++t)
        for (int32_t i = 0; i < s->transfers[t].n_targets; ++i)
            STREAM_TRY(check_address(x, x->graph->tensors[s->transfers[t].tensor].loc,
                                     s->transfers[t].targets[i].address));
    return STREAM_OK;
}

static stream_status emit(stream_explicit *x) {
    make_bases(x);
    stream_lowering_begin(x->l, x->ir);
    x->l->loc = mlirOperationGetLocation(x->l->func);
    begin_network(x);
    for (int32_t i = 0; i < x->residency.n_events; ++i)
        run_event(x, &x->residency.events[i]);
    end_network(x);
    stream_lowering_flush(x->l);
    free_memories(x);
    stream_status status = stream_lower_results(x->l, &x->l->bases[x->problem->acc->n_instances]);
    stream_lowering_end(x->l);
    return status;
}

stream_status stream_lower_explicit(stream_lowering *l, const stream_schedule_problem *problem,
                                    const stream_schedule *schedule, const stream_ct_ir *ir) {
    stream_explicit x = {.l = l,
                         .problem = problem,
                         .schedule = schedule,
                         .ir = ir,
                         .graph = &ir->graph,
                         .temporaries = STREAM_VEC(MlirValue),
                         .places = STREAM_VEC(stream_place)};
    STREAM_TRY(check_tensors(&x));
    STREAM_TRY(check_addresses(&x));
    STREAM_TRY(stream_residency_build(problem, schedule, l->arena, l->diag, &x.residency));
    stream_status status = emit(&x);
    stream_vec_free(&x.temporaries);
    stream_vec_free(&x.places);
    return status;
}
