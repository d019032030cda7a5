/* What every measured change does, as a table; see stream/export/cost.h. */

#include "cost_names.h"
#include "write.h"

#include <math.h>
#include <string.h>

static void name(const stream_change *c, stream_text *out) {
    switch (c->kind) {
    case STREAM_CHANGE_PORT:
        stream_text_print(out, "%s '%s' of '%s'", stream_port_kind_text(c->port_kind), c->port_name,
                          c->memory_name);
        break;
    case STREAM_CHANGE_MEMORY:
        stream_text_print(out, "size of '%s'", c->memory_name);
        break;
    case STREAM_CHANGE_ARRAY_DIM:
        stream_text_print(out, "D%d%s%s", c->array_dim + 1, c->loop ? " and " : "",
                          c->loop ? c->loop : "");
        break;
    }
}

/* Nothing of it would be seen in the table. */
static bool is_zero(const stream_change *c) {
    return c->status == STREAM_OK && fabs(c->latency_percent) < 0.05 &&
           fabs(c->energy_percent) < 0.05 && fabs(c->edp_percent) < 0.05;
}

static int name_width(const stream_export_cost_layer *layer) {
    int width = (int)strlen("doubled");
    for (int32_t i = 0; i < layer->n_changes; ++i) {
        stream_text text = {0};
        if (is_zero(&layer->changes[i]))
            continue;
        name(&layer->changes[i], &text);
        width = (int)text.length > width ? (int)text.length : width;
        stream_text_free(&text);
    }
    return width;
}

static void right(stream_text *out, int width, stream_text *text) {
    stream_text_print(out, "  %*s", width, text->data);
    stream_text_free(text);
}

static void grouped(stream_text *out, int64_t value) {
    stream_text text = {0};
    stream_write_grouped(&text, value);
    right(out, 14, &text);
}

static void percent(stream_text *out, double value) {
    stream_text text = {0};
    stream_write_change(&text, value);
    right(out, 9, &text);
}

static void row(const stream_change *c, int width, stream_text *out) {
    stream_text text = {0};
    name(c, &text);
    stream_text_print(out, "  %-*s", width, text.data);
    stream_text_free(&text);
    grouped(out, c->from);
    grouped(out, c->to);
    if (c->status != STREAM_OK) {
        stream_text_str(out, "  no mapping fits\n");
        return;
    }
    percent(out, c->latency_percent);
    percent(out, c->energy_percent);
    percent(out, c->edp_percent);
    stream_text_str(out, c->proven ? "\n" : "  not proven\n");
}

void stream_export_cost_changes(const stream_export_cost_layer *layer, stream_text *out) {
    int width = name_width(layer);
    int32_t zero = 0;
    if (layer->n_changes == 0)
        return;
    stream_text_print(out, "  %-*s  %14s  %14s  %9s  %9s  %9s\n", width, "doubled", "from", "to",
                      "latency", "energy", "EDP");
    for (int32_t i = 0; i < layer->n_changes; ++i)
        if (!is_zero(&layer->changes[i]))
            row(&layer->changes[i], width, out);
        else
            zero++;
    if (zero)
        stream_text_print(out, "  %d more: less than 0.05 %% each\n", zero);
}
