/* The first assignments of the search, of every level and set of cores; see search.h. */

#include "search.h"

#include "stream/support/vec.h"

#include <string.h>

#define POLICIES STREAM_N_FREE_PRIORITIES
#define KINDS    4 /* of first assignments */

/* Spaces of fewer cores are begun while fewer CTs and transfers than this were scheduled. */
#define MOST_SCHEDULED 400000
/* And of those of fewer kinds of cores with all policies, while fewer than this were. */
#define MOST_WITH_ALL  (MOST_SCHEDULED / 8)

/* The assignments so far, as cores of CTs. */
typedef struct {
    stream_vec all; /* int32_t *, [n_cts] each */
    stream_arena *arena;
    int32_t n_cts;
} tried;

static void assign(const allocation_space *s, int32_t kind, stream_arena *arena, int32_t *core_of) {
    if (kind == 0)
        stream_allocation_spread(s, core_of);
    else if (kind == 1)
        stream_allocation_pipeline(s, arena, core_of);
    else
        stream_allocation_balance(s, kind == 2, arena, core_of);
}

/* Is the assignment none of those before? */
static bool is_new(tried *t, const allocation *a) {
    int32_t *cores = STREAM_NEW(t->arena, int32_t, (size_t)t->n_cts);
    stream_allocation_expand(a->space, a->core_of, cores);
    for (size_t i = 0; i < t->all.n; ++i)
        if (memcmp(STREAM_AT(int32_t *, t->all, i), cores, (size_t)t->n_cts * sizeof *cores) == 0)
            return false;
    *(int32_t **)stream_vec_push(&t->all) = cores;
    return true;
}

static void keep_starts(allocation_search *x, int32_t n) {
    for (int32_t o = 0; o < STREAM_ALLOCATION_HALF - STREAM_ALLOCATION_STARTS; ++o)
        for (int32_t i = 0; i < n; ++i) {
            const allocation *a = &x->points[i];
            allocation_result *best = &x->results[STREAM_ALLOCATION_STARTS + o];
            if (!a->feasible ||
                (best->feasible &&
                 !stream_allocation_beats(x, (stream_objective)o, &a->score, &best->score)))
                continue;
            stream_allocation_keep(a, best);
        }
}

/* Is one of them the best now? */
static bool try_points(allocation_search *x, int32_t n, int64_t *events) {
    bool found = stream_allocation_try(x, n);
    keep_starts(x, n);
    for (int32_t i = 0; i < n; ++i)
        *events += x->points[i].events;
    return found;
}

/* The assignment of the first point with every policy. One assignment is a round, so that of the
 * later ones nothing is scheduled to the end that is worse. */
static void try_assignment(allocation_search *x, int64_t *events) {
    for (int32_t i = 0; i < POLICIES; ++i) {
        x->points[i].space = x->points[0].space;
        x->points[i].priority = (stream_priority)i;
        if (i > 0)
            stream_allocation_copy_cores(x->points[i].core_of, &x->points[0]);
    }
    (void)try_points(x, POLICIES, events);
}

/* The same of fewer kinds of cores: later with the policy of the best so far, and with the others
 * only if that is better. */
static void try_fewer_kinds(allocation_search *x, int64_t *events) {
    if (*events < MOST_WITH_ALL) {
        try_assignment(x, events);
        return;
    }
    x->points[0].priority = x->best.priority;
    if (try_points(x, 1, events))
        try_assignment(x, events);
}

typedef struct {
    tried seen;
    int64_t events;
} progress;

static void try_space(allocation_search *x, const allocation_space *space,
                      void (*try)(allocation_search *, int64_t *), progress *at) {
    for (int32_t kind = 0; kind < KINDS; ++kind) {
        x->points[0].space = space;
        assign(space, kind, at->seen.arena, x->points[0].core_of);
        if (is_new(&at->seen, &x->points[0]))
            try(x, &at->events);
    }
}

static void try_sets(allocation_search *x, progress *at) {
    int32_t n_sets, n_levels;
    const bool *const *sets =
        stream_allocation_find_sets(&x->levels[0], &x->kinds, at->seen.arena, &n_sets);
    for (int32_t i = 0; i < n_sets && at->events < MOST_SCHEDULED; ++i) {
        allocation_space set = x->levels[0];
        set.wider = &x->levels[0];
        set.kept = sets[i];
        const allocation_space *levels =
            stream_allocation_find_levels(&set, &x->kinds, x->arena, &n_levels);
        for (int32_t l = 0; l < n_levels && at->events < MOST_SCHEDULED; ++l)
            try_space(x, &levels[l], try_fewer_kinds, at);
    }
}

void stream_allocation_try_first(allocation_search *x) {
    stream_arena *scratch = stream_arena_create();
    progress at = {
        .seen = {.all = STREAM_VEC(int32_t *), .arena = scratch, .n_cts = x->p->graph->n_cts}};
    for (int32_t l = 0; l < x->n_levels && (l == 0 || at.events < MOST_SCHEDULED); ++l)
        try_space(x, &x->levels[l], try_assignment, &at);
    x->all_kinds = x->best;
    x->all_kinds.core_of =
        STREAM_NEW(x->arena, int32_t, (size_t)stream_allocation_most_groups(x->p));
    stream_allocation_copy_cores(x->all_kinds.core_of, &x->best);
    x->fewer_kinds = true;
    try_sets(x, &at);
    x->fewer_kinds = false;
    stream_vec_free(&at.seen.all);
    stream_arena_destroy(scratch);
}
