/* What a mapping keeps in every memory; see stream_mapping_fits. */

#include "fits.h"
#include "movement.h"

#include <math.h>

/* Partial sums: a reduction loop of the level or above it (of more than one iteration, in the exact
 * model) is still to come. */
static bool holds_partial_sums(const stream_mapping_problem *p, const stream_temporal_mapping *m,
                               int32_t level) {
    const stream_map_operand *o = &p->operands[0];
    bool exact = !(p->quirks & STREAM_QUIRK_PARTIAL_SUMS);
    for (int32_t i = level ? m->cut[0][level - 1] : 0; i < m->n; ++i)
        if (o->accumulates[m->order[i].dim] && (m->order[i].size > 1 || !exact))
            return true;
    for (int32_t l = level + 1; l <= o->n_levels; ++l)
        for (int32_t i = 0; i < o->unrolled[0][l].n; ++i)
            if (o->accumulates[o->unrolled[0][l].at[i].dim] &&
                (o->unrolled[0][l].at[i].factor > 1 || !exact))
                return true;
    return false;
}

double stream_mapping_content_bits(const stream_mapping_problem *p,
                                   const stream_temporal_mapping *m, int32_t o, int32_t level) {
    const stream_map_operand *operand = &p->operands[o];
    bool final = o == 0 && !holds_partial_sums(p, m, level);
    double sizes[STREAM_NEST_MAX_DIMS];
    for (int32_t d = 0; d < p->nest.n_dims; ++d)
        sizes[d] = 1;
    for (int32_t l = 0; l <= level; ++l)
        for (int32_t i = 0; i < operand->unrolled[0][l].n; ++i)
            sizes[operand->unrolled[0][l].at[i].dim] *= operand->unrolled[0][l].at[i].factor;
    for (int32_t i = 0; i < m->cut[o][level]; ++i)
        sizes[m->order[i].dim] *= (double)m->order[i].size;
    double held = stream_mapping_content(p, o, sizes);
    bool twice = p->memories[operand->memory[level]].double_buffered && m->cut[o][level] < m->n &&
                 held < operand->size;
    return (twice ? 2 * held : held) * (double)(final ? operand->final_bits : operand->bits);
}

/* Have partial sums that come back through memory level `level` of the output a port? */
static bool ports_carry(const stream_mapping_problem *p, const stream_movements *moves,
                        int32_t level) {
    static const stream_direction back[] = {STREAM_TO_LOW, STREAM_FROM_HIGH};
    for (int32_t i = 0; i < 2; ++i)
        if (moves->at[0][level].times[back[i]] > 0 && p->operands[0].bw_max[level][back[i]] == 0)
            return false;
    return true;
}

bool stream_mapping_fits(const stream_mapping_problem *p, const stream_temporal_mapping *mapping,
                         int32_t *out_memory, double *out_bits) {
    stream_temporal_mapping m = *mapping;
    stream_movements moves;
    if (p->model == STREAM_MODEL_EXACT)
        stream_mapping_merge(p, &m);
    stream_movements_of(p, &m, 0, &moves);
    for (int32_t i = 0; i < p->n_memories; ++i) {
        const stream_map_memory *memory = &p->memories[i];
        double bits = 0;
        for (int32_t k = 0; k < memory->n_operands; ++k) {
            bits += stream_mapping_content_bits(p, &m, memory->operand[k], memory->level[k]);
            if (memory->operand[k] == 0 && !ports_carry(p, &moves, memory->level[k]))
                bits = INFINITY;
        }
        if (bits > (double)memory->size_bits) {
            *out_memory = i;
            *out_bits = bits;
            return false;
        }
    }
    return true;
}
