/* The data of the HTML page; see html_data.h. */

#include "html_data.h"

#include "html_index.h"
#include "names.h"
#include "utilization.h"
#include "write.h"

#include <string.h>

typedef struct {
    const stream_report *r;
    const stream_export *e;
    const stream_accelerator *acc;
    const stream_ct_graph *g;
    stream_arena *arena;
    stream_html_index index;
    stream_utilization use;
    stream_text *out;
} writer;

static void key(writer *w, const char *name) {
    stream_text_print(w->out, ",\"%s\":", name);
}

static void integer(writer *w, const char *name, int64_t value) {
    stream_text_print(w->out, ",\"%s\":%lld", name, (long long)value);
}

static void text(writer *w, const char *name, const char *value) {
    key(w, name);
    stream_write_string(w->out, value ? value : "");
}

/* One more number of an array. */
static void number(writer *w, bool first, int64_t value) {
    stream_text_print(w->out, first ? "%lld" : ",%lld", (long long)value);
}

static void write_words(writer *w) {
    stream_text words = {0};
    const char *separator = "";
    stream_report_words(w->r, &words);
    key(w, "words");
    stream_text_str(w->out, "[");
    for (size_t i = 0; i < words.length; i += strlen(words.data + i) + 1) {
        stream_text_str(w->out, separator);
        stream_write_string(w->out, words.data + i);
        separator = ",";
    }
    stream_text_str(w->out, "]");
    stream_text_free(&words);
}

static void write_summary(writer *w) {
    const stream_schedule_summary *s = &w->e->schedule->summary;
    stream_text_str(w->out, "{\"network\":");
    stream_write_string(w->out, w->e->network);
    text(w, "accelerator", w->acc->name);
    text(w, "model", w->e->model);
    integer(w, "latency", s->latency_cycles);
    integer(w, "bound", s->lower_bound_cycles);
    text(w, "boundKind", stream_export_bound_text(s->bound_kind));
    integer(w, "fj", s->energy_fj);
    integer(w, "fjBound", s->energy_bound_fj);
    key(w, "edp");
    stream_write_real(w->out, s->edp);
    integer(w, "read", s->offchip_read_bits);
    integer(w, "written", s->offchip_write_bits);
    integer(w, "idle", w->r->idle);
    integer(w, "offchip", w->acc->offchip_instance);
    key(w, "traffic");
    for (int k = 0; k < STREAM_REPORT_KINDS; ++k)
        stream_text_print(w->out, "%s[\"%s\",%lld,%lld,%lld]", k ? "," : "[",
                          stream_report_kind_name(k), (long long)w->r->traffic[k].read,
                          (long long)w->r->traffic[k].write, (long long)w->r->traffic[k].again);
    stream_text_str(w->out, "]");
}

static int64_t sum_of(const int64_t *fj, int32_t from, int32_t until) {
    int64_t sum = 0;
    for (int32_t i = from; i < until; ++i)
        sum += fj[i];
    return sum;
}

static int64_t memories_of_core(const stream_energy *energy, int32_t core) {
    return sum_of(energy->levels_fj, energy->level_first[core], energy->level_first[core + 1]);
}

/* By place; the parts add up to the total. */
static void write_energy(writer *w) {
    const stream_energy *energy = &w->r->energy;
    int64_t mac = 0, other = 0, offchip = energy->instances_fj[w->acc->offchip_instance];
    for (int32_t c = 0; c < w->acc->n_cores; ++c) {
        mac += energy->cores[c].mac_fj;
        other += energy->cores[c].opaque_fj;
    }
    const struct {
        const char *name;
        int64_t fj;
    } parts[] = {
        {"arithmetic", mac},
        {"memories, by tiles", sum_of(energy->levels_fj, 0, energy->level_first[w->acc->n_cores])},
        {"computation, parts not known", other},
        {"links", sum_of(energy->links_fj, 0, w->acc->n_links)},
        {"memories on chip, by transfers",
         sum_of(energy->instances_fj, 0, w->acc->n_instances) - offchip},
        {"off-chip memory", offchip},
        {"standby", energy->leak_fj}};
    key(w, "energy");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; ++i)
        stream_text_print(w->out, "%s[\"%s\",%lld]", i ? "," : "[", parts[i].name,
                          (long long)parts[i].fj);
    stream_text_str(w->out, "]");
    key(w, "moves");
    for (int m = 0; m < STREAM_N_MOVES; ++m)
        stream_text_print(w->out, "%s[\"%s\",%lld,%lld]", m ? "," : "[",
                          stream_move_name((stream_move)m), (long long)energy->moves_fj[m],
                          (long long)energy->moves_bits[m]);
    stream_text_str(w->out, "]");
}

static void write_over_time(writer *w, const stream_use *use) {
    key(w, "over");
    stream_text_str(w->out, "[");
    for (int32_t k = 0; k < STREAM_UTILIZATION_PARTS; ++k)
        number(w, k == 0, use->percent[k]);
    stream_text_str(w->out, "]");
}

static void write_cores(writer *w) {
    key(w, "cores");
    for (int32_t c = 0; c < w->acc->n_cores; ++c) {
        const stream_report_core *core = &w->r->cores[c];
        stream_text_print(w->out, c ? ",{\"compute\":%d" : "[{\"compute\":%d",
                          w->acc->cores[c].kind == STREAM_CORE_COMPUTE);
        text(w, "name", w->acc->cores[c].name);
        integer(w, "cts", core->cts);
        integer(w, "busy", core->busy);
        integer(w, "before", core->before);
        integer(w, "loading", core->loading);
        integer(w, "queued", core->queued);
        integer(w, "waiting", core->waiting);
        integer(w, "after", core->after);
        const stream_core_energy *energy = &w->r->energy.cores[c];
        integer(w, "mac", energy->mac_fj);
        integer(w, "levels", memories_of_core(&w->r->energy, c));
        integer(w, "other", energy->opaque_fj);
        integer(w, "leak", energy->leak_fj);
        write_over_time(w, &w->use.cores[c]);
        stream_text_str(w->out, "}");
    }
    stream_text_str(w->out, "]");
}

static void write_curve(writer *w, const stream_curves *c, int32_t owner) {
    int64_t time = 0, value = 0;
    key(w, "curve");
    stream_text_str(w->out, "[");
    for (int32_t i = c->first[owner]; i < c->first[owner + 1]; ++i) {
        number(w, i == c->first[owner], c->steps[i].time - time);
        number(w, false, c->steps[i].value - value);
        time = c->steps[i].time;
        value = c->steps[i].value;
    }
    stream_text_str(w->out, "]");
}

static void write_memories(writer *w) {
    key(w, "memories");
    for (int32_t i = 0; i < w->acc->n_instances; ++i) {
        stream_text name = {0};
        stream_export_instance_name(w->acc, i, &name);
        stream_text_print(w->out, i ? ",{\"size\":%lld" : "[{\"size\":%lld",
                          (long long)w->acc->instances[i].size_bits);
        text(w, "name", name.data);
        integer(w, "peak", w->e->schedule->summary.peak_bits[i]);
        integer(w, "extent", w->r->extents[i]);
        write_curve(w, &w->r->occupancy, i);
        stream_text_str(w->out, "}");
        stream_text_free(&name);
    }
    stream_text_str(w->out, "]");
}

static int64_t peak_rate(const stream_curves *c, int32_t owner) {
    int64_t peak = 0;
    for (int32_t i = c->first[owner]; i < c->first[owner + 1]; ++i)
        peak = c->steps[i].value > peak ? c->steps[i].value : peak;
    return peak;
}

/* Links have their curves; ports, which are many, the figures only. */
static void write_resources(writer *w) {
    key(w, "resources");
    stream_text_str(w->out, "[");
    for (int32_t i = 0; i < w->acc->n_resources; ++i) {
        stream_text name = {0};
        bool link = w->acc->resources[i].kind == STREAM_RESOURCE_LINK;
        stream_export_resource_name(w->acc, i, &name);
        stream_text_print(w->out, i ? ",{\"link\":%d" : "{\"link\":%d", link);
        text(w, "name", name.data);
        integer(w, "width", w->acc->resources[i].bandwidth_bits);
        integer(w, "peak", peak_rate(&w->r->rates, i));
        key(w, "use");
        stream_write_real(w->out, stream_report_use(w->r, i));
        if (w->use.resources[i].share > 0)
            write_over_time(w, &w->use.resources[i]);
        if (link)
            write_curve(w, &w->r->rates, i);
        stream_text_str(w->out, "}");
        stream_text_free(&name);
    }
    stream_text_str(w->out, "]");
}

static void write_layers(writer *w) {
    key(w, "layers");
    stream_text_str(w->out, "[");
    for (int32_t l = 0; l < w->g->n_layers; ++l) {
        const stream_report_layer *layer = &w->r->layers[l];
        stream_text_print(w->out, l ? ",{\"cts\":%d" : "{\"cts\":%d", layer->cts);
        text(w, "name", w->g->layers[l].name);
        text(w, "op", w->g->layers[l].op_type);
        integer(w, "stack", layer->stack);
        integer(w, "cycles", layer->cycles);
        integer(w, "first", layer->first);
        integer(w, "last", layer->last);
        integer(w, "computeFj", w->r->energy.layers[l].compute_fj);
        integer(w, "transferFj", w->r->energy.layers[l].move_fj);
        integer(w, "read", layer->offchip_read);
        integer(w, "written", layer->offchip_write);
        integer(w, "moved", w->r->energy.layers[l].moved_bits);
        stream_text_str(w->out, "}");
    }
    stream_text_str(w->out, "]");
}

static void write_tensors(writer *w) {
    key(w, "tensors");
    stream_text_str(w->out, "[");
    for (int32_t t = 0; t < w->g->n_tensors; ++t) {
        stream_text_str(w->out, t ? ",[" : "[");
        stream_write_string(w->out, w->g->tensors[t].name);
        stream_text_print(w->out, ",%d,%d", w->r->kinds[t], w->g->tensors[t].element_bits);
        for (int32_t d = 0; d < w->g->tensors[t].rank; ++d)
            number(w, false, w->g->tensors[t].shape[d]);
        stream_text_str(w->out, "]");
    }
    stream_text_str(w->out, "]");
    key(w, "kernels");
    stream_text_str(w->out, "[");
    for (int32_t k = 0; k < w->g->n_kernels; ++k) {
        stream_text_str(w->out, k ? "," : "");
        stream_write_string(w->out, w->g->kernels[k].name);
    }
    stream_text_str(w->out, "]");
}

static void write_ids(writer *w, const int32_t *ids, int32_t n) {
    stream_text_str(w->out, ",[");
    for (int32_t i = 0; i < n; ++i)
        number(w, i == 0, ids[i]);
    stream_text_str(w->out, "]");
}

static void write_index(writer *w) {
    key(w, "shapes");
    stream_text_str(w->out, "[");
    for (int32_t i = 0; i < w->index.n_shapes; ++i) {
        const stream_box *box = w->index.shapes[i];
        stream_text_str(w->out, i ? ",[" : "[");
        for (int32_t d = 0; d < box->rank; ++d)
            number(w, d == 0, box->size[d]);
        stream_text_str(w->out, "]");
    }
    stream_text_str(w->out, "]");
    key(w, "routes");
    stream_text_str(w->out, "[");
    for (int32_t i = 0; i < w->index.n_routes; ++i) {
        const stream_transfer *t = w->index.routes[i];
        stream_text_print(w->out, i ? ",[%d,[" : "[%d,[", t->source);
        for (int32_t k = 0; k < t->n_targets; ++k)
            number(w, k == 0, t->targets[k].instance);
        stream_text_str(w->out, "]");
        write_ids(w, t->resources, t->n_resources);
        stream_text_str(w->out, "]");
    }
    stream_text_str(w->out, "]");
}

/* Row-major position of the first element of a box. */
static int64_t position(const stream_tensor *tensor, const stream_box *box) {
    int64_t at = 0;
    for (int32_t d = 0; d < box->rank; ++d)
        at = at * tensor->shape[d] + box->lo[d];
    return at;
}

/* Arrays of numbers, one per field; `value` gives field `field` of row `row`. */
static void write_columns(writer *w, const char *name, const char *const *fields, int n_fields,
                          int32_t n_rows, int64_t (*value)(const writer *, int, int32_t)) {
    key(w, name);
    for (int f = 0; f < n_fields; ++f) {
        stream_text_print(w->out, f ? ",\"%s\":[" : "{\"%s\":[", fields[f]);
        for (int32_t i = 0; i < n_rows; ++i)
            number(w, i == 0, value(w, f, i));
        stream_text_str(w->out, "]");
    }
    stream_text_str(w->out, "}");
}

static const char *const ct_fields[] = {"start", "cycles", "core",   "layer", "kernel",
                                        "shape", "at",     "tensor", "fj"};

static int64_t ct_value(const writer *w, int field, int32_t i) {
    const stream_ct *ct = &w->g->cts[i];
    const stream_ct_slot *slot = &w->e->schedule->slots[i];
    const stream_schedule_problem *p = w->e->problem;
    const int64_t values[] = {slot->start,
                              slot->end - slot->start,
                              slot->core,
                              ct->layer,
                              ct->kernel,
                              w->index.ct_shape[i],
                              position(&w->g->tensors[ct->tensor], &ct->box),
                              ct->tensor,
                              p->energy_fj[(int64_t)ct->kernel * w->acc->n_cores + slot->core]};
    return values[field];
}

static const char *const transfer_fields[] = {"start", "cycles", "tensor", "shape",  "at",
                                              "rate",  "route",  "writer", "reader", "fj"};

static int64_t transfer_value(const writer *w, int field, int32_t i) {
    const stream_transfer *t = &w->e->schedule->transfers[i];
    const int64_t values[] = {t->start - (i ? t[-1].start : 0),
                              t->end - t->start,
                              t->tensor,
                              w->index.transfer_shape[i],
                              position(&w->g->tensors[t->tensor], &t->box),
                              t->rate_bits,
                              w->index.transfer_route[i],
                              t->writer,
                              w->r->readers[i],
                              w->r->energy.transfers_fj[i]};
    return values[field];
}

/* [CT, operand, tensor, bits per cycle in, out, fJ] of each stream. */
static void write_streams(writer *w) {
    key(w, "streams");
    stream_text_str(w->out, "[");
    for (int32_t i = 0; i < w->e->schedule->n_streams; ++i) {
        const stream_ct_stream *s = &w->e->schedule->streams[i];
        stream_text_print(w->out, "%s[%d,\"%s\",%d,%lld,%lld,%lld]", i ? "," : "", s->ct,
                          stream_operand_class_name((stream_operand_class)s->operand),
                          stream_ct_stream_tensor(w->g, s), (long long)s->read.rate_bits,
                          (long long)s->write.rate_bits, (long long)w->r->energy.streams_fj[i]);
    }
    stream_text_str(w->out, "]");
}

void stream_html_data(const stream_report *r, stream_text *out) {
    writer w = {.r = r,
                .e = r->e,
                .acc = r->e->problem->acc,
                .g = r->e->problem->graph,
                .arena = stream_arena_create(),
                .out = out};
    stream_html_index_build(r->e, w.arena, &w.index);
    stream_utilization_build(r->e, w.arena, &w.use);
    write_summary(&w);
    write_energy(&w);
    write_words(&w);
    write_cores(&w);
    write_memories(&w);
    write_resources(&w);
    write_layers(&w);
    write_tensors(&w);
    write_index(&w);
    write_columns(&w, "cts", ct_fields, sizeof ct_fields / sizeof *ct_fields, w.g->n_cts, ct_value);
    write_columns(&w, "transfers", transfer_fields,
                  sizeof transfer_fields / sizeof *transfer_fields, r->e->schedule->n_transfers,
                  transfer_value);
    write_streams(&w);
    stream_text_str(out, "}");
    stream_arena_destroy(w.arena);
}
