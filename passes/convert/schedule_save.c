/* stream_schedule -> IR; see schedule.h. */

#include "schedule.h"

#include "accelerator.h"
#include "ct_values.h"
#include "schedule_route.h"

#include <stdlib.h>

typedef struct {
    MlirOperation func;
    MlirContext context;
    MlirBlock body;
    MlirOperation end; /* events go before it */
    const stream_accelerator *acc;
    const stream_ct_ir *ir;
    const stream_schedule *schedule;
    stream_arena *arena;
    MlirValue *now;           /* [n_values] latest value of the chain */
    MlirAttribute *instances; /* [n_instances] @core::@memory */
    MlirAttribute *links;     /* [n_links] */
    MlirAttribute *cores;     /* [n_cores] */
    MlirAttribute operands[STREAM_N_OPERANDS];
    const int32_t *first_stream; /* [n_cts + 1] */
} writer;

static void name_everything(writer *w) {
    w->instances = STREAM_NEW(w->arena, MlirAttribute, (size_t)w->acc->n_instances);
    w->links = STREAM_NEW(w->arena, MlirAttribute, (size_t)w->acc->n_links);
    w->cores = STREAM_NEW(w->arena, MlirAttribute, (size_t)w->acc->n_cores);
    for (int32_t i = 0; i < w->acc->n_instances; ++i)
        w->instances[i] = stream_instance_symbol(w->context, w->acc, i);
    for (int32_t i = 0; i < w->acc->n_links; ++i)
        w->links[i] = stream_ir_symbol(w->context, w->acc->links[i].name);
    for (int32_t i = 0; i < w->acc->n_cores; ++i)
        w->cores[i] = stream_ir_symbol(w->context, w->acc->cores[i].name);
    for (int o = 0; o < STREAM_N_OPERANDS; ++o)
        w->operands[o] =
            stream_ir_string(w->context, stream_operand_class_name((stream_operand_class)o));
}

/* ---- what was there */

/* Constants, what makes them and destinations stay in front of the events, what uses the results of
 * CTs goes behind them; old residents and transfers go away. */
static void clear(writer *w) {
    MlirOperation next, op = mlirBlockGetFirstOperation(w->body);
    MlirOperation terminator = mlirBlockGetTerminator(w->body);
    for (; !mlirOperationEqual(op, terminator); op = next) {
        next = mlirOperationGetNextInBlock(op);
        if (stream_ir_is(op, "stream.transfer") || stream_ir_is(op, "stream.resident"))
            mlirOperationDestroy(op);
    }
    stream_ir_ops behind = stream_ops_behind_cts(w->body, w->arena);
    w->end = terminator;
    for (int32_t i = 0; i < behind.n && !mlirOperationEqual(behind.ops[i], terminator); ++i) {
        mlirOperationMoveBefore(behind.ops[i], terminator);
        if (i == 0)
            w->end = behind.ops[i];
    }
}

/* ---- residents and transfers */

static void emit(writer *w, MlirLocation loc, const char *name, int32_t value, int32_t n_values,
                 const MlirNamedAttribute *attrs, intptr_t n) {
    stream_ir_op op = {.loc = loc,
                       .name = name,
                       .operands = &w->now[value],
                       .n_operands = n_values,
                       .attrs = attrs,
                       .n_attrs = n};
    stream_ir_insert(w->body, w->end, &op);
}

static MlirNamedAttribute i64(writer *w, const char *name, int64_t value) {
    return stream_ir_named(w->context, name, stream_ir_i64(w->context, value));
}

static void emit_resident(writer *w, const stream_resident *r) {
    MlirNamedAttribute attrs[] = {
        stream_ir_named(w->context, "memory", w->instances[w->acc->offchip_instance]),
        i64(w, "address", r->address), i64(w, "until", r->until)};
    emit(w, mlirOperationGetLocation(w->func), "stream.resident", w->ir->first_value[r->tensor], 1,
         attrs, 3);
}

static MlirNamedAttribute int32s(writer *w, const char *name, int32_t n, const int32_t *values) {
    int64_t wide[STREAM_MAX_RANK];
    for (int32_t i = 0; i < n; ++i)
        wide[i] = values[i];
    return stream_ir_named(w->context, name, stream_ir_i64s(w->context, n, wide));
}

/* targets, target_addresses, untils */
static void target_attributes(writer *w, const stream_transfer *t, MlirNamedAttribute *out) {
    size_t n = (size_t)t->n_targets;
    MlirAttribute *memories = STREAM_NEW(w->arena, MlirAttribute, n);
    int64_t *addresses = STREAM_NEW(w->arena, int64_t, n),
            *untils = STREAM_NEW(w->arena, int64_t, n);
    for (size_t i = 0; i < n; ++i) {
        memories[i] = w->instances[t->targets[i].instance];
        addresses[i] = t->targets[i].address;
        untils[i] = t->targets[i].until;
    }
    out[0] =
        stream_ir_named(w->context, "targets", stream_ir_array(w->context, t->n_targets, memories));
    out[1] = stream_ir_named(w->context, "target_addresses",
                             stream_ir_i64s(w->context, t->n_targets, addresses));
    out[2] =
        stream_ir_named(w->context, "untils", stream_ir_i64s(w->context, t->n_targets, untils));
}

static MlirAttribute route(writer *w, const stream_transfer *t) {
    MlirAttribute *names = STREAM_NEW(w->arena, MlirAttribute, (size_t)t->n_resources);
    for (int32_t i = 0; i < t->n_resources; ++i)
        names[i] = w->links[w->acc->resources[t->resources[i]].link];
    return stream_ir_array(w->context, t->n_resources, names);
}

static void emit_transfer(writer *w, const stream_transfer *t) {
    MlirOperation at = t->writer >= 0 ? w->ir->ct_ops[t->writer] : w->func;
    int32_t n;
    stream_box part;
    int32_t first = stream_ct_values_of(w->ir, t->tensor, &t->box, &part, &n);
    MlirNamedAttribute attrs[] = {
        int32s(w, "offsets", part.rank, part.lo),
        int32s(w, "sizes", part.rank, part.size),
        stream_ir_named(w->context, "source", w->instances[t->source]),
        i64(w, "source_address", t->source_address),
        stream_ir_named(w->context, "over", route(w, t)),
        i64(w, "rate", t->rate_bits),
        i64(w, "start", t->start),
        i64(w, "end", t->end),
        stream_ir_named(w->context, "source_operand", w->operands[t->source_operand]),
        stream_ir_named(w->context, "target_operand", w->operands[t->target_operand]),
        {{NULL}, {NULL}},
        {{NULL}, {NULL}},
        {{NULL}, {NULL}}};
    target_attributes(w, t, &attrs[10]);
    emit(w, mlirOperationGetLocation(at), "stream.transfer", first, n, attrs, 13);
}

/* ---- CTs */

/* `streaming`, if it streams anything. */
static void place_streams(const writer *w, MlirOperation op, int32_t ct) {
    int32_t first = w->first_stream[ct], n = w->first_stream[ct + 1] - first;
    if (n > 0)
        stream_ir_set(
            op, "streaming",
            stream_save_streaming(w->context, w->acc, &w->schedule->streams[first], n, w->arena));
    else
        stream_ir_remove(op, "streaming");
}

/* Streams are in the order of CTs. */
static const int32_t *index_streams(const writer *w) {
    int32_t n_cts = w->ir->graph.n_cts, at = 0;
    int32_t *first = STREAM_NEW(w->arena, int32_t, (size_t)n_cts + 1);
    for (int32_t i = 0; i <= n_cts; ++i) {
        while (at < w->schedule->n_streams && w->schedule->streams[at].ct < i)
            ++at;
        first[i] = at;
    }
    return first;
}

static void place_ct(writer *w, int32_t i) {
    const stream_ct *ct = &w->ir->graph.cts[i];
    const stream_ct_slot *slot = &w->schedule->slots[i];
    MlirOperation op = w->ir->ct_ops[i];
    mlirOperationMoveBefore(op, w->end);
    for (int32_t r = 0; r < ct->n_reads; ++r) {
        const stream_ct_read *read = &w->ir->graph.reads[ct->first_read + r];
        stream_box part;
        int32_t n, first = stream_ct_values_of(w->ir, read->tensor, &read->box, &part, &n);
        mlirOperationSetOperand(op, r, w->now[first]);
    }
    for (intptr_t r = 0; r < mlirOperationGetNumResults(op); ++r) {
        MlirValue *now = &w->now[w->ir->first_value[ct->tensor] + r];
        mlirOperationSetOperand(op, ct->n_reads + r, *now);
        *now = mlirOperationGetResult(op, r);
    }
    stream_ir_set(op, "core", w->cores[slot->core]);
    stream_ir_set(op, "start", stream_ir_i64(w->context, slot->start));
    stream_ir_set(op, "end", stream_ir_i64(w->context, slot->end));
    stream_ir_set(op, "address", stream_ir_i64(w->context, slot->address));
    stream_ir_set(op, "until", stream_ir_i64(w->context, slot->until));
    place_streams(w, op, i);
}

/* CTs and transfers by start; transfers first, then ids. */
typedef struct {
    int64_t start;
    int32_t is_ct, id;
} event;

static int by_start(const void *a, const void *b) {
    const event *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->is_ct != y->is_ct)
        return x->is_ct - y->is_ct;
    return (x->id > y->id) - (x->id < y->id);
}

static void emit_events(writer *w) {
    int32_t n_cts = w->ir->graph.n_cts, n_transfers = w->schedule->n_transfers, n = 0;
    event *events = STREAM_NEW(w->arena, event, (size_t)n_cts + (size_t)n_transfers);
    for (int32_t i = 0; i < n_transfers; ++i)
        events[n++] = (event){w->schedule->transfers[i].start, 0, i};
    for (int32_t i = 0; i < n_cts; ++i)
        events[n++] = (event){w->schedule->slots[i].start, 1, i};
    qsort(events, (size_t)n, sizeof *events, by_start);
    for (int32_t i = 0; i < n; ++i)
        if (events[i].is_ct)
            place_ct(w, events[i].id);
        else
            emit_transfer(w, &w->schedule->transfers[events[i].id]);
}

/* ---- results */

/* What stands behind the events uses the last values. */
static void link_rest(writer *w, const value_map *value_of) {
    for (MlirOperation op = w->end; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op))
        for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
            int32_t value = value_map_get(value_of, mlirOperationGetOperand(op, i));
            if (value >= 0)
                mlirOperationSetOperand(op, i, w->now[value]);
        }
}

void stream_save_schedule(MlirOperation func, const stream_accelerator *acc, const stream_ct_ir *ir,
                          const stream_schedule *schedule, const char *model, stream_arena *arena) {
    writer w = {.func = func,
                .context = mlirOperationGetContext(func),
                .body = stream_ir_body(func),
                .acc = acc,
                .ir = ir,
                .schedule = schedule,
                .arena = arena,
                .now = STREAM_NEW(arena, MlirValue, (size_t)ir->n_values)};
    value_map value_of = {0};
    stream_map_values(ir, &value_of);
    for (int32_t v = 0; v < ir->n_values; ++v)
        w.now[v] = ir->values[v].value;
    name_everything(&w);
    w.first_stream = index_streams(&w);
    clear(&w);
    for (int32_t i = 0; i < schedule->n_residents; ++i)
        emit_resident(&w, &schedule->residents[i]);
    emit_events(&w);
    link_rest(&w, &value_of);
    value_map_free(&value_of);
    stream_ir_set(func, "stream.schedule",
                  stream_save_summary(w.context, acc, &ir->graph, schedule, model, arena));
}
