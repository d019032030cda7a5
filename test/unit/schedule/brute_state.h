/* CTs that have a core and a start, for brute_force.h: each starts no earlier than those before. */
#ifndef BRUTE_STATE_H
#define BRUTE_STATE_H

#include "brute_cuts.h"
#include "brute_data.h"

enum {
    BRUTE_MAX_CTS = 6
};

typedef struct {
    const random_instance *r;
    int32_t n;
    brute_hardware h;
    const brute_piece *pieces;
    int32_t n_pieces;
    brute_cuts cuts;
    int64_t tail[BRUTE_MAX_CTS]; /* least cycles of the CTs that wait for its end */
    int32_t core[BRUTE_MAX_CTS], place[BRUTE_MAX_CTS][STREAM_N_OPERANDS]; /* instances */
    int64_t held[BRUTE_MAX_CTS][BRUTE_MAX_INSTANCES]; /* bits, over all of its run */
    int64_t start[BRUTE_MAX_CTS], end[BRUTE_MAX_CTS];
    unsigned before[BRUTE_MAX_CTS]; /* CTs that end before it starts, as bits */
    int32_t last[BRUTE_MAX_CORES];  /* the CT that the core ran last, -1: none */
    unsigned done;                  /* CTs that have a start, as bits */
    int64_t latest;                 /* start of the last one */
    int64_t best;
} brute_state;

static bool brute_allowed(const random_instance *r, int32_t ct, int32_t core) {
    const stream_ct *c = &r->graph.cts[ct];
    bool listed = c->n_allowed_cores == 0;
    for (int32_t i = 0; i < c->n_allowed_cores; ++i)
        listed |= c->allowed_cores[i] == core;
    return listed && r->problem.cycles[c->kernel * r->acc.n_cores + core] > 0;
}

static int64_t brute_cycles(const random_instance *r, int32_t ct, int32_t core) {
    return r->problem.cycles[r->graph.cts[ct].kernel * r->acc.n_cores + core];
}

static bool brute_can_run(const stream_ct_graph *g, int32_t ct, unsigned done) {
    for (int32_t p = g->pred_first[ct]; p < g->pred_first[ct + 1]; ++p)
        if (!(done >> g->preds[p] & 1))
            return false;
    return !(done >> ct & 1);
}

#endif
