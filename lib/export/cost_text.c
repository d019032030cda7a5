/* Costs of layers as a person reads them; see stream/export/cost.h. */

#include "cost_names.h"
#include "cost_table.h"
#include "write.h"

#include <string.h>

typedef struct {
    const stream_cost_result *result;
    stream_cost_use use;
    int memory_width, operand_width;
    stream_text *out;
} writer;

static void cycles(const writer *w, const char *what, double value) {
    stream_text number = {0};
    double all = w->result->cost.total2_cycles;
    stream_write_cycles(&number, value);
    stream_text_print(w->out, "    %-14s %16s  %5.1f %%\n", what, number.data,
                      all > 0 ? 100 * value / all : 0);
    stream_text_free(&number);
}

static void latency(const writer *w) {
    const stream_mapping_cost *c = &w->result->cost;
    stream_text number = {0};
    stream_write_cycles(&number, c->total2_cycles);
    stream_text_print(w->out, "  %-16s %16s cycles\n", "latency", number.data);
    stream_text_free(&number);
    cycles(w, "computation", (double)c->temporal_cycles);
    cycles(w, "stalls", (double)c->stall_cycles);
    cycles(w, "on-loading", c->onload_cycles);
    cycles(w, "off-loading", c->offload_cycles);
    if (w->result->problem.drain_cycles)
        cycles(w, "draining", (double)w->result->problem.drain_cycles);
    double ideal = (double)c->ideal_cycles;
    stream_text_print(
        w->out,
        "  utilization      %.1f %% of the array, %.1f %% with stalls, %.1f %% in all "
        "(ideal: ",
        100 * ideal / (double)c->temporal_cycles, 100 * ideal / c->total0_cycles,
        100 * ideal / c->total2_cycles);
    stream_write_grouped(w->out, c->ideal_cycles);
    stream_text_str(w->out, " cycles)\n");
}

static void energy(const writer *w) {
    const stream_mapping_cost *c = &w->result->cost;
    stream_text_str(w->out, "  energy           ");
    stream_text_scaled(w->out, c->energy_pj, "J", -12);
    stream_text_str(w->out, ": MACs ");
    stream_text_scaled(w->out, c->mac_energy_pj, "J", -12);
    stream_text_str(w->out, ", memories ");
    stream_text_scaled(w->out, c->memory_energy_pj, "J", -12);
    stream_text_str(w->out, "\n\n");
}

static void widths(writer *w) {
    const stream_mapping_problem *p = &w->result->problem;
    w->memory_width = (int)strlen("memory");
    w->operand_width = (int)strlen("operand");
    for (int32_t m = 0; m < p->n_memories; ++m)
        if ((int)strlen(p->memories[m].name) > w->memory_width)
            w->memory_width = (int)strlen(p->memories[m].name);
    for (int32_t o = 0; o < p->n_operands; ++o)
        if ((int)strlen(p->nest.operands[o].name) > w->operand_width)
            w->operand_width = (int)strlen(p->nest.operands[o].name);
}

static void column(const writer *w, int width, double value) {
    stream_text number = {0};
    stream_write_cycles(&number, value);
    stream_text_print(w->out, "  %*s", width, number.data);
    stream_text_free(&number);
}

/* Room for a second buffer, beside what the memory holds of all operands. */
static bool fits_twice(const writer *w, int32_t m, int32_t o, int32_t l) {
    const stream_map_memory *memory = &w->result->problem.memories[m];
    int64_t left = memory->size_bits;
    for (int32_t k = 0; k < memory->n_operands; ++k)
        left -= w->use.content_bits[memory->operand[k]][memory->level[k]];
    return w->use.content_bits[o][l] <= left;
}

/* Whether it fits twice. */
static bool memory_row(const writer *w, int32_t m, int32_t o, int32_t l) {
    const stream_mapping_problem *p = &w->result->problem;
    const double *a = w->result->accesses.accesses[o][l];
    double pj = w->result->accesses.energy_pj[o][l];
    bool twice = fits_twice(w, m, o, l);
    stream_text scaled = {0};
    stream_text_scaled(&scaled, pj, "J", -12);
    stream_text_print(w->out, "  %-*s  %-*s", w->memory_width, p->memories[m].name,
                      w->operand_width, p->nest.operands[o].name);
    column(w, 12, (double)w->use.content_bits[o][l]);
    stream_text_print(w->out, " %s  %5.1f %%", twice ? "x2" : "  ",
                      100 * (double)w->use.content_bits[o][l] / (double)p->memories[m].size_bits);
    column(w, 14, a[STREAM_TO_HIGH] + a[STREAM_TO_LOW]);
    column(w, 14, a[STREAM_FROM_HIGH] + a[STREAM_FROM_LOW]);
    stream_text_print(w->out, "  %10s  %5.1f %%\n", scaled.data,
                      100 * pj / w->result->cost.energy_pj);
    stream_text_free(&scaled);
    return twice;
}

static void memories(const writer *w) {
    const stream_mapping_problem *p = &w->result->problem;
    bool any = false;
    stream_text_print(w->out, "  %-*s  %-*s  %12s     %7s  %14s  %14s  %10s  %7s\n",
                      w->memory_width, "memory", w->operand_width, "operand", "bits held",
                      "of size", "reads", "writes", "energy", "of all");
    for (int32_t m = 0; m < p->n_memories; ++m)
        for (int32_t k = 0; k < p->memories[m].n_operands; ++k)
            any |= memory_row(w, m, p->memories[m].operand[k], p->memories[m].level[k]);
    if (any)
        stream_text_str(w->out, "  x2: a second buffer fits beside what the memory holds, so that "
                                "the next data are loaded in time\n");
    stream_text_str(w->out, "\n");
}

/* "; 2 equal layers: a, b" */
static void equal_layers(const stream_export_cost *e, int32_t i, stream_text *out) {
    int32_t later = stream_export_cost_later(e, i);
    if (later == 0)
        return;
    stream_text_print(out, "; %d equal layer%s: ", later, later > 1 ? "s" : "");
    for (int32_t k = i + 1, n = 0; k < e->n_layers; ++k)
        if (e->layers[k].result == e->layers[i].result)
            stream_text_print(out, "%s%s", n++ ? ", " : "", e->layers[k].name);
}

static void head(const stream_export_cost *e, int32_t i, stream_text *out) {
    const stream_export_cost_layer *layer = &e->layers[i];
    stream_text_str(out, layer->name);
    if (layer->op_type)
        stream_text_print(out, " (%s)", layer->op_type);
    if (!layer->result) {
        stream_text_print(out, ": not priced: %s\n\n", layer->error ? layer->error : "");
        return;
    }
    stream_text_print(out, " on %s: ", e->core->name);
    stream_write_cycles(out, layer->result->problem.macs);
    stream_text_print(out, " MACs; model %s, best %s", stream_cost_model_name(e->options->model),
                      stream_export_objective_name(e->options->objective));
    if (layer->result->proven)
        stream_text_str(out, ", proven");
    else if (layer->result->bound > 0)
        stream_text_print(out, ", not proven: at least %.6g", layer->result->bound);
    equal_layers(e, i, out);
    stream_text_str(out, "\n\n");
}

static void one(const stream_export_cost *e, int32_t i, bool loops, stream_text *out) {
    const stream_export_cost_layer *layer = &e->layers[i];
    writer w = {.result = layer->result, .out = out};
    if (stream_export_cost_first(e, i) != i)
        return;
    head(e, i, out);
    if (!layer->result)
        return;
    stream_cost_use_of(layer->result, &w.use);
    widths(&w);
    latency(&w);
    energy(&w);
    memories(&w);
    if (loops) {
        stream_export_cost_loops(layer, out);
        stream_text_str(out, "\n");
    }
    if (layer->explanation) {
        stream_export_cost_explanation(layer, e->options->objective, out);
        stream_text_str(out, "\n");
    }
    if (layer->n_changes > 0) {
        stream_export_cost_changes(layer, out);
        stream_text_str(out, "\n");
    }
}

static void total(const stream_export_cost *e, stream_text *out) {
    double all_cycles = 0, pj = 0, macs = 0;
    int32_t n = 0, different = 0;
    for (int32_t i = 0; i < e->n_layers; ++i) {
        const stream_cost_result *r = e->layers[i].result;
        if (!r)
            continue;
        different += stream_export_cost_first(e, i) == i;
        all_cycles += r->cost.total2_cycles;
        pj += r->cost.energy_pj;
        macs += r->problem.macs;
        ++n;
    }
    stream_text_print(out, "%s on %s: %d of %d layers", e->network, e->core->name, n, e->n_layers);
    if (different < n)
        stream_text_print(out, " (%d different)", different);
    stream_text_str(out, ", ");
    stream_write_cycles(out, macs);
    stream_text_str(out, " MACs, ");
    stream_write_cycles(out, all_cycles);
    stream_text_str(out, " cycles, ");
    stream_text_scaled(out, pj, "J", -12);
    stream_text_print(out, ", EDP %.4g pJ x cycles\n", pj * all_cycles);
}

void stream_export_cost_text(const stream_export_cost *e, bool loops, stream_text *out) {
    for (int32_t i = 0; i < e->n_layers; ++i)
        one(e, i, loops, out);
    if (e->n_layers > 1)
        stream_export_cost_table(e, out);
    total(e, out);
}
