/* A schedule against a dump; see compare.h. */

#include "compare_parts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void compare_count(comparison *c, bool same, const char *format, ...) {
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
        compare_count(c, got == json_number(want, -1), "%s is %.17g, reference %.17g", what, got,
                      json_number(want, -1));
}

static void compare_cts(comparison *c) {
    for (int32_t i = 0; i < c->d->problem.n_cts; ++i) {
        double start = json_number(json_member(c->d->nodes[i], "start"), -1);
        double end = json_number(json_member(c->d->nodes[i], "end"), -1);
        int32_t layer = dump_layer(c->d, i), tile = dump_tile(c->d, i);
        compare_count(c, c->s->start[i] == start, "CT (%d, %d) starts at %.17g, reference %.17g",
                      layer, tile, c->s->start[i], start);
        compare_count(c, c->s->end[i] == end, "CT (%d, %d) ends at %.17g, reference %.17g", layer,
                      tile, c->s->end[i], end);
    }
}

enum {
    N_TERMS = 13,
    N_PARTS = 9 /* of them that every dump has; the others are there all or not at all */
};

typedef struct {
    const char *name;
    double got;
} energy_term;

static bool is_term(const char *name, const energy_term *terms, int32_t n) {
    for (int32_t i = 0; i < n; ++i)
        if (strcmp(terms[i].name, name) == 0)
            return true;
    return false;
}

/* The sums "simple" leave out all communication: they are the CTs' own, in order of ids. */
static void compare_energies(comparison *c) {
    const stream_coala_v0_energy *e = &c->s->energy;
    double on = 0, off = 0;
    for (int32_t i = 0; i < c->d->problem.n_cts; ++i) {
        on += c->d->problem.cts[i].energy_pj;
        off += c->d->problem.cts[i].offchip_pj;
    }
    const energy_term terms[N_TERMS] = {
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
    int32_t n = json_member(breakdown, terms[N_PARTS].name) ? N_TERMS : N_PARTS;
    for (int32_t i = 0; i < n && breakdown; ++i) {
        const json *want = json_member(breakdown, terms[i].name);
        figure(c, terms[i].name, terms[i].got, want);
        if (!want)
            compare_count(c, false, "breakdown: no '%s'", terms[i].name);
    }
    for (const json *term = json_item(breakdown, 0); term; term = term->next)
        if (!is_term(term->key, terms, n))
            compare_count(c, false, "breakdown: '%s' is not known", term->key);
    figure(c, "energy", e->total, json_member(c->d->root, "energy"));
    figure(c, "latency", c->s->latency_cycles, json_member(c->d->root, "latency"));
}

/* Is a memory's name that of "name@[0, 1]"? */
static bool is_named(const stream_coala_v0_memory *memory, const char *key) {
    const char *at = strrchr(key, '@');
    size_t n = at ? (size_t)(at - key) : strlen(key);
    return strlen(memory->name) == n && strncmp(memory->name, key, n) == 0;
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

/* A dump that describes its accelerator names memories as it does there. Others, whose accelerator
 * is one by name, may name them as they like: they are told by their cores; of several that fit,
 * the one with the most equal steps.
 */
static int32_t find_memory(const comparison *c, const json *memory, const bool *taken) {
    const json *curve = json_member(memory, "cumsum");
    bool described = json_member(c->d->root, "hardware") != NULL;
    int32_t best = -1, most = -1;
    for (int32_t m = 0; m < c->d->hardware.n_memories; ++m) {
        if (taken[m] || (described && !is_named(&c->d->hardware.memories[m], memory->key)) ||
            !seen_by(&c->d->hardware, m, memory->key) ||
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
            compare_count(c, false, "%s: nothing, reference %.0f bits from %.17g", memory->key,
                          bits, time);
        else
            compare_count(c, c->s->steps[k].time == time && (double)c->s->steps[k].bits == bits,
                          "%s: %" PRId64 " bits from %.17g, reference %.0f from %.17g", memory->key,
                          c->s->steps[k].bits, c->s->steps[k].time, bits, time);
    }
    for (; k < end; ++k)
        compare_count(c, false, "%s: %" PRId64 " bits from %.17g, not in the reference",
                      memory->key, c->s->steps[k].bits, c->s->steps[k].time);
}

static void compare_memories(comparison *c) {
    const json *memories = json_member(c->d->root, "memory");
    bool *taken = STREAM_NEW(c->d->arena, bool, (size_t)c->d->hardware.n_memories);
    int32_t renamed = 0;
    if (!memories)
        return;
    for (const json *memory = memories->first; memory; memory = memory->next) {
        const json *curve = json_member(memory, "cumsum");
        int32_t m = curve ? find_memory(c, memory, taken) : -1;
        if (m < 0) {
            compare_count(c, false, "%s: no such memory", memory->key);
            continue;
        }
        taken[m] = true;
        renamed += !is_named(&c->d->hardware.memories[m], memory->key);
        compare_steps(c, m, memory);
    }
    if (renamed)
        printf("%s: %d memories are named otherwise here, and told by their cores\n", c->d->path,
               renamed);
    for (int32_t m = 0; m < c->d->hardware.n_memories; ++m)
        if (!taken[m] && c->s->step_first[m] < c->s->step_first[m + 1])
            compare_count(c, false, "%s: not in the reference", c->d->hardware.memories[m].name);
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
