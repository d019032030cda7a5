/* Lower bounds on the latency. The largest is reported with its kind. Notation: p_ic cycles of CT i
 * on core c, w_i = min over its cores of p_ic, T the latency of any schedule.
 *
 *   head_i  no schedule starts CT i earlier: the longest path of w over its predecessors, and not
 *           before all that it reads of inputs and constants has left off-chip memory (nothing has
 *           at time 0): ceil(bits / rate), where rate is all that leaves off-chip at once
 *   tail_i  T >= end_i + tail_i: the longest path of w over its successors, and the output that it
 *           writes (or that a later CT finishes) must enter off-chip memory afterwards
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
 *                   together, and when the last element's first crossing ends, a CT that reads it
 *                   has yet to run: T >= ceil(read / rate) + min over CTs that read inputs
 *                   (w_i + tail_i). Nothing is written before a CT that writes an output has ended:
 *                   T >= min over those (head_i + w_i) + ceil(write / rate). Where reads and writes
 *                   share capacity: T >= ceil((read + write) / rate of both).
 *
 * What a CT may stream on some core (R9) counts neither in head nor in tail, nor as read or
 * written; the bits of its streams cross the boundary, too, but while it runs: they are added where
 * nothing is said of before and after. */

#include "bound.h"

#include "stream/support/integer.h"

#include <string.h>

#define ROUNDS 300

/* CTs that have the same prices on the same cores. */
typedef struct {
    int32_t kernel, n;
    const int32_t *allowed;
    int32_t n_allowed;
    int64_t head, tail; /* the least of them */
} ct_class;

typedef struct {
    const stream_schedule_problem *p;
    const stream_accelerator *acc;
    const stream_ct_graph *graph;
    offchip_traffic traffic;
    int64_t read_rate, write_rate; /* the least of ports and links; -1: no limit */
    int64_t *work, *head, *tail;   /* [n_cts] */
    bool *reads_input;             /* [n_cts] */
    const bool *streamed_out;      /* [n_tensors] some CT may stream it out */
    ct_class *classes;
    int32_t n_classes;
    int64_t best;
    stream_bound_kind kind;
} bounds;

static void offer(bounds *b, int64_t value, stream_bound_kind kind) {
    if (value <= b->best)
        return;
    b->best = value;
    b->kind = kind;
}

static int64_t price(const bounds *b, int32_t kernel, int32_t core) {
    return b->p->cycles[(int64_t)kernel * b->acc->n_cores + core];
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

static int64_t least_work(const bounds *b, int32_t i) {
    const stream_ct *ct = &b->graph->cts[i];
    if (b->p->cores)
        return stream_max_i64(0, price(b, ct->kernel, b->p->cores[i]));
    int64_t least = INT64_MAX;
    for (int32_t c = 0; c < b->acc->n_cores; ++c)
        if (stream_bound_may_run(b->p, ct->kernel, ct->allowed_cores, ct->n_allowed_cores, c))
            least = stream_min_i64(least, price(b, ct->kernel, c));
    return least == INT64_MAX ? 0 : least;
}

static int64_t cycles_at(int64_t bits, int64_t rate) {
    return rate > 0 ? stream_ceil_div(bits, rate) : 0;
}

static int64_t tighter(int64_t a, int64_t b) {
    return a < 0 ? b : b < 0 ? a : stream_min_i64(a, b);
}

/* Bits of inputs and constants that the CT reads: of each tensor its largest box. */
static int64_t input_bits(bounds *b, int32_t i) {
    const stream_ct *ct = &b->graph->cts[i];
    const stream_ct_read *reads = &b->graph->reads[ct->first_read];
    int64_t bits = 0;
    uint8_t streamed = stream_bound_may_stream(b->p, i);
    for (int32_t r = 0; r < ct->n_reads; ++r) {
        if (streamed >> reads[r].operand & 1 ||
            b->graph->tensors[reads[r].tensor].kind == STREAM_TENSOR_INTERMEDIATE ||
            stream_box_is_empty(&reads[r].box))
            continue;
        int64_t largest = stream_ct_graph_bits(b->graph, reads[r].tensor, &reads[r].box);
        bool seen = false;
        for (int32_t k = 0; k < r; ++k)
            seen |= reads[k].tensor == reads[r].tensor && !(streamed >> reads[k].operand & 1);
        bits += seen ? 0 : largest;
        b->reads_input[i] = true;
    }
    return bits;
}

static void find_heads(bounds *b) {
    const stream_ct_graph *g = b->graph;
    for (int32_t i = 0; i < g->n_cts; ++i) {
        b->work[i] = least_work(b, i);
        b->head[i] = cycles_at(input_bits(b, i), b->read_rate);
        for (int32_t p = g->pred_first[i]; p < g->pred_first[i + 1]; ++p)
            b->head[i] = stream_max_i64(b->head[i], b->head[g->preds[p]] + b->work[g->preds[p]]);
    }
}

static void find_tails(bounds *b) {
    const stream_ct_graph *g = b->graph;
    for (int32_t i = g->n_cts; i-- > 0;) {
        b->tail[i] = b->streamed_out[g->cts[i].tensor]
                         ? 0
                         : cycles_at(stream_bound_output_bits(g, i), b->write_rate);
        for (int32_t s = g->succ_first[i]; s < g->succ_first[i + 1]; ++s)
            b->tail[i] = stream_max_i64(b->tail[i], b->work[g->succs[s]] + b->tail[g->succs[s]]);
        offer(b, b->head[i] + b->work[i] + b->tail[i], STREAM_BOUND_CRITICAL_PATH);
    }
}

static void bound_fixed_loads(bounds *b, stream_arena *arena) {
    int32_t n = b->acc->n_cores;
    int64_t *load = STREAM_NEW(arena, int64_t, (size_t)n);
    int64_t *head = STREAM_NEW(arena, int64_t, (size_t)n);
    int64_t *tail = STREAM_NEW(arena, int64_t, (size_t)n);
    for (int32_t c = 0; c < n; ++c)
        head[c] = tail[c] = INT64_MAX;
    for (int32_t i = 0; i < b->graph->n_cts; ++i) {
        int32_t c = b->p->cores[i];
        load[c] += b->work[i];
        head[c] = stream_min_i64(head[c], b->head[i]);
        tail[c] = stream_min_i64(tail[c], b->tail[i]);
    }
    for (int32_t c = 0; c < n; ++c)
        if (load[c] > 0)
            offer(b, head[c] + load[c] + tail[c], STREAM_BOUND_COMPUTE);
}

static void find_classes(bounds *b, stream_arena *arena) {
    int32_t *by_kernel = STREAM_NEW(arena, int32_t, (size_t)b->graph->n_kernels);
    b->classes = STREAM_NEW(arena, ct_class, (size_t)b->graph->n_cts);
    for (int32_t i = 0; i < b->graph->n_cts; ++i) {
        const stream_ct *ct = &b->graph->cts[i];
        int32_t *last = &by_kernel[ct->kernel]; /* the kernel's latest class, plus 1 */
        ct_class *known = *last ? &b->classes[*last - 1] : NULL;
        if (known && known->n_allowed == ct->n_allowed_cores &&
            (ct->n_allowed_cores == 0 || memcmp(known->allowed, ct->allowed_cores,
                                                (size_t)known->n_allowed * sizeof(int32_t)) == 0)) {
            known->n++;
            known->head = stream_min_i64(known->head, b->head[i]);
            known->tail = stream_min_i64(known->tail, b->tail[i]);
            continue;
        }
        b->classes[b->n_classes] = (ct_class){ct->kernel,          1,          ct->allowed_cores,
                                              ct->n_allowed_cores, b->head[i], b->tail[i]};
        *last = ++b->n_classes;
    }
}

/* sum_i min_c (mu_c p_ic) / sum_c mu_c, rounded up; adds each class to the load of its cheapest
 * core. */
static int64_t weighted_load(const bounds *b, const int64_t *mu, double *load) {
    __int128 sum = 0, total = 0;
    for (int32_t k = 0; k < b->n_classes; ++k) {
        const ct_class *class = &b->classes[k];
        __int128 least = -1;
        int32_t best = -1;
        for (int32_t c = 0; c < b->acc->n_cores; ++c) {
            if (!stream_bound_may_run(b->p, class->kernel, class->allowed, class->n_allowed, c))
                continue;
            __int128 value = (__int128)mu[c] * price(b, class->kernel, c);
            if (best < 0 || value < least) {
                least = value;
                best = c;
            }
        }
        if (best < 0)
            continue;
        sum += least * class->n;
        load[best] += (double)price(b, class->kernel, best) * class->n;
    }
    for (int32_t c = 0; c < b->acc->n_cores; ++c)
        total += mu[c];
    return total ? (int64_t)((sum + total - 1) / total) : 0;
}

/* Weights for the next round: heavier where the load is. Only + - * / on doubles, in a fixed order.
 */
static void update(const bounds *b, int32_t round, const double *load, double *weight,
                   int64_t *mu) {
    double most = 0, top = 0;
    for (int32_t c = 0; c < b->acc->n_cores; ++c)
        most = load[c] > most ? load[c] : most;
    for (int32_t c = 0; c < b->acc->n_cores; ++c) {
        weight[c] *= 1 + (most > 0 ? load[c] / most : 0) / (2.0 + round / 8.0);
        top = weight[c] > top ? weight[c] : top;
    }
    for (int32_t c = 0; c < b->acc->n_cores; ++c) {
        weight[c] = top > 0 ? weight[c] / top : 0;
        mu[c] = (int64_t)(weight[c] * (1 << 24));
    }
}

static void bound_free_loads(bounds *b, stream_arena *arena) {
    size_t n = (size_t)b->acc->n_cores;
    int64_t *mu = STREAM_NEW(arena, int64_t, n), head = INT64_MAX, tail = INT64_MAX, best = 0;
    double *weight = STREAM_NEW(arena, double, n), *load = STREAM_NEW(arena, double, n);
    find_classes(b, arena);
    for (size_t c = 0; c < n; ++c) {
        weight[c] = b->acc->cores[c].kind == STREAM_CORE_COMPUTE;
        mu[c] = weight[c] > 0;
    }
    for (int32_t round = 0; round < ROUNDS; ++round) {
        memset(load, 0, n * sizeof *load);
        best = stream_max_i64(best, weighted_load(b, mu, load));
        update(b, round, load, weight, mu);
    }
    for (int32_t i = 0; i < b->graph->n_cts; ++i) {
        head = stream_min_i64(head, b->head[i]);
        tail = stream_min_i64(tail, b->tail[i]);
    }
    if (b->graph->n_cts > 0)
        offer(b, head + best + tail, STREAM_BOUND_COMPUTE);
}

static void bound_assignments(bounds *b, stream_arena *arena) {
    int32_t n_cores = b->acc->n_cores;
    size_t n = (size_t)b->n_classes;
    bound_group *groups = STREAM_NEW(arena, bound_group, n);
    int64_t *cycles = STREAM_NEW(arena, int64_t, n * (size_t)n_cores);
    for (size_t k = 0; k < n; ++k) {
        const ct_class *class = &b->classes[k];
        int64_t *row = &cycles[k * (size_t)n_cores];
        for (int32_t c = 0; c < n_cores; ++c)
            row[c] = stream_bound_may_run(b->p, class->kernel, class->allowed, class->n_allowed, c)
                         ? price(b, class->kernel, c)
                         : -1;
        groups[k] = (bound_group){class->n, class->head, class->tail, row};
    }
    offer(b, stream_bound_windows(groups, b->n_classes, n_cores, arena), STREAM_BOUND_ASSIGNMENT);
}

static void bound_traffic(bounds *b, int64_t read_rate, int64_t write_rate, int64_t both_rate,
                          stream_bound_kind kind) {
    int64_t after = INT64_MAX, before = INT64_MAX;
    for (int32_t i = 0; i < b->graph->n_cts; ++i) {
        if (b->reads_input[i])
            after = stream_min_i64(after, b->work[i] + b->tail[i]);
        if (!b->streamed_out[b->graph->cts[i].tensor] && stream_bound_output_bits(b->graph, i) > 0)
            before = stream_min_i64(before, b->head[i] + b->work[i]);
    }
    const offchip_traffic *t = &b->traffic;
    if (t->read_bits > 0 && after < INT64_MAX)
        offer(b, cycles_at(t->read_bits, read_rate) + after, kind);
    if (t->write_bits > 0 && before < INT64_MAX)
        offer(b, before + cycles_at(t->write_bits, write_rate), kind);
    int64_t read = t->read_bits + t->streamed_read, written = t->write_bits + t->streamed_write;
    offer(b, cycles_at(read, read_rate), kind);
    offer(b, cycles_at(written, write_rate), kind);
    offer(b, cycles_at(read + written, both_rate), kind);
}

int64_t stream_bound_latency(const stream_schedule_problem *problem, const offchip_traffic *traffic,
                             stream_arena *arena, stream_bound_kind *out_kind) {
    size_t n = (size_t)problem->graph->n_cts;
    bounds b = {.p = problem,
                .acc = problem->acc,
                .graph = problem->graph,
                .work = STREAM_NEW(arena, int64_t, n),
                .head = STREAM_NEW(arena, int64_t, n),
                .tail = STREAM_NEW(arena, int64_t, n),
                .reads_input = STREAM_NEW(arena, bool, n),
                .streamed_out = stream_bound_leaving_by_stream(problem, arena),
                .traffic = *traffic};
    b.read_rate = tighter(b.traffic.port_read, b.traffic.link_read);
    b.write_rate = tighter(b.traffic.port_write, b.traffic.link_write);
    find_heads(&b);
    find_tails(&b);
    if (problem->cores)
        bound_fixed_loads(&b, arena);
    else
        bound_free_loads(&b, arena);
    if (!problem->cores)
        bound_assignments(&b, arena);
    bound_traffic(&b, b.traffic.port_read, b.traffic.port_write, b.traffic.port_both,
                  STREAM_BOUND_OFFCHIP);
    bound_traffic(&b, b.traffic.link_read, b.traffic.link_write, b.traffic.link_both,
                  STREAM_BOUND_LINK);
    *out_kind = b.kind;
    return b.best;
}

static int64_t bound_as_given(const stream_schedule_problem *problem, stream_bound_kind *out_kind) {
    stream_arena *arena = stream_arena_create();
    offchip_traffic traffic;
    stream_bound_traffic(problem, arena, &traffic);
    int64_t bound = stream_bound_latency(problem, &traffic, arena, out_kind);
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
