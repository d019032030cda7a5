/* What bounds a layer, in sentences; see stream/export/cost.h. */

#include "cost_doublings.h"
#include "cost_names.h"
#include "write.h"

typedef struct {
    const stream_mapping_problem *problem;
    const stream_mapping_cost *cost;
    const stream_cost_explanation *why;
    stream_text *out;
} writer;

static void text(const writer *w, const char *s) {
    stream_text_str(w->out, s);
}

static void number(const writer *w, int64_t n) {
    stream_write_grouped(w->out, n);
}

static void part(const writer *w, double cycles, double percent, const char *what) {
    if (cycles == 0)
        return;
    stream_write_cycles(w->out, cycles);
    stream_text_print(w->out, " of %s (%.1f %%), ", what, percent);
}

static void parts(const writer *w) {
    const stream_cost_explanation *e = w->why;
    text(w, "It takes ");
    stream_write_cycles(w->out, e->cycles);
    text(w, " cycles: ");
    part(w, (double)w->cost->ideal_cycles, e->ideal_percent, "computation on the whole array");
    part(w, (double)e->idle_cycles, e->idle_percent, "computation with idle units");
    part(w, (double)w->cost->stall_cycles, e->stall_percent, "stalls");
    part(w, w->cost->onload_cycles, e->onload_percent, "on-loading");
    part(w, w->cost->offload_cycles, e->offload_percent, "off-loading");
    part(w, (double)e->drain_cycles, e->drain_percent, "draining");
    w->out->length -= 2; /* the last comma */
    text(w, ".\n");
}

/* The loads of a port that happen again and again, longest first. */
static int32_t rank_loads(const writer *w, const stream_port_use *port, int32_t *index) {
    const stream_port_load *loads = &w->why->use.loads[port->first_load];
    int32_t n = 0;
    for (int32_t i = 0; i < port->n_loads; ++i) {
        if (loads[i].count < 2 || loads[i].cycles == 0)
            continue;
        int32_t k = n++;
        for (; k > 0 && loads[index[k - 1]].cycles * loads[index[k - 1]].count <
                            loads[i].cycles * loads[i].count;
             --k)
            index[k] = index[k - 1];
        index[k] = i;
    }
    return n;
}

static void port_name(const writer *w, const stream_port_use *port) {
    const stream_map_port *p = &w->problem->memories[port->memory].ports[port->port];
    stream_write_port(w->out, w->problem, port->memory, port->port);
    text(w, " (");
    number(w, p->bw_max);
    text(w, " bits per cycle)");
}

/* "it is busy with W to the array for 8,192 cycles, I to the array 4,096, together ..." */
static void port_loads(const writer *w, const stream_port_use *port) {
    int32_t index[STREAM_MAP_MAX_FUNCTIONS], n = rank_loads(w, port, index);
    for (int32_t i = 0; i < n; ++i) {
        const stream_port_load *load = &w->why->use.loads[port->first_load + index[i]];
        text(w, i ? ", " : "it is busy with ");
        stream_write_load(w->out, w->problem, load->operand, load->level, load->direction);
        text(w, i ? " " : " for ");
        number(w, load->cycles * load->count);
        text(w, i ? "" : " cycles");
    }
    stream_text_print(w->out, n > 1 ? ", together %.2f times the " : ", %.2f times the ",
                      (double)port->busy_cycles / (double)w->cost->temporal_cycles);
    number(w, w->cost->temporal_cycles);
    text(w, " cycles of computation.\n");
}

/* Transfers that must wait for the end of a period, because what they fill is in use until then. */
static void late_loads(const writer *w, const stream_port_use *port) {
    for (int32_t i = 0; i < port->n_loads; ++i) {
        const stream_port_load *load = &w->why->use.loads[port->first_load + i];
        bool high = load->direction == STREAM_FROM_HIGH || load->direction == STREAM_TO_HIGH;
        int32_t level = high ? load->level : load->level - 1;
        if (load->count < 2 || load->double_buffered || level < 0 ||
            load->allowed_cycles >= load->period_cycles)
            continue;
        stream_text_print(w->out, "'%s' has no room for a second buffer: the port can move ",
                          stream_level_name(w->problem, load->operand, level));
        stream_write_load(w->out, w->problem, load->operand, load->level, load->direction);
        text(w, ", for ");
        number(w, load->cycles);
        stream_text_print(w->out, " cycle%s, only in ", load->cycles == 1 ? "" : "s");
        number(w, load->allowed_cycles);
        text(w, " of every ");
        number(w, load->period_cycles);
        text(w, " cycles.\n");
    }
}

static void utilization(const writer *w) {
    stream_text_print(w->out, "%.1f %% of the ",
                      100 * (double)w->cost->ideal_cycles / (double)w->cost->temporal_cycles);
    number(w, w->problem->mac_units);
    text(w, " units");
}

/* A port that nothing waits for, but that more of the array would. */
static void full_port(const writer *w) {
    text(w, ": all that crosses it takes ");
    stream_write_cycles(w->out, w->why->full_cycles);
    stream_text_print(w->out, " cycles at its full width, %.2f times those of computation, on ",
                      w->why->full_cycles / (double)w->cost->temporal_cycles);
    utilization(w);
    text(w, "; more of them would wait for it.\n");
}

static void stalls(const writer *w, bool bound) {
    if (w->why->worst_port < 0)
        return;
    const stream_port_use *port = &w->why->use.ports[w->why->worst_port];
    text(w, bound ? "It is bound by the " : "The ");
    port_name(w, port);
    if (port->stall_cycles <= 0) {
        full_port(w);
        return;
    }
    text(w, bound ? ", which causes " : " causes ");
    number(w, port->stall_cycles);
    text(w, " stall cycles: ");
    port_loads(w, port);
    late_loads(w, port);
}

static void link(const writer *w, int32_t index, const char *what) {
    if (index < 0)
        return;
    const stream_link_use *l = &w->why->use.links[index];
    const char *below = stream_level_name(w->problem, l->operand, l->level);
    const char *above = stream_level_name(w->problem, l->operand, l->level + 1);
    stream_text_print(w->out, "The longest %s is %s from '%s' to '%s', ", what,
                      w->problem->nest.operands[l->operand].name, l->operand ? above : below,
                      l->operand ? below : above);
    stream_write_cycles(w->out, l->cycles);
    text(w, l->cycles == 1 ? " cycle on the " : " cycles on the ");
    stream_write_port(w->out, w->problem, l->memory, l->port);
    if (l->cycles < l->transfer_cycles) {
        text(w, "; of the ");
        stream_write_cycles(w->out, l->transfer_cycles);
        text(w, " cycles of this transfer the rest hides behind the computation");
    }
    text(w, ".\n");
}

static void bound(const writer *w) {
    switch (w->why->bound) {
    case STREAM_LAYER_COMPUTE:
        text(w, "It is bound by computation: ");
        stream_text_print(w->out, "%.1f %% of the cycles, on ",
                          w->why->ideal_percent + w->why->idle_percent);
        utilization(w);
        text(w, ".\n");
        break;
    case STREAM_LAYER_ARRAY:
        text(w, "It is bound by the shape of the array: the layer is unrolled over ");
        utilization(w);
        text(w, ".\n");
        break;
    case STREAM_LAYER_PORT:
        stalls(w, true);
        break;
    case STREAM_LAYER_LOADING:
        text(w, "It is bound by loading: ");
        stream_text_print(w->out, "%.1f %% of the cycles.\n",
                          w->why->onload_percent + w->why->offload_percent + w->why->drain_percent);
        break;
    }
}

static void others(const writer *w) {
    bool loading = w->why->bound == STREAM_LAYER_LOADING;
    if (loading || w->why->onload_percent >= 1)
        link(w, w->why->onload_link, "on-loading");
    if (loading || w->why->offload_percent >= 1)
        link(w, w->why->offload_link, "off-loading");
    if (w->why->bound != STREAM_LAYER_PORT && w->why->stall_percent >= 1)
        stalls(w, false);
}

static void energy(const writer *w) {
    text(w, "It takes ");
    stream_text_scaled(w->out, w->cost->energy_pj, "J", -12);
    text(w, ": ");
    for (int32_t i = 0; i < w->why->n_shares && i < 3; ++i) {
        const stream_energy_share *s = &w->why->shares[i];
        text(w, i ? ", " : "");
        if (s->operand < 0)
            text(w, "the MACs");
        else
            stream_text_print(w->out, "%s in '%s'", w->problem->nest.operands[s->operand].name,
                              stream_level_name(w->problem, s->operand, s->level));
        stream_text_print(w->out, " %.1f %%", s->percent);
    }
    text(w, w->why->n_shares > 3 ? ", the rest less each.\n" : ".\n");
}

void stream_export_cost_explanation(const stream_export_cost_layer *layer,
                                    stream_mapping_objective objective, stream_text *out) {
    if (!layer->result || !layer->explanation)
        return;
    writer w = {.problem = &layer->result->problem,
                .cost = &layer->result->cost,
                .why = layer->explanation,
                .out = out};
    parts(&w);
    bound(&w);
    others(&w);
    energy(&w);
    if (layer->changes)
        stream_write_doublings(layer, objective, out);
}
