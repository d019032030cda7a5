/* The first assignments of the search, of every level; see search.h. */

#include "search.h"

#include "stream/support/vec.h"

#include <string.h>

#define POLICIES STREAM_N_FREE_PRIORITIES
#define KINDS    4 /* of first assignments */

/* Levels of fewer cores are begun while fewer CTs and transfers than this were scheduled. */
#define MOST_SCHEDULED 400000

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
                 !stream_allocation_is_better((stream_objective)o, &a->score, &best->score)))
                continue;
            stream_allocation_keep(a, best);
        }
}

/* The assignment of the first point with every policy. One assignment is a round, so that of the
 * later ones nothing is scheduled to the end that is worse. Returns CTs and transfers scheduled. */
static int64_t try_assignment(allocation_search *x) {
    int64_t events = 0;
    for (int32_t i = 0; i < POLICIES; ++i) {
        x->points[i].space = x->points[0].space;
        x->points[i].priority = (stream_priority)i;
        if (i > 0)
            stream_allocation_copy_cores(x->points[i].core_of, &x->points[0]);
    }
    stream_allocation_try(x, POLICIES);
    keep_starts(x, POLICIES);
    for (int32_t i = 0; i < POLICIES; ++i)
        events += x->points[i].events;
    return events;
}

void stream_allocation_try_first(allocation_search *x) {
    stream_arena *scratch = stream_arena_create();
    tried t = {.all = STREAM_VEC(int32_t *), .arena = scratch, .n_cts = x->p->graph->n_cts};
    int64_t events = 0;
    for (int32_t level = 0; level < x->n_levels && (level == 0 || events < MOST_SCHEDULED); ++level)
        for (int32_t kind = 0; kind < KINDS; ++kind) {
            x->points[0].space = &x->spaces[level];
            assign(&x->spaces[level], kind, scratch, x->points[0].core_of);
            if (is_new(&t, &x->points[0]))
                events += try_assignment(x);
        }
    stream_vec_free(&t.all);
    stream_arena_destroy(scratch);
}
