/* A schedule against a dump; see compare.h. */

#include "compare.h"

#include "hardware.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Counts one figure; the text is printed, if it differs, after the name of the file. */
STREAM_PRINTF(3, 4)
static void count(comparison *c, bool same, const char *format, ...) {
    ++c->all;
    c->equal += same;
    if (same || c->all - c->equal > c->most)
        return;
    va_list args;
    va_start(args, format);
    printf("%s: ", c->d->path);
    vprintf(format, args);
    printf("\n");
    va_end(args);
}

static void figure(comparison *c, const char *what, double got, const json *want) {
    if (want)
        count(c, got == json_number(want, -1), "%s is %.17g, reference %.17g", what, got,
              json_number(want, -1));
}

static void compare_cts(comparison *c) {
    for (int32_t i = 0; i < c->d->problem.n_cts; ++i) {
        double start = json_number(json_member(c->d->nodes[i], "start"), -1);
        double end = json_number(json_member(c->d->nodes[i], "end"), -1);
        int32_t layer = dump_layer(c->d, i), tile = dump_tile(c->d, i);
        count(c, c->s->start[i] == start, "CT (%d, %d) starts at %.17g, reference %.17g", layer,
              tile, c->s->start[i], start);
        count(c, c->s->end[i] == end, "CT (%d, %d) ends at %.17g, reference %.17g", layer, tile,
              c->s->end[i], end);
    }
}

/* The sums "simple" leave out all communication: they are the CTs' own, in order of ids. */
static void compare_energies(comparison *c) {
    const stream_coala_v0_energy *e = &c->s->energy;
    double on = 0, off = 0;
    for (int32_t i = 0; i < c->d->problem.n_cts; ++i) {
        on += c->d->problem.cts[i].energy_pj;
        off += c->d->problem.cts[i].offchip_pj;
    }
    const struct {
        const char *name;
        double got;
    } terms[] = {
        {"total_cn_onchip_energy", e->cts},
        {"total_cn_offchip_link_energy", e->offchip_link},
        {"total_cn_offchip_memory_energy", e->offchip_memory},
        {"total_eviction_to_offchip_link_energy", e->eviction_link},
        {"total_eviction_to_offchip_memory_energy", e->eviction_memory},
        {"total_sink_layer_output_offchip_link_energy", e->sink_link},
        {"total_sink_layer_output_offchip_memory_energy", e->sink_memory},
        {"total_core_to_core_link_energy", e->core_link},
        {"total_core_to_core_memory_energy", e->core_memory},
        {"total_cn_onchip_energy_simple", on},
        {"total_cn_offchip_memory_energy_simple", off},
        {"total_cn_onchip_energy_simple_ideal", on},
        {"total_cn_offchip_memory_energy_simple_ideal", off},
    };
    const json *breakdown = json_member(c->d->root, "breakdown");
    for (size_t i = 0; i < sizeof terms / sizeof *terms; ++i)
        figure(c, terms[i].name, terms[i].got, json_member(breakdown, terms[i].name));
    figure(c, "energy", e->total, json_member(c->d->root, "energy"));
    figure(c, "latency", c->s->latency_cycles, json_member(c->d->root, "latency"));
}

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
            count(c, false, "%s: nothing, reference [%.17g, %.17g) %s (%.0f, %.0f)", name, start,
                  end, operand, layer, tile);
            continue;
        }
        const stream_coala_v0_activity *got = &c->s->activities[at++];
        int32_t ct = c->d->ct_of[got->tensor];
        const char *got_operand = blocked ? "blocked" : c->d->operand_names[got->tensor];
        bool same = got->start == start && got->end == end && strcmp(got_operand, operand) == 0 &&
                    dump_layer(c->d, ct) == layer && dump_tile(c->d, ct) == tile;
        count(c, same, "%s: [%.17g, %.17g) %s (%d, %d), reference [%.17g, %.17g) %s (%.0f, %.0f)",
              name, got->start, got->end, got_operand, dump_layer(c->d, ct), dump_tile(c->d, ct),
              start, end, operand, layer, tile);
    }
    for (; (at = next_use(c, link, blocked, at)) < c->s->n_activities; ++at)
        count(c, false, "%s: [%.17g, %.17g) that the reference does not use", name,
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

/* Bits per cycle, if the dump says them; a link that takes no time has none. */
static void compare_width(comparison *c, int32_t link, const json *width, const char *name) {
    double ours = c->d->hardware.links[link].bits_per_cycle, theirs = json_number(width, -1);
    if (width && isfinite(ours))
        count(c, ours == theirs, "%s: %.17g bits per cycle, reference %.17g", name, ours, theirs);
}

static void compare_links(comparison *c) {
    const json *links = json_member(c->d->root, "links");
    bool *seen = STREAM_NEW(c->d->arena, bool, (size_t)c->d->hardware.n_links);
    char name[128];
    if (!links)
        return;
    for (const json *link = links->first; link; link = link->next) {
        int32_t l = find_link(c, link, name, sizeof name);
        if (l < 0 || l >= c->d->hardware.n_links || seen[l]) {
            count(c, false, "%s: no such link", name);
            continue;
        }
        seen[l] = true;
        compare_width(c, l, json_member(link, "bw"), name);
        compare_uses(c, l, false, json_member(link, "active"), name);
        compare_uses(c, l, true, json_member(link, "blocked"), name);
    }
    for (int32_t i = 0; i < c->s->n_activities; ++i) {
        const stream_coala_v0_activity *a = &c->s->activities[i];
        if (!seen[a->link])
            count(c, false, "link %d, which the reference does not use: [%.17g, %.17g)", a->link,
                  a->start, a->end);
    }
}

/* Is a memory seen by exactly the cores of "name@[0, 1]"? */
static bool seen_by(const stream_coala_v0_hardware *hw, int32_t memory, const char *key) {
    const char *at = strrchr(key, '@');
    int core, used;
    uint64_t listed = 0, sees = 0;
    at = at ? at + 1 + (at[1] == '[') : "";
    for (; sscanf(at, "%d%n", &core, &used) == 1; at += strspn(at, ", ")) {
        listed |= core >= 0 && core < 64 ? UINT64_C(1) << core : 0;
        at += used;
    }
    for (int32_t i = 0; i < hw->n_cores * STREAM_N_OPERANDS; ++i)
        if (hw->memory_of[i] == memory)
            sees |= UINT64_C(1) << (i / STREAM_N_OPERANDS);
    return listed == sees;
}

/* How many steps of a curve are those of the dump, in order. */
static int32_t equal_steps(const comparison *c, int32_t memory, const json *curve) {
    int32_t n = 0, k = c->s->step_first[memory];
    for (const json *step = curve->first; step && k < c->s->step_first[memory + 1];
         step = step->next, ++k)
        n += c->s->steps[k].time == json_number(json_item(step, 0), -1) &&
             (double)c->s->steps[k].bits == json_number(json_item(step, 1), -1);
    return n;
}

/* A dump names memories by their cores; of several that fit, the one with the most equal steps. */
static int32_t find_memory(const comparison *c, const json *memory, const bool *taken) {
    const json *curve = json_member(memory, "cumsum");
    int32_t best = -1, most = -1;
    for (int32_t m = 0; m < c->d->hardware.n_memories; ++m) {
        if (taken[m] || !seen_by(&c->d->hardware, m, memory->key) ||
            (double)c->d->hardware.memories[m].size_bits !=
                json_number(json_member(memory, "capacity"), -1))
            continue;
        int32_t n = equal_steps(c, m, curve);
        if (n > most) {
            best = m;
            most = n;
        }
    }
    return best;
}

static void compare_steps(comparison *c, int32_t m, const json *memory) {
    const json *curve = json_member(memory, "cumsum");
    int32_t k = c->s->step_first[m], end = c->s->step_first[m + 1];
    for (const json *want = curve->first; want; want = want->next, ++k) {
        double time = json_number(json_item(want, 0), -1),
               bits = json_number(json_item(want, 1), -1);
        if (k >= end)
            count(c, false, "%s: nothing, reference %.0f bits from %.17g", memory->key, bits, time);
        else
            count(c, c->s->steps[k].time == time && (double)c->s->steps[k].bits == bits,
                  "%s: %" PRId64 " bits from %.17g, reference %.0f from %.17g", memory->key,
                  c->s->steps[k].bits, c->s->steps[k].time, bits, time);
    }
    for (; k < end; ++k)
        count(c, false, "%s: %" PRId64 " bits from %.17g, not in the reference", memory->key,
              c->s->steps[k].bits, c->s->steps[k].time);
}

static void compare_memories(comparison *c) {
    const json *memories = json_member(c->d->root, "memory");
    bool *taken = STREAM_NEW(c->d->arena, bool, (size_t)c->d->hardware.n_memories);
    if (!memories)
        return;
    for (const json *memory = memories->first; memory; memory = memory->next) {
        const json *curve = json_member(memory, "cumsum");
        int32_t m = curve ? find_memory(c, memory, taken) : -1;
        if (m < 0) {
            count(c, false, "%s: no such memory", memory->key);
            continue;
        }
        taken[m] = true;
        compare_steps(c, m, memory);
    }
    for (int32_t m = 0; m < c->d->hardware.n_memories; ++m)
        if (!taken[m] && c->s->step_first[m] < c->s->step_first[m + 1])
            count(c, false, "%s: not in the reference", c->d->hardware.memories[m].name);
}

/* What the dump does not hold is said, since it is not compared. */
static void name_missing(const comparison *c) {
    static const char *const parts[] = {"links", "memory", "breakdown", "energy", "latency"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; ++i)
        if (!json_member(c->d->root, parts[i]))
            printf("%s: no '%s' in the dump, not compared\n", c->d->path, parts[i]);
}

void compare(comparison *c) {
    name_missing(c);
    compare_cts(c);
    compare_links(c);
    compare_memories(c);
    compare_energies(c);
}
