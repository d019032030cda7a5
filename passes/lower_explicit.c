/* A schedule on explicit memories; see lower_explicit.h. */

#include "lower_explicit.h"

#include "stream/support/integer.h"

typedef struct {
    stream_lowering *l;
    const stream_schedule_problem *problem;
    const stream_schedule *schedule;
    const stream_ct_ir *ir;
    const stream_ct_graph *graph;
    stream_residency residency;
    stream_vec gathered; /* MlirValue: temporaries of the CT at hand */
    stream_vec places;   /* stream_place */
} explicit_lowering;

/* ---- bases: memories first, then values */

/* In the open chunk, or in the network function. */
static MlirValue allocate(stream_lowering *l, MlirType type, bool in_chunk) {
    int32_t segments[2] = {0, 0};
    MlirNamedAttribute attr = stream_ir_named(l->context, "operandSegmentSizes",
                                              mlirDenseI32ArrayGet(l->context, 2, segments));
    stream_ir_op op = {.loc = mlirOperationGetLocation(l->func),
                       .name = "memref.alloc",
                       .results = &type,
                       .n_results = 1,
                       .attrs = &attr,
                       .n_attrs = 1};
    MlirOperation built = in_chunk ? stream_lowering_append(l, &op) : stream_lowering_emit(l, &op);
    return mlirOperationGetResult(built, 0);
}

static MlirType bytes_type(const stream_lowering *l, int64_t n) {
    return mlirMemRefTypeContiguousGet(mlirIntegerTypeGet(l->context, 8), 1, &n,
                                       mlirAttributeGetNull());
}

/* The end of the highest buffer; memories of equal size are equal, so that functions serve them
 * all. */
static int64_t memory_bytes(const explicit_lowering *x, int32_t instance) {
    const stream_instance *instances = x->problem->acc->instances;
    int64_t bits = 0;
    for (int32_t i = 0; i < x->problem->acc->n_instances; ++i)
        if (instances[i].size_bits == instances[instance].size_bits)
            bits = stream_max_i64(bits, x->residency.extent_bits[i]);
    return stream_ceil_div(bits, 8);
}

static MlirValue make_memory(explicit_lowering *x, int32_t instance) {
    int64_t bytes = memory_bytes(x, instance);
    if (bytes == 0)
        return (MlirValue){NULL};
    return allocate(x->l, bytes_type(x->l, bytes), false);
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

static MlirValue make_value(explicit_lowering *x, int32_t v) {
    const stream_tensor *tensor = &x->graph->tensors[x->ir->values[v].tensor];
    MlirValue value = x->ir->values[v].value;
    if (tensor->kind != STREAM_TENSOR_INTERMEDIATE)
        return to_buffer(x->l, value);
    if (!tensor->is_output)
        return (MlirValue){NULL};
    MlirType type = stream_memref_type(mlirValueGetType(value));
    return allocate(x->l, type, false);
}

static int32_t value_base(const explicit_lowering *x, int32_t value) {
    return x->problem->acc->n_instances + value;
}

static void make_bases(explicit_lowering *x) {
    int32_t n = value_base(x, x->ir->n_values);
    MlirValue *bases = STREAM_NEW(x->l->arena, MlirValue, (size_t)n);
    for (int32_t i = 0; i < x->problem->acc->n_instances; ++i)
        bases[i] = make_memory(x, i);
    for (int32_t v = 0; v < x->ir->n_values; ++v)
        bases[value_base(x, v)] = make_value(x, v);
    x->l->bases = bases;
    x->l->n_bases = n;
}

static void free_memories(explicit_lowering *x) {
    for (int32_t i = 0; i < x->problem->acc->n_instances; ++i) {
        if (mlirValueIsNull(x->l->bases[i]))
            continue;
        stream_ir_op op = {.loc = mlirOperationGetLocation(x->l->func),
                           .name = "memref.dealloc",
                           .operands = &x->l->bases[i],
                           .n_operands = 1};
        stream_lowering_emit(x->l, &op);
    }
}

/* ---- places */

static MlirType dense_type(const explicit_lowering *x, int32_t value, const stream_box *box) {
    int64_t shape[STREAM_MAX_RANK];
    for (int32_t d = 0; d < box->rank; ++d)
        shape[d] = box->size[d];
    MlirType type = mlirValueGetType(x->ir->values[value].value);
    return mlirMemRefTypeContiguousGet(mlirShapedTypeGetElementType(type), box->rank, shape,
                                       mlirAttributeGetNull());
}

/* `box` moved into the coordinates of `around`. */
static stream_box relative(const stream_box *box, const stream_box *around) {
    stream_box result = *box;
    for (int32_t d = 0; d < box->rank; ++d)
        result.lo[d] -= around->lo[d];
    return result;
}

/* Appends the places of the values that a piece is made of; in a buffer, the results of a layer lie
 * one behind the other. */
static void push_places(explicit_lowering *x, int32_t tensor, const stream_residency_piece *piece,
                        stream_vec *places) {
    const stream_tensor *t = &x->graph->tensors[tensor];
    stream_box buffer, part;
    int32_t n, first = stream_ct_values_of(x->ir, tensor, &piece->buffer, &buffer, &n);
    int32_t lane = x->ir->values[first].lane;
    first = stream_ct_values_of(x->ir, tensor, &piece->piece, &part, &n);
    for (int32_t v = first; v < first + n; ++v) {
        int64_t before =
            stream_box_volume(&buffer) * t->element_bits * (x->ir->values[v].lane - lane);
        *(stream_place *)stream_vec_push(places) =
            (stream_place){stream_lowering_base(x->l, piece->instance), dense_type(x, v, &buffer),
                           (piece->address + before) / 8, relative(&part, &buffer)};
    }
}

static void push_buffer(explicit_lowering *x, int32_t tensor, int32_t instance, int64_t address,
                        const stream_box *box, stream_vec *places) {
    stream_residency_piece piece = {instance, address, *box, *box};
    push_places(x, tensor, &piece, places);
}

/* A box of the network's own tensors. */
static void push_own(explicit_lowering *x, int32_t tensor, const stream_box *box,
                     stream_vec *places) {
    stream_box part;
    int32_t n, first = stream_ct_values_of(x->ir, tensor, box, &part, &n);
    for (int32_t v = first; v < first + n; ++v)
        *(stream_place *)stream_vec_push(places) =
            (stream_place){.memref = stream_lowering_base(x->l, value_base(x, v)), .box = part};
}

/* The first half of x->places to the second. */
static void copy_places(explicit_lowering *x) {
    size_t n = x->places.n / 2;
    for (size_t i = 0; i < n; ++i)
        stream_lowering_copy(x->l, &STREAM_AT(stream_place, x->places, i),
                             &STREAM_AT(stream_place, x->places, n + i));
    stream_lowering_boundary(x->l);
}

/* `bytes` of a memory from `byte` on. */
static void poison_bytes(explicit_lowering *x, int32_t instance, int64_t byte, int64_t bytes) {
    stream_place place = {.memref = stream_lowering_base(x->l, instance),
                          .buffer = bytes_type(x->l, bytes),
                          .byte = byte,
                          .box = stream_box_whole(1, &bytes)};
    stream_lowering_poison(x->l, &place);
    stream_lowering_boundary(x->l);
}

static void poison(explicit_lowering *x, int32_t tensor, int32_t instance, int64_t address,
                   const stream_box *box) {
    poison_bytes(x, instance, address / 8, stream_ct_graph_bits(x->graph, tensor, box) / 8);
}

/* ---- CTs */

/* A temporary that holds all of `read`, which is of one value, put together from its pieces. */
static void push_gathered(explicit_lowering *x, const stream_ct_read *read, int32_t first,
                          int32_t end) {
    stream_box part, piece_part;
    int32_t n, value = stream_ct_values_of(x->ir, read->tensor, &read->box, &part, &n);
    stream_vec from = STREAM_VEC(stream_place);
    MlirValue memref = allocate(x->l, dense_type(x, value, &part), true);
    *(MlirValue *)stream_vec_push(&x->gathered) = memref;
    for (int32_t p = first; p < end; ++p) {
        const stream_residency_piece *piece = &x->residency.pieces[p];
        from.n = 0;
        push_places(x, read->tensor, piece, &from);
        (void)stream_ct_values_of(x->ir, read->tensor, &piece->piece, &piece_part, &n);
        stream_place to = {.memref = memref, .box = relative(&piece_part, &part)};
        stream_lowering_copy(x->l, &STREAM_AT(stream_place, from, 0), &to);
    }
    stream_vec_free(&from);
    *(stream_place *)stream_vec_push(&x->places) =
        (stream_place){.memref = memref, .box = relative(&part, &part)};
}

static void push_read(explicit_lowering *x, int32_t read) {
    int32_t first = x->residency.read_first[read], end = x->residency.read_first[read + 1];
    const stream_ct_read *r = &x->graph->reads[read];
    if (end - first == 1)
        push_places(x, r->tensor, &x->residency.pieces[first], &x->places);
    else
        push_gathered(x, r, first, end);
}

static void push_output(explicit_lowering *x, int32_t c) {
    const stream_ct_slot *slot = &x->schedule->slots[c];
    const stream_ct *ct = &x->graph->cts[c];
    int32_t instance = stream_schedule_instance(x->problem, ct->kernel, slot->core, STREAM_O);
    push_buffer(x, ct->tensor, instance, slot->address, &ct->box, &x->places);
}

static void free_gathered(explicit_lowering *x) {
    for (size_t i = 0; i < x->gathered.n; ++i) {
        stream_ir_op op = {.loc = x->l->loc,
                           .name = "memref.dealloc",
                           .operands = &STREAM_AT(MlirValue, x->gathered, i),
                           .n_operands = 1};
        stream_lowering_append(x->l, &op);
    }
    x->gathered.n = 0;
}

static void end_ct(explicit_lowering *x, int32_t c) {
    const stream_ct *ct = &x->graph->cts[c];
    x->l->loc = mlirOperationGetLocation(x->ir->ct_ops[c]);
    x->places.n = 0;
    for (int32_t i = 0; i < ct->n_reads; ++i)
        push_read(x, ct->first_read + i);
    push_output(x, c);
    stream_lowering_kernel(x->l, ct->kernel, ct->n_reads, x->places.data);
    free_gathered(x);
    stream_lowering_boundary(x->l);
}

static void begin_ct(explicit_lowering *x, int32_t c) {
    const stream_ct *ct = &x->graph->cts[c];
    const stream_ct_slot *slot = &x->schedule->slots[c];
    int32_t instance = stream_schedule_instance(x->problem, ct->kernel, slot->core, STREAM_O);
    if (!ct->accumulates)
        poison(x, ct->tensor, instance, slot->address, &ct->box);
}

/* ---- transfers */

static void begin_transfer(explicit_lowering *x, const stream_transfer *t) {
    for (int32_t i = 0; i < t->n_targets; ++i)
        poison(x, t->tensor, t->targets[i].instance, t->targets[i].address, &t->box);
}

static void end_transfer(explicit_lowering *x, int32_t id) {
    const stream_transfer *t = &x->schedule->transfers[id];
    for (int32_t i = 0; i < t->n_targets; ++i) {
        x->places.n = 0;
        push_places(x, t->tensor, &x->residency.sources[id], &x->places);
        push_buffer(x, t->tensor, t->targets[i].instance, t->targets[i].address, &t->box,
                    &x->places);
        copy_places(x);
    }
}

/* ---- begin and end of the network */

static void begin_network(explicit_lowering *x) {
    const stream_accelerator *acc = x->problem->acc;
    for (int32_t i = 0; i < acc->n_instances; ++i)
        if (!mlirValueIsNull(x->l->bases[i]))
            poison_bytes(x, i, 0, memory_bytes(x, i));
    for (int32_t r = 0; r < x->schedule->n_residents; ++r) {
        const stream_resident *resident = &x->schedule->residents[r];
        const stream_tensor *tensor = &x->graph->tensors[resident->tensor];
        stream_box whole = stream_box_whole(tensor->rank, tensor->shape);
        x->places.n = 0;
        push_own(x, resident->tensor, &whole, &x->places);
        push_buffer(x, resident->tensor, acc->offchip_instance, resident->address, &whole,
                    &x->places);
        copy_places(x);
    }
}

static void end_network(explicit_lowering *x) {
    for (int32_t t = 0; t < x->graph->n_tensors; ++t)
        for (int32_t p = x->residency.final_first[t]; p < x->residency.final_first[t + 1]; ++p) {
            const stream_residency_piece *piece = &x->residency.pieces[p];
            x->places.n = 0;
            push_places(x, t, piece, &x->places);
            push_own(x, t, &piece->piece, &x->places);
            copy_places(x);
        }
}

static void run_event(explicit_lowering *x, const stream_residency_event *e) {
    x->l->loc = mlirOperationGetLocation(x->l->func);
    if (e->is_ct && e->begins)
        begin_ct(x, e->id);
    else if (e->is_ct)
        end_ct(x, e->id);
    else if (e->begins)
        begin_transfer(x, &x->schedule->transfers[e->id]);
    else
        end_transfer(x, e->id);
}

/* ---- what can be lowered */

static stream_status check_tensors(const explicit_lowering *x) {
    for (int32_t v = 0; v < x->ir->n_values; ++v) {
        const stream_ct_value *value = &x->ir->values[v];
        const stream_tensor *tensor = &x->graph->tensors[value->tensor];
        MlirType type = mlirValueGetType(value->value);
        int32_t bits = stream_ir_element_bits(mlirShapedTypeGetElementType(type));
        int32_t stored = tensor->element_bits * (value->lanes ? value->lanes : 1);
        if (bits % 8 == 0 && bits == stored)
            continue;
        return stream_error(x->l->diag, STREAM_UNSUPPORTED, tensor->loc,
                            "'%s' has elements of %d bits, stored as %d: explicit memories hold "
                            "elements of whole bytes in their own width",
                            tensor->name, bits, stored);
    }
    return STREAM_OK;
}

static stream_status check_address(const explicit_lowering *x, stream_loc loc, int64_t address) {
    if (address % 8 == 0 && address >= 0)
        return STREAM_OK;
    return stream_error(x->l->diag, STREAM_INVALID, loc, "address %lld is not at a whole byte",
                        (long long)address);
}

static stream_status check_addresses(const explicit_lowering *x) {
    const stream_schedule *s = x->schedule;
    for (int32_t c = 0; c < x->graph->n_cts; ++c)
        STREAM_TRY(check_address(x, x->graph->cts[c].loc, s->slots[c].address));
    for (int32_t r = 0; r < s->n_residents; ++r)
        STREAM_TRY(check_address(x, x->graph->tensors[s->residents[r].tensor].loc,
                                 s->residents[r].address));
    for (int32_t t = 0; t < s->n_transfers; ++t)
        for (int32_t i = 0; i < s->transfers[t].n_targets; ++i)
            STREAM_TRY(check_address(x, x->graph->tensors[s->transfers[t].tensor].loc,
                                     s->transfers[t].targets[i].address));
    return STREAM_OK;
}

static stream_status emit(explicit_lowering *x) {
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
    explicit_lowering x = {.l = l,
                           .problem = problem,
                           .schedule = schedule,
                           .ir = ir,
                           .graph = &ir->graph,
                           .gathered = STREAM_VEC(MlirValue),
                           .places = STREAM_VEC(stream_place)};
    STREAM_TRY(check_tensors(&x));
    STREAM_TRY(check_addresses(&x));
    STREAM_TRY(stream_residency_build(problem, schedule, l->arena, l->diag, &x.residency));
    stream_status status = emit(&x);
    stream_vec_free(&x.gathered);
    stream_vec_free(&x.places);
    return status;
}
