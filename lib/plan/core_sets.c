/* Cores that tiles may be made for; see stream/plan/core_sets.h. */

#include "stream/plan/core_sets.h"

#include "stream/hardware/kinds.h"

#include <string.h>

/* Arrays of less than this part of all do not help much; memories of less than this part of the
 * largest make tiles small. */
#define SMALL_ARRAYS   16
#define SMALL_MEMORIES 2

/* Is there an operator that both run? */
static bool share_operator(const stream_core *a, const stream_core *b) {
    if (a->n_operators == 0 || b->n_operators == 0)
        return true;
    for (int32_t i = 0; i < a->n_operators; ++i)
        if (stream_core_runs(b, a->operators[i]))
            return true;
    return false;
}

static double array_size(const stream_core *core) {
    double size = 1;
    for (int32_t d = 0; d < core->n_array_dims; ++d)
        size *= (double)core->array_sizes[d];
    return size;
}

/* Bits of the top memories. */
static double memory_size(const stream_accelerator *acc, int32_t core) {
    int32_t tops[STREAM_N_OPERANDS];
    double size = 0;
    int32_t n = stream_core_tops(acc, core, tops);
    for (int32_t i = 0; i < n; ++i)
        size += (double)acc->instances[tops[i]].size_bits;
    return size;
}

static bool runs_all_of(const stream_core *core, const stream_core *other) {
    for (int32_t i = 0; i < other->n_operators; ++i)
        if (!stream_core_runs(core, other->operators[i]))
            return false;
    return core->n_operators == 0 || other->n_operators > 0;
}

/* Beside the cores whose work it could do: arrays or memories of the core's kind do not count for
 * much. A core for a few operators is not small, it is special. */
static bool is_small(const stream_accelerator *acc, const stream_core_kinds *kinds, int32_t core) {
    double own = 0, all = 0, most = 0;
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        if (kinds->kind_of[c] < 0 || !runs_all_of(&acc->cores[core], &acc->cores[c]))
            continue;
        all += array_size(&acc->cores[c]);
        if (kinds->kind_of[c] == kinds->kind_of[core])
            own += array_size(&acc->cores[c]);
        if (memory_size(acc, c) > most)
            most = memory_size(acc, c);
    }
    return own * SMALL_ARRAYS < all || memory_size(acc, core) * SMALL_MEMORIES < most;
}

/* Is it of those that the set of this kind leaves out? */
static bool is_dispensable(const stream_accelerator *acc, const stream_core_kinds *kinds,
                           stream_core_set_kind kind, int32_t core) {
    switch (kind) {
    case STREAM_CORES_NEAREST:
        return kinds->ring_of[core] > 0;
    case STREAM_CORES_BUT_FARTHEST:
        return kinds->ring_of[core] > 0 && kinds->ring_of[core] == kinds->n_rings - 1;
    case STREAM_CORES_WITHOUT_SMALL:
        return is_small(acc, kinds, core);
    case STREAM_N_CORE_SETS:
        break;
    }
    return false;
}

/* Can another core do some of its work? */
static bool is_replaced(const stream_accelerator *acc, const bool *is_left_out, int32_t core) {
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (acc->cores[c].kind == STREAM_CORE_COMPUTE && !is_left_out[c] &&
            share_operator(&acc->cores[core], &acc->cores[c]))
            return true;
    return false;
}

static stream_core_set find_set(const stream_accelerator *acc, const stream_core_kinds *kinds,
                                stream_core_set_kind kind, stream_arena *arena) {
    bool *is_left_out = STREAM_NEW(arena, bool, (size_t)acc->n_cores);
    int32_t *cores = STREAM_NEW(arena, int32_t, (size_t)acc->n_cores);
    stream_core_set set = {.kind = kind, .cores = cores};
    for (int32_t c = 0; c < acc->n_cores; ++c)
        is_left_out[c] = kinds->kind_of[c] >= 0 && is_dispensable(acc, kinds, kind, c);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (kinds->kind_of[c] >= 0 && (!is_left_out[c] || !is_replaced(acc, is_left_out, c)))
            cores[set.n_cores++] = c;
    return set;
}

static bool is_known(const stream_core_set *sets, int32_t n, const stream_core_set *set) {
    for (int32_t i = 0; i < n; ++i)
        if (sets[i].n_cores == set->n_cores &&
            memcmp(sets[i].cores, set->cores, (size_t)set->n_cores * sizeof *set->cores) == 0)
            return true;
    return false;
}

int32_t stream_plan_core_sets(const stream_accelerator *acc, stream_arena *arena,
                              stream_core_set out[STREAM_N_CORE_SETS]) {
    stream_core_kinds kinds;
    int32_t n = 0, n_compute = 0;
    stream_core_kinds_find(acc, arena, &kinds);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        n_compute += kinds.kind_of[c] >= 0;
    for (stream_core_set_kind k = 0; k < STREAM_N_CORE_SETS; ++k) {
        stream_core_set set = find_set(acc, &kinds, k, arena);
        if (set.n_cores < n_compute && !is_known(out, n, &set))
            out[n++] = set;
    }
    return n;
}

int32_t stream_plan_cores_for(const stream_accelerator *acc, const int32_t *cores, int32_t n_cores,
                              const char *op_type, stream_arena *arena, const int32_t **out) {
    int32_t *able = STREAM_NEW(arena, int32_t, (size_t)n_cores), n = 0, n_all = 0;
    for (int32_t c = 0; c < acc->n_cores; ++c)
        n_all += stream_core_runs(&acc->cores[c], op_type);
    for (int32_t i = 0; i < n_cores; ++i)
        if (stream_core_runs(&acc->cores[cores[i]], op_type))
            able[n++] = cores[i];
    *out = able;
    return n < n_all ? n : 0;
}
