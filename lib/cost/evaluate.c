/* The price of one mapping; reference section 5. */

#include "loading.h"
#include "relevance.h"

#include <math.h>

void stream_mapping_merge(const stream_mapping_problem *problem, stream_temporal_mapping *mapping) {
    for (int32_t o = 0; o < problem->n_operands; ++o) {
        const stream_map_operand *operand = &problem->operands[o];
        for (int32_t l = 0; l + 1 < operand->n_levels; ++l) {
            int32_t *cut = &mapping->cut[o][l];
            while (*cut < mapping->n &&
                   operand->relevance[mapping->order[*cut].dim] == STREAM_IRRELEVANT)
                ++*cut;
        }
    }
}

static void energy(const stream_mapping_problem *problem, const stream_movements *moves,
                   stream_mapping_cost *out, stream_mapping_accesses *detail) {
    out->memory_energy_pj = 0;
    for (int32_t o = 0; o < problem->n_operands; ++o)
        for (int32_t l = 0; l < problem->operands[o].n_levels; ++l) {
            const stream_map_memory *memory = &problem->memories[problem->operands[o].memory[l]];
            const stream_movement *m = &moves->at[o][l];
            double a[STREAM_N_DIRECTIONS];
            for (int32_t d = 0; d < STREAM_N_DIRECTIONS; ++d)
                a[d] = stream_word_accesses(problem, o, l, d, m->amount[d], m->precision[d],
                                            m->times[d]);
            double pj =
                (a[STREAM_TO_HIGH] * memory->read_pj + a[STREAM_TO_LOW] * memory->read_pj) +
                (a[STREAM_FROM_HIGH] * memory->write_pj + a[STREAM_FROM_LOW] * memory->write_pj);
            out->memory_energy_pj += pj;
            for (int32_t d = 0; detail && d < STREAM_N_DIRECTIONS; ++d)
                detail->accesses[o][l][d] = a[d];
            if (detail)
                detail->energy_pj[o][l] = pj;
        }
    out->mac_energy_pj = problem->mac_pj * problem->macs;
    out->energy_pj = out->memory_energy_pj + out->mac_energy_pj;
}

void stream_mapping_evaluate(const stream_mapping_problem *problem,
                             const stream_temporal_mapping *mapping, stream_mapping_cost *out,
                             stream_mapping_accesses *detail) {
    stream_temporal_mapping merged = *mapping;
    stream_movements fractional, integer;
    const stream_movements *moves = &fractional;
    stream_mapping_merge(problem, &merged);
    stream_movements_of(problem, &merged, 0, &fractional);
    if (!problem->integer) {
        stream_movements_of(problem, &merged, 1, &integer);
        moves = &integer;
    }
    energy(problem, &fractional, out, detail);

    stream_double_buffers buffers;
    stream_real_cycles real;
    stream_double_buffers_of(problem, &fractional, &buffers);
    stream_real_cycles_of(problem, moves, &real);
    out->stall_cycles = stream_stall_cycles(problem, moves, &real, &buffers);
    stream_loading_cycles(problem, moves, &real, out->stall_cycles, &out->onload_cycles,
                          &out->offload_cycles, &out->below_bound);

    int64_t cpo = problem->nest.cycles_per_op;
    out->temporal_cycles = moves->cycles * cpo;
    out->ideal_cycles = (int64_t)ceil(problem->macs / (double)problem->mac_units) * cpo;
    double time = (double)out->temporal_cycles + (double)out->stall_cycles;
    out->total0_cycles = time;
    out->total1_cycles = time + out->onload_cycles;
    out->total2_cycles =
        time + out->onload_cycles + out->offload_cycles + (double)problem->drain_cycles;
}
