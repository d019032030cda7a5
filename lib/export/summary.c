/* The summary that a person reads; see stream/export/export.h. */

#include "layer_models.h"
#include "names.h"
#include "occupied.h"
#include "stream/export/export.h"
#include "stream/schedule/energy.h"
#include "utilization.h"
#include "write.h"

#include <string.h>

enum {
    BAR = 24
};

static void bar(double fraction, stream_text *out) {
    int full = (int)(fraction * BAR + 0.5);
    full = full < 0 ? 0 : full > BAR ? BAR : full;
    for (int i = 0; i < BAR; ++i)
        stream_text_str(out, i < full ? "#" : ".");
}

/* What CTs read and write off-chip themselves (rule R9), if any do. */
static void streamed(const stream_export *e, stream_text *out) {
    int64_t read = 0, written = 0;
    int32_t cts = 0, last = -1;
    for (int32_t i = 0; i < e->schedule->n_streams; ++i) {
        const stream_ct_stream *s = &e->schedule->streams[i];
        const stream_price_stream *price = stream_ct_stream_price(e->problem, e->schedule, s);
        read += price->read_bits;
        written += price->write_bits;
        cts += s->ct != last;
        last = s->ct;
    }
    if (cts == 0)
        return;
    stream_text_str(out, "\n  streamed      by ");
    stream_write_grouped(out, cts);
    stream_text_str(out, cts > 1 ? " CTs: read " : " CT: read ");
    stream_write_bytes(read, out);
    stream_text_str(out, ", written ");
    stream_write_bytes(written, out);
}

/* Layers that a model priced, where there are several: exact 3 layers, simple 'conv1', 'conv2'. */
static void priced_by(const stream_layer_models *of, const stream_export *e, const char *model,
                      stream_text *out) {
    enum {
        NAMED = 3
    };
    int32_t n = 0;
    for (int32_t l = 0; l < e->problem->graph->n_layers; ++l)
        for (int32_t i = 0; i < of[l].n; ++i) {
            if (strcmp(of[l].names[i], model) != 0)
                continue;
            if (++n <= NAMED)
                stream_text_print(out, "%s'%s'", n > 1 ? ", " : "",
                                  e->problem->graph->layers[l].name);
        }
    if (n > NAMED)
        stream_text_print(out, " and %d more", n - NAMED);
    stream_text_print(out, " by %s", model);
}

static void models(const stream_export *e, stream_text *out) {
    stream_arena *arena = stream_arena_create();
    const stream_layer_models *of = stream_layer_models_find(e, arena);
    stream_layer_models all = {0};
    for (int32_t l = 0; l < e->problem->graph->n_layers; ++l)
        for (int32_t i = 0; i < of[l].n; ++i)
            stream_layer_models_note(&all, of[l].names[i], arena);
    for (int32_t i = 0; all.n > 1 && i < all.n; ++i) {
        stream_text_str(out, i ? "; " : "\n  priced        ");
        priced_by(of, e, all.names[i], out);
    }
    stream_arena_destroy(arena);
}

static void energy_parts(const stream_schedule_summary *s, stream_text *out) {
    stream_text_print(out, " (compute %.1f %%, links %.1f %%, memories %.1f %%",
                      100 * stream_part(s->compute_energy_fj, s->energy_fj),
                      100 * stream_part(s->link_energy_fj, s->energy_fj),
                      100 * stream_part(s->memory_energy_fj, s->energy_fj));
    if (s->static_energy_fj > 0)
        stream_text_print(out, ", standby %.1f %%",
                          100 * stream_part(s->static_energy_fj, s->energy_fj));
    stream_text_str(out, ")\n");
}

static void head(const stream_export *e, stream_text *out) {
    const stream_schedule_summary *s = &e->schedule->summary;
    stream_text_print(out, "%s on %s (cost model: %s)\n\n", e->network, e->problem->acc->name,
                      e->model);
    stream_text_str(out, "  latency       ");
    stream_write_grouped(out, s->latency_cycles);
    stream_text_str(out, " cycles\n  lower bound   ");
    stream_write_grouped(out, s->lower_bound_cycles);
    stream_text_print(
        out, " cycles (%s), gap %.1f %%\n  energy        ", stream_export_bound_text(s->bound_kind),
        100 * stream_part(s->latency_cycles - s->lower_bound_cycles, s->lower_bound_cycles));
    stream_text_scaled(out, (double)s->energy_fj / 1000, "J", -12);
    energy_parts(s, out);
    int64_t bound = s->energy_bound_fj;
    stream_text_str(out, "  energy bound  ");
    stream_text_scaled(out, (double)bound / 1000, "J", -12);
    stream_text_print(out, ", gap %.1f %%\n", 100 * stream_part(s->energy_fj - bound, bound));
    stream_text_print(out, "  EDP           %.4g pJ x cycles\n  CTs           ", s->edp);
    stream_write_grouped(out, e->problem->graph->n_cts);
    stream_text_str(out, " in ");
    stream_write_grouped(out, e->problem->graph->n_layers);
    stream_text_print(out, " layer%s\n  transfers     ",
                      e->problem->graph->n_layers == 1 ? "" : "s");
    stream_write_grouped(out, e->schedule->n_transfers);
    stream_text_str(out, "\n  off-chip      read ");
    stream_write_bytes(s->offchip_read_bits, out);
    stream_text_str(out, ", written ");
    stream_write_bytes(s->offchip_write_bits, out);
    streamed(e, out);
    models(e, out);
    stream_text_str(out, "\n\n");
}

static int name_width(const stream_accelerator *acc) {
    int width = 4;
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        stream_text name = {0};
        stream_export_instance_name(acc, i, &name);
        width = (int)name.length > width ? (int)name.length : width;
        stream_text_free(&name);
    }
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        int n = (int)strlen(acc->cores[c].name);
        width = n > width ? n : width;
    }
    return width;
}

static void cores(const stream_export *e, int width, stream_text *out) {
    const stream_accelerator *acc = e->problem->acc;
    const stream_schedule_summary *s = &e->schedule->summary;
    stream_text_print(out, "  %-*s  busy of latency\n", width, "core");
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        if (acc->cores[c].kind != STREAM_CORE_COMPUTE)
            continue;
        double fraction = stream_part(s->busy_cycles[c], s->latency_cycles);
        stream_text_print(out, "  %-*s  ", width, acc->cores[c].name);
        bar(fraction, out);
        stream_text_print(out, " %5.1f %%  ", 100 * fraction);
        stream_write_grouped(out, s->busy_cycles[c]);
        stream_text_str(out, " cycles\n");
    }
    stream_text_str(out, "\n");
}

static void memories(const stream_export *e, int width, stream_text *out) {
    const stream_accelerator *acc = e->problem->acc;
    stream_arena *arena = stream_arena_create();
    const int64_t *extents = stream_occupied_extents(e, arena);
    stream_text_print(out, "  %-*s  held at most, of capacity; fragments beside it\n", width,
                      "memory");
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        int64_t peak = e->schedule->summary.peak_bits[i], size = acc->instances[i].size_bits;
        stream_text name = {0};
        stream_export_instance_name(acc, i, &name);
        stream_text_print(out, "  %-*s  ", width, name.data);
        bar(stream_part(peak, size), out);
        stream_text_print(out, " %5.1f %%  ", 100 * stream_part(peak, size));
        stream_write_bytes(peak, out);
        stream_text_str(out, " of ");
        stream_write_bytes(size, out);
        stream_text_print(out, "; %.1f %%\n", 100 * stream_part(extents[i] - peak, size));
        stream_text_free(&name);
    }
    stream_arena_destroy(arena);
}

/* A character per part of the latency: "." nothing, 0 to 9 tenths, "#" all. */
static void series(const stream_use *use, stream_text *out) {
    for (int32_t k = 0; k < STREAM_UTILIZATION_PARTS; ++k) {
        int percent = use->percent[k];
        char text[2] = {(char)('0' + percent / 10), '\0'};
        stream_text_str(out, percent == 0 ? "." : percent >= 100 ? "#" : text);
    }
    stream_text_print(out, " %5.1f %%\n", 100 * use->share);
}

/* The core and the link or port that are used most, over time. Names of links can be the longest.
 */
static void over_time(const stream_export *e, int width, stream_text *out) {
    const stream_accelerator *acc = e->problem->acc;
    stream_arena *arena = stream_arena_create();
    stream_utilization u;
    stream_text name = {0};
    stream_utilization_build(e, arena, &u);
    if (u.resource >= 0) {
        stream_export_resource_name(acc, u.resource, &name);
        width = (int)name.length > width ? (int)name.length : width;
    }
    stream_text_print(out, "\n  %-*s  over time (. none, 0 to 9 tenths, # all)\n", width,
                      "busiest");
    if (u.core >= 0) {
        stream_text_print(out, "  %-*s  ", width, acc->cores[u.core].name);
        series(&u.cores[u.core], out);
    }
    if (u.resource >= 0) {
        stream_text_print(out, "  %-*s  ", width, name.data);
        series(&u.resources[u.resource], out);
    }
    stream_text_free(&name);
    stream_arena_destroy(arena);
}

void stream_export_summary(const stream_export *e, stream_text *out) {
    int width = name_width(e->problem->acc);
    head(e, out);
    cores(e, width, out);
    memories(e, width, out);
    over_time(e, width, out);
}
