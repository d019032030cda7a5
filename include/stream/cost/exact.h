#ifndef STREAM_COST_EXACT_H
#define STREAM_COST_EXACT_H

#include "stream/cost/loma.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The proven optimal temporal mapping: over all orders of the loops at full prime factorisation and
 * all uneven allocations, in the repaired model (STREAM_MODEL_EXACT). Best-first labels over the
 * lattice of loop multisets with dominance and per-operand costs to go, then, where windows decide,
 * every chain of cuts whose bound is below the incumbent. Source: reference/exact-mapping.md;
 * section numbers in comments are its, those with a paragraph sign are of intra-core-cost.md. */

typedef struct {
    stream_mapping_objective objective;
    int64_t max_labels; /* labels and chain nodes before the search gives up on the proof, and work
                           in proportion; 0: STREAM_EXACT_DEFAULT_LABELS */
    double cutoff;      /* mappings that are no better are of no interest: found may be false, and
                           proven says that there is no better one; 0: all are of interest */
    double gap;         /* relative gap at which a bound counts as reached; 0: 1e-12 */
    bool tie_break;     /* at the optimum, also minimise the other of latency and energy */
    bool even;          /* only mappings that are even as allocated, see stream_mapping_allocate */
    /* Positions of the order that are given, as in loma.h. A pin with a size is one loop of that
     * size (it is not split into primes), one without a size a run of one or more loops of the dim.
     */
    const stream_loop_pin *inner, *outer;
    int32_t n_inner, n_outer;
} stream_exact_options;

#define STREAM_EXACT_OPTIONS_DEFAULTS                                                              \
    ((stream_exact_options){.objective = STREAM_BEST_LATENCY, .tie_break = true})

enum {
    STREAM_EXACT_DEFAULT_LABELS = 120000, /* about a second at most */
    STREAM_EXACT_MOST_LABELS = 100000000
};

typedef struct {
    bool found;   /* some mapping fits, and is better than the cutoff */
    bool proven;  /* `cost` is optimal (within `gap`) */
    double bound; /* proven lower bound on the objective: cycles, pJ, or their product */
    stream_temporal_mapping mapping;
    stream_mapping_cost cost;
    int64_t states, labels, chain_nodes, evaluations;
    int64_t work; /* of max_labels; may exceed it a little */
} stream_exact_result;

/* problem  built with STREAM_MODEL_EXACT; loops of prime factors up to STREAM_MAP_MAX_LOOPS. With
 *          too many combinations of them, primes are merged, and nothing is proven
 * start    a mapping to begin with that obeys the options, or NULL; never worse than it
 * errs     UNSUPPORTED: pinned loops leave more combinations than the search's tables take
 *          INVALID: the loops that are left for time do not contain the pinned ones
 *          INFEASIBLE: no mapping fits, naming memory, operand, bits needed and available */
STREAM_NODISCARD
stream_status stream_exact_search(const stream_mapping_problem *problem,
                                  const stream_exact_options *options,
                                  const stream_temporal_mapping *start, const stream_diag *diag,
                                  stream_exact_result *out);

/* What max_labels and gap stand for. */
int64_t stream_exact_labels(int64_t asked);
double stream_exact_gap(double asked);

/* The objective's value of a cost. */
double stream_mapping_value(stream_mapping_objective objective, const stream_mapping_cost *cost);

#ifdef __cplusplus
}
#endif

#endif
