/* Does a mapping cover its problem and fit the memories; see fits.h. */

#include "fits.h"

#include "stream/support/text.h"

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

static bool has_partial_sums(const stream_mapping_problem *problem) {
    bool accumulates = false;
    for (int32_t d = 0; d < problem->nest.n_dims; ++d)
        accumulates |= problem->operands[0].accumulates[d] && problem->nest.dims[d].size > 1;
    return accumulates;
}

/* Partial sums on a core that takes none back to the array. */
static bool has_no_way_back(const stream_mapping_problem *problem) {
    return has_partial_sums(problem) && problem->operands[0].bw_max[0][STREAM_TO_LOW] == 0;
}

/* The least that operand k of a memory can take there: nothing but what is unrolled, in its top
 * memory the whole tensor. */
static double least_bits(const stream_mapping_problem *problem,
                         const stream_temporal_mapping *outside, const stream_map_memory *memory,
                         int32_t k) {
    int32_t o = memory->operand[k], level = memory->level[k];
    const stream_map_operand *operand = &problem->operands[o];
    if (level == operand->n_levels - 1)
        return operand->size * (double)operand->final_bits;
    return stream_mapping_content_bits(problem, outside, o, level);
}

/* Below the top an operand cannot take less than its elements of one cycle: fewer bits each help.
 */
static void advise(const stream_mapping_problem *problem, const stream_map_memory *memory,
                   double bits, stream_text *out) {
    int32_t o = memory->operand[0];
    const stream_map_operand *operand = &problem->operands[o];
    int64_t element = o || has_partial_sums(problem) ? operand->bits : operand->final_bits;
    int64_t fits = (int64_t)((double)element * (double)memory->size_bits / bits);
    if (memory->n_operands == 1 && memory->level[0] < operand->n_levels - 1 && fits >= 1)
        stream_text_print(out,
                          "; elements of %lld instead of %lld bits would fit (a quantized layer)",
                          (long long)fits, (long long)element);
}

static stream_status too_small(const stream_mapping_problem *problem,
                               const stream_temporal_mapping *outside,
                               const stream_map_memory *memory, double bits,
                               const stream_diag *diag) {
    stream_text parts = {0};
    for (int32_t k = 0; k < memory->n_operands; ++k)
        stream_text_print(&parts, "%s%.0f for '%s'", k ? " and " : "",
                          least_bits(problem, outside, memory, k),
                          problem->nest.operands[memory->operand[k]].name);
    advise(problem, memory, bits, &parts);
    stream_status status =
        stream_error(diag, STREAM_INFEASIBLE, problem->nest.loc,
                     "memory '%s' has %lld bits; at least %.0f are needed there: %s", memory->name,
                     (long long)memory->size_bits, bits, parts.data);
    stream_text_free(&parts);
    return status;
}

stream_status stream_mapping_does_not_fit(const stream_mapping_problem *problem,
                                          const stream_diag *diag) {
    stream_temporal_mapping outside = {.n = problem->n_loops};
    for (int32_t i = 0; i < problem->n_loops; ++i)
        outside.order[i] = problem->loops[i];
    for (int32_t m = 0; m < problem->n_memories; ++m) {
        const stream_map_memory *memory = &problem->memories[m];
        double bits = 0;
        for (int32_t k = 0; k < memory->n_operands; ++k)
            bits += least_bits(problem, &outside, memory, k);
        if (bits > (double)memory->size_bits)
            return too_small(problem, &outside, memory, bits, diag);
    }
    if (has_no_way_back(problem))
        return stream_error(diag, STREAM_INFEASIBLE, problem->nest.loc,
                            "memory '%s' has no port for partial sums of operand '%s', tl (read "
                            "towards the array)",
                            problem->memories[problem->operands[0].memory[0]].name,
                            problem->nest.operands[0].name);
    return stream_error(diag, STREAM_INFEASIBLE, problem->nest.loc,
                        "no temporal mapping fits the memories as it was asked for");
}
