/* R1: a CT runs once, uninterrupted, on a core that may run it; a core runs one CT at a time.
 * R2: it takes the cycles of its kernel on that core. */

#include "context.h"

#include "stream/support/text.h"

#include <inttypes.h>

/* Each CT against the one that ends last among those before it on its core. */
static void in_turn(check *c, const stream_keyed *runs, size_t n) {
    const stream_ct_slot *slots = c->schedule->slots;
    int32_t last = -1;
    for (size_t k = 0; k < n; ++k) {
        int32_t i = (int32_t)runs[k].value;
        if (last >= 0 && slots[i].start < slots[last].end)
            check_report(c, check_ct_loc(c, i), "R1",
                         "%s starts at %" PRId64 " on core '%s', which runs CT %" PRId32
                         " until %" PRId64,
                         check_ct_name(c, i).s, slots[i].start, check_core_name(c, slots[i].core),
                         last, slots[last].end);
        if (last < 0 || slots[i].end > slots[last].end)
            last = i;
    }
}

static void one_at_a_time(check *c) {
    int32_t n = c->graph->n_cts;
    stream_arena *scratch = stream_arena_create();
    check_event *events = STREAM_NEW(scratch, check_event, (size_t)n);
    size_t *first = STREAM_NEW(scratch, size_t, (size_t)c->acc->n_cores + 1);
    const stream_ct_slot *slots = c->schedule->slots;
    for (int32_t i = 0; i < n; ++i)
        events[i] = (check_event){slots[i].core, {(uint64_t)slots[i].start, i}};
    const stream_keyed *runs = check_timelines(events, (size_t)n, c->acc->n_cores, first, scratch);
    for (int32_t core = 0; core < c->acc->n_cores; ++core)
        in_turn(c, &runs[first[core]], first[core + 1] - first[core]);
    stream_arena_destroy(scratch);
}

static bool allowed(const stream_ct *ct, int32_t core) {
    for (int32_t i = 0; i < ct->n_allowed_cores; ++i)
        if (ct->allowed_cores[i] == core)
            return true;
    return ct->n_allowed_cores == 0;
}

static void may_run(check *c, int32_t i) {
    const stream_ct *ct = &c->graph->cts[i];
    int32_t core = c->schedule->slots[i].core;
    const char *name = check_core_name(c, core);
    const char *op = c->graph->layers[ct->layer].op_type;
    stream_loc loc = check_ct_loc(c, i);
    if (!stream_core_runs(&c->acc->cores[core], op))
        check_report(c, loc, "R1", "%s is on core '%s', which does not run '%s'",
                     check_ct_name(c, i).s, name, op);
    else if (!allowed(ct, core))
        check_report(c, loc, "R1",
                     "%s is on core '%s', which is not one of the %" PRId32
                     " cores that it is allowed to use",
                     check_ct_name(c, i).s, name, ct->n_allowed_cores);
    else if (c->problem->cores && c->problem->cores[i] != core)
        check_report(c, loc, "R1", "%s is on core '%s', but was assigned to core %" PRId32,
                     check_ct_name(c, i).s, name, c->problem->cores[i]);
}

static void no_price(check *c, int32_t i, int32_t core, const int64_t *cycles) {
    int32_t priced = stream_core_of_type_with(c->acc, core, cycles);
    stream_text hint = {0};
    if (priced >= 0)
        stream_text_print(&hint,
                          "; that on core '%s' is for cores equal to it, but '%s' is not (any "
                          "more)",
                          check_core_name(c, priced), check_core_name(c, core));
    check_report(c, check_ct_loc(c, i), "R2",
                 "%s runs on core '%s', for which kernel '%s' has no price%s",
                 check_ct_name(c, i).s, check_core_name(c, core),
                 c->graph->kernels[c->graph->cts[i].kernel].name, hint.data ? hint.data : "");
    stream_text_free(&hint);
}

static void runtime(check *c, int32_t i) {
    const stream_ct *ct = &c->graph->cts[i];
    const stream_ct_slot *slot = &c->schedule->slots[i];
    const int64_t *of_core = &c->problem->cycles[(int64_t)ct->kernel * c->acc->n_cores];
    int64_t cycles = of_core[slot->core];
    const char *kernel = c->graph->kernels[ct->kernel].name;
    if (cycles < 1)
        no_price(c, i, slot->core, of_core);
    else if (slot->end - slot->start != cycles)
        check_report(c, check_ct_loc(c, i), "R2",
                     "%s runs from %" PRId64 " to %" PRId64 ", which is %" PRId64
                     " cycles; kernel '%s' takes %" PRId64 " on core '%s'",
                     check_ct_name(c, i).s, slot->start, slot->end, slot->end - slot->start, kernel,
                     cycles, check_core_name(c, slot->core));
}

void check_cores(check *c) {
    for (int32_t i = 0; i < c->graph->n_cts; ++i) {
        may_run(c, i);
        runtime(c, i);
    }
    one_at_a_time(c);
}
