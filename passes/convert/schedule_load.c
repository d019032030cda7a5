/* IR -> stream_schedule; see schedule.h. */

#include "schedule.h"

#include "accelerator.h"
#include "ct_values.h"
#include "schedule_route.h"
#include "schedule_versions.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    MlirOperation func;
    const stream_accelerator *acc;
    const stream_ct_ir *ir;
    stream_arena *arena;
    const stream_diag *diag;
    value_map value_of;    /* MlirValue -> values of ir */
    value_map instance_of; /* symbol attribute -> id */
    stream_route_reader routes;
    MlirValue *now; /* [n_values] latest value of the chain */
    stream_versions versions;
    int32_t n_cts;                           /* so far */
    int64_t latest;                          /* start of the operation before */
    stream_ct_slot *slots;                   /* [n_cts] */
    stream_vec transfers, residents;         /* stream_transfer, stream_resident */
    stream_vec streams;                      /* stream_ct_stream */
    stream_vec transfer_locs, resident_locs; /* stream_loc */
} loading;

static MlirValue attr_key(MlirAttribute attr) {
    return (MlirValue){attr.ptr};
}

STREAM_PRINTF(3, 4)
static stream_status refuse(const loading *l, MlirOperation op, const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return stream_error(l->diag, STREAM_INVALID, stream_loc_of(op), "%s", text);
}

/* ---- fields */

static stream_status integer(const loading *l, MlirOperation op, const char *name, int64_t *out) {
    if (stream_ir_get_i64(op, name, out))
        return STREAM_OK;
    return refuse(l, op, "it has no '%s': run stream-schedule first", name);
}

static stream_status instance(loading *l, MlirOperation op, MlirAttribute symbol, int32_t *out) {
    *out = mlirAttributeIsNull(symbol) ? -1 : value_map_get(&l->instance_of, attr_key(symbol));
    if (*out >= 0)
        return STREAM_OK;
    *out = stream_instance_by_symbol(l->acc, symbol);
    if (*out < 0)
        return refuse(l, op, "it names a memory that is no top memory of a core of '%s'",
                      l->acc->name);
    value_map_set(&l->instance_of, attr_key(symbol), *out);
    return STREAM_OK;
}

static stream_status operand(const loading *l, MlirOperation op, const char *name, uint8_t *out) {
    MlirStringRef text = {0};
    stream_ir_get_string(op, name, &text);
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (stream_ir_str_is(text, stream_operand_class_name((stream_operand_class)o))) {
            *out = o;
            return STREAM_OK;
        }
    return refuse(l, op, "it must say '%s': \"I1\", \"I2\" or \"O\"", name);
}

/* An operand that is value `id` of the graph must be the latest of its chain. */
static stream_status latest(const loading *l, MlirOperation op, intptr_t i, int32_t id) {
    if (mlirValueEqual(mlirOperationGetOperand(op, i), l->now[id]))
        return STREAM_OK;
    return refuse(l, op,
                  "R11: operand %d is '%s' as it was before a CT above wrote to it; every "
                  "operation uses the latest value of a tensor",
                  (int)i, l->ir->graph.tensors[l->ir->values[id].tensor].name);
}

/* Which value of the graph an operand is. */
static stream_status value(const loading *l, MlirOperation op, intptr_t i, int32_t *out) {
    *out = value_map_get(&l->value_of, mlirOperationGetOperand(op, i));
    if (*out < 0)
        return refuse(l, op, "operand %d is no input, no constant and nothing that CTs above wrote",
                      (int)i);
    return latest(l, op, i, *out);
}

static stream_status in_order(loading *l, MlirOperation op, int64_t start) {
    if (start < l->latest)
        return refuse(l, op,
                      "R11: it starts at %" PRId64 ", but stands behind an operation that starts "
                      "at %" PRId64 "; CTs and transfers stand in the order of their starts",
                      start, l->latest);
    l->latest = start;
    return STREAM_OK;
}

/* ---- operations */

static stream_status resident(loading *l, MlirOperation op) {
    stream_resident r;
    int32_t where, id;
    STREAM_TRY(value(l, op, 0, &id));
    r.tensor = l->ir->values[id].tensor;
    STREAM_TRY(instance(l, op, stream_ir_attr(op, "memory"), &where));
    if (where != l->acc->offchip_instance)
        return refuse(l, op, "R10: inputs and constants are off-chip at the start, not in '%s'",
                      l->acc->cores[l->acc->instances[where].core].name);
    STREAM_TRY(integer(l, op, "address", &r.address));
    STREAM_TRY(integer(l, op, "until", &r.until));
    *(stream_resident *)stream_vec_push(&l->residents) = r;
    *(stream_loc *)stream_vec_push(&l->resident_locs) = stream_loc_of(op);
    return STREAM_OK;
}

/* What it moves: a box of one value, or the same of neighbours that are one tensor. */
static stream_status moved(const loading *l, MlirOperation op, stream_transfer *t) {
    MlirAttribute offsets = stream_ir_attr(op, "offsets"), sizes = stream_ir_attr(op, "sizes");
    stream_box part = {.rank = (int32_t)mlirDenseArrayGetNumElements(offsets)};
    int32_t n = (int32_t)mlirOperationGetNumOperands(op), first = 0, id;
    for (int32_t i = 0; i < n; ++i) {
        STREAM_TRY(value(l, op, i, &id));
        first = i == 0 ? id : first;
        if (id != first + i || l->ir->values[id].tensor != l->ir->values[first].tensor)
            return refuse(l, op, "it moves tensors that are no results of one layer, in order");
    }
    for (int32_t d = 0; d < part.rank; ++d) {
        part.lo[d] = (int32_t)mlirDenseI64ArrayGetElement(offsets, d);
        part.size[d] = (int32_t)mlirDenseI64ArrayGetElement(sizes, d);
    }
    t->tensor = l->ir->values[first].tensor;
    t->box = stream_ct_values_box(l->ir, first, n, &part);
    return STREAM_OK;
}

static stream_status targets(loading *l, MlirOperation op, stream_transfer *t) {
    MlirAttribute memories = stream_ir_attr(op, "targets");
    MlirAttribute addresses = stream_ir_attr(op, "target_addresses");
    MlirAttribute untils = stream_ir_attr(op, "untils");
    if (mlirAttributeIsNull(addresses) || mlirAttributeIsNull(untils))
        return refuse(l, op, "it has no 'address' or 'until': run stream-schedule first");
    intptr_t n = stream_ir_length(memories);
    stream_transfer_target *list = STREAM_NEW(l->arena, stream_transfer_target, (size_t)n);
    for (intptr_t i = 0; i < n; ++i) {
        STREAM_TRY(instance(l, op, mlirArrayAttrGetElement(memories, i), &list[i].instance));
        list[i].address = mlirDenseI64ArrayGetElement(addresses, i);
        list[i].until = mlirDenseI64ArrayGetElement(untils, i);
    }
    t->targets = list;
    t->n_targets = (int32_t)n;
    return STREAM_OK;
}

static stream_status version(loading *l, MlirOperation op, stream_transfer *t) {
    const stream_tensor *of = &l->ir->graph.tensors[t->tensor];
    t->writer = -1;
    if (of->kind != STREAM_TENSOR_INTERMEDIATE)
        return STREAM_OK;
    t->writer = stream_versions_last(&l->versions, t->tensor, &t->box);
    if (t->writer < 0)
        return refuse(l, op, "R5: it moves a part of '%s' that no CT above it wrote", of->name);
    return STREAM_OK;
}

static stream_status no_link(const loading *l, MlirOperation op) {
    return refuse(l, op, "it goes over something that is no link of '%s'", l->acc->name);
}

static stream_status route(loading *l, MlirOperation op, stream_transfer *t) {
    stream_read_route over;
    if (!stream_route_read(&l->routes, t->source, stream_ir_attr(op, "over"), &over))
        return no_link(l, op);
    t->resources = over.resources;
    t->n_resources = over.n;
    t->latency_cycles = over.latency_cycles;
    return STREAM_OK;
}

static stream_status transfer(loading *l, MlirOperation op) {
    stream_transfer t = {0};
    STREAM_TRY(moved(l, op, &t));
    STREAM_TRY(instance(l, op, stream_ir_attr(op, "source"), &t.source));
    STREAM_TRY(integer(l, op, "source_address", &t.source_address));
    STREAM_TRY(targets(l, op, &t));
    STREAM_TRY(operand(l, op, "source_operand", &t.source_operand));
    STREAM_TRY(operand(l, op, "target_operand", &t.target_operand));
    STREAM_TRY(integer(l, op, "rate", &t.rate_bits));
    STREAM_TRY(integer(l, op, "start", &t.start));
    STREAM_TRY(integer(l, op, "end", &t.end));
    STREAM_TRY(in_order(l, op, t.start));
    STREAM_TRY(route(l, op, &t));
    STREAM_TRY(version(l, op, &t));
    *(stream_transfer *)stream_vec_push(&l->transfers) = t;
    *(stream_loc *)stream_vec_push(&l->transfer_locs) = stream_loc_of(op);
    return STREAM_OK;
}

static stream_status ct(loading *l, MlirOperation op) {
    int32_t id = l->n_cts++, operand_value;
    const stream_ct *it = &l->ir->graph.cts[id];
    stream_ct_slot *slot = &l->slots[id];
    for (intptr_t i = 0; i < it->n_reads; ++i)
        STREAM_TRY(value(l, op, i, &operand_value));
    for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i)
        STREAM_TRY(latest(l, op, it->n_reads + i, l->ir->first_value[it->tensor] + (int32_t)i));
    slot->core = l->ir->cores[id];
    if (slot->core < 0)
        return refuse(l, op, "the CT has no core: run stream-allocate first");
    STREAM_TRY(integer(l, op, "start", &slot->start));
    STREAM_TRY(integer(l, op, "end", &slot->end));
    STREAM_TRY(integer(l, op, "address", &slot->address));
    STREAM_TRY(integer(l, op, "until", &slot->until));
    STREAM_TRY(in_order(l, op, slot->start));
    if (!stream_load_streaming(&l->routes, stream_ir_attr(op, "streaming"), id, slot->core,
                               &l->streams))
        return no_link(l, op);
    for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i)
        l->now[l->ir->first_value[it->tensor] + i] = mlirOperationGetResult(op, i);
    stream_versions_write(&l->versions, &l->ir->graph, id);
    return STREAM_OK;
}

static stream_status body(loading *l) {
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(l->func));
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op)) {
        if (stream_ir_is(op, "stream.ct"))
            STREAM_TRY(ct(l, op));
        else if (stream_ir_is(op, "stream.transfer"))
            STREAM_TRY(transfer(l, op));
        else if (stream_ir_is(op, "stream.resident"))
            STREAM_TRY(resident(l, op));
    }
    return STREAM_OK;
}

static void begin(loading *l) {
    const stream_ct_graph *g = &l->ir->graph;
    l->now = STREAM_NEW(l->arena, MlirValue, (size_t)l->ir->n_values);
    stream_route_reader_open(l->acc, l->arena, &l->routes);
    l->slots = STREAM_NEW(l->arena, stream_ct_slot, (size_t)g->n_cts);
    stream_versions_begin(g, l->arena, &l->versions);
    for (int32_t v = 0; v < l->ir->n_values; ++v)
        l->now[v] = l->ir->values[v].value;
    stream_map_values(l->ir, &l->value_of);
}

static void end(loading *l, stream_schedule_ir *out) {
    out->schedule.slots = l->slots;
    out->schedule.n_transfers = (int32_t)l->transfers.n;
    out->schedule.n_residents = (int32_t)l->residents.n;
    out->schedule.transfers = stream_vec_freeze(&l->transfers, l->arena);
    out->schedule.n_streams = (int32_t)l->streams.n;
    out->schedule.streams = stream_vec_freeze(&l->streams, l->arena);
    out->schedule.residents = stream_vec_freeze(&l->residents, l->arena);
    out->transfer_locs = stream_vec_freeze(&l->transfer_locs, l->arena);
    out->resident_locs = stream_vec_freeze(&l->resident_locs, l->arena);
    value_map_free(&l->value_of);
    value_map_free(&l->instance_of);
    stream_route_reader_close(&l->routes);
}

stream_status stream_load_schedule_ir(MlirOperation func, const stream_accelerator *acc,
                                      const stream_ct_ir *ir, stream_arena *arena,
                                      const stream_diag *diag, stream_schedule_ir *out) {
    loading l = {.func = func,
                 .acc = acc,
                 .ir = ir,
                 .arena = arena,
                 .diag = diag,
                 .transfers = STREAM_VEC(stream_transfer),
                 .residents = STREAM_VEC(stream_resident),
                 .streams = STREAM_VEC(stream_ct_stream),
                 .transfer_locs = STREAM_VEC(stream_loc),
                 .resident_locs = STREAM_VEC(stream_loc)};
    *out = (stream_schedule_ir){0};
    begin(&l);
    stream_status status = body(&l);
    end(&l, out);
    STREAM_TRY(status);
    return stream_load_summary(func, acc, ir->graph.n_cts, out->schedule.n_transfers, arena, diag,
                               &out->schedule.summary);
}

stream_status stream_load_schedule(MlirOperation func, const stream_accelerator *acc,
                                   const stream_ct_ir *ir, stream_arena *arena,
                                   const stream_diag *diag, stream_schedule *out) {
    stream_schedule_ir loaded;
    STREAM_TRY(stream_load_schedule_ir(func, acc, ir, arena, diag, &loaded));
    *out = loaded.schedule;
    return STREAM_OK;
}
