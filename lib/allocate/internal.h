#ifndef STREAM_LIB_ALLOCATE_INTERNAL_H
#define STREAM_LIB_ALLOCATE_INTERNAL_H

#include "stream/allocate/allocate.h"
#include "stream/hardware/kinds.h"

/* A group is what the search moves as one: a run of a layer's CTs in program order (rows, output
 * channels, or parts of a split), about two per core, sized by the speeds of the cores, so that all
 * of them can help. CTs that accumulate into one box are in one group. */
typedef struct {
    int32_t layer;
    int32_t part;  /* in the layer: 0, 1, 2 ... */
    int32_t share; /* index into the layer's cores: the one whose share of the work this is */
    int32_t first_ct, n_cts; /* into group_cts */
} ct_group;

typedef struct {
    int32_t first_group, n_groups;
    int32_t first_core, n_cores; /* into layer_cores: cores that can run some CT of it, ascending */
} layer_groups;

/* The assignments over some of the cores. Its groups are those that a smaller accelerator with just
 * these cores would have. What none of them can run has the cores of the next wider space. */
typedef struct allocation_space {
    const stream_schedule_problem *p;
    const int32_t *pinned; /* [n_cts] or NULL */
    const bool *allowed;   /* [n_cts * n_cores] has a price, is allowed, boxes fit its memories */
    const bool *kept;      /* [n_cores] the cores of the space */
    const struct allocation_space *wider; /* NULL: all cores are kept */
    const int32_t *fastest; /* [n_cts] the allowed core of the least cycles: of those that are kept,
                               else of the wider ones */
    const ct_group *groups;
    int32_t n_groups;
    const int32_t *group_cts;
    const int32_t *group_of;    /* [n_cts] */
    const layer_groups *layers; /* [n_layers] */
    const int32_t *layer_cores;
    const int64_t
        *work; /* [n_groups * n_cores] cycles if it runs there (what cannot: on `fastest`) */
    int32_t n_spreads;             /* this space and the levels below it */
    const int32_t *const *spreads; /* [n_spreads] core of every group if it is spread over that
                                       level's cores */
} allocation_space;

enum {
    STREAM_ALLOCATION_RUNS = 2 /* of one point: by its policy, and in the order of its starts */
};

/* A point of the search and what it is worth. */
typedef struct {
    const allocation_space *space;
    int32_t *core_of; /* [n_groups] of the space */
    stream_priority priority;
    bool feasible;
    int32_t runs;        /* that it took to find the score, at most STREAM_ALLOCATION_RUNS */
    int64_t gain_cycles; /* of the replay */
    int64_t events;      /* CTs and transfers that were scheduled to find the score */
    stream_schedule_score score;
} allocation;

/* levels.c: the levels of `cores`, of which p, pinned, allowed, kept and wider are there. Level 0
 * keeps all that it keeps; level l, of n equal ones, those ceil(n / 2^l) that are nearest to
 * off-chip memory. There is one level where no two of them are equal. In `arena`. */
const allocation_space *stream_allocation_find_levels(const allocation_space *cores,
                                                      const stream_core_kinds *kinds,
                                                      stream_arena *arena, int32_t *out_n);

/* sets.c: sets of cores without whole kinds, to be tried beside all of them, each [n_cores]. Of
 * kinds that can stand in for each other:
 *
 *   the nearest rings, ever more of them
 *   without the slowest, without the two slowest ...
 *   without one kind
 *   one kind that can run all that they run
 *
 * None of them twice; none where no kind can stand in for another. In `arena`. */
const bool *const *stream_allocation_find_sets(const allocation_space *all,
                                               const stream_core_kinds *kinds, stream_arena *arena,
                                               int32_t *out_n);

/* allowed.c: `allowed` of a space of all cores, and their being kept.
 * errs  INFEASIBLE: a CT that no core may run;  INVALID: a pin to a core that cannot run the CT */
stream_status stream_allocation_find_allowed(allocation_space *s, stream_arena *arena,
                                             const stream_diag *diag);
/* Of what is allowed and kept. */
void stream_allocation_find_fastest(allocation_space *s, stream_arena *arena);

/* groups.c: all but `spreads`, from what is there */
void stream_allocation_find_groups(allocation_space *s, stream_arena *arena);
/* No space has more groups. */
size_t stream_allocation_most_groups(const stream_schedule_problem *p);

/* initial.c: assignments to begin with */

/* Every layer over all its cores by their speeds: same rows of all layers on the same core. */
void stream_allocation_spread(const allocation_space *s, int32_t *core_of);
/* Every layer on one core: the one that would be done first, given what it has to do already. */
void stream_allocation_pipeline(const allocation_space *s, stream_arena *arena, int32_t *core_of);
/* Longest first: every group, or every layer as a whole, on the core that would be done with all
 * that it has first. Balances all layers together, so that cores get what they are relatively good
 * at. */
void stream_allocation_balance(const allocation_space *s, bool whole_layers, stream_arena *arena,
                               int32_t *core_of);

/* moves.c: changes `core_of` at random; `*random` is the generator's state. */
void stream_allocation_move(const allocation_space *s, uint32_t *random, int32_t *core_of);
/* Uniform in [0, n). */
uint32_t stream_allocation_random(uint32_t *random, uint32_t n);

/* compare.c: is `a` better in the objective? Ties: the other of latency and energy. */
bool stream_allocation_is_better(stream_objective objective, const stream_schedule_score *a,
                                 const stream_schedule_score *b);

/* evaluate.c */
typedef struct stream_allocation_pool stream_allocation_pool;
stream_allocation_pool *stream_allocation_pool_create(const stream_schedule_problem *p,
                                                      const stream_schedule_model *model,
                                                      int32_t threads);
void stream_allocation_pool_destroy(stream_allocation_pool *pool);
/* What points have to be better than. */
typedef struct {
    stream_objective objective;
    const stream_schedule_score *best; /* NULL: there is none yet */
    bool without_addresses;            /* in the runs */
    int64_t cutoff;      /* what is later is worse than the best, whatever its energy is */
    int64_t gain_cycles; /* the most that a replay was earlier by, as far as that matters */
} allocation_goal;

/* Fills runs, events, gain, score and feasible of each (false, too, if it is later than the
 * cutoff): by the policy, and replayed once if that may make it the best.
 * Results do not depend on the number of threads. */
void stream_allocation_evaluate(stream_allocation_pool *pool, const allocation_goal *goal,
                                allocation *points, int32_t n);
/* The core of every CT. */
void stream_allocation_expand(const allocation_space *s, const int32_t *core_of, int32_t *cores);

#endif
