#include "costs.h"

#include "cost_detail.h"
#include "ir.h"
#include "loc.h"

#include "stream-c/Dialect.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    const stream_ct_ir *ir;
    const stream_accelerator *acc;
    stream_arena *arena;
    const stream_diag *diag;
    int64_t *cycles, *energy;
    int64_t *macs, *levels; /* parts of energy */
    uint8_t *streamed;
    stream_price_stream *streams;
    int32_t *level_first;
    const char *model, **models;
} cost_reader;

static bool has_word(const char *list, const char *word) {
    size_t n = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += n)
        if ((at == list || at[-1] == ' ') && (at[n] == '\0' || at[n] == ','))
            return true;
    return false;
}

/* Every model that priced something, in the order in which they appear: "exact, simple". */
static void note_model(cost_reader *r, size_t at, MlirStringRef model) {
    const char *text = model.length ? stream_ir_strdup(r->arena, model) : "user";
    r->models[at] = text;
    if (!r->model) {
        r->model = text;
    } else if (!has_word(r->model, text)) {
        size_t n = strlen(r->model) + strlen(text) + 3;
        char *both = stream_arena_alloc(r->arena, n, 1);
        snprintf(both, n, "%s, %s", r->model, text);
        r->model = both;
    }
}

static int64_t *levels_of(const cost_reader *r, int32_t kernel, int32_t core) {
    return &r->levels[(int64_t)kernel * r->level_first[r->acc->n_cores] + r->level_first[core]];
}

/* The energy that each memory of the core has in `detail`, over all operands. */
static void read_levels(cost_reader *r, int32_t kernel, int32_t core, MlirAttribute detail) {
    MlirAttribute memories = stream_ir_entry(detail, "memory_energy_fj");
    int64_t *levels = levels_of(r, kernel, core);
    for (int32_t m = 0; m < r->acc->cores[core].n_memories; ++m) {
        MlirAttribute operands = stream_ir_entry(memories, r->acc->cores[core].memories[m].name);
        intptr_t n = mlirAttributeIsNull(operands) || !mlirAttributeIsADictionary(operands)
                         ? 0
                         : mlirDictionaryAttrGetNumElements(operands);
        for (intptr_t o = 0; o < n; ++o) {
            int64_t fj;
            if (stream_ir_as_i64(mlirDictionaryAttrGetElement(operands, o).attribute, &fj))
                levels[m] += fj;
        }
    }
}

static void read_streams(cost_reader *r, size_t at, MlirAttribute detail) {
    stream_operand_stream streams[STREAM_N_OPERANDS];
    stream_load_cost_streams(detail, &r->streamed[at], streams);
    for (size_t o = 0; o < STREAM_N_OPERANDS; ++o)
        r->streams[at * STREAM_N_OPERANDS + o] =
            (stream_price_stream){.read_bits = streams[o].read_bits,
                                  .write_bits = streams[o].write_bits,
                                  .read_rate = streams[o].read_bits_per_cycle,
                                  .write_rate = streams[o].write_bits_per_cycle,
                                  .offchip_fj = streams[o].offchip_fj,
                                  .buffer_bits = streams[o].buffer_bits};
}

static stream_status read_entry(cost_reader *r, int32_t kernel, MlirAttribute attr) {
    if (!stream_attr_is_cost(attr))
        return stream_error(r->diag, STREAM_INVALID, stream_loc_of(r->ir->kernel_ops[kernel]),
                            "stream.costs is a list of #stream.cost");
    stream_cost_attr cost = stream_cost_attr_value(attr);
    int32_t core = stream_core_by_name(r->acc, cost.core);
    if (core < 0)
        return stream_error(r->diag, STREAM_INVALID, stream_loc_of(r->ir->kernel_ops[kernel]),
                            "kernel '%s' has a price on core '%.*s', which '%s' does not have",
                            r->ir->graph.kernels[kernel].name, (int)cost.core.length,
                            cost.core.data, r->acc->name);
    size_t at = (size_t)kernel * (size_t)r->acc->n_cores + (size_t)core;
    if (r->cycles[at] >= 0)
        return stream_error(r->diag, STREAM_INVALID, stream_loc_of(r->ir->kernel_ops[kernel]),
                            "kernel '%s' has two prices on core '%s'",
                            r->ir->graph.kernels[kernel].name, r->acc->cores[core].name);
    r->cycles[at] = cost.cycles;
    r->energy[at] = cost.energy_fj;
    r->macs[at] = cost.mac_energy_fj;
    read_levels(r, kernel, core, cost.detail);
    read_streams(r, at, cost.detail);
    note_model(r, at, cost.model);
    return STREAM_OK;
}

/* Cores without an entry of their own take that of their class. */
static void spread(cost_reader *r, int32_t kernel) {
    size_t row = (size_t)kernel * (size_t)r->acc->n_cores;
    for (int32_t c = 0; c < r->acc->n_cores; ++c) {
        size_t at = row + (size_t)c, from = row + (size_t)r->acc->class_of[c];
        if (r->cycles[at] < 0) {
            r->cycles[at] = r->cycles[from];
            r->energy[at] = r->energy[from];
            r->macs[at] = r->macs[from];
            r->streamed[at] = r->streamed[from];
            r->models[at] = r->models[from];
            memcpy(&r->streams[at * STREAM_N_OPERANDS], &r->streams[from * STREAM_N_OPERANDS],
                   STREAM_N_OPERANDS * sizeof *r->streams);
            memcpy(levels_of(r, kernel, c), levels_of(r, kernel, r->acc->class_of[c]),
                   (size_t)r->acc->cores[c].n_memories * sizeof *r->levels);
        }
    }
}

static stream_status read_kernel(cost_reader *r, int32_t kernel) {
    MlirAttribute costs = stream_ir_attr(r->ir->kernel_ops[kernel], "stream.costs");
    if (stream_ir_length(costs) == 0)
        return stream_error(r->diag, STREAM_INVALID, stream_loc_of(r->ir->kernel_ops[kernel]),
                            "kernel '%s' has no stream.costs: run stream-annotate-cost first",
                            r->ir->graph.kernels[kernel].name);
    for (intptr_t i = 0; i < stream_ir_length(costs); ++i)
        STREAM_TRY(read_entry(r, kernel, mlirArrayAttrGetElement(costs, i)));
    spread(r, kernel);
    return STREAM_OK;
}

stream_status stream_load_costs(const stream_ct_ir *ir, const stream_accelerator *acc,
                                stream_arena *arena, const stream_diag *diag,
                                stream_cost_tables *out) {
    size_t n = (size_t)ir->graph.n_kernels * (size_t)acc->n_cores;
    cost_reader r = {.ir = ir, .acc = acc, .arena = arena, .diag = diag};
    r.cycles = STREAM_NEW(arena, int64_t, n);
    r.energy = STREAM_NEW(arena, int64_t, n);
    r.macs = STREAM_NEW(arena, int64_t, n);
    r.streamed = STREAM_NEW(arena, uint8_t, n);
    r.streams = STREAM_NEW(arena, stream_price_stream, n * STREAM_N_OPERANDS);
    r.level_first = STREAM_NEW(arena, int32_t, (size_t)acc->n_cores + 1);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        r.level_first[c + 1] = r.level_first[c] + acc->cores[c].n_memories;
    r.models = STREAM_NEW(arena, const char *, n);
    r.levels = STREAM_NEW(arena, int64_t,
                          (size_t)ir->graph.n_kernels * (size_t)r.level_first[acc->n_cores]);
    for (size_t i = 0; i < n; ++i)
        r.cycles[i] = r.energy[i] = -1;
    for (int32_t k = 0; k < ir->graph.n_kernels; ++k)
        STREAM_TRY(read_kernel(&r, k));
    *out = (stream_cost_tables){.cycles = r.cycles,
                                .energy_fj = r.energy,
                                .parts = {r.macs, r.level_first, r.levels},
                                .streams = {r.streamed, r.streams},
                                .model = r.model ? r.model : "none",
                                .models = r.models};
    return STREAM_OK;
}
