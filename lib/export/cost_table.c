/* All layers in one table; see cost_table.h. */

#include "cost_table.h"

#include "cost_names.h"
#include "write.h"

#include <string.h>

/* Names of networks from frameworks are paths: what is longer is cut in the middle. */
#define MAX_NAME 36

int32_t stream_export_cost_first(const stream_export_cost *e, int32_t i) {
    int32_t first = 0;
    while (first < i && (!e->layers[i].result || e->layers[first].result != e->layers[i].result))
        ++first;
    return first;
}

int32_t stream_export_cost_later(const stream_export_cost *e, int32_t i) {
    int32_t n = 0;
    for (int32_t k = i + 1; e->layers[i].result && k < e->n_layers; ++k)
        n += e->layers[k].result == e->layers[i].result;
    return n;
}

static void name(const char *text, int width, stream_text *out) {
    int n = (int)strlen(text);
    if (n <= width)
        stream_text_print(out, "  %-*s", width, text);
    else
        stream_text_print(out, "  %.*s...%s", width / 2 - 2, text,
                          text + n - (width - width / 2 - 1));
}

static int name_width(const stream_export_cost *e, bool operators) {
    int width = (int)strlen(operators ? "operator" : "layer");
    for (int32_t i = 0; i < e->n_layers; ++i) {
        const char *text = operators ? e->layers[i].op_type : e->layers[i].name;
        int n = text ? (int)strlen(text) : 0;
        width = n > width ? n : width;
    }
    return width < MAX_NAME ? width : MAX_NAME;
}

static void number(double value, int width, stream_text *out) {
    stream_text text = {0};
    stream_write_cycles(&text, value);
    stream_text_print(out, "  %*s", width, text.data);
    stream_text_free(&text);
}

static void figures(const stream_export_cost *e, const stream_cost_result *r, stream_text *out) {
    const stream_mapping_cost *c = &r->cost;
    stream_text scaled = {0};
    number(r->problem.macs, 15, out);
    number(c->total2_cycles, 13, out);
    number((double)c->temporal_cycles, 13, out);
    number((double)c->stall_cycles, 12, out);
    number(c->onload_cycles, 12, out);
    number(c->offload_cycles, 12, out);
    stream_text_scaled(&scaled, c->energy_pj, "J", -12);
    stream_text_print(out, "  %5.1f %%  %10s%s\n", 100 * (double)c->ideal_cycles / c->total2_cycles,
                      scaled.data,
                      e->options->model == STREAM_MODEL_EXACT && !r->proven ? "  not proven" : "");
    stream_text_free(&scaled);
}

void stream_export_cost_table(const stream_export_cost *e, stream_text *out) {
    int names = name_width(e, false), operators = name_width(e, true);
    stream_text_print(out, "  %-*s  %-*s  %15s  %13s  %13s  %12s  %12s  %12s  %7s  %10s\n", names,
                      "layer", operators, "operator", "MACs", "cycles", "computation", "stalls",
                      "on-loading", "off-loading", "used", "energy");
    for (int32_t i = 0; i < e->n_layers; ++i) {
        const stream_export_cost_layer *layer = &e->layers[i];
        name(layer->name, names, out);
        name(layer->op_type ? layer->op_type : "", operators, out);
        if (layer->result)
            figures(e, layer->result, out);
        else
            stream_text_str(out, "  not priced\n");
    }
    stream_text_str(out, "\n");
}
