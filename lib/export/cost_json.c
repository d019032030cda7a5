/* Costs of layers as JSON; see stream/export/cost.h. */

#include "cost_names.h"
#include "cost_table.h"
#include "write.h"

/* depth > 0: members on lines of their own, two blanks per level; inside lists of small objects,
 * members stay on one line. */
typedef struct {
    stream_text *out;
    int depth;
    int inlined; /* > 0: on one line */
    bool first;  /* no member of the innermost object or list yet */
} json;

static const char *const direction_names[STREAM_N_DIRECTIONS] = {"fh", "fl", "th", "tl"};

static void item(json *j) {
    if (!j->first)
        stream_text_str(j->out, j->inlined ? ", " : ",");
    if (!j->inlined)
        stream_text_print(j->out, "\n%*s", 2 * j->depth, "");
    j->first = false;
}

static void key(json *j, const char *name) {
    item(j);
    if (name)
        stream_text_print(j->out, "\"%s\": ", name);
}

/* name NULL: an item of a list. */
static void open(json *j, const char *name, char bracket, bool inlined) {
    key(j, name);
    stream_text_append(j->out, &bracket, 1);
    j->inlined += inlined || j->inlined;
    j->depth++;
    j->first = true;
}

static void close(json *j, char bracket) {
    j->depth--;
    if (!j->inlined && !j->first)
        stream_text_print(j->out, "\n%*s", 2 * j->depth, "");
    j->inlined -= j->inlined > 0;
    stream_text_append(j->out, &bracket, 1);
    j->first = false;
}

static void text(json *j, const char *name, const char *value) {
    key(j, name);
    stream_write_string(j->out, value);
}

static void real(json *j, const char *name, double value) {
    key(j, name);
    stream_write_real(j->out, value);
}

static void integer(json *j, const char *name, int64_t value) {
    key(j, name);
    stream_text_print(j->out, "%lld", (long long)value);
}

static void boolean(json *j, const char *name, bool value) {
    key(j, name);
    stream_text_str(j->out, value ? "true" : "false");
}

static void write_latency(json *j, const stream_cost_result *r) {
    const stream_mapping_cost *c = &r->cost;
    real(j, "latency_cycles", c->total2_cycles);
    integer(j, "ideal_cycles", c->ideal_cycles);
    integer(j, "compute_cycles", c->temporal_cycles);
    integer(j, "stall_cycles", c->stall_cycles);
    real(j, "onload_cycles", c->onload_cycles);
    real(j, "offload_cycles", c->offload_cycles);
    integer(j, "drain_cycles", r->problem.drain_cycles);
    real(j, "latency0_cycles", c->total0_cycles);
    real(j, "latency1_cycles", c->total1_cycles);
    open(j, "utilization", '{', true);
    real(j, "array", (double)c->ideal_cycles / (double)c->temporal_cycles);
    real(j, "with_stalls", (double)c->ideal_cycles / c->total0_cycles);
    real(j, "with_onload", (double)c->ideal_cycles / c->total1_cycles);
    real(j, "total", (double)c->ideal_cycles / c->total2_cycles);
    close(j, '}');
}

static void write_energy(json *j, const stream_mapping_cost *c) {
    real(j, "energy_pj", c->energy_pj);
    real(j, "mac_energy_pj", c->mac_energy_pj);
    real(j, "memory_energy_pj", c->memory_energy_pj);
    real(j, "edp_pj_cycles", c->total2_cycles * c->energy_pj);
}

static void write_dims(json *j, const stream_loop_nest *nest) {
    open(j, "dims", '[', true);
    for (int32_t d = 0; d < nest->n_dims; ++d) {
        open(j, NULL, '{', true);
        text(j, "loop", nest->dims[d].name);
        integer(j, "size", nest->dims[d].size);
        close(j, '}');
    }
    close(j, ']');
}

static void write_spatial(json *j, const stream_mapping_problem *p) {
    open(j, "spatial", '[', false);
    for (int32_t x = 0; x < p->unrolled[0].n_array_dims; ++x)
        for (int32_t i = 0; i < p->unrolled[0].array_dims[x].n; ++i) {
            const stream_unrolled_dim *u = &p->unrolled[0].array_dims[x].at[i];
            open(j, NULL, '{', true);
            key(j, "array_dim");
            stream_text_print(j->out, "\"D%d\"", x + 1);
            text(j, "loop", p->nest.dims[u->dim].name);
            real(j, "factor", u->factor);
            real(j, "factor_in_latency", p->unrolled[1].array_dims[x].at[i].factor);
            close(j, '}');
        }
    close(j, ']');
}

static void write_loops(json *j, const char *name, const stream_mapping_problem *p,
                        const stream_temporal_mapping *m, int32_t from, int32_t to) {
    open(j, name, '[', true);
    for (int32_t i = from; i < to; ++i) {
        open(j, NULL, '{', true);
        text(j, "loop", p->nest.dims[m->order[i].dim].name);
        integer(j, "size", m->order[i].size);
        close(j, '}');
    }
    close(j, ']');
}

static void write_level(json *j, const stream_cost_result *r, const stream_cost_use *use,
                        const stream_temporal_mapping *merged, int32_t o, int32_t l) {
    open(j, NULL, '{', true);
    text(j, "memory", stream_level_name(&r->problem, o, l));
    real(j, "energy_pj", r->accesses.energy_pj[o][l]);
    open(j, "accesses", '{', true);
    for (int32_t d = 0; d < STREAM_N_DIRECTIONS; ++d)
        real(j, direction_names[d], r->accesses.accesses[o][l][d]);
    close(j, '}');
    integer(j, "content_bits", use->content_bits[o][l]);
    boolean(j, "double_buffered", use->double_buffered[o][l]);
    write_loops(j, "loops", &r->problem, merged, l ? merged->cut[o][l - 1] : 0, merged->cut[o][l]);
    close(j, '}');
}

static void write_operands(json *j, const stream_cost_result *r, const stream_cost_use *use) {
    stream_temporal_mapping merged = r->mapping;
    stream_mapping_merge(&r->problem, &merged);
    write_loops(j, "temporal", &r->problem, &merged, 0, merged.n);
    open(j, "operands", '[', false);
    for (int32_t o = 0; o < r->problem.n_operands; ++o) {
        open(j, NULL, '{', false);
        text(j, "name", r->problem.nest.operands[o].name);
        text(j, "class", stream_operand_class_name(r->problem.nest.operands[o].memory));
        integer(j, "bits", r->problem.nest.operands[o].bits);
        integer(j, "final_bits", r->problem.nest.operands[o].final_bits);
        open(j, "levels", '[', false);
        for (int32_t l = 0; l < r->problem.operands[o].n_levels; ++l)
            write_level(j, r, use, &merged, o, l);
        close(j, ']');
        close(j, '}');
    }
    close(j, ']');
}

static void write_load(json *j, const stream_cost_result *r, const stream_port_load *load) {
    open(j, NULL, '{', true);
    text(j, "operand", r->problem.nest.operands[load->operand].name);
    text(j, "direction", direction_names[load->direction]);
    integer(j, "bits", load->bits);
    integer(j, "transfer_cycles", load->cycles);
    integer(j, "allowed_cycles", load->allowed_cycles);
    integer(j, "period_cycles", load->period_cycles);
    integer(j, "count", load->count);
    close(j, '}');
}

static void write_ports(json *j, const stream_cost_result *r, const stream_cost_use *use) {
    open(j, "ports", '[', false);
    for (int32_t i = 0; i < use->n_ports; ++i) {
        const stream_port_use *port = &use->ports[i];
        const stream_map_memory *m = &r->problem.memories[port->memory];
        if (port->n_loads == 0)
            continue;
        open(j, NULL, '{', false);
        text(j, "memory", m->name);
        text(j, "port", m->ports[port->port].name);
        integer(j, "bits_per_cycle", m->ports[port->port].bw_max);
        integer(j, "port_stall_cycles", port->stall_cycles);
        integer(j, "repeated_cycles", port->busy_cycles);
        integer(j, "once_cycles", port->once_cycles);
        open(j, "loads", '[', false);
        for (int32_t k = 0; k < port->n_loads; ++k)
            write_load(j, r, &use->loads[port->first_load + k]);
        close(j, ']');
        close(j, '}');
    }
    close(j, ']');
}

static void write_links(json *j, const stream_cost_result *r, const stream_cost_use *use) {
    open(j, "links", '[', false);
    for (int32_t i = 0; i < use->n_links; ++i) {
        const stream_link_use *link = &use->links[i];
        open(j, NULL, '{', true);
        text(j, "operand", r->problem.nest.operands[link->operand].name);
        text(j, "lower", stream_level_name(&r->problem, link->operand, link->level));
        text(j, "upper", stream_level_name(&r->problem, link->operand, link->level + 1));
        real(j, link->operand ? "onload_cycles" : "offload_cycles", link->cycles);
        real(j, "transfer_cycles", link->transfer_cycles);
        close(j, '}');
    }
    close(j, ']');
}

static const char *change_kind(stream_change_kind kind) {
    switch (kind) {
    case STREAM_CHANGE_PORT:
        return "port";
    case STREAM_CHANGE_MEMORY:
        return "memory";
    case STREAM_CHANGE_ARRAY_DIM:
        return "array_dim";
    }
    return "unknown";
}

static void write_change(json *j, const stream_change *c) {
    open(j, NULL, '{', true);
    text(j, "double", change_kind(c->kind));
    if (c->memory_name)
        text(j, "memory", c->memory_name);
    if (c->port_name)
        text(j, "port", c->port_name);
    if (c->kind == STREAM_CHANGE_ARRAY_DIM)
        integer(j, "array_dim", c->array_dim + 1);
    if (c->loop)
        text(j, "loop", c->loop);
    integer(j, "from", c->from);
    integer(j, "to", c->to);
    boolean(j, "fits", c->status == STREAM_OK);
    if (c->status == STREAM_OK) {
        boolean(j, "proven", c->proven);
        real(j, "latency_cycles", c->cost.total2_cycles);
        real(j, "energy_pj", c->cost.energy_pj);
        real(j, "latency_percent", c->latency_percent);
        real(j, "energy_percent", c->energy_percent);
        real(j, "edp_percent", c->edp_percent);
    }
    close(j, '}');
}

static void write_explanation(json *j, const stream_export_cost_layer *layer,
                              stream_mapping_objective objective) {
    stream_text sentences = {0};
    stream_export_cost_explanation(layer, objective, &sentences);
    text(j, "bound_by", stream_layer_bound_name(layer->explanation->bound));
    text(j, "explanation", sentences.data);
    stream_text_free(&sentences);
}

static void write_changes(json *j, const stream_export_cost_layer *layer) {
    open(j, "changes", '[', false);
    for (int32_t i = 0; i < layer->n_changes; ++i)
        write_change(j, &layer->changes[i]);
    close(j, ']');
}

static void write_layer(json *j, const stream_export_cost *e, int32_t i) {
    const stream_export_cost_layer *layer = &e->layers[i];
    int32_t first = stream_export_cost_first(e, i);
    const stream_cost_result *r = layer->result;
    open(j, NULL, '{', false);
    text(j, "name", layer->name);
    text(j, "operator", layer->op_type ? layer->op_type : "");
    if (first != i)
        integer(j, "equal_to", first);
    if (r) {
        stream_cost_use use;
        stream_cost_use_of(r, &use);
        write_dims(j, &r->problem.nest);
        real(j, "macs", r->problem.macs);
        boolean(j, "proven", r->proven);
        real(j, "bound", r->bound);
        write_latency(j, r);
        write_energy(j, &r->cost);
        write_spatial(j, &r->problem);
        write_operands(j, r, &use);
        write_ports(j, r, &use);
        write_links(j, r, &use);
        if (layer->explanation)
            write_explanation(j, layer, e->options->objective);
        if (layer->changes)
            write_changes(j, layer);
    } else {
        text(j, "error", layer->error ? layer->error : "");
    }
    close(j, '}');
}

static void write_total(json *j, const stream_export_cost *e) {
    double cycles = 0, pj = 0;
    int32_t n = 0;
    for (int32_t i = 0; i < e->n_layers; ++i)
        if (e->layers[i].result) {
            cycles += e->layers[i].result->cost.total2_cycles;
            pj += e->layers[i].result->cost.energy_pj;
            ++n;
        }
    open(j, "total", '{', true);
    integer(j, "layers", n);
    real(j, "latency_cycles", cycles);
    real(j, "energy_pj", pj);
    real(j, "edp_pj_cycles", cycles * pj);
    close(j, '}');
}

void stream_export_cost_json(const stream_export_cost *e, stream_text *out) {
    json j = {.out = out, .depth = 1, .first = true};
    stream_text_str(out, "{");
    text(&j, "network", e->network);
    text(&j, "core", e->core->name);
    text(&j, "model", stream_cost_model_name(e->options->model));
    text(&j, "objective", stream_export_objective_name(e->options->objective));
    open(&j, "layers", '[', false);
    for (int32_t i = 0; i < e->n_layers; ++i)
        write_layer(&j, e, i);
    close(&j, ']');
    write_total(&j, e);
    stream_text_str(out, "\n}\n");
}
