/* Spaces of assignments over some cores, half of them, a quarter ...; see internal.h. */

#include "internal.h"

#include "stream/hardware/route.h"
#include "stream/support/integer.h"
#include "stream/support/sort.h"

/* Kept cores, nearest to off-chip memory first: by rings, then by hops; equal ones by their
 * numbers. */
static const stream_keyed *sort_by_distance(const allocation_space *s,
                                            const stream_core_kinds *kinds, stream_arena *arena,
                                            size_t *out_n) {
    const stream_accelerator *acc = s->p->acc;
    size_t n = 0, n_cores = (size_t)acc->n_cores;
    stream_keyed *sorted = STREAM_NEW(arena, stream_keyed, n_cores);
    stream_routes *routes = stream_routes_create_fewest_hops(acc, arena);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (s->kept[c])
            sorted[n++] = (stream_keyed){
                (uint64_t)kinds->ring_of[c] << 32 |
                    (uint32_t)stream_routes_get(routes, acc->offchip_core, c)->n_hops,
                c};
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

/* out_last  [n_cores] levels up to this one keep the core; -1: none does */
static int32_t find_last_levels(const allocation_space *s, const stream_core_kinds *kinds,
                                stream_arena *arena, const int32_t **out_last) {
    const stream_accelerator *acc = s->p->acc;
    size_t n_cores = (size_t)acc->n_cores, n;
    const stream_keyed *sorted = sort_by_distance(s, kinds, arena, &n);
    int32_t *size = STREAM_NEW(arena, int32_t, n_cores);
    int32_t *seen = STREAM_NEW(arena, int32_t, n_cores);
    int32_t *last = STREAM_NEW(arena, int32_t, n_cores);
    int32_t n_levels = 1;
    for (size_t i = 0; i < n; ++i)
        ++size[acc->class_of[sorted[i].value]];
    for (size_t i = 0; i < n_cores; ++i) {
        last[i] = -1;
        while (size[i] > 1 << (n_levels - 1))
            ++n_levels;
    }
    for (size_t i = 0; i < n; ++i) {
        int32_t core = (int32_t)sorted[i].value, of = acc->class_of[core];
        last[core] = last_level(seen[of]++, size[of], n_levels);
    }
    *out_last = last;
    return n_levels;
}

static const bool *find_kept(const allocation_space *s, const int32_t *last, int32_t level,
                             stream_arena *arena) {
    bool *kept = STREAM_NEW(arena, bool, (size_t)s->p->acc->n_cores);
    for (int32_t c = 0; c < s->p->acc->n_cores; ++c)
        kept[c] = last[c] >= level;
    return kept;
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

static void find_spreads(allocation_space *levels, int32_t l, int32_t n, stream_arena *arena) {
    const int32_t **spreads = STREAM_NEW(arena, const int32_t *, (size_t)(n - l));
    for (int32_t k = l; k < n; ++k)
        spreads[k - l] = find_spread(&levels[l], &levels[k], arena);
    levels[l].spreads = spreads;
    levels[l].n_spreads = n - l;
}

const allocation_space *stream_allocation_find_levels(const allocation_space *cores,
                                                      const stream_core_kinds *kinds,
                                                      stream_arena *arena, int32_t *out_n) {
    const int32_t *last;
    int32_t n = find_last_levels(cores, kinds, arena, &last);
    allocation_space *levels = STREAM_NEW(arena, allocation_space, (size_t)n);
    for (int32_t l = 0; l < n; ++l) {
        levels[l] = *cores;
        levels[l].kept = find_kept(cores, last, l, arena);
        if (l > 0)
            levels[l].wider = &levels[l - 1];
        stream_allocation_find_fastest(&levels[l], arena);
        stream_allocation_find_groups(&levels[l], arena);
    }
    for (int32_t l = 0; l < n; ++l)
        find_spreads(levels, l, n, arena);
    *out_n = n;
    return levels;
}
