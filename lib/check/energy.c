/* R12: the energy of the CTs on their cores, of the bits on every link of every transfer, of the
 * words at both ends of it, and of what CTs stream, in integer femtojoules. */

#include "context.h"

#include "stream/support/integer.h"

#include <inttypes.h>
#include <math.h>

/* Sums that stay at INT64_MAX once they do not fit. */
static void add(int64_t *sum, int64_t fj) {
    if (!stream_add_i64(*sum, fj, sum))
        *sum = INT64_MAX;
}

static int64_t compute(const check *c) {
    int64_t sum = 0;
    for (int32_t i = 0; i < c->graph->n_cts; ++i)
        add(&sum, c->problem->energy_fj[(int64_t)c->graph->cts[i].kernel * c->acc->n_cores +
                                        c->schedule->slots[i].core]);
    return sum;
}

/* Of all links of a transfer's route. */
static int64_t route_energy(const check *c, const stream_transfer *t) {
    double bits = (double)check_bits(c, t->tensor, &t->box);
    int64_t sum = 0;
    for (int32_t k = 0; k < t->n_resources; ++k)
        add(&sum,
            stream_fj(bits * c->acc->links[c->acc->resources[t->resources[k]].link].pj_per_bit));
    return sum;
}

/* Of the memories at its ends. */
static int64_t access_energy(const check *c, const stream_transfer *t) {
    int64_t bits = check_bits(c, t->tensor, &t->box);
    int64_t sum = stream_port_energy_fj(c->acc, check_read_port(c, t), bits, false);
    for (int32_t k = 0; k < t->n_targets; ++k)
        add(&sum, stream_port_energy_fj(c->acc, check_write_port(c, t, k), bits, true));
    return sum;
}

/* Of all links over which a CT streams an operand. */
static int64_t stream_energy(const check *c, const stream_ct_stream *s) {
    int64_t sum = 0;
    for (int32_t write = 0; write < 2; ++write) {
        const stream_flow *flow = write ? &s->write : &s->read;
        const stream_price_stream *price = check_stream_price(c, s);
        double bits = (double)(write ? price->write_bits : price->read_bits);
        for (int32_t k = 0; k < flow->n_resources; ++k)
            add(&sum,
                stream_fj(bits *
                          c->acc->links[c->acc->resources[flow->resources[k]].link].pj_per_bit));
    }
    return sum;
}

/* Accesses of off-chip memory by what CTs stream. */
static int64_t streamed_accesses(const check *c) {
    int64_t sum = 0;
    for (int32_t i = 0; i < c->schedule->n_streams; ++i)
        if (check_is_priced(c, &c->schedule->streams[i]))
            add(&sum, check_stream_price(c, &c->schedule->streams[i])->offchip_fj);
    return sum;
}

static int64_t links(const check *c) {
    int64_t sum = 0;
    for (int32_t i = 0; i < c->schedule->n_transfers; ++i)
        add(&sum, route_energy(c, &c->schedule->transfers[i]));
    for (int32_t i = 0; i < c->schedule->n_streams; ++i)
        if (check_is_priced(c, &c->schedule->streams[i]))
            add(&sum, stream_energy(c, &c->schedule->streams[i]));
    return sum;
}

static int64_t memories(const check *c) {
    int64_t sum = streamed_accesses(c);
    for (int32_t i = 0; i < c->schedule->n_transfers; ++i)
        add(&sum, access_energy(c, &c->schedule->transfers[i]));
    return sum;
}

static int64_t leak(const check *c) {
    int64_t sum = 0;
    for (int32_t i = 0; i < c->acc->n_cores; ++i)
        add(&sum,
            stream_fj(c->acc->cores[i].static_pj * (double)c->schedule->summary.latency_cycles));
    return sum;
}

static int64_t macs(const check *c) {
    int64_t sum = 0;
    for (int32_t i = 0; c->problem->parts && i < c->graph->n_cts; ++i)
        add(&sum, c->problem->parts->mac_fj[(int64_t)c->graph->cts[i].kernel * c->acc->n_cores +
                                            c->schedule->slots[i].core]);
    return sum;
}

/* Reads and writes of the off-chip memory. */
static int64_t offchip(const check *c) {
    int64_t sum = streamed_accesses(c);
    for (int32_t i = 0; i < c->schedule->n_transfers; ++i) {
        const stream_transfer *t = &c->schedule->transfers[i];
        int64_t bits = check_bits(c, t->tensor, &t->box);
        if (t->source == c->acc->offchip_instance)
            add(&sum, stream_port_energy_fj(c->acc, check_read_port(c, t), bits, false));
        for (int32_t k = 0; k < t->n_targets; ++k)
            if (t->targets[k].instance == c->acc->offchip_instance)
                add(&sum, stream_port_energy_fj(c->acc, check_write_port(c, t, k), bits, true));
    }
    return sum;
}

/* On chip to where no CT reads it, or from there. */
static bool steps_aside(const check *c, const stream_transfer *t) {
    bool aside = true;
    for (int32_t k = 0; k < t->n_targets; ++k)
        aside &= check_is_aside(c, t, t->targets[k].instance);
    return aside || check_is_aside(c, t, t->source);
}

/* What CTs wrote, sent off-chip without being a result, or fetched from there; or put aside. */
static bool evicts(const check *c, const stream_transfer *t) {
    if (t->writer < 0)
        return false;
    if (t->source == c->acc->offchip_instance)
        return true;
    bool leaves = false;
    for (int32_t k = 0; k < t->n_targets; ++k)
        leaves |= t->targets[k].instance == c->acc->offchip_instance;
    if (!leaves)
        return steps_aside(c, t);
    stream_box part;
    bool result = !c->replaced[t->writer] &&
                  stream_tensor_output_box(&c->graph->tensors[t->tensor], &t->box, &part);
    return !result;
}

static int64_t evictions(const check *c) {
    int64_t sum = 0;
    for (int32_t i = 0; i < c->schedule->n_transfers; ++i)
        if (evicts(c, &c->schedule->transfers[i])) {
            add(&sum, route_energy(c, &c->schedule->transfers[i]));
            add(&sum, access_energy(c, &c->schedule->transfers[i]));
        }
    return sum;
}

static void compare(check *c, const char *what, int64_t said, int64_t is) {
    if (said != is)
        check_report(c, check_summary_loc(c), "R12",
                     "the summary says %" PRId64 " fJ for %s; the events add up to %" PRId64, said,
                     what, is);
}

/* EDP is a double: pJ times cycles, to the last few bits. */
static void edp(check *c, int64_t total) {
    const stream_schedule_summary *s = &c->schedule->summary;
    double is = (double)total / 1000.0 * (double)s->latency_cycles;
    if (!(fabs(s->edp - is) <= 1e-12 * is))
        check_report(c, check_summary_loc(c), "R12",
                     "the summary says an EDP of %.17g pJ x cycles; the events give %.17g", s->edp,
                     is);
}

void check_energy(check *c) {
    const stream_schedule_summary *s = &c->schedule->summary;
    int64_t ct = compute(c), link = links(c), memory = memories(c), still = leak(c), total = 0;
    add(&total, ct);
    add(&total, link);
    add(&total, memory);
    add(&total, still);
    compare(c, "computing", s->compute_energy_fj, ct);
    compare(c, "links", s->link_energy_fj, link);
    compare(c, "memories", s->memory_energy_fj, memory);
    compare(c, "standing by", s->static_energy_fj, still);
    compare(c, "multiplying", s->mac_energy_fj, macs(c));
    compare(c, "off-chip memory", s->offchip_energy_fj, offchip(c));
    compare(c, "evictions", s->eviction_energy_fj, evictions(c));
    compare(c, "everything", s->energy_fj, total);
    edp(c, total);
}
