/* Tiles on their cores in SVG; see svg.h. */

#include "stream/support/integer.h"
#include "svg.h"
#include "write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NARROW = 0.25;
/* Of the legend, in points: a wide letter, a swatch with the space behind it, space behind a name.
 */
static const double WIDE = 7.2, SWATCH = 11, APART = 8;
enum {
    MAX_LEGEND = 16
};

/* Light and dark by turns, so that neighbours differ without colour, too. */
static const char *const colors[] = {"#0072b2", "#f0e442", "#d55e00", "#8fd0f5",
                                     "#007a5a", "#f2b134", "#7b3f70", "#c9ced4"};
static const char *const inks[] = {"#fff", "#000", "#fff", "#000", "#fff", "#000", "#fff", "#000"};
enum {
    N_COLORS = sizeof colors / sizeof *colors
};

static int by_core_and_start(const void *a, const void *b) {
    const stream_ct_slot *x = *(const stream_ct_slot *const *)a,
                         *y = *(const stream_ct_slot *const *)b;
    if (x->core != y->core)
        return x->core < y->core ? -1 : 1;
    return (x->start > y->start) - (x->start < y->start);
}

/* Tiles are rectangles of their layer's path, drawn at the end; those too narrow to tell apart are
 * one. */
typedef struct {
    double x0, x1;
    int32_t layer; /* -1: none yet */
} block;

static void write_block(stream_svg *d, stream_text *paths, const block *b) {
    double width = b->x1 - b->x0;
    if (b->layer < 0)
        return;
    width = width > 1.5 ? width - 0.3 : fmax(width, NARROW);
    stream_text_print(&paths[b->layer], "M%.2f %.1fh%.2fv%dh-%.2fz", b->x0, d->y, width,
                      STREAM_SVG_ROW, width);
    const char *name = d->e->problem->graph->layers[b->layer].name;
    if ((double)strlen(name) * STREAM_SVG_CHARACTER + 3 > width)
        return;
    stream_text_print(d->out, "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">", b->x0 + 2,
                      d->y + STREAM_SVG_ROW * 0.5 + STREAM_SVG_FONT * 0.35,
                      inks[b->layer % N_COLORS]);
    stream_write_markup(d->out, name);
    stream_text_str(d->out, "</text>\n");
}

/* slots [n]: of this core, by start */
static void draw_core(stream_svg *d, int32_t core, const stream_ct_slot **slots, int32_t n,
                      stream_text *paths) {
    block now = {0, 0, -1};
    stream_svg_label(d, d->acc->cores[core].name);
    stream_text_print(&paths[d->e->problem->graph->n_layers], "M%.1f %.1fh%.1fv%dh-%.1fz", d->left,
                      d->y, d->width, STREAM_SVG_ROW, d->width);
    for (int32_t i = 0; i < n; ++i) {
        const stream_ct *ct = &d->e->problem->graph->cts[slots[i] - d->e->schedule->slots];
        if (slots[i]->end <= d->from || slots[i]->start >= d->until)
            continue;
        block next = {stream_svg_x(d, stream_max_i64(slots[i]->start, d->from)),
                      stream_svg_x(d, stream_min_i64(slots[i]->end, d->until)), ct->layer};
        bool near = now.layer >= 0 && next.x0 - now.x1 < NARROW;
        if (near && next.x1 - now.x1 < NARROW) {
            now.x1 = next.x1;
        } else if (near && next.layer == now.layer && next.x1 - next.x0 < 1) {
            now.x1 = next.x1;
        } else {
            write_block(d, paths, &now);
            now = next;
        }
    }
    write_block(d, paths, &now);
    d->y += STREAM_SVG_ROW + STREAM_SVG_GAP;
}

void stream_svg_cores(stream_svg *d, stream_text *paths) {
    int32_t n = d->e->problem->graph->n_cts;
    stream_arena *arena = stream_arena_create();
    const stream_ct_slot **slots = STREAM_NEW(arena, const stream_ct_slot *, (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        slots[i] = &d->e->schedule->slots[i];
    if (n)
        qsort(slots, (size_t)n, sizeof *slots, by_core_and_start);
    for (int32_t c = 0, first = 0, end; c < d->acc->n_cores; ++c, first = end) {
        for (end = first; end < n && slots[end]->core == c;)
            ++end;
        if (d->shown[c])
            draw_core(d, c, slots + first, end - first, paths);
    }
    stream_arena_destroy(arena);
}

void stream_svg_tiles(stream_svg *d, const stream_text *paths) {
    int32_t n = d->e->problem->graph->n_layers;
    if (paths[n].length)
        stream_text_print(d->out, "<path fill=\"" STREAM_SVG_LANE "\" d=\"%s\"/>\n", paths[n].data);
    for (int32_t l = 0; l < n; ++l) {
        if (!paths[l].length)
            continue;
        stream_text_print(d->out, "<path fill=\"%s\" d=\"%s\"><title>", colors[l % N_COLORS],
                          paths[l].data);
        stream_write_markup(d->out, d->e->problem->graph->layers[l].name);
        stream_text_str(d->out, "</title></path>\n");
    }
}

/* Of the first character of `s`; letters are wide or narrow, others no wider than their bytes. */
static double character_width(const char *s, size_t bytes) {
    return bytes == 1 && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZmw@%", *s)
               ? WIDE
               : STREAM_SVG_CHARACTER * (double)bytes;
}

/* Appends the name, or as much of it as `most` points hold with an ellipsis. Returns its width. */
static double shorten(const char *name, double most, stream_text *out) {
    double width = 0, more;
    size_t fits = 0, i = 0, bytes;
    for (; name[i]; i += bytes, width += more) {
        bytes = stream_utf8_bytes(name + i);
        bytes = bytes ? bytes : 1;
        more = character_width(name + i, bytes);
        fits = width + STREAM_SVG_FONT <= most ? i : fits;
        if (width + more > most)
            break;
    }
    stream_text_append(out, name, name[i] ? fits : i);
    if (name[i])
        stream_text_str(out, "\xe2\x80\xa6");
    return name[i] ? most : width;
}

/* A swatch and a name at `x`, which moves on; on the next line where this one has no room. */
static void write_entry(stream_svg *d, int32_t layer, double *x) {
    stream_text name = {0};
    double width =
        SWATCH + shorten(d->e->problem->graph->layers[layer].name, d->width - SWATCH, &name);
    if (*x + width > d->left + d->width && *x > d->left) {
        *x = d->left;
        d->y += STREAM_SVG_FONT + STREAM_SVG_GAP;
    }
    stream_text_print(d->out,
                      "<rect x=\"%.1f\" y=\"%.1f\" width=\"8\" height=\"8\" fill=\"%s\" "
                      "stroke=\"#000\" stroke-width=\"0.3\"/>\n<text x=\"%.1f\" y=\"%.1f\">",
                      *x, d->y, colors[layer % N_COLORS], *x + SWATCH, d->y + 7.5);
    stream_write_markup(d->out, name.data);
    stream_text_str(d->out, "</text>\n");
    stream_text_free(&name);
    *x += width + APART;
}

void stream_svg_legend(stream_svg *d, const stream_text *paths) {
    double x = d->left;
    int32_t n = 0, more = 0;
    for (int32_t l = 0; l < d->e->problem->graph->n_layers; ++l) {
        if (!paths[l].length)
            continue;
        if (++n > MAX_LEGEND)
            ++more;
        else
            write_entry(d, l, &x);
    }
    if (more)
        stream_text_print(d->out, "<text x=\"%.1f\" y=\"%.1f\">and %d more layers</text>\n",
                          d->left, (d->y += STREAM_SVG_FONT + STREAM_SVG_GAP) + 7.5, more);
    d->y += STREAM_SVG_FONT + STREAM_SVG_MARGIN;
}
