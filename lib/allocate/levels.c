/* Spaces of assignments over all cores, half of them, a quarter ...; see internal.h. */

#include "internal.h"

#include "stream/hardware/route.h"
#include "stream/support/integer.h"
#include "stream/support/sort.h"

/* Compute cores, nearest to off-chip memory first; equal ones by their numbers. */
static const stream_keyed *sort_by_distance(const stream_accelerator *acc, stream_arena *arena,
                                            size_t *out_n) {
    size_t n = 0, n_cores = (size_t)acc->n_cores;
    stream_keyed *sorted = STREAM_NEW(arena, stream_keyed, n_cores);
    stream_routes *routes = stream_routes_create(acc, arena);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (acc->cores[c].kind == STREAM_CORE_COMPUTE)
            sorted[n++] = (stream_keyed){
                (uint64_t)stream_routes_get(routes, acc->offchip_core, c)->n_hops, c};
    stream_sort_keyed(sorted, n, STREAM_NEW(arena, stream_keyed, n_cores));
    *out_n = n;
    return sorted;
}

/* The last level that keeps the core that is the rank-th of n: the largest l with
 * rank < ceil(n / 2^l), and at most that at which one core of each class is left. */
static int32_t last_level(int32_t rank, int32_t n, int32_t n_levels) {
    int32_t level = 0;
    while (level + 1 < n_levels && rank < stream_ceil_div(n, INT64_C(1) << (level + 1)))
        ++level;
    return level;
}

static int32_t find_levels(const stream_accelerator *acc, stream_arena *arena,
                           const int32_t **out_last) {
    size_t n_cores = (size_t)acc->n_cores, n;
    const stream_keyed *sorted = sort_by_distance(acc, arena, &n);
    int32_t *size = STREAM_NEW(arena, int32_t, n_cores);
    int32_t *seen = STREAM_NEW(arena, int32_t, n_cores);
    int32_t *last = STREAM_NEW(arena, int32_t, n_cores);
    int32_t n_levels = 1;
    for (size_t i = 0; i < n; ++i)
        ++size[acc->class_of[sorted[i].value]];
    for (size_t i = 0; i < n_cores; ++i)
        while (size[i] > 1 << (n_levels - 1))
            ++n_levels;
    for (size_t i = 0; i < n; ++i) {
        int32_t core = (int32_t)sorted[i].value, of = acc->class_of[core];
        last[core] = last_level(seen[of]++, size[of], n_levels);
    }
    *out_last = last;
    return n_levels;
}

/* The spread over the cores of `to` in the groups of `s`. */
static const int32_t *find_spread(const allocation_space *s, const allocation_space *to,
                                  stream_arena *arena) {
    int32_t *spread = STREAM_NEW(arena, int32_t, (size_t)to->n_groups);
    int32_t *core_of = STREAM_NEW(arena, int32_t, (size_t)s->n_groups);
    stream_allocation_spread(to, spread);
    for (int32_t g = 0; g < s->n_groups; ++g)
        core_of[g] = spread[to->group_of[s->group_cts[s->groups[g].first_ct]]];
    return core_of;
}

stream_status stream_allocation_find_spaces(const stream_schedule_problem *p, const int32_t *pinned,
                                            stream_arena *arena, const stream_diag *diag,
                                            const allocation_space **out_spaces, int32_t *out_n) {
    allocation_space first = {.p = p, .pinned = pinned};
    STREAM_TRY(stream_allocation_find_allowed(&first, arena, diag));
    int32_t n = find_levels(p->acc, arena, &first.last_level);
    allocation_space *spaces = STREAM_NEW(arena, allocation_space, (size_t)n);
    for (int32_t l = n - 1; l >= 0; --l) {
        const int32_t **spreads = STREAM_NEW(arena, const int32_t *, (size_t)(n - l));
        spaces[l] = first;
        spaces[l].level = l;
        stream_allocation_find_groups(&spaces[l], arena);
        for (int32_t k = l; k < n; ++k)
            spreads[k - l] = find_spread(&spaces[l], &spaces[k], arena);
        spaces[l].spreads = spreads;
        spaces[l].n_spreads = n - l;
    }
    *out_spaces = spaces;
    *out_n = n;
    return STREAM_OK;
}
