/* JSON summary; see stream/export/export.h. */

#include "json_energy.h"
#include "layer_models.h"
#include "names.h"
#include "occupied.h"
#include "stream/export/export.h"
#include "stream/schedule/energy.h"
#include "utilization.h"
#include "write.h"

typedef struct {
    const stream_export *e;
    stream_utilization use;
    const int64_t *extents;
    stream_text *out;
} writer;

static void key(writer *w, const char *indent, const char *name) {
    stream_text_print(w->out, "%s\"%s\": ", indent, name);
}

static void text_field(writer *w, const char *name, const char *value) {
    key(w, "  ", name);
    stream_write_string(w->out, value);
    stream_text_str(w->out, ",\n");
}

static void integer_field(writer *w, const char *name, int64_t value) {
    key(w, "  ", name);
    stream_text_print(w->out, "%lld,\n", (long long)value);
}

static const char *bound_name(stream_bound_kind kind) {
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
    return "unknown";
}

static void write_energy(writer *w, const stream_schedule_summary *s) {
    key(w, "  ", "energy_pj");
    stream_write_pj(w->out, s->energy_fj);
    stream_text_str(w->out, ",\n  \"energy\": {\"compute_pj\": ");
    stream_write_pj(w->out, s->compute_energy_fj);
    stream_text_str(w->out, ", \"link_pj\": ");
    stream_write_pj(w->out, s->link_energy_fj);
    stream_text_str(w->out, ", \"memory_pj\": ");
    stream_write_pj(w->out, s->memory_energy_fj);
    stream_text_str(w->out, ", \"static_pj\": ");
    stream_write_pj(w->out, s->static_energy_fj);
    stream_text_str(w->out, ",\n    \"of_which\": {\"mac_pj\": ");
    stream_write_pj(w->out, s->mac_energy_fj);
    stream_text_str(w->out, ", \"offchip_pj\": ");
    stream_write_pj(w->out, s->offchip_energy_fj);
    stream_text_str(w->out, ", \"eviction_pj\": ");
    stream_write_pj(w->out, s->eviction_energy_fj);
    stream_text_str(w->out, "}},\n  \"energy_by\": ");
    stream_export_json_energy(w->e, w->out);
    stream_text_str(w->out, ",\n");
}

static const char *core_kind(stream_core_kind kind) {
    switch (kind) {
    case STREAM_CORE_COMPUTE:
        return "compute";
    case STREAM_CORE_MEMORY:
        return "memory";
    case STREAM_CORE_SHIM:
        return "shim";
    case STREAM_CORE_OFFCHIP:
        return "offchip";
    }
    return "unknown";
}

/* Percent of each of the equal parts of the latency. */
static void write_over_time(writer *w, const stream_use *use) {
    stream_text_str(w->out, ", \"over_time\": [");
    for (int32_t k = 0; k < STREAM_UTILIZATION_PARTS; ++k)
        stream_text_print(w->out, "%s%d", k ? ", " : "", use->percent[k]);
    stream_text_str(w->out, "]");
}

static int32_t cts_on(const stream_export *e, int32_t core) {
    int32_t n = 0;
    for (int32_t i = 0; i < e->problem->graph->n_cts; ++i)
        n += e->schedule->slots[i].core == core;
    return n;
}

static void write_cores(writer *w) {
    const stream_accelerator *acc = w->e->problem->acc;
    const stream_schedule_summary *s = &w->e->schedule->summary;
    stream_text_str(w->out, "  \"cores\": [");
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        stream_text_print(w->out, "%s\n    {\"name\": ", c ? "," : "");
        stream_write_string(w->out, acc->cores[c].name);
        stream_text_print(w->out, ", \"kind\": \"%s\", \"type\": ", core_kind(acc->cores[c].kind));
        stream_write_string(w->out, acc->cores[c].type_name);
        stream_text_print(
            w->out, ", \"busy_cycles\": %lld, \"utilization\": ", (long long)s->busy_cycles[c]);
        stream_write_real(w->out, stream_part(s->busy_cycles[c], s->latency_cycles));
        stream_text_print(w->out, ", \"ct_count\": %d", cts_on(w->e, c));
        write_over_time(w, &w->use.cores[c]);
        stream_text_str(w->out, "}");
    }
    stream_text_str(w->out, "\n  ],\n");
}

/* Links and ports that carry something. */
static void write_resources(writer *w) {
    const stream_accelerator *acc = w->e->problem->acc;
    const char *separator = "";
    stream_text_str(w->out, "  \"resources\": [");
    for (int32_t r = 0; r < acc->n_resources; ++r) {
        if (w->use.resources[r].share <= 0)
            continue;
        stream_text name = {0};
        stream_export_resource_name(acc, r, &name);
        stream_text_print(w->out, "%s\n    {\"name\": ", separator);
        stream_write_string(w->out, name.data);
        stream_text_print(w->out, ", \"kind\": \"%s\", \"bits_per_cycle\": %lld, \"utilization\": ",
                          acc->resources[r].kind == STREAM_RESOURCE_LINK ? "link" : "port",
                          (long long)acc->resources[r].bandwidth_bits);
        stream_write_real(w->out, w->use.resources[r].share);
        write_over_time(w, &w->use.resources[r]);
        stream_text_str(w->out, "}");
        stream_text_free(&name);
        separator = ",";
    }
    stream_text_str(w->out, "\n  ],\n");
}

static void write_memories(writer *w) {
    const stream_accelerator *acc = w->e->problem->acc;
    const int64_t *peaks = w->e->schedule->summary.peak_bits;
    stream_text_str(w->out, "  \"memories\": [");
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        stream_text name = {0};
        stream_export_instance_name(acc, i, &name);
        stream_text_print(w->out, "%s\n    {\"name\": ", i ? "," : "");
        stream_write_string(w->out, name.data);
        stream_text_print(
            w->out,
            ", \"capacity_bits\": %lld, \"peak_bits\": %lld, \"extent_bits\": %lld, \"fragmentation\": ",
            (long long)acc->instances[i].size_bits, (long long)peaks[i], (long long)w->extents[i]);
        stream_write_real(w->out,
                          stream_part(w->extents[i] - peaks[i], acc->instances[i].size_bits));
        stream_text_str(w->out, "}");
        stream_text_free(&name);
    }
    stream_text_str(w->out, "\n  ],\n");
}

typedef struct {
    int32_t cts;
    int64_t first, last;
} layer_span;

static void write_models(writer *w, const stream_layer_models *of) {
    stream_text_str(w->out, ", \"models\": [");
    for (int32_t i = 0; i < of->n; ++i) {
        stream_text_str(w->out, i ? ", " : "");
        stream_write_string(w->out, of->names[i]);
    }
    stream_text_str(w->out, "]");
}

static void write_layers(writer *w) {
    const stream_ct_graph *graph = w->e->problem->graph;
    stream_arena *arena = stream_arena_create();
    layer_span *span = STREAM_NEW(arena, layer_span, (size_t)graph->n_layers);
    for (int32_t i = 0; i < graph->n_cts; ++i) {
        layer_span *s = &span[graph->cts[i].layer];
        const stream_ct_slot *slot = &w->e->schedule->slots[i];
        s->first = s->cts == 0 || slot->start < s->first ? slot->start : s->first;
        s->last = slot->end > s->last ? slot->end : s->last;
        s->cts++;
    }
    const stream_layer_models *models = stream_layer_models_find(w->e, arena);
    stream_text_str(w->out, "  \"layers\": [");
    for (int32_t l = 0; l < graph->n_layers; ++l) {
        stream_text_print(w->out, "%s\n    {\"name\": ", l ? "," : "");
        stream_write_string(w->out, graph->layers[l].name);
        stream_text_str(w->out, ", \"operator\": ");
        stream_write_string(w->out, graph->layers[l].op_type ? graph->layers[l].op_type : "");
        stream_text_print(w->out, ", \"ct_count\": %d, \"first_cycle\": %lld, \"last_cycle\": %lld",
                          span[l].cts, (long long)span[l].first, (long long)span[l].last);
        write_models(w, &models[l]);
        stream_text_str(w->out, "}");
    }
    stream_text_str(w->out, "\n  ]\n");
    stream_arena_destroy(arena);
}

/* What CTs stream (rule R9): one entry per CT and operand class. */
static void write_streams(writer *w) {
    const stream_schedule_problem *p = w->e->problem;
    stream_text_str(w->out, "  \"streams\": [");
    for (int32_t i = 0; i < w->e->schedule->n_streams; ++i) {
        const stream_ct_stream *s = &w->e->schedule->streams[i];
        const stream_price_stream *price = stream_ct_stream_price(p, w->e->schedule, s);
        const char *tensor = p->graph->tensors[stream_ct_stream_tensor(p->graph, s)].name;
        stream_text_print(w->out,
                          "%s\n    {\"ct\": %d, \"operand\": \"%s\", \"tensor\": ", i ? "," : "",
                          s->ct, stream_operand_class_name((stream_operand_class)s->operand));
        stream_write_string(w->out, tensor ? tensor : "");
        stream_text_print(w->out,
                          ", \"read_bits\": %lld, \"read_bits_per_cycle\": %lld, \"write_bits\": "
                          "%lld, \"write_bits_per_cycle\": %lld}",
                          (long long)price->read_bits, (long long)s->read.rate_bits,
                          (long long)price->write_bits, (long long)s->write.rate_bits);
    }
    stream_text_str(w->out, w->e->schedule->n_streams ? "\n  ],\n" : "],\n");
}

void stream_export_json(const stream_export *e, stream_text *out) {
    stream_arena *arena = stream_arena_create();
    writer w = {.e = e, .out = out};
    stream_utilization_build(e, arena, &w.use);
    w.extents = stream_occupied_extents(e, arena);
    const stream_schedule_summary *s = &e->schedule->summary;
    stream_text_str(out, "{\n");
    text_field(&w, "network", e->network);
    text_field(&w, "accelerator", e->problem->acc->name);
    text_field(&w, "model", e->model);
    integer_field(&w, "latency_cycles", s->latency_cycles);
    write_energy(&w, s);
    key(&w, "  ", "edp");
    stream_write_real(out, s->edp);
    stream_text_str(out, ",\n");
    integer_field(&w, "lower_bound_cycles", s->lower_bound_cycles);
    text_field(&w, "bound", bound_name(s->bound_kind));
    key(&w, "  ", "gap");
    stream_write_real(
        out, stream_part(s->latency_cycles - s->lower_bound_cycles, s->lower_bound_cycles));
    stream_text_str(out, ",\n");
    int64_t energy_bound = s->energy_bound_fj;
    key(&w, "  ", "energy_bound_pj");
    stream_write_pj(out, energy_bound);
    stream_text_str(out, ",\n  \"energy_gap\": ");
    stream_write_real(out, stream_part(s->energy_fj - energy_bound, energy_bound));
    stream_text_str(out, ",\n");
    integer_field(&w, "ct_count", e->problem->graph->n_cts);
    integer_field(&w, "transfer_count", e->schedule->n_transfers);
    stream_text_print(out, "  \"offchip\": {\"read_bits\": %lld, \"write_bits\": %lld},\n",
                      (long long)s->offchip_read_bits, (long long)s->offchip_write_bits);
    write_streams(&w);
    write_cores(&w);
    write_resources(&w);
    write_memories(&w);
    write_layers(&w);
    stream_text_str(out, "}\n");
    stream_arena_destroy(arena);
}
