#ifndef STREAM_LIB_ALLOCATE_SEARCH_H
#define STREAM_LIB_ALLOCATE_SEARCH_H

#include "internal.h"

#include "stream/schedule/policy.h"

/* Results of a search, in the order in which their final schedules are made. */
enum {
    STREAM_ALLOCATION_FOUND,  /* the best of all */
    STREAM_ALLOCATION_STARTS, /* the best first assignment of each stream_objective */
    STREAM_ALLOCATION_HALF = STREAM_ALLOCATION_STARTS + 3, /* after half of the evaluations */
    STREAM_ALLOCATION_ALL_KINDS, /* from all kinds of cores, if fewer are better at first */
    STREAM_ALLOCATION_RESULTS
};

enum {
    STREAM_ALLOCATION_BATCH = 8 /* points of a round */
};

/* An assignment whose final schedule may be made. */
typedef struct {
    int32_t *cores; /* [n_cts] */
    stream_priority priority;
    bool feasible;
    stream_schedule_score score; /* of the search */
} allocation_result;

typedef struct {
    const stream_schedule_problem *p;
    const stream_schedule_model *model;
    const stream_allocate_options *options;
    stream_core_kinds kinds;
    const allocation_space *levels; /* [n_levels] of all cores */
    int32_t n_levels;
    stream_allocation_pool *pool;
    stream_arena *arena;
    allocation points[STREAM_ALLOCATION_BATCH]; /* of a round */
    allocation best;
    int32_t left;         /* evaluations */
    bool with_addresses;  /* what is evaluated now */
    allocation all_kinds; /* the best first assignment to all kinds of cores */
    bool fewer_kinds;     /* of cores are tried now: points have to be worth it */
    int64_t gain_cycles;  /* the most that a replay was earlier by */
    int64_t bound;        /* no latency is below it */
    int64_t energy_bound; /* and no energy below this */
    uint32_t random;
    allocation_result results[STREAM_ALLOCATION_RESULTS];
} allocation_search;

/* compare.c: latencies above it are worse than a schedule of the score, whatever their energy is.
 */
int64_t stream_allocation_cutoff(const allocation_search *x, const stream_schedule_score *best);

/* Is the score `a` of a point tried now better than `b`? Where it leaves kinds of cores out it must
 * also be no worse in latency times energy, or more than 1/32 better: it is not to cost much energy
 * for little. */
bool stream_allocation_beats(const allocation_search *x, stream_objective objective,
                             const stream_schedule_score *a, const stream_schedule_score *b);

/* allocate.c */

/* Evaluates the first n points and keeps the best. Is it one of them? */
bool stream_allocation_try(allocation_search *x, int32_t n);
void stream_allocation_copy_cores(int32_t *to, const allocation *from);
/* The assignment of the point, in place of *out. */
void stream_allocation_keep(const allocation *a, allocation_result *out);

/* first.c: the first assignments with every policy. */
void stream_allocation_try_first(allocation_search *x);

/* finish.c: the best final schedule of the results, each assignment once and in this order, as far
 * as a large network allows; its `cores` are those of the result. Infeasible: there is none. */
void stream_allocation_finish(const allocation_search *x, allocation_result *out);

#endif
