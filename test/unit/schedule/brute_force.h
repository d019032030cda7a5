/* A latency that no schedule of a small problem is below: the optimum, over every assignment and
 * every order, of a relaxed problem in which transfers do not wait for one another and memories are
 * endless. Enumerates; shares nothing with lib/schedule.
 *
 *   A CT starts when its core is free and everything that it reads can be in its core's memories:
 *     inputs and constants are off-chip at 0, what a CT wrote is in its O memory at its end;
 *     `bits` need ceil(bits / R) + L more cycles to be in another memory.
 *   The schedule ends when every output of the network is off-chip.
 *
 * Why that holds: R is at most what all write ports of the memory take together. Memories that one
 * core sees are a cluster (and so on through shared ones); what comes from another cluster also
 * crosses the links of both, at their rates together, and L is the least latency of a link into the
 * cluster: the payload of each transfer lies in [begin, end - L]. */
#ifndef BRUTE_FORCE_H
#define BRUTE_FORCE_H

#include "random_instance.h"

enum {
    BRUTE_MAX_CTS = 6,
    BRUTE_MAX_CORES = RANDOM_MAX_CORES,
    BRUTE_MAX_INSTANCES = 3 * RANDOM_MAX_CORES
};

typedef struct {
    const random_instance *r;
    int32_t n;
    int32_t cluster[BRUTE_MAX_INSTANCES]; /* of each instance: its lowest */
    int64_t ports[BRUTE_MAX_INSTANCES];   /* bits per cycle that its write ports take together */
    int64_t links[BRUTE_MAX_INSTANCES];   /* of a cluster: of all its links together, */
    int64_t delay[BRUTE_MAX_INSTANCES];   /* and the least latency of one */
    int32_t core[BRUTE_MAX_CTS];
    int64_t end[BRUTE_MAX_CTS], free[BRUTE_MAX_CORES];
    unsigned done; /* CTs that run already, as bits */
    int64_t latency, best;
} brute_force;

/* A random problem of 2 to 6 CTs on at most 3 cores: the first one of a sequence of its own. */
static bool random_instance_open_small(random_instance *r, unsigned seed) {
    for (unsigned k = 1; k < 1000; ++k) {
        bool ok = random_instance_open(r, seed * 1000003u + k * 7919u);
        if (ok && r->graph.n_cts >= 2 && r->graph.n_cts <= BRUTE_MAX_CTS && r->n_compute <= 3)
            return true;
        random_instance_close(r);
    }
    return random_instance_open(r, seed);
}

static int32_t brute_instance(const brute_force *b, int32_t core, int32_t operand) {
    return b->r->acc.top[core * STREAM_N_OPERANDS + operand];
}

/* Where the CT finds the operand: off-chip, if the core streams it. */
static int32_t brute_place(const brute_force *b, int32_t ct, int32_t core, int32_t operand) {
    return stream_schedule_instance(&b->r->problem, b->r->graph.cts[ct].kernel, core, operand);
}

static void brute_find_clusters(brute_force *b) {
    const stream_accelerator *acc = &b->r->acc;
    for (int32_t i = 0; i < acc->n_instances; ++i)
        b->cluster[i] = i;
    for (int32_t pass = 0; pass < acc->n_instances; ++pass)
        for (int32_t c = 0; c < acc->n_cores; ++c)
            for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
                for (int32_t k = 0; k < STREAM_N_OPERANDS; ++k) {
                    int32_t x = brute_instance(b, c, o), y = brute_instance(b, c, k);
                    if (x >= 0 && y >= 0 && b->cluster[x] < b->cluster[y])
                        b->cluster[y] = b->cluster[x];
                }
}

static void brute_find_ports(brute_force *b) {
    const stream_accelerator *acc = &b->r->acc;
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        int32_t seen[STREAM_N_OPERANDS];
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
            bool known = false;
            seen[o] = stream_accelerator_port(acc, i, (stream_operand_class)o, true);
            for (int32_t k = 0; k < o; ++k)
                known |= seen[k] == seen[o];
            b->ports[i] += known || seen[o] < 0 ? 0 : acc->resources[seen[o]].bandwidth_bits;
        }
    }
}

static void brute_find_links(brute_force *b) {
    const stream_accelerator *acc = &b->r->acc;
    for (int32_t i = 0; i < acc->n_instances; ++i)
        b->delay[i] = INT64_MAX;
    for (int32_t l = 0; l < acc->n_links; ++l)
        for (int32_t i = 0; i < acc->n_instances; ++i) {
            bool touches = false;
            for (int32_t k = 0; k < acc->links[l].n_cores; ++k)
                touches |= b->cluster[brute_instance(b, acc->links[l].cores[k], STREAM_O)] == i;
            if (!touches)
                continue;
            b->links[i] += acc->links[l].bandwidth_bits;
            b->delay[i] = stream_min_i64(b->delay[i], acc->links[l].latency_cycles);
        }
}

/* Least cycles that `bits` need from one memory to another; -1: there is no way. */
static int64_t brute_transfer(const brute_force *b, int32_t from, int32_t to, int64_t bits) {
    int32_t x = b->cluster[from], y = b->cluster[to];
    int64_t rate = b->ports[to];
    if (from == to || bits == 0)
        return 0;
    if (x == y)
        return stream_ceil_div(bits, rate);
    if (b->links[x] == 0 || b->links[y] == 0)
        return -1;
    rate = stream_min_i64(rate, stream_min_i64(b->links[x], b->links[y]));
    return stream_ceil_div(bits, rate) + b->delay[y];
}

/* The part of `read` that CT `writer` wrote last. */
static int64_t brute_part(const brute_force *b, const stream_ct_read *read, int32_t writer) {
    const stream_ct_graph *g = &b->r->graph;
    const stream_ct *w = &g->cts[writer];
    stream_box part;
    if (w->tensor != read->tensor || !stream_box_intersect(&w->box, &read->box, &part))
        return 0;
    return stream_ct_graph_bits(g, read->tensor, &part);
}

/* When all that CT `ct` reads through `read` can be in memory `at`; -1: never. */
static int64_t brute_arrival(const brute_force *b, const stream_ct_read *read, int32_t ct,
                             int32_t at) {
    const stream_ct_graph *g = &b->r->graph;
    if (g->tensors[read->tensor].kind != STREAM_TENSOR_INTERMEDIATE)
        return brute_transfer(b, b->r->acc.offchip_instance, at,
                              stream_ct_graph_bits(g, read->tensor, &read->box));
    int64_t ready = 0;
    for (int32_t w = 0; w < ct; ++w) {
        int64_t bits = brute_part(b, read, w);
        int64_t cycles =
            bits ? brute_transfer(b, brute_place(b, w, b->core[w], STREAM_O), at, bits) : 0;
        if (cycles < 0)
            return -1;
        ready = bits ? stream_max_i64(ready, b->end[w] + cycles) : ready;
    }
    return ready;
}

/* When everything that the CT reads can be where `core` reads it; -1: never. */
static int64_t brute_ready(const brute_force *b, int32_t ct, int32_t core) {
    const stream_ct_graph *g = &b->r->graph;
    int64_t ready = 0;
    for (int32_t k = 0; k < g->cts[ct].n_reads; ++k) {
        const stream_ct_read *read = &g->reads[g->cts[ct].first_read + k];
        int64_t arrival = brute_arrival(b, read, ct, brute_place(b, ct, core, read->operand));
        if (arrival < 0)
            return -1;
        ready = stream_max_i64(ready, arrival);
    }
    for (int32_t p = g->pred_first[ct]; p < g->pred_first[ct + 1]; ++p)
        ready = stream_max_i64(ready, b->end[g->preds[p]]);
    return ready;
}

/* When the network's output that the CT leaves is off-chip. */
static int64_t brute_written(const brute_force *b, int32_t ct, int32_t core, int64_t end) {
    const stream_ct_graph *g = &b->r->graph;
    const stream_ct *c = &g->cts[ct];
    stream_box part;
    if (!stream_tensor_output_box(&g->tensors[c->tensor], &c->box, &part))
        return end;
    for (int32_t i = ct + 1; i < b->n; ++i)
        if (g->cts[i].accumulates && g->cts[i].tensor == c->tensor &&
            stream_box_equal(&g->cts[i].box, &c->box))
            return end;
    return end + stream_max_i64(0, brute_transfer(b, brute_place(b, ct, core, STREAM_O),
                                                  b->r->acc.offchip_instance,
                                                  stream_ct_graph_bits(g, c->tensor, &part)));
}

static bool brute_allowed(const random_instance *r, int32_t ct, int32_t core) {
    const stream_ct *c = &r->graph.cts[ct];
    bool listed = c->n_allowed_cores == 0;
    for (int32_t i = 0; i < c->n_allowed_cores; ++i)
        listed |= c->allowed_cores[i] == core;
    return listed && r->problem.cycles[c->kernel * r->acc.n_cores + core] > 0;
}

static bool brute_can_run(const brute_force *b, int32_t ct) {
    const stream_ct_graph *g = &b->r->graph;
    for (int32_t p = g->pred_first[ct]; p < g->pred_first[ct + 1]; ++p)
        if (!(b->done >> g->preds[p] & 1))
            return false;
    return !(b->done >> ct & 1);
}

/* Appends every CT that can run to every core: all orders and assignments, one after another.
 * fixed  an assignment, or NULL: all of them */
static void brute_search(brute_force *b, const int32_t *fixed) {
    if (b->done == (1u << b->n) - 1) {
        b->best = stream_min_i64(b->best, b->latency);
        return;
    }
    for (int32_t ct = 0; ct < b->n; ++ct)
        for (int32_t core = 0; core < b->r->n_compute && brute_can_run(b, ct); ++core) {
            if (fixed ? fixed[ct] != core : !brute_allowed(b->r, ct, core))
                continue;
            int64_t ready = brute_ready(b, ct, core), core_free = b->free[core];
            int64_t cycles =
                b->r->problem.cycles[b->r->graph.cts[ct].kernel * b->r->acc.n_cores + core];
            int64_t end = stream_max_i64(ready, core_free) + cycles, latency = b->latency;
            int64_t written = brute_written(b, ct, core, end);
            if (ready < 0 || written >= b->best)
                continue;
            b->core[ct] = core;
            b->end[ct] = b->free[core] = end;
            b->done |= 1u << ct;
            b->latency = stream_max_i64(latency, written);
            brute_search(b, fixed);
            b->latency = latency;
            b->done &= ~(1u << ct);
            b->free[core] = core_free;
        }
}

/* INT64_MAX: nothing can run it. n_cts <= BRUTE_MAX_CTS */
static int64_t brute_force_latency(const random_instance *r, const int32_t *fixed) {
    brute_force b = {.r = r, .n = r->graph.n_cts, .best = INT64_MAX};
    brute_find_clusters(&b);
    brute_find_ports(&b);
    brute_find_links(&b);
    brute_search(&b, fixed);
    return b.best;
}

#endif
