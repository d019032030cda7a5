/* Dominance between partial mappings; reference section 3.3, with slack between the parts of the
 * latency.
 *
 * Both labels are completed in the same way, so every accumulator grows by the same. Then, with
 * differences a - b,
 *
 *     latency = T + stall + onload + offload
 *     stall    is a maximum over causes:           grows by at most  max(0, max over causes)
 *     onload   is max over inputs of a sum:        grows by at most  max over inputs of rest
 *                                                                  + sum of positive `both`
 *     hiding   loses surplus to mean bits:         all loads together grow by at most
 *                                                  sum of positive rate * T / bandwidth
 *     offload  is a sum
 *
 *
 * and a is no worse than b if these add up to no more than 0, its energy is no larger, and it
 * leaves as much room. What one label has forgotten cannot matter for it and stands at 0.
 *
 * A bound of hiding that differs moves its own transfer by no more than the difference; where time
 * to hide in is short, a smaller one also takes that much from the others. */

#include "exact_search.h"

#include <math.h>
#include <string.h>

typedef struct {
    double ab, ba; /* by how many cycles a may end after b, and b after a */
} delay;

static void add_stalls(const stream_exact *x, const double *a, const double *b, delay *d) {
    double ab = 0, ba = 0;
    for (int32_t i = 0; i < x->n_stall; ++i) {
        double difference = a[x->stall[i]] - b[x->stall[i]];
        ab = difference > ab ? difference : ab;
        ba = -difference > ba ? -difference : ba;
    }
    d->ab += ab;
    d->ba += ba;
}

static void add_loads(const stream_exact *x, const double *a, const double *b, delay *d) {
    double ab = -INFINITY, ba = -INFINITY;
    for (int32_t o = 1; o < x->problem->n_operands; ++o) {
        int32_t link = stream_acc_link(o, 0);
        double rest = a[link + LINK_REST] - b[link + LINK_REST];
        double both = a[link + LINK_BOTH] - b[link + LINK_BOTH];
        ab = rest > ab ? rest : ab;
        ba = -rest > ba ? -rest : ba;
        d->ab += both > 0 ? both : 0;
        d->ba += both < 0 ? -both : 0;
    }
    d->ab += ab;
    d->ba += ba;
    for (int32_t i = 0; i < x->n_rate; ++i) {
        double cycles = (a[x->rate[i]] - b[x->rate[i]]) * x->rate_cycles[i];
        d->ab += cycles > 0 ? cycles : 0;
        d->ba += cycles < 0 ? -cycles : 0;
    }
}

/* Transfers that may still happen once, of an operand whose bounds of hiding differ. */
static void add_bounds(const stream_exact *x, int32_t o, const stream_label *la, double a,
                       const stream_label *lb, double b, delay *d) {
    for (int32_t i = 0; i < x->n_once[o]; ++i) {
        const stream_once *t = &x->once_of[o][i];
        if (t->boundary <= la->closed[o])
            continue;
        double width = (double)x->port[t->port]->bw_max;
        double low_a = smaller(ceil(a / width), t->cycles);
        double low_b = smaller(ceil(b / width), t->cycles), difference = low_a - low_b;
        if (t->cycles - larger(low_a, low_b) >= x->lattice.time)
            continue; /* all the time there is does not hide it so far */
        bool enough_a = t->rate < 0 || (t->rate < 64 && (la->hides >> t->rate & 1));
        bool enough_b = t->rate < 0 || (t->rate < 64 && (lb->hides >> t->rate & 1));
        d->ab += difference > 0 ? difference : enough_a ? 0 : -difference;
        d->ba += difference < 0 ? -difference : enough_b ? 0 : difference;
    }
}

/* Room and energy; and of the delay the offload with the link of one input alone, or with that of
 * the first and one cause of stalls: it is at least that. */
void stream_exact_necessary(const stream_exact *x, const double *acc, double *out) {
    int32_t n = 0;
    if (x->compares_energy)
        out[n++] = acc[ACC_ENERGY];
    for (int32_t i = 0; i < x->n_used; ++i)
        out[n++] = acc[x->used[i]];
    if (!x->compares_latency)
        return;
    for (int32_t o = 1; o < x->problem->n_operands; ++o)
        out[n++] = acc[ACC_OFFLOAD] + acc[stream_acc_link(o, LINK_REST)];
    double loads = acc[ACC_OFFLOAD] + acc[stream_acc_link(1, LINK_REST)];
    for (int32_t i = 0; i < x->n_stall && n < STREAM_EXACT_MAX_NECESSARY; ++i)
        out[n++] = loads + acc[x->stall[i]];
}

/* Even mappings: may a do all that b may? */
static bool as_free(const stream_even_state *a, const stream_even_state *b) {
    return memcmp(a->allocated, b->allocated, sizeof a->allocated) == 0 &&
           (a->moved & ~b->moved) == 0 && (a->touched & ~b->touched) == 0 &&
           (a->sealed & ~b->sealed) == 0;
}

void stream_exact_compare(const stream_exact *x, const stream_label *la, const double *a,
                          const stream_label *lb, const double *b, bool *ab, bool *ba) {
    *ab = *ba = true;
    if (x->options->even) {
        *ab = as_free(&la->even, &lb->even);
        *ba = as_free(&lb->even, &la->even);
        if (!*ab && !*ba)
            return;
    }
    if (x->compares_energy) {
        *ab &= a[ACC_ENERGY] <= b[ACC_ENERGY];
        *ba &= b[ACC_ENERGY] <= a[ACC_ENERGY];
    }
    for (int32_t i = 0; i < x->n_used && (*ab || *ba); ++i) {
        *ab &= a[x->used[i]] <= b[x->used[i]];
        *ba &= b[x->used[i]] <= a[x->used[i]];
    }
    if (!x->compares_latency || (!*ab && !*ba))
        return;
    if (x->windows) {
        *ab &= stream_exact_wider(x, la, lb);
        *ba &= stream_exact_wider(x, lb, la);
    }
    double offload = a[ACC_OFFLOAD] - b[ACC_OFFLOAD];
    delay d = {offload, -offload};
    add_stalls(x, a, b, &d);
    add_loads(x, a, b, &d);
    for (int32_t o = 0; o < x->problem->n_operands && (d.ab <= 0 || d.ba <= 0); ++o)
        if (a[x->acc_low[o]] != b[x->acc_low[o]])
            add_bounds(x, o, la, a[x->acc_low[o]], lb, b[x->acc_low[o]], &d);
    *ab &= d.ab <= 0;
    *ba &= d.ba <= 0;
}
