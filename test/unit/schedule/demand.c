// RUN: unit-schedule-demand

/* The order of demand: a permutation in which producers of the same stack stand before what reads
 * them, and, from the definition, nothing stands before an end that the end and those before it do
 * not need. */

#include "../../../lib/schedule/model.h"
#include "random_instance.h"

/* Everything in its stack that `ct` depends on. */
static void mark_needed(const stream_ct_graph *g, int32_t ct, bool *needed) {
    if (needed[ct])
        return;
    needed[ct] = true;
    for (int32_t p = g->pred_first[ct]; p < g->pred_first[ct + 1]; ++p)
        if (g->cts[g->preds[p]].stack == g->cts[ct].stack)
            mark_needed(g, g->preds[p], needed);
}

static bool is_permutation(const int32_t *demand, int32_t n, int32_t *order) {
    for (int32_t i = 0; i < n; ++i)
        order[i] = -1;
    for (int32_t ct = 0; ct < n; ++ct) {
        if (demand[ct] < 0 || demand[ct] >= n || order[demand[ct]] >= 0)
            return false;
        order[demand[ct]] = ct;
    }
    return true;
}

static bool producers_first(const stream_ct_graph *g, const int32_t *demand) {
    for (int32_t ct = 0; ct < g->n_cts; ++ct)
        for (int32_t p = g->pred_first[ct]; p < g->pred_first[ct + 1]; ++p)
            if (g->cts[g->preds[p]].stack == g->cts[ct].stack && demand[g->preds[p]] > demand[ct])
                return false;
    return true;
}

static bool is_end(const stream_ct_graph *g, int32_t ct) {
    for (int32_t s = g->succ_first[ct]; s < g->succ_first[ct + 1]; ++s)
        if (g->cts[g->succs[s]].stack == g->cts[ct].stack)
            return false;
    return true;
}

/* Up to each end the order holds just what the ends so far need. */
static bool nothing_early(const stream_ct_graph *g, const int32_t *demand, bool *needed) {
    int32_t n_needed = 0;
    for (int32_t ct = 0; ct < g->n_cts; ++ct)
        needed[ct] = false;
    for (int32_t ct = 0; ct < g->n_cts; ++ct) {
        if (!is_end(g, ct))
            continue;
        mark_needed(g, ct, needed);
        n_needed = 0;
        for (int32_t i = 0; i < g->n_cts; ++i) {
            n_needed += needed[i];
            if (needed[i] && demand[i] > demand[ct])
                return false;
        }
        if (demand[ct] != n_needed - 1)
            return false;
    }
    return n_needed == g->n_cts;
}

static void check(unsigned seed) {
    random_instance r;
    CHECK(random_instance_open(&r, seed));
    const stream_ct_graph *g = &r.graph;
    const int32_t *demand = stream_schedule_demand(g, r.arena);
    int32_t *order = STREAM_NEW(r.arena, int32_t, (size_t)g->n_cts);
    bool *needed = STREAM_NEW(r.arena, bool, (size_t)g->n_cts);
    bool ok = is_permutation(demand, g->n_cts, order) && producers_first(g, demand) &&
              nothing_early(g, demand, needed);
    CHECK(ok);
    if (!ok)
        fprintf(stderr, "seed %u\n", seed);
    random_instance_close(&r);
}

int main(void) {
    for (unsigned seed = 1; seed <= 500; ++seed)
        check(seed);
    return test_done();
}
