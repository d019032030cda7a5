/* The rest of the summary, recomputed from the events: off-chip traffic, busy cycles of each core,
 * peak of each memory. And the lower bounds: what no schedule can beat, this one did not. */

#include "context.h"

#include "stream/support/integer.h"

#include <inttypes.h>

static void compare(check *c, const char *rule, const char *what, const char *of, int64_t said,
                    int64_t is) {
    if (said != is)
        check_report(c, check_summary_loc(c), rule,
                     "the summary says %" PRId64 " %s%s; the events give %" PRId64, said, what, of,
                     is);
}

static void traffic(check *c) {
    int64_t read = 0, written = 0;
    for (int32_t i = 0; i < c->schedule->n_transfers; ++i) {
        const stream_transfer *t = &c->schedule->transfers[i];
        int64_t bits = check_bits(c, t->tensor, &t->box);
        if (t->source == c->acc->offchip_instance && !stream_add_i64(read, bits, &read))
            read = INT64_MAX;
        for (int32_t k = 0; k < t->n_targets; ++k)
            if (t->targets[k].instance == c->acc->offchip_instance &&
                !stream_add_i64(written, bits, &written))
                written = INT64_MAX;
    }
    for (int32_t i = 0; i < c->schedule->n_streams; ++i) {
        const stream_ct_stream *s = &c->schedule->streams[i];
        if (!check_is_priced(c, s))
            continue;
        if (!stream_add_i64(read, check_stream_price(c, s)->read_bits, &read))
            read = INT64_MAX;
        if (!stream_add_i64(written, check_stream_price(c, s)->write_bits, &written))
            written = INT64_MAX;
    }
    compare(c, "R12", "bits read from off-chip", "", c->schedule->summary.offchip_read_bits, read);
    compare(c, "R12", "bits written to off-chip", "", c->schedule->summary.offchip_write_bits,
            written);
}

static void busy(check *c) {
    int64_t *cycles = STREAM_NEW(c->arena, int64_t, (size_t)c->acc->n_cores);
    for (int32_t i = 0; i < c->graph->n_cts; ++i) {
        const stream_ct_slot *slot = &c->schedule->slots[i];
        if (!stream_add_i64(cycles[slot->core], slot->end - slot->start, &cycles[slot->core]))
            cycles[slot->core] = INT64_MAX;
    }
    for (int32_t i = 0; i < c->acc->n_cores; ++i)
        compare(c, "R1", "busy cycles of core ", check_core_name(c, i),
                c->schedule->summary.busy_cycles[i], cycles[i]);
}

/* Buffers that are never held take no room. */
static size_t list_changes(const check *c, check_event *changes) {
    size_t n = 0;
    for (int32_t i = 0; i < c->n_occupied; ++i) {
        const check_buffer *b = &c->buffers[i];
        if (b->until <= b->start)
            continue;
        changes[n++] = (check_event){b->instance, {check_key(b->start, true), b->bits}};
        changes[n++] = (check_event){b->instance, {check_key(b->until, false), -b->bits}};
    }
    return n;
}

/* Most bits held at once. */
static void peaks(check *c) {
    stream_arena *scratch = stream_arena_create();
    check_event *changes = STREAM_NEW(scratch, check_event, (size_t)c->n_occupied * 2);
    size_t *first = STREAM_NEW(scratch, size_t, (size_t)c->acc->n_instances + 1);
    size_t n = list_changes(c, changes);
    const stream_keyed *in_order = check_timelines(changes, n, c->acc->n_instances, first, scratch);
    for (int32_t i = 0; i < c->acc->n_instances; ++i) {
        int64_t sum = 0, peak = 0;
        for (size_t k = first[i]; k < first[i + 1]; ++k) {
            if (!stream_add_i64(sum, in_order[k].value, &sum))
                sum = INT64_MAX;
            peak = stream_max_i64(peak, sum);
        }
        compare(c, "R7", "bits at most in ", check_instance_name(c, i).s,
                c->schedule->summary.peak_bits[i], peak);
    }
    stream_arena_destroy(scratch);
}

static void bounds(check *c) {
    const stream_schedule_summary *s = &c->schedule->summary;
    if (s->lower_bound_cycles < 0 || s->lower_bound_cycles > s->latency_cycles)
        check_report(c, check_summary_loc(c), "R10",
                     "the summary's lower bound of %" PRId64 " cycles is not between 0 and its "
                     "latency of %" PRId64,
                     s->lower_bound_cycles, s->latency_cycles);
    if (s->energy_bound_fj < 0 || s->energy_bound_fj > s->energy_fj)
        check_report(c, check_summary_loc(c), "R12",
                     "the summary's lower bound of %" PRId64 " fJ is not between 0 and its energy "
                     "of %" PRId64,
                     s->energy_bound_fj, s->energy_fj);
}

void check_summary(check *c) {
    traffic(c);
    busy(c);
    peaks(c);
    bounds(c);
}
