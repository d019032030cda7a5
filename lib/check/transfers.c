/* R5: a transfer copies one box, of one version, from one buffer that contains it and is complete
 * at its start and held until its end, to one or more other memories, in ceil(bits / rate) cycles
 * and the latencies of its links. */

#include "context.h"

#include "stream/support/integer.h"

#include <inttypes.h>

/* The version is of the box: its CT wrote all of it. */
static bool version(check *c, int32_t i) {
    const stream_transfer *t = &c->schedule->transfers[i];
    bool given = c->graph->tensors[t->tensor].kind != STREAM_TENSOR_INTERMEDIATE;
    const stream_ct *ct = t->writer >= 0 ? &c->graph->cts[t->writer] : NULL;
    if (given ? !ct : ct && ct->tensor == t->tensor && stream_box_contains(&ct->box, &t->box))
        return true;
    check_report(c, check_transfer_loc(c, i), "R5",
                 "%s moves what CT %" PRId32 " wrote, but that CT did not write this box",
                 check_transfer_name(c, i).s, t->writer);
    return false;
}

static bool is_source(const check_buffer *b, const stream_transfer *t) {
    return b->address == t->source_address && b->complete <= t->start && b->until >= t->end &&
           stream_box_contains(&b->box, &t->box);
}

/* The transfer's box must be there at all, and then at the address, in one buffer. */
static void source(check *c, int32_t i) {
    const stream_transfer *t = &c->schedule->transfers[i];
    check_buffers_find(c, t->tensor, &t->box, t->writer, t->source, t->start);
    for (size_t k = 0; k < c->found.n; ++k)
        if (is_source(&c->buffers[STREAM_AT(int32_t, c->found, k)], t))
            return;
    if (!check_is_heard(c)) {
        ++c->violations;
        return;
    }
    check_need need = {t->tensor, t->writer, t->source, t->box, t->start, t->start, t->end};
    stream_box missing;
    check_reason why = {.s = "no one buffer at that address contains it"};
    if (!check_covered(c, &need, &missing))
        why = check_why(c, &need, &missing);
    check_report(c, check_transfer_loc(c, i), why.dropped ? "R8" : "R5",
                 "%s reads %s at address %" PRId64 " from %" PRId64 " to %" PRId64
                 ", but its box is not there: %s",
                 check_transfer_name(c, i).s, check_instance_name(c, t->source).s,
                 t->source_address, t->start, t->end, why.s);
}

static void target(check *c, int32_t i, int32_t k) {
    const stream_transfer *t = &c->schedule->transfers[i];
    const stream_transfer_target *to = &t->targets[k];
    stream_loc loc = check_transfer_loc(c, i);
    bool twice = to->instance == t->source;
    for (int32_t j = 0; j < k; ++j)
        twice |= t->targets[j].instance == to->instance;
    if (twice)
        check_report(c, loc, "R5", "%s goes to %s, where it is from or goes already",
                     check_transfer_name(c, i).s, check_instance_name(c, to->instance).s);
    if (to->until < t->end)
        check_report(
            c, loc, "R5", "%s ends at %" PRId64 ", but its copy in %s is dropped at %" PRId64,
            check_transfer_name(c, i).s, t->end, check_instance_name(c, to->instance).s, to->until);
}

static void duration(check *c, int32_t i, int64_t latency) {
    const stream_transfer *t = &c->schedule->transfers[i];
    int64_t bits = check_bits(c, t->tensor, &t->box), want;
    stream_loc loc = check_transfer_loc(c, i);
    if (t->latency_cycles != latency)
        check_report(c, loc, "R5",
                     "%s has a latency of %" PRId64 " cycles; the links of its route have %" PRId64,
                     check_transfer_name(c, i).s, t->latency_cycles, latency);
    if (!stream_add_i64(stream_ceil_div(bits, t->rate_bits), latency, &want) ||
        t->end - t->start != want)
        check_report(c, loc, "R5",
                     "%s takes %" PRId64 " cycles from %" PRId64 " to %" PRId64 "; %" PRId64
                     " bits at %" PRId64 " per cycle and %" PRId64 " of latency take %" PRId64,
                     check_transfer_name(c, i).s, t->end - t->start, t->start, t->end, bits,
                     t->rate_bits, latency, want);
}

void check_transfers(check *c) {
    for (int32_t i = 0; i < c->schedule->n_transfers; ++i) {
        if (version(c, i))
            source(c, i);
        for (int32_t k = 0; k < c->schedule->transfers[i].n_targets; ++k)
            target(c, i, k);
        int64_t latency = check_route(c, i);
        if (latency >= 0)
            duration(c, i, latency);
    }
}
