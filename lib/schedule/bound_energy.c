/* A lower bound on the energy: every CT on its cheapest core, the traffic with off-chip memory that
 * no schedule avoids, and what cores take standing by while the shortest schedule lasts.
 *
 *   E >= sum_i min_c e_ic  +  read bits * (r_offchip + w + l)  +  write bits * (r + w_offchip + l)
 *        +  sum_c round(static_c * T)
 *
 * - e_ic: energy of CT i on core c, over the cores that may run it; with the off-chip accesses of
 *   what it streams wherever it runs, and l for each of those bits (R9: they are no part of the
 *   rest);
 * - r, w: least energy per bit of any read (write) port of the top memories of compute cores; with
 *   the index, of off-chip memory. Rounded down to whole fJ per bit, so that what a transfer rounds
 *   is not less;
 * - l: least energy per bit of a link at the off-chip core, rounded down as well;
 * - T: a lower bound on the latency. The energy of a schedule has static_c * latency, rounded in
 *   the same way, which does not fall as the latency rises.
 *
 * Each bit of inputs and constants that is read leaves off-chip memory at least once, is written
 * into some memory, and crosses a link; so does each bit of the network's outputs the other way. */

#include "bound.h"

#include "stream/support/integer.h"

/* Of what CT i streams: off-chip accesses, and `link` per bit. False: beyond 63 bits. */
static bool add_streams(const stream_schedule_problem *p, int32_t i, int64_t link, int64_t *sum) {
    streamed_bits bits = stream_bound_streamed(p, i);
    int64_t part;
    return stream_add_i64(*sum, bits.offchip_fj, sum) && stream_mul_i64(bits.read, link, &part) &&
           stream_add_i64(*sum, part, sum) && stream_mul_i64(bits.write, link, &part) &&
           stream_add_i64(*sum, part, sum);
}

static int64_t cheapest(const stream_schedule_problem *p, int32_t i) {
    const stream_ct *ct = &p->graph->cts[i];
    int64_t n = p->acc->n_cores, least = INT64_MAX;
    if (p->cores)
        return p->energy_fj[(int64_t)ct->kernel * n + p->cores[i]];
    for (int32_t c = 0; c < n; ++c)
        if (stream_bound_may_run(p, ct->kernel, ct->allowed_cores, ct->n_allowed_cores, c))
            least = stream_min_i64(least, p->energy_fj[(int64_t)ct->kernel * n + c]);
    return least == INT64_MAX ? 0 : least;
}

/* Whole fJ per bit of one access, from the energy of many, which is rounded to whole fJ once. */
static int64_t per_bit(const stream_accelerator *acc, int32_t port, bool write) {
    const int64_t many = 1 << 20, width = acc->resources[port].bandwidth_bits;
    int64_t energy = stream_port_energy_fj(acc, port, width * many, write);
    return stream_max_i64(0, energy - 1) / many / width;
}

/* The least per bit over the ports of the cores of one kind. */
static int64_t least_port(const stream_accelerator *acc, bool offchip, bool write) {
    int64_t least = INT64_MAX;
    for (int32_t c = 0; c < acc->n_cores; ++c)
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
            int32_t instance = acc->top[c * STREAM_N_OPERANDS + o];
            if (instance < 0 || (instance == acc->offchip_instance) != offchip)
                continue;
            int32_t port = stream_accelerator_port(acc, instance, (stream_operand_class)o, write);
            if (port >= 0)
                least = stream_min_i64(least, per_bit(acc, port, write));
        }
    return least == INT64_MAX ? 0 : least;
}

static int64_t least_link(const stream_accelerator *acc) {
    int64_t least = INT64_MAX;
    for (int32_t l = 0; l < acc->n_links; ++l)
        for (int32_t i = 0; i < acc->links[l].n_cores; ++i)
            if (acc->links[l].cores[i] == acc->offchip_core)
                least = stream_min_i64(least, (int64_t)(acc->links[l].pj_per_bit * 1000));
    return least == INT64_MAX ? 0 : least;
}

static bool add_static(const stream_accelerator *acc, int64_t cycles, int64_t *sum) {
    bool fits = true;
    for (int32_t c = 0; c < acc->n_cores; ++c)
        fits &= stream_add_i64(*sum, stream_fj(acc->cores[c].static_pj * (double)cycles), sum);
    return fits;
}

int64_t stream_bound_energy(const stream_schedule_problem *p, const offchip_traffic *traffic,
                            int64_t latency) {
    const stream_accelerator *acc = p->acc;
    int64_t sum = 0, part;
    bool overflow = false;
    int64_t link = traffic->link_read < STREAM_BOUND_NO_LIMIT ? least_link(acc) : 0;
    for (int32_t i = 0; i < p->graph->n_cts; ++i)
        overflow |= !stream_add_i64(sum, cheapest(p, i), &sum) ||
                    (p->streams && !add_streams(p, i, link, &sum));
    int64_t in = least_port(acc, true, false) + least_port(acc, false, true) + least_link(acc);
    int64_t out = least_port(acc, false, false) + least_port(acc, true, true) + least_link(acc);
    overflow |= !stream_mul_i64(traffic->read_bits, in, &part) || !stream_add_i64(sum, part, &sum);
    overflow |=
        !stream_mul_i64(traffic->write_bits, out, &part) || !stream_add_i64(sum, part, &sum);
    overflow |= !add_static(acc, latency, &sum);
    return overflow ? INT64_MAX : sum;
}

static bool stands_by(const stream_accelerator *acc) {
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (acc->cores[c].static_pj > 0)
            return true;
    return false;
}

int64_t stream_schedule_energy_bound(const stream_schedule_problem *problem) {
    stream_schedule_problem p = stream_bound_problem(problem);
    stream_arena *arena = stream_arena_create();
    offchip_traffic traffic;
    stream_bound_kind kind;
    stream_bound_traffic(&p, arena, &traffic);
    stream_arena_destroy(arena);
    return stream_bound_energy(&p, &traffic,
                               stands_by(p.acc) ? stream_schedule_lower_bound(&p, &kind) : 0);
}
