/* Drawings of timelines; see stream/export/export.h. */

#include "svg.h"

#include "names.h"
#include "stream/support/integer.h"
#include "write.h"

#include <math.h>
#include <string.h>

static const double LEAST_WIDTH = 50, MOST_WIDTH = 20000;
static const int64_t MOST_CYCLES = INT64_C(1) << 60;

/* Of the steps 1, 2, 5, 10 ... the first of at least `least`. */
static int64_t nice_step(double least) {
    int64_t power = 1;
    while ((double)power * 10 <= least)
        power *= 10;
    return (double)power >= least       ? power
           : (double)power * 2 >= least ? power * 2
           : (double)power * 5 >= least ? power * 5
                                        : power * 10;
}

static void draw_axis(stream_svg *d) {
    int64_t step = nice_step((double)(d->until - d->from) * 60 / d->width);
    stream_text_print(d->out, "<path stroke=\"#000\" stroke-width=\"0.5\" d=\"M%.1f %.1fh%.1f",
                      d->left, d->y, d->width);
    int64_t first = stream_round_up(d->from, step);
    for (int64_t t = first; t <= d->until; t += step)
        stream_text_print(d->out, "M%.2f %.1fv3", stream_svg_x(d, t), d->y);
    stream_text_str(d->out, "\"/>\n");
    for (int64_t t = first; t <= d->until; t += step) {
        double x = stream_svg_x(d, t);
        const char *anchor = x < d->left + 10              ? "start"
                             : x > d->left + d->width - 20 ? "end"
                                                           : "middle";
        stream_text_print(d->out, "<text x=\"%.2f\" y=\"%.1f\" text-anchor=\"%s\">", x, d->y + 12,
                          anchor);
        stream_write_grouped(d->out, t);
        stream_text_str(d->out, "</text>\n");
    }
    stream_text_print(d->out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">cycles</text>\n",
                      d->left - 5, d->y + 12);
    d->y += 12 + STREAM_SVG_FONT;
}

static bool names(const char *list, const char *name) {
    size_t n = strlen(name);
    for (const char *at = list; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (!strncmp(at, name, n) && (at[n] == ',' || at[n] == '\0'))
            return true;
    }
    return false;
}

/* Every name of the list must be a compute core. */
static stream_status choose_cores(const stream_accelerator *acc, const char *list, bool *shown,
                                  const stream_diag *diag) {
    for (int32_t c = 0; c < acc->n_cores; ++c)
        shown[c] =
            acc->cores[c].kind == STREAM_CORE_COMPUTE && (!list || names(list, acc->cores[c].name));
    for (const char *at = list; at; at = strchr(at, ',')) {
        at += *at == ',';
        size_t n = strcspn(at, ",");
        bool found = false;
        for (int32_t c = 0; c < acc->n_cores; ++c)
            found |=
                shown[c] && !strncmp(acc->cores[c].name, at, n) && acc->cores[c].name[n] == '\0';
        if (!found)
            return stream_error(diag, STREAM_INVALID, acc->loc,
                                "'%.*s' is no compute core of accelerator '%s'", (int)n, at,
                                acc->name);
    }
    return STREAM_OK;
}

double stream_svg_x(const stream_svg *d, int64_t time) {
    return d->left + d->width * (double)(time - d->from) / (double)(d->until - d->from);
}

/* At most as much of the name as there is room for, whole characters, and "..." for the rest. */
static void shorten(const char *name, double room, stream_text *out) {
    size_t most = (size_t)(room / STREAM_SVG_CHARACTER), n = strlen(name);
    stream_text_append(out, name, n);
    if (n <= most)
        return;
    for (n = most > 3 ? most - 3 : 0; n > 0 && ((unsigned char)name[n] & 0xc0) == 0x80;)
        --n;
    out->length = n;
    stream_text_str(out, "...");
}

void stream_svg_label(stream_svg *d, const char *name) {
    stream_text text = {0};
    shorten(name, d->left - 8, &text);
    stream_text_print(d->out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">", d->left - 5,
                      d->y + STREAM_SVG_ROW * 0.5 + STREAM_SVG_FONT * 0.35);
    stream_write_markup(d->out, text.data);
    stream_text_str(d->out, "</text>\n");
    stream_text_free(&text);
}

static double label_width(const stream_svg *d) {
    size_t most = 6;
    for (int32_t c = 0; c < d->acc->n_cores; ++c)
        if (d->shown[c])
            most = strlen(d->acc->cores[c].name) > most ? strlen(d->acc->cores[c].name) : most;
    for (int32_t i = 0; d->curves && i < d->acc->n_resources; ++i) {
        stream_text name = {0};
        if (stream_svg_has_link(d, i))
            stream_export_resource_name(d->acc, i, &name);
        most = name.length > most ? name.length : most;
        stream_text_free(&name);
    }
    for (int32_t i = 0; d->curves && i < d->acc->n_instances; ++i) {
        stream_text name = {0};
        if (stream_svg_has_memory(d, i))
            stream_export_instance_name(d->acc, i, &name);
        most = name.length > most ? name.length : most;
        stream_text_free(&name);
    }
    return (double)most * STREAM_SVG_CHARACTER + 8;
}

static void open_svg(const stream_svg *d, double width, stream_text *out) {
    stream_text_print(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0fpt\" height=\"%.0fpt\" "
        "viewBox=\"0 0 %.0f %.0f\" role=\"img\" font-family=\"Helvetica, Arial, "
        "sans-serif\" font-size=\"%d\">\n<title>",
        width, d->y, width, d->y, STREAM_SVG_FONT);
    stream_write_markup(out, d->e->network);
    stream_text_str(out, " on ");
    stream_write_markup(out, d->acc->name);
    stream_text_str(out, ": ");
    stream_write_grouped(out, d->e->schedule->summary.latency_cycles);
    stream_text_print(out,
                      " cycles</title>\n<rect width=\"%.0f\" height=\"%.0f\" fill=\"#fff\"/>\n",
                      width, d->y);
}

/* Texts lie on the tiles, so tiles are written first; both are known only together. */
static void draw(stream_svg *d, double width, stream_arena *arena, stream_text *out) {
    int32_t n_layers = d->e->problem->graph->n_layers;
    stream_text *paths = STREAM_NEW(arena, stream_text, (size_t)n_layers + 1);
    stream_text texts = {0}, tiles = {0};
    d->out = &texts;
    d->y = STREAM_SVG_MARGIN;
    stream_svg_cores(d, paths);
    if (d->curves) {
        stream_svg_links(d);
        stream_svg_memories(d);
    }
    draw_axis(d);
    stream_svg_legend(d, paths);
    d->out = &tiles;
    stream_svg_tiles(d, paths);
    open_svg(d, width, out);
    stream_text_append(out, tiles.data ? tiles.data : "", tiles.length);
    stream_text_append(out, texts.data, texts.length);
    stream_text_str(out, "</svg>\n");
    for (int32_t l = 0; l <= n_layers; ++l)
        stream_text_free(&paths[l]);
    stream_text_free(&texts);
    stream_text_free(&tiles);
}

stream_status stream_export_svg(const stream_export *e, const stream_svg_options *options,
                                const stream_diag *diag, stream_text *out) {
    const stream_accelerator *acc = e->problem->acc;
    int64_t latency = e->schedule->summary.latency_cycles;
    int64_t end = stream_max_i64(latency, 1);
    int64_t until = options->until ? stream_min_i64(options->until, end) : end;
    if (options->from < 0 || until <= options->from || until > MOST_CYCLES)
        return stream_error(diag, STREAM_INVALID, acc->loc,
                            "no cycles from %lld to %lld: the schedule has %lld",
                            (long long)options->from, (long long)until, (long long)latency);
    stream_arena *arena = stream_arena_create();
    bool *shown = STREAM_NEW(arena, bool, (size_t)acc->n_cores);
    stream_status status = choose_cores(acc, options->cores, shown, diag);
    stream_svg d = {.e = e, .acc = acc, .from = options->from, .until = until, .shown = shown};
    d.curves = !options->cores;
    stream_curves_rates(e, arena, &d.rates);
    stream_curves_occupancy(e, arena, &d.occupancy);
    d.left = fmin(label_width(&d), 0.35 * options->width);
    d.width = options->width - d.left - 2 * STREAM_SVG_MARGIN;
    if (status == STREAM_OK && !(d.width >= LEAST_WIDTH && d.width <= MOST_WIDTH))
        status = stream_error(diag, STREAM_INVALID, acc->loc,
                              "a width of %g points leaves %g for the timeline, not %g to %g",
                              options->width, d.width, LEAST_WIDTH, MOST_WIDTH);
    if (status == STREAM_OK)
        draw(&d, options->width, arena, out);
    stream_arena_destroy(arena);
    return status;
}
