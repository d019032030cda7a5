/* Use of links and memories in SVG; see svg.h. */

#include "curves.h"
#include "names.h"
#include "stream/support/integer.h"
#include "svg.h"

#include <math.h>

static const double STEP = 0.5;

static void background(stream_svg *d) {
    stream_text_print(
        d->out,
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"" STREAM_SVG_LANE "\"/>\n",
        d->left, d->y, d->width, STREAM_SVG_ROW);
}

/* A column of a curve: the most in [from, until); `*at`: the step in force at `from`. */
static int64_t most_in(const stream_curves *c, int32_t owner, int64_t until, int32_t *at) {
    int64_t most = *at >= c->first[owner] ? c->steps[*at].value : 0;
    while (*at + 1 < c->first[owner + 1] && c->steps[*at + 1].time < until) {
        ++*at;
        most = stream_max_i64(most, c->steps[*at].value);
    }
    return most;
}

/* An area of which `whole` is the full height. */
typedef struct {
    stream_svg *d;
    double whole, x, height;
} area;

static void goes_on_at(area *a, double value) {
    double part = round(10 * STREAM_SVG_ROW * fmin(1, value / a->whole)) / 10;
    if (part != a->height)
        stream_text_print(a->d->out, "H%.1fV%.1f", a->x, a->d->y + STREAM_SVG_ROW - part);
    a->height = part;
}

/* Columns of one height are one. mean: the mean of each column, else the most. */
static void draw_columns(area *a, const stream_curves *c, int32_t owner, int32_t n, bool mean) {
    stream_svg *d = a->d;
    int32_t at = c->first[owner] - 1;
    int64_t until = d->from;
    most_in(c, owner, d->from, &at);
    for (int32_t i = 0; i < n; ++i) {
        int64_t from = until;
        until = d->from + (int64_t)((double)(d->until - d->from) * (i + 1) / n);
        double value = (double)most_in(c, owner, until, &at);
        if (mean && until > from)
            value = stream_curves_area(c, owner, from, until) / (double)(until - from);
        goes_on_at(a, value);
        a->x = d->left + d->width * (i + 1) / n;
    }
}

/* Every step where it is. */
static void draw_steps(area *a, const stream_curves *c, int32_t owner) {
    stream_svg *d = a->d;
    for (int32_t i = c->first[owner]; i < c->first[owner + 1]; ++i) {
        const stream_step *step = &c->steps[i];
        if (step->time >= d->until)
            break;
        if (i + 1 < c->first[owner + 1] && step[1].time <= d->from)
            continue;
        a->x = d->left + d->width * (double)stream_max_i64(0, step->time - d->from) /
                             (double)(d->until - d->from);
        goes_on_at(a, (double)step->value);
    }
    a->x = d->left + d->width;
}

static void draw_curve(stream_svg *d, const stream_curves *c, int32_t owner, int64_t whole,
                       bool mean) {
    int32_t n = (int32_t)(d->width / STEP);
    area a = {d, (double)whole, d->left, 0};
    background(d);
    stream_text_print(d->out, "<path fill=\"#555\" d=\"M%.1f %.1f", a.x, d->y + STREAM_SVG_ROW);
    if (d->until - d->from > n)
        draw_columns(&a, c, owner, n, mean);
    else
        draw_steps(&a, c, owner);
    stream_text_print(d->out, "H%.1fV%.1fz\"/>\n", a.x, d->y + STREAM_SVG_ROW);
    d->y += STREAM_SVG_ROW + STREAM_SVG_GAP;
}

static void heading(stream_svg *d, const char *text) {
    stream_text_print(d->out, "<text x=\"%.1f\" y=\"%.1f\" font-weight=\"bold\">%s</text>\n",
                      d->left, d->y + STREAM_SVG_FONT, text);
    d->y += STREAM_SVG_FONT + STREAM_SVG_GAP;
}

bool stream_svg_has_link(const stream_svg *d, int32_t resource) {
    return d->acc->resources[resource].kind == STREAM_RESOURCE_LINK &&
           d->rates.first[resource] < d->rates.first[resource + 1];
}

bool stream_svg_has_memory(const stream_svg *d, int32_t instance) {
    return instance != d->acc->offchip_instance &&
           d->occupancy.first[instance] < d->occupancy.first[instance + 1];
}

void stream_svg_links(stream_svg *d) {
    heading(d, "Bandwidth in use");
    for (int32_t r = 0; r < d->acc->n_resources; ++r) {
        stream_text name = {0};
        if (!stream_svg_has_link(d, r))
            continue;
        stream_export_resource_name(d->acc, r, &name);
        stream_svg_label(d, name.data);
        draw_curve(d, &d->rates, r, d->acc->resources[r].bandwidth_bits, true);
        stream_text_free(&name);
    }
}

void stream_svg_memories(stream_svg *d) {
    heading(d, "Memory in use, of its capacity");
    for (int32_t i = 0; i < d->acc->n_instances; ++i) {
        stream_text name = {0};
        if (!stream_svg_has_memory(d, i))
            continue;
        stream_export_instance_name(d->acc, i, &name);
        stream_svg_label(d, name.data);
        draw_curve(d, &d->occupancy, i, d->acc->instances[i].size_bits, false);
        stream_text_free(&name);
    }
}
