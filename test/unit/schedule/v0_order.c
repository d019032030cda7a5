// RUN: unit-schedule-v0_order

/* CT graphs as problems of the compatible mode: an edge for each CT of another layer that a CT
 * reads, the same data where the same box is read, and legal orders. */

#include "random_instance.h"

#include "../../../lib/schedule/v0_order.h"

#include <string.h>

/* Does a later CT before `ct` add to what `from` wrote? */
static bool is_partial(const stream_ct_graph *g, int32_t from, int32_t ct) {
    for (int32_t later = from + 1; later < ct; ++later)
        if (g->cts[later].tensor == g->cts[from].tensor &&
            stream_box_equal(&g->cts[later].box, &g->cts[from].box))
            return true;
    return false;
}

/* CTs of other layers whose final data `ct` reads as `operand`. */
static int32_t count_producers(const stream_ct_graph *g, int32_t ct, uint8_t operand) {
    int32_t n = 0;
    for (int32_t from = 0; from < ct; ++from) {
        bool reads = false;
        for (int32_t r = g->cts[ct].first_read; r < g->cts[ct].first_read + g->cts[ct].n_reads; ++r)
            reads |= g->reads[r].operand == operand && g->reads[r].tensor == g->cts[from].tensor &&
                     stream_box_overlaps(&g->reads[r].box, &g->cts[from].box);
        n += reads && g->cts[from].layer != g->cts[ct].layer && !is_partial(g, from, ct);
    }
    return n;
}

static bool has_all_edges(const stream_ct_graph *g, const stream_coala_v0_problem *p,
                          const int32_t *ct_of) {
    bool same = true;
    for (int32_t i = 0; i < p->n_cts; ++i)
        for (uint8_t o = STREAM_I1; o < STREAM_N_OPERANDS; ++o) {
            int32_t n = 0;
            for (int32_t e = 0; e < p->n_edges; ++e)
                n += p->edges[e].to == i && p->edges[e].operand == o &&
                     p->cts[p->edges[e].from].layer != p->cts[i].layer;
            same &= n == count_producers(g, ct_of[i], o);
        }
    return same;
}

/* Of the same data the uses count down to one. */
static bool counts_uses(const stream_coala_v0_problem *p) {
    bool right = true;
    int32_t n = p->constant_first[p->n_cts];
    for (int32_t k = 0; k < n; ++k) {
        int64_t later = 1;
        for (int32_t other = k + 1; other < n; ++other) {
            later += p->constants[other].data == p->constants[k].data;
            right &= p->constants[other].data != p->constants[k].data ||
                     p->constants[other].bits == p->constants[k].bits;
        }
        right &= p->constants[k].uses == later;
    }
    return right;
}

static bool is_legal(random_instance *r, const int32_t *order) {
    stream_schedule s;
    r->problem.order = order;
    bool legal = stream_schedule_build(&r->problem, STREAM_PRIORITY_GIVEN, r->arena, &r->diag,
                                       &s) == STREAM_OK;
    r->problem.order = NULL;
    return legal;
}

/* Of both policies, with variations; -1: one is not legal. */
static int32_t count_orders(random_instance *r) {
    int32_t n = 0, *orders[4];
    for (int32_t memory = 0; memory < 2; ++memory) {
        int32_t found =
            stream_v0_orders(&r->problem, memory ? STREAM_PRIORITY_MEMORY : STREAM_PRIORITY_LATENCY,
                             true, 3, r->arena, orders);
        for (int32_t i = 0; i < found; ++i)
            if (!is_legal(r, orders[i]))
                return -1;
        n += found;
    }
    return n;
}

/* With more cycles than the compatible mode takes, no variation brings them back into its range. */
static bool are_too_many(random_instance *r) {
    int32_t *orders[101];
    size_t n = (size_t)r->graph.n_kernels * (size_t)r->acc.n_cores;
    const int64_t *before = r->problem.cycles;
    int64_t *cycles = stream_arena_copy(r->arena, before, n, sizeof *cycles);
    for (size_t i = 0; i < n; ++i)
        cycles[i] = cycles[i] < 0 ? -1 : INT64_C(3000000000000000);
    r->problem.cycles = cycles;
    int32_t found =
        stream_v0_orders(&r->problem, STREAM_PRIORITY_LATENCY, true, 100, r->arena, orders);
    r->problem.cycles = before;
    return found == 0;
}

static bool is_right(random_instance *r, const stream_coala_v0_hardware *hardware) {
    stream_coala_v0_problem p;
    int32_t *ct_of = STREAM_NEW(r->arena, int32_t, (size_t)r->graph.n_cts);
    stream_v0_problem_of_graph(&r->problem, hardware, STREAM_PRIORITY_LATENCY, r->arena, &p, ct_of);
    return has_all_edges(&r->graph, &p, ct_of) && counts_uses(&p);
}

int main(void) {
    int32_t n_orders = 0, n_problems = 0;
    for (unsigned seed = 1; seed <= 200; ++seed) {
        random_instance r;
        stream_coala_v0_hardware hardware;
        bool ok = random_instance_open(&r, seed);
        if (ok && stream_coala_v0_hardware_build(&r.acc, r.arena, NULL, &hardware) == STREAM_OK) {
            int32_t n = count_orders(&r);
            ok = n >= 0 && is_right(&r, &hardware) && are_too_many(&r);
            n_orders += n;
            ++n_problems;
        }
        CHECK(ok);
        if (!ok)
            printf("# seed %u: %s\n", seed, r.text);
        random_instance_close(&r);
    }
    printf("# %d problems, %d orders\n", n_problems, n_orders);
    CHECK(n_problems > 100 && n_orders > 400);
    return test_done();
}
