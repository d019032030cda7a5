/* stream.schedule, the summary dictionary <-> stream_schedule_summary. */

#include "schedule.h"

#include "accelerator.h"
#include "ir.h"
#include "loc.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const char *stream_bound_kind_name(stream_bound_kind kind) {
    switch (kind) {
    case STREAM_BOUND_COMPUTE:
        return "compute";
    case STREAM_BOUND_OFFCHIP:
        return "offchip";
    case STREAM_BOUND_CRITICAL_PATH:
        return "critical-path";
    case STREAM_BOUND_LINK:
        return "link";
    case STREAM_BOUND_ASSIGNMENT:
        return "assignment";
    case STREAM_BOUND_NETWORK:
        return "network";
    }
    return "?";
}

/* Its plain integers: name and field. */
#define INTEGERS(X)                                                                                \
    X(latency_cycles)                                                                              \
    X(energy_fj)                                                                                   \
    X(compute_energy_fj)                                                                           \
    X(link_energy_fj)                                                                              \
    X(memory_energy_fj)                                                                            \
    X(static_energy_fj)                                                                            \
    X(mac_energy_fj)                                                                               \
    X(offchip_energy_fj)                                                                           \
    X(eviction_energy_fj)                                                                          \
    X(lower_bound_cycles)                                                                          \
    X(energy_bound_fj)                                                                             \
    X(offchip_read_bits)                                                                           \
    X(offchip_write_bits)

/* ---- save */

static bool computes(const stream_accelerator *acc, int32_t core) {
    return acc->cores[core].kind == STREAM_CORE_COMPUTE;
}

static MlirAttribute save_cores(MlirContext context, const stream_accelerator *acc,
                                const stream_schedule_summary *s, stream_arena *arena) {
    MlirAttribute *list = STREAM_NEW(arena, MlirAttribute, (size_t)acc->n_cores);
    intptr_t n = 0;
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        MlirNamedAttribute entries[] = {
            stream_ir_named(context, "core", stream_ir_symbol(context, acc->cores[c].name)),
            stream_ir_named(context, "busy_cycles", stream_ir_i64(context, s->busy_cycles[c]))};
        if (computes(acc, c))
            list[n++] = stream_ir_dictionary(context, 2, entries);
    }
    return stream_ir_array(context, n, list);
}

static MlirAttribute save_memories(MlirContext context, const stream_accelerator *acc,
                                   const stream_schedule_summary *s, stream_arena *arena) {
    MlirAttribute *list = STREAM_NEW(arena, MlirAttribute, (size_t)acc->n_instances);
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        MlirNamedAttribute entries[] = {
            stream_ir_named(context, "memory", stream_instance_symbol(context, acc, i)),
            stream_ir_named(context, "peak_bits", stream_ir_i64(context, s->peak_bits[i])),
            stream_ir_named(context, "capacity_bits",
                            stream_ir_i64(context, acc->instances[i].size_bits))};
        list[i] = stream_ir_dictionary(context, 3, entries);
    }
    return stream_ir_array(context, acc->n_instances, list);
}

/* MLIR writes whole floats of more than seven digits in hexadecimal: these are integers here. */
static MlirAttribute save_real(MlirContext context, double value) {
    char seven_digits[32];
    snprintf(seven_digits, sizeof seven_digits, "%.6e", value);
    bool whole = fabs(value) < 0x1p63 && value == floor(value);
    return whole && strtod(seven_digits, NULL) != value ? stream_ir_i64(context, (int64_t)value)
                                                        : stream_ir_f64(context, value);
}

MlirAttribute stream_save_summary(MlirContext context, const stream_accelerator *acc,
                                  const stream_ct_graph *graph, const stream_schedule *schedule,
                                  const char *model, stream_arena *arena) {
    const stream_schedule_summary *s = &schedule->summary;
    MlirNamedAttribute entries[] = {
#define X(name) stream_ir_named(context, #name, stream_ir_i64(context, s->name)),
        INTEGERS(X)
#undef X
            stream_ir_named(context, "edp", save_real(context, s->edp)),
        stream_ir_named(context, "bound",
                        stream_ir_string(context, stream_bound_kind_name(s->bound_kind))),
        stream_ir_named(context, "ct_count", stream_ir_i64(context, graph->n_cts)),
        stream_ir_named(context, "transfer_count", stream_ir_i64(context, schedule->n_transfers)),
        stream_ir_named(context, "cores", save_cores(context, acc, s, arena)),
        stream_ir_named(context, "memories", save_memories(context, acc, s, arena)),
        stream_ir_named(context, "model", stream_ir_string(context, model))};
    return stream_ir_dictionary(context, (intptr_t)(sizeof entries / sizeof *entries), entries);
}

/* ---- load */

typedef struct {
    MlirOperation func;
    MlirAttribute dictionary;
    const stream_accelerator *acc;
    const stream_diag *diag;
} reader;

static stream_status integer(const reader *r, MlirAttribute dictionary, const char *name,
                             int64_t *out) {
    if (stream_ir_as_i64(stream_ir_entry(dictionary, name), out))
        return STREAM_OK;
    return stream_error(r->diag, STREAM_INVALID, stream_loc_of(r->func),
                        "stream.schedule has no integer '%s'", name);
}

static bool load_real(MlirAttribute attr, double *out) {
    int64_t whole;
    if (!stream_ir_as_i64(attr, &whole))
        return stream_ir_as_f64(attr, out);
    *out = (double)whole;
    return true;
}

static stream_status load_bound(const reader *r, stream_bound_kind *out) {
    MlirStringRef text = {0};
    stream_ir_as_string(stream_ir_entry(r->dictionary, "bound"), &text);
    for (int kind = STREAM_BOUND_COMPUTE; kind <= STREAM_BOUND_NETWORK; ++kind)
        if (stream_ir_str_is(text, stream_bound_kind_name((stream_bound_kind)kind))) {
            *out = (stream_bound_kind)kind;
            return STREAM_OK;
        }
    return stream_error(r->diag, STREAM_INVALID, stream_loc_of(r->func),
                        "stream.schedule must have a 'bound' of \"compute\", \"offchip\", "
                        "\"critical-path\", \"link\", \"assignment\" or \"network\"");
}

/* Which core or memory an entry of a list is about; -1: none. */
typedef int32_t (*finder)(const stream_accelerator *acc, MlirAttribute symbol);

static int32_t find_core(const stream_accelerator *acc, MlirAttribute symbol) {
    MlirStringRef name;
    if (mlirAttributeIsNull(symbol) || !stream_ir_as_symbol(symbol, &name))
        return -1;
    return stream_core_by_name(acc, name);
}

/* values[id] of each entry {key = symbol, value = integer}; what is not listed is 0. */
static stream_status load_list(const reader *r, const char *list_name, const char *key, finder find,
                               const char *value, int64_t *values) {
    MlirAttribute list = stream_ir_entry(r->dictionary, list_name);
    for (intptr_t i = 0; i < stream_ir_length(list); ++i) {
        MlirAttribute entry = mlirArrayAttrGetElement(list, i);
        bool is_entry = mlirAttributeIsADictionary(entry);
        int32_t id = is_entry ? find(r->acc, stream_ir_entry(entry, key)) : -1;
        if (id < 0)
            return stream_error(r->diag, STREAM_INVALID, stream_loc_of(r->func),
                                "entry %" PRIdPTR " of '%s' in stream.schedule names no %s of '%s'",
                                i, list_name, key, r->acc->name);
        STREAM_TRY(integer(r, entry, value, &values[id]));
    }
    return STREAM_OK;
}

/* A count in the summary that is not what stands in the function. */
static stream_status count(const reader *r, const char *name, int32_t is) {
    int64_t said = 0;
    STREAM_TRY(integer(r, r->dictionary, name, &said));
    if (said != is)
        return stream_error(r->diag, STREAM_INVALID, stream_loc_of(r->func),
                            "R12: the summary says %s = %" PRId64 "; the function has %" PRId32,
                            name, said, is);
    return STREAM_OK;
}

stream_status stream_load_summary(MlirOperation func, const stream_accelerator *acc, int32_t n_cts,
                                  int32_t n_transfers, stream_arena *arena, const stream_diag *diag,
                                  stream_schedule_summary *out) {
    reader r = {func, stream_ir_attr(func, "stream.schedule"), acc, diag};
    if (mlirAttributeIsNull(r.dictionary) || !mlirAttributeIsADictionary(r.dictionary))
        return stream_error(diag, STREAM_INVALID, stream_loc_of(func),
                            "the function has no stream.schedule: run stream-schedule first");
    int64_t *busy = STREAM_NEW(arena, int64_t, (size_t)acc->n_cores);
    int64_t *peak = STREAM_NEW(arena, int64_t, (size_t)acc->n_instances);
    *out = (stream_schedule_summary){.busy_cycles = busy, .peak_bits = peak};
#define X(name) STREAM_TRY(integer(&r, r.dictionary, #name, &out->name));
    INTEGERS(X)
#undef X
    if (!load_real(stream_ir_entry(r.dictionary, "edp"), &out->edp))
        return stream_error(diag, STREAM_INVALID, stream_loc_of(func),
                            "stream.schedule has no number 'edp'");
    STREAM_TRY(load_bound(&r, &out->bound_kind));
    STREAM_TRY(load_list(&r, "cores", "core", find_core, "busy_cycles", busy));
    STREAM_TRY(load_list(&r, "memories", "memory", stream_instance_by_symbol, "peak_bits", peak));
    STREAM_TRY(count(&r, "ct_count", n_cts));
    return count(&r, "transfer_count", n_transfers);
}
