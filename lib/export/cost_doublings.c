/* The changes that help a layer most, in sentences; see cost_doublings.h. */

#include "cost_doublings.h"

#include "cost_names.h"
#include "write.h"

static void change_name(const stream_change *c, stream_text *out) {
    const char *unit = "units";
    switch (c->kind) {
    case STREAM_CHANGE_PORT:
        stream_text_print(out, "the bandwidth of the %s '%s' of '%s'",
                          stream_port_kind_text(c->port_kind), c->port_name, c->memory_name);
        unit = "bits per cycle";
        break;
    case STREAM_CHANGE_MEMORY:
        stream_text_print(out, "the size of '%s'", c->memory_name);
        unit = "bits";
        break;
    case STREAM_CHANGE_ARRAY_DIM:
        stream_text_print(out, "array dimension D%d", c->array_dim + 1);
        break;
    }
    stream_text_str(out, " (");
    stream_write_grouped(out, c->from);
    stream_text_str(out, " to ");
    stream_write_grouped(out, c->to);
    stream_text_print(out, " %s", unit);
    if (c->loop)
        stream_text_print(out, ", with the unrolling of %s", c->loop);
    stream_text_str(out, ")");
}

static void figure(const char *separator, const char *name, double percent, stream_text *out) {
    stream_text_print(out, "%s%s ", separator, name);
    stream_write_change(out, percent);
}

static void change_figures(const stream_change *c, stream_mapping_objective objective,
                           stream_text *out) {
    static const char *const names[] = {"latency", "energy", "EDP"};
    const double percents[] = {c->latency_percent, c->energy_percent, c->edp_percent};
    figure("", names[objective], percents[objective], out);
    for (int i = 0, n = 0; i < 3; ++i)
        if (i != (int)objective)
            figure(n++ ? ", " : " (", names[i], percents[i], out);
    stream_text_str(out, c->proven ? "; proven)" : "; not proven)");
}

static bool helps(const stream_change *c, stream_mapping_objective objective) {
    return c->status == STREAM_OK && stream_change_percent(c, objective) < -0.1;
}

/* The changes are sorted, best first. */
void stream_write_doublings(const stream_export_cost_layer *layer,
                            stream_mapping_objective objective, stream_text *out) {
    static const char *const names[] = {"latency", "energy", "EDP"};
    const stream_change *c = layer->changes;
    int32_t n = 0;
    while (n < layer->n_changes && n < 3 && helps(&c[n], objective))
        ++n;
    for (int32_t i = 0; i < n; ++i) {
        stream_text_str(out, i ? "Next, doubling " : "Doubling ");
        change_name(&c[i], out);
        stream_text_str(out, i ? ": " : " helps most: ");
        change_figures(&c[i], objective, out);
        stream_text_str(out, ".\n");
    }
    bool proven = true;
    for (int32_t i = n; i < layer->n_changes; ++i)
        proven &= c[i].proven || c[i].status != STREAM_OK;
    if (n < 3 && n < layer->n_changes)
        stream_text_print(out,
                          "Doubling no %ssingle port, memory or array dimension lowers the %s by "
                          "more than 0.1 %%%s.\n",
                          n ? "other " : "", names[objective], proven ? "" : " (not proven)");
}
