/* Costs of layers as CSV; see stream/export/cost.h. */

#include "cost_names.h"
#include "write.h"

#include <string.h>

static const char *const direction_names[STREAM_N_DIRECTIONS] = {"fh", "fl", "th", "tl"};

/* Sums over the layers, and the figures of one. */
typedef struct {
    double macs, latency, ideal, compute, stall, onload, offload, drain;
    double energy, mac_energy, memory_energy;
    double access[STREAM_MAP_MAX_MEMORIES][STREAM_N_OPERANDS][STREAM_N_DIRECTIONS];
    double access_energy[STREAM_MAP_MAX_MEMORIES][STREAM_N_OPERANDS];
} figures;

static void text(stream_text *out, const char *s) {
    if (!strpbrk(s, ",\"\n\r")) {
        stream_text_str(out, s);
        return;
    }
    stream_text_str(out, "\"");
    for (; *s; ++s)
        stream_text_append(out, *s == '"' ? "\"\"" : s, *s == '"' ? 2 : 1);
    stream_text_str(out, "\"");
}

static void real(stream_text *out, double value) {
    stream_text_str(out, ",");
    stream_write_real(out, value);
}

static int32_t memory_count(const stream_export_cost *e) {
    return e->core->n_memories + (e->options->offchip && e->options->offchip_operands);
}

static const stream_memory *memory_at(const stream_export_cost *e, int32_t m, uint8_t *operands) {
    bool core = m < e->core->n_memories;
    const stream_memory *memory = core ? &e->core->memories[m] : e->options->offchip;
    *operands = core ? memory->operands : memory->operands & e->options->offchip_operands;
    return memory;
}

static void header(const stream_export_cost *e, stream_text *out) {
    stream_text_str(out, "layer,operator,error,model,objective,proven,bound,macs,latency_cycles,"
                         "ideal_cycles,compute_cycles,stall_cycles,onload_cycles,offload_cycles,"
                         "drain_cycles,array_utilization,utilization,energy_pj,mac_energy_pj,"
                         "memory_energy_pj,edp_pj_cycles,bound_by");
    for (int32_t m = 0; m < memory_count(e); ++m) {
        uint8_t operands;
        const stream_memory *memory = memory_at(e, m, &operands);
        for (int32_t c = 0; c < STREAM_N_OPERANDS; ++c) {
            stream_text name = {0};
            if (!(operands >> c & 1))
                continue;
            stream_text_print(&name, "%s_%s", memory->name,
                              stream_operand_class_name((stream_operand_class)c));
            for (int32_t d = 0; d < STREAM_N_DIRECTIONS + 1; ++d) {
                size_t length = name.length;
                stream_text_print(&name, "_%s", d ? direction_names[d - 1] : "energy_pj");
                stream_text_str(&name, d ? "_accesses" : "");
                stream_text_str(out, ",");
                text(out, name.data);
                name.length = length;
            }
            stream_text_free(&name);
        }
    }
    stream_text_str(out, "\n");
}

static void add_figures(const stream_cost_result *r, figures *f) {
    const stream_mapping_cost *c = &r->cost;
    f->macs += r->problem.macs;
    f->latency += c->total2_cycles;
    f->ideal += (double)c->ideal_cycles;
    f->compute += (double)c->temporal_cycles;
    f->stall += (double)c->stall_cycles;
    f->onload += c->onload_cycles;
    f->offload += c->offload_cycles;
    f->drain += (double)r->problem.drain_cycles;
    f->energy += c->energy_pj;
    f->mac_energy += c->mac_energy_pj;
    f->memory_energy += c->memory_energy_pj;
    for (int32_t o = 0; o < r->problem.n_operands; ++o)
        for (int32_t l = 0; l < r->problem.operands[o].n_levels; ++l) {
            int32_t m = r->problem.operands[o].memory[l];
            stream_operand_class class = r->problem.nest.operands[o].memory;
            f->access_energy[m][class] += r->accesses.energy_pj[o][l];
            for (int32_t d = 0; d < STREAM_N_DIRECTIONS; ++d)
                f->access[m][class][d] += r->accesses.accesses[o][l][d];
        }
}

static void accesses(const stream_export_cost *e, const figures *f, stream_text *out) {
    for (int32_t m = 0; m < memory_count(e); ++m) {
        uint8_t operands;
        (void)memory_at(e, m, &operands);
        for (int32_t c = 0; c < STREAM_N_OPERANDS; ++c) {
            if (!(operands >> c & 1))
                continue;
            real(out, f->access_energy[m][c]);
            for (int32_t d = 0; d < STREAM_N_DIRECTIONS; ++d)
                real(out, f->access[m][c][d]);
        }
    }
}

static void values(const stream_export_cost *e, const figures *f, const char *bound_by,
                   stream_text *out) {
    real(out, f->macs);
    real(out, f->latency);
    real(out, f->ideal);
    real(out, f->compute);
    real(out, f->stall);
    real(out, f->onload);
    real(out, f->offload);
    real(out, f->drain);
    real(out, f->compute > 0 ? f->ideal / f->compute : 0);
    real(out, f->latency > 0 ? f->ideal / f->latency : 0);
    real(out, f->energy);
    real(out, f->mac_energy);
    real(out, f->memory_energy);
    real(out, f->latency * f->energy);
    stream_text_print(out, ",%s", bound_by);
    accesses(e, f, out);
    stream_text_str(out, "\n");
}

static void nothing(const stream_export_cost *e, stream_text *out) {
    int32_t n = 17; /* from `proven` to `bound_by` */
    for (int32_t m = 0; m < memory_count(e); ++m) {
        uint8_t operands;
        (void)memory_at(e, m, &operands);
        for (int32_t c = 0; c < STREAM_N_OPERANDS; ++c)
            n += operands >> c & 1 ? STREAM_N_DIRECTIONS + 1 : 0;
    }
    for (int32_t i = 0; i < n; ++i)
        stream_text_str(out, ",");
    stream_text_str(out, "\n");
}

static void names(const stream_export_cost *e, const char *name, const char *op, const char *error,
                  stream_text *out) {
    text(out, name);
    stream_text_str(out, ",");
    text(out, op);
    stream_text_str(out, ",");
    text(out, error);
    stream_text_print(out, ",%s,%s", stream_cost_model_name(e->options->model),
                      stream_export_objective_name(e->options->objective));
}

static void layer_row(const stream_export_cost *e, const stream_export_cost_layer *layer,
                      stream_text *out) {
    const stream_cost_result *r = layer->result;
    figures f = {.macs = 0};
    names(e, layer->name, layer->op_type ? layer->op_type : "",
          r || !layer->error ? "" : layer->error, out);
    if (!r) {
        nothing(e, out);
        return;
    }
    add_figures(r, &f);
    stream_text_str(out, r->proven ? ",true" : ",false");
    real(out, r->bound);
    values(e, &f, layer->explanation ? stream_layer_bound_name(layer->explanation->bound) : "",
           out);
}

void stream_export_cost_csv(const stream_export_cost *e, stream_text *out) {
    figures sum = {.macs = 0};
    bool proven = true;
    header(e, out);
    for (int32_t i = 0; i < e->n_layers; ++i) {
        layer_row(e, &e->layers[i], out);
        proven &= e->layers[i].result && e->layers[i].result->proven;
        if (e->layers[i].result)
            add_figures(e->layers[i].result, &sum);
    }
    names(e, "total", "", "", out);
    stream_text_str(out, proven ? ",true," : ",false,");
    values(e, &sum, "", out);
}
