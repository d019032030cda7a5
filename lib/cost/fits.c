/* Does a mapping cover its problem and fit the memories; see fits.h. */

#include "fits.h"

#include <math.h>

static stream_status check_loops(const stream_mapping_problem *problem,
                                 const stream_temporal_mapping *mapping, const stream_diag *diag) {
    int64_t left[STREAM_NEST_MAX_DIMS];
    for (int32_t d = 0; d < problem->nest.n_dims; ++d)
        left[d] = 1;
    for (int32_t i = 0; i < problem->n_loops; ++i)
        left[problem->loops[i].dim] = problem->loops[i].size;
    for (int32_t i = 0; i < mapping->n; ++i) {
        const stream_temporal_loop *loop = &mapping->order[i];
        if (loop->dim < 0 || loop->dim >= problem->nest.n_dims || loop->size < 1)
            return stream_error(diag, STREAM_INVALID, problem->nest.loc,
                                "loop %d of the mapping has no such dim, or a size below 1", i);
        if (left[loop->dim] % loop->size)
            return stream_error(diag, STREAM_INVALID, problem->nest.loc,
                                "the loops of the mapping over '%s' do not multiply to what the "
                                "array leaves of it",
                                problem->nest.dims[loop->dim].name);
        left[loop->dim] /= loop->size;
    }
    for (int32_t d = 0; d < problem->nest.n_dims; ++d)
        if (left[d] != 1)
            return stream_error(diag, STREAM_INVALID, problem->nest.loc,
                                "the mapping leaves %lld iterations of '%s' undone",
                                (long long)left[d], problem->nest.dims[d].name);
    return STREAM_OK;
}

static stream_status check_cuts(const stream_mapping_problem *problem,
                                const stream_temporal_mapping *mapping, const stream_diag *diag) {
    for (int32_t o = 0; o < problem->n_operands; ++o) {
        const int32_t *cut = mapping->cut[o];
        int32_t n = problem->operands[o].n_levels, before = 0;
        for (int32_t l = 0; l < n; ++l) {
            if (cut[l] < before || cut[l] > mapping->n || (l == n - 1 && cut[l] != mapping->n))
                return stream_error(diag, STREAM_INVALID, problem->nest.loc,
                                    "operand '%s' is cut at loop %d of %d at level %d",
                                    problem->nest.operands[o].name, cut[l], mapping->n, l);
            before = cut[l];
        }
    }
    return STREAM_OK;
}

static stream_status check_capacity(const stream_mapping_problem *problem,
                                    const stream_temporal_mapping *mapping,
                                    const stream_diag *diag) {
    int32_t memory;
    double bits;
    if (stream_mapping_fits(problem, mapping, &memory, &bits))
        return STREAM_OK;
    if (isinf(bits))
        return stream_error(
            diag, STREAM_INVALID, problem->nest.loc,
            "the mapping brings partial sums back through memory '%s', which has no "
            "port for them (tl or fh of operand '%s')",
            problem->memories[memory].name, problem->nest.operands[0].name);
    return stream_error(diag, STREAM_INVALID, problem->nest.loc,
                        "the mapping needs %.0f bits of memory '%s', which has %lld", bits,
                        problem->memories[memory].name,
                        (long long)problem->memories[memory].size_bits);
}

stream_status stream_mapping_check(const stream_mapping_problem *problem,
                                   const stream_temporal_mapping *mapping,
                                   const stream_diag *diag) {
    if (mapping->n < 0 || mapping->n > STREAM_MAP_MAX_LOOPS)
        return stream_error(diag, STREAM_INVALID, problem->nest.loc,
                            "a mapping has 0 to %d loops, not %d", STREAM_MAP_MAX_LOOPS,
                            mapping->n);
    STREAM_TRY(check_loops(problem, mapping, diag));
    STREAM_TRY(check_cuts(problem, mapping, diag));
    return check_capacity(problem, mapping, diag);
}

/* Partial sums on a core that takes none back to the array. */
static bool has_no_way_back(const stream_mapping_problem *problem) {
    const stream_map_operand *out = &problem->operands[0];
    bool accumulates = false;
    for (int32_t d = 0; d < problem->nest.n_dims; ++d)
        accumulates |= out->accumulates[d] && problem->nest.dims[d].size > 1;
    return accumulates && out->bw_max[0][STREAM_TO_LOW] == 0;
}

stream_status stream_mapping_does_not_fit(const stream_mapping_problem *problem,
                                          const stream_diag *diag) {
    for (int32_t m = 0; m < problem->n_memories; ++m) {
        const stream_map_memory *memory = &problem->memories[m];
        for (int32_t k = 0; k < memory->n_operands; ++k) {
            const stream_map_operand *o = &problem->operands[memory->operand[k]];
            bool top = memory->level[k] == o->n_levels - 1;
            double bits = o->size * (double)(memory->operand[k] ? o->bits : o->final_bits);
            if (top && bits > (double)memory->size_bits)
                return stream_error(
                    diag, STREAM_INFEASIBLE, problem->nest.loc,
                    "operand '%s' needs %.0f bits in memory '%s', which has %lld; a "
                    "smaller tile or a larger memory would fit",
                    problem->nest.operands[memory->operand[k]].name, bits, memory->name,
                    (long long)memory->size_bits);
        }
    }
    if (has_no_way_back(problem))
        return stream_error(diag, STREAM_INFEASIBLE, problem->nest.loc,
                            "memory '%s' has no port for partial sums of operand '%s', tl (read "
                            "towards the array)",
                            problem->memories[problem->operands[0].memory[0]].name,
                            problem->nest.operands[0].name);
    return stream_error(diag, STREAM_INFEASIBLE, problem->nest.loc,
                        "no temporal mapping fits: the operands that share a memory exceed it "
                        "together even at the smallest allocation");
}
