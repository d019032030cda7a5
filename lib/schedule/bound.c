/* Lower bounds on the latency. The largest is reported with its kind. Notation: p_ic cycles of CT i
 * on core c, w_i = min over its cores of p_ic, T the latency of any schedule.
 *
 *   head_i  no schedule starts CT i earlier: the longest path of w over its predecessors, and not
 *           before all that it reads of inputs and constants has come from off-chip memory (nothing
 *           has at time 0): the least over its cores of latency + ceil(bits / rate), where latency
 *           is that of the links on the way, and rate all that leaves off-chip memory, or comes to
 *           the core, at once, over whatever routes (bound_ways.h)
 *   tail_i  T >= end_i + tail_i: the longest path of w over its successors, and the output that it
 *           finishes must come to off-chip memory afterwards, in the same way
 *
 *           Where two CTs of such a path have no cores that see a common memory, what one wrote is
 *           moved before the other starts: the least between any of their cores
 *
 *   critical path   T >= head_i + w_i + tail_i
 *
 *   compute         every CT runs inside [min head, T - min tail], so each core has that long. For
 *                   any weights mu_c >= 0, not all 0, and x_ic = 1 if i runs on c:
 *                     sum_c mu_c (T - min head - min tail) >= sum_c mu_c sum_i p_ic x_ic
 *                                                          >= sum_i min_c (mu_c p_ic)
 *                   mu is made by multiplicative updates (overloaded cores get heavier) and rounded
 *                   to integers; any mu is valid, so its quality affects only the bound. Cores of
 *                   weight 0 drop out: this holds for every group of cores. If the cores are given,
 *                   each core's own sum, least head and least tail are used instead. What holds for
 *                   any assignment holds for a given one, too: the public bound takes the larger.
 *
 *   assignment      the linear program over the assignment of CTs to cores in windows of time; see
 *                   bound.h
 *
 *   off-chip, link  the bits that must be read cross the boundary at the rate of all ports (links)
 *                   together. Then the last of them still have the links' latency to a CT ahead of
 *                   them that reads them, and that CT has to run:
 *                     T >= ceil(read / rate) + min over CTs that read inputs (latency_i + w_i +
 *                                                                             tail_i)
 *                   Nothing enters off-chip memory before a CT that finishes an output has ended,
 *                   and the latency of the links is over:
 *                     T >= min over those (head_i + w_i + latency_i) + ceil(write / rate)
 *                   Where reads and writes share capacity: T >= ceil((read + write) / rate of both)
 *
 *   network         what links between memories and ports of the cores' memories let through; see
 *                   bound_network.c
 *
 * What a CT may stream on some core (R9) counts neither in head nor in tail, nor as read or
 * written; the bits of its streams cross the boundary, too, but while it runs: they are added where
 * nothing is said of before and after. */

#include "bound_latency.h"

#include "stream/support/integer.h"

void stream_bound_offer(bounds *b, int64_t value, stream_bound_kind kind) {
    if (value <= b->best)
        return;
    b->best = value;
    b->kind = kind;
}

bool stream_bound_may_run(const stream_schedule_problem *p, int32_t kernel, const int32_t *allowed,
                          int32_t n_allowed, int32_t core) {
    if (p->cycles[(int64_t)kernel * p->acc->n_cores + core] < 0 ||
        p->acc->cores[core].kind != STREAM_CORE_COMPUTE)
        return false;
    for (int32_t i = 0; i < n_allowed; ++i)
        if (allowed[i] == core)
            return true;
    return n_allowed == 0;
}

static void bound_traffic(bounds *b, int64_t read_rate, int64_t write_rate, int64_t both_rate,
                          stream_bound_kind kind) {
    int64_t after = INT64_MAX, before = INT64_MAX;
    for (int32_t i = 0; i < b->graph->n_cts; ++i) {
        if (b->after[i] >= 0)
            after = stream_min_i64(after, b->after[i]);
        if (b->before[i] >= 0)
            before = stream_min_i64(before, b->before[i]);
    }
    const offchip_traffic *t = &b->traffic;
    if (t->read_bits > 0 && after < INT64_MAX)
        stream_bound_offer(b, stream_bound_cycles(t->read_bits, read_rate) + after, kind);
    if (t->write_bits > 0 && before < INT64_MAX)
        stream_bound_offer(b, before + stream_bound_cycles(t->write_bits, write_rate), kind);
    int64_t read = t->read_bits + t->streamed_read, written = t->write_bits + t->streamed_write;
    stream_bound_offer(b, stream_bound_cycles(read, read_rate), kind);
    stream_bound_offer(b, stream_bound_cycles(written, write_rate), kind);
    stream_bound_offer(b, stream_bound_cycles(read + written, both_rate), kind);
}

bounds *stream_bound_open(const stream_schedule_problem *problem, stream_arena *arena) {
    bounds *b = STREAM_NEW(arena, bounds, 1);
    offchip_traffic *t = &b->traffic;
    *b = (bounds){.p = problem, .acc = problem->acc, .graph = problem->graph};
    stream_bound_rates(problem->acc, arena, t);
    b->sets = stream_bound_sets_create(problem, stream_min_i64(t->port_read, t->link_read),
                                       stream_min_i64(t->port_write, t->link_write), arena);
    stream_bound_find_classes(b, arena);
    stream_bound_find_needs(b, arena);
    stream_bound_sum(&b->needs, t);
    return b;
}

/* Do all sums of cycles fit 63 bits? They do if the model takes the problem (check_prices). */
static bool are_countable(const bounds *b) {
    __int128 sum = 0;
    for (int32_t k = 0; k < b->n_classes; ++k) {
        const ct_class *class = &b->classes[k];
        int64_t most = 0;
        for (int32_t c = 0; c < b->acc->n_cores; ++c)
            if (stream_bound_may_run(b->p, class->kernel, class->allowed, class->n_allowed, c))
                most = stream_max_i64(most, stream_bound_price(b, class->kernel, c));
        sum += (__int128)most * class->n;
    }
    return sum <= INT64_MAX / 8;
}

int64_t stream_bound_latency(bounds *b, stream_arena *arena, stream_bound_kind *out_kind) {
    const offchip_traffic *t = &b->traffic;
    *out_kind = b->kind;
    if (!are_countable(b))
        return 0;
    stream_bound_find_paths(b, arena);
    stream_bound_loads(b, arena);
    bound_traffic(b, t->port_read, t->port_write, t->port_both, STREAM_BOUND_OFFCHIP);
    bound_traffic(b, t->link_read, t->link_write, t->link_both, STREAM_BOUND_LINK);
    stream_bound_network(b, arena);
    *out_kind = b->kind;
    return b->best;
}

static int64_t bound_as_given(const stream_schedule_problem *problem, stream_bound_kind *out_kind) {
    stream_arena *arena = stream_arena_create();
    bounds *b = stream_bound_open(problem, arena);
    int64_t bound = stream_bound_latency(b, arena, out_kind);
    stream_arena_destroy(arena);
    return bound;
}

stream_schedule_problem stream_bound_problem(const stream_schedule_problem *problem) {
    stream_schedule_problem p = *problem;
    for (int32_t i = 0; p.cores && i < p.graph->n_cts; ++i)
        if (p.cores[i] < 0 || p.cores[i] >= p.acc->n_cores)
            p.cores = NULL;
    return p;
}

int64_t stream_schedule_lower_bound(const stream_schedule_problem *problem,
                                    stream_bound_kind *out_kind) {
    stream_schedule_problem given_cores = stream_bound_problem(problem), any_cores = given_cores;
    int64_t given = bound_as_given(&given_cores, out_kind);
    if (!given_cores.cores)
        return given;
    stream_bound_kind kind;
    any_cores.cores = NULL;
    int64_t any = bound_as_given(&any_cores, &kind);
    if (any > given)
        *out_kind = kind;
    return stream_max_i64(given, any);
}
