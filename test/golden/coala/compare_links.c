/* Links of a schedule against those of a dump; see compare_parts.h. */

#include "compare_parts.h"

#include "hardware.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The next use of a link from `from` on that is of the kind; n_activities: there is none. */
static int32_t next_use(const comparison *c, int32_t link, bool blocked, int32_t from) {
    while (from < c->s->n_activities &&
           (c->s->activities[from].link != link || c->s->activities[from].blocked != blocked))
        ++from;
    return from;
}

/* One list of uses: [start, end, operand, id], or [start, end, id] for blocked. */
static void compare_uses(comparison *c, int32_t link, bool blocked, const json *uses,
                         const char *name) {
    int32_t at = 0;
    for (const json *want = json_item(uses, 0); want; want = want->next) {
        double start = json_number(json_item(want, 0), -1),
               end = json_number(json_item(want, 1), -1);
        const char *operand = blocked ? "blocked" : json_text(json_item(want, 2), "?");
        const json *id = json_item(want, blocked ? 2 : 3);
        double layer = json_number(json_item(id, 0), -1), tile = json_number(json_item(id, 1), -1);
        at = next_use(c, link, blocked, at);
        if (at == c->s->n_activities) {
            compare_count(c, false, "%s: nothing, reference [%.17g, %.17g) %s (%.0f, %.0f)", name,
                          start, end, operand, layer, tile);
            continue;
        }
        const stream_coala_v0_activity *got = &c->s->activities[at++];
        int32_t ct = c->d->ct_of[got->tensor];
        const char *got_operand = blocked ? "blocked" : c->d->operand_names[got->tensor];
        bool same = got->start == start && got->end == end && strcmp(got_operand, operand) == 0 &&
                    dump_layer(c->d, ct) == layer && dump_tile(c->d, ct) == tile;
        compare_count(c, same,
                      "%s: [%.17g, %.17g) %s (%d, %d), reference [%.17g, %.17g) %s (%.0f, %.0f)",
                      name, got->start, got->end, got_operand, dump_layer(c->d, ct),
                      dump_tile(c->d, ct), start, end, operand, layer, tile);
    }
    for (; (at = next_use(c, link, blocked, at)) < c->s->n_activities; ++at)
        compare_count(c, false, "%s: [%.17g, %.17g) that the reference does not use", name,
                      c->s->activities[at].start, c->s->activities[at].end);
}

static int index_of(const json *value) {
    int64_t x = json_whole(value, -1);
    return x >= 0 && x < INT32_MAX ? (int)x : -1;
}

/* Ours of "CommunicationLink(Core(4), Any, bw=128)", of [[0, 2], ...], or of our own number. */
static int32_t find_link(const comparison *c, const json *link, char *name, size_t size) {
    const json *text = json_member(link, "link"), *edge = json_item(json_member(link, "edges"), 0);
    int from = -1, to = -1;
    if (text && text->kind == JSON_NUMBER) {
        snprintf(name, size, "link %.0f", text->number);
        int64_t number = json_whole(text, -1);
        return number >= 0 && number < c->d->hardware.n_links ? (int32_t)number : -1;
    }
    if (edge) {
        from = index_of(json_item(edge, 0));
        to = index_of(json_item(edge, 1));
        snprintf(name, size, "link %d->%d", from, to);
    } else {
        const char *s = json_text(text, "");
        if (sscanf(s, "CommunicationLink(Core(%d), Core(%d)", &from, &to) < 1)
            sscanf(s, "CommunicationLink(Any, Core(%d)", &to);
        snprintf(name, size, "%s", s);
    }
    return from < 0 && to < 0 ? -1 : hardware_link(&c->d->hardware, from, to);
}

/* Links that have a number for a name are those of our own dumps, which say no widths. */
static bool says_widths(const json *links) {
    for (const json *link = links->first; link; link = link->next)
        if (json_member(link, "bw") || json_number(json_member(link, "link"), -1) < 0)
            return true;
    return false;
}

/* Bits per cycle: "bw", and what the name of the link says of them. */
static void compare_width(comparison *c, int32_t l, const json *link, const char *name) {
    const json *width = json_member(link, "bw");
    const char *said = strstr(json_text(json_member(link, "link"), ""), "bw=");
    double ours = c->d->hardware.links[l].bits_per_cycle, theirs = json_number(width, -1);
    if (!width)
        compare_count(c, false, "%s: no 'bw'", name);
    else if (isfinite(ours) || ours != theirs)
        compare_count(c, ours == theirs, "%s: %.17g bits per cycle, reference %.17g", name, ours,
                      theirs);
    if (said && strtod(said + 3, NULL) != ours)
        compare_count(c, false, "%s: %.17g bits per cycle", name, ours);
}

void compare_links(comparison *c) {
    const json *links = json_member(c->d->root, "links");
    bool *seen = STREAM_NEW(c->d->arena, bool, (size_t)c->d->hardware.n_links);
    char name[128];
    if (!links)
        return;
    bool widths = says_widths(links);
    if (!widths)
        printf("%s: no 'bw' of links in the dump, not compared\n", c->d->path);
    for (const json *link = links->first; link; link = link->next) {
        int32_t l = find_link(c, link, name, sizeof name);
        if (l < 0 || l >= c->d->hardware.n_links || seen[l]) {
            compare_count(c, false, "%s: no such link", name);
            continue;
        }
        seen[l] = true;
        if (widths)
            compare_width(c, l, link, name);
        compare_uses(c, l, false, json_member(link, "active"), name);
        compare_uses(c, l, true, json_member(link, "blocked"), name);
    }
    for (int32_t i = 0; i < c->s->n_activities; ++i) {
        const stream_coala_v0_activity *a = &c->s->activities[i];
        if (!seen[a->link])
            compare_count(c, false, "link %d, which the reference does not use: [%.17g, %.17g)",
                          a->link, a->start, a->end);
    }
}
