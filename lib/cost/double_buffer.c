/* Which levels may be filled while their old content is in use; reference section 5.4, repaired for
 * the exact model: a second copy needs room, and the room goes to where it helps most. */

#include "stall.h"

#include <math.h>

typedef double shares[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS];

/* Every member of a shared memory sees the sum of all members. */
static void share(const stream_mapping_problem *problem, const double (*own)[STREAM_MAP_MAX_LEVELS],
                  shares sum) {
    for (int32_t i = 0; i < problem->n_memories; ++i) {
        const stream_map_memory *m = &problem->memories[i];
        if (!m->shared)
            continue;
        double total = 0;
        for (int32_t k = 0; k < m->n_operands; ++k)
            total += own[m->operand[k]][m->level[k]];
        for (int32_t k = 0; k < m->n_operands; ++k)
            sum[m->operand[k]][m->level[k]] = total;
    }
}

static void claim(const stream_map_memory *m, double part, shares sum) {
    for (int32_t k = 0; m->shared && k < m->n_operands; ++k)
        sum[m->operand[k]][m->level[k]] += part;
}

static void of_reference(const stream_mapping_problem *problem, const stream_movements *moves,
                         stream_double_buffers *out) {
    shares own = {{0}}, sum;
    for (int32_t o = 0; o < problem->n_operands; ++o)
        for (int32_t l = 0; l < problem->operands[o].n_levels; ++l)
            sum[o][l] = own[o][l] =
                (double)moves->slice_bits[o][l + 1] /
                (double)problem->memories[problem->operands[o].memory[l]].size_bits;
    share(problem, own, sum);
    for (int32_t o = 0; o < problem->n_operands; ++o) {
        out->flag[o][0] = false;
        for (int32_t l = 0; l < problem->operands[o].n_levels; ++l) {
            bool half_empty = sum[o][l] <= 0.5, room = own[o][l] <= 1 - sum[o][l];
            out->flag[o][l + 1] = half_empty || room;
            if (!half_empty && room)
                claim(&problem->memories[problem->operands[o].memory[l]], own[o][l], sum);
        }
    }
}

/* Does a second copy of what memory level l of o holds widen a window? Only where the level ends in
 * a loop that does not touch the operand: everything is then exchanged at once. */
static bool wants_copy(const stream_mapping_problem *problem, const stream_movements *moves,
                       int32_t o, int32_t l) {
    int32_t d = o ? STREAM_FROM_HIGH : STREAM_TO_HIGH;
    return l + 1 < problem->operands[o].n_levels && moves->at[o][l].count[d] > 1 &&
           moves->at[o][l].window[d] != moves->at[o][l].period[d];
}

/* Sets of a memory's operands (bits of its list) whose copies fit together and to which none can be
 * added. Returns how many; everything else in the memory is buffered as it is. */
static int32_t maximal_sets(const stream_mapping_problem *problem, const stream_movements *moves,
                            const stream_map_memory *m, uint32_t *sets) {
    int64_t free = m->size_bits, copy[STREAM_NEST_MAX_OPERANDS] = {0};
    uint32_t all = (1u << m->n_operands) - 1;
    int32_t n = 0;
    for (int32_t k = 0; k < m->n_operands; ++k) {
        int64_t bits = moves->held_bits[m->operand[k]][m->level[k] + 1];
        free -= bits;
        if (wants_copy(problem, moves, m->operand[k], m->level[k]))
            copy[k] = bits;
    }
    for (uint32_t set = all;; --set) {
        int64_t bits = 0;
        bool maximal = true;
        for (int32_t k = 0; k < m->n_operands; ++k)
            bits += set >> k & 1 ? copy[k] : 0;
        for (int32_t k = 0; k < m->n_operands; ++k)
            maximal &= set >> k & 1 || bits + copy[k] > free;
        if (maximal && (bits <= free || bits == 0))
            sets[n++] = set;
        if (set == 0 || (n == 1 && set == all))
            return n;
    }
}

static void set_flags(const stream_map_memory *m, uint32_t set, stream_double_buffers *out) {
    for (int32_t k = 0; k < m->n_operands; ++k)
        out->flag[m->operand[k]][m->level[k] + 1] = set >> k & 1;
}

enum {
    MAX_SETS = 1 << STREAM_NEST_MAX_OPERANDS
};

/* Memories that must choose, and their sets. */
typedef struct {
    int32_t n, memory[STREAM_MAP_MAX_MEMORIES], count[STREAM_MAP_MAX_MEMORIES];
    int32_t pick[STREAM_MAP_MAX_MEMORIES];
    uint32_t sets[STREAM_MAP_MAX_MEMORIES][MAX_SETS];
} choices;

static bool next(choices *c) {
    for (int32_t i = 0; i < c->n; ++i) {
        if (++c->pick[i] < c->count[i])
            return true;
        c->pick[i] = 0;
    }
    return false;
}

/* The choice with the fewest stall cycles, the first among equals. */
static void choose(const stream_mapping_problem *problem, const stream_movements *moves, choices *c,
                   stream_double_buffers *out) {
    stream_double_buffers trial = *out;
    stream_real_cycles real;
    int64_t least = INT64_MAX;
    stream_real_cycles_of(problem, moves, &real);
    do {
        for (int32_t i = 0; i < c->n; ++i)
            set_flags(&problem->memories[c->memory[i]], c->sets[i][c->pick[i]], &trial);
        int64_t stall = stream_stall_cycles(problem, moves, &real, &trial);
        if (stall < least) {
            least = stall;
            *out = trial;
        }
    } while (least > 0 && next(c));
}

static void of_exact(const stream_mapping_problem *problem, const stream_movements *moves,
                     stream_double_buffers *out) {
    choices c;
    c.n = 0;
    for (int32_t o = 0; o < problem->n_operands; ++o)
        out->flag[o][0] = false;
    for (int32_t i = 0; i < problem->n_memories; ++i) {
        const stream_map_memory *m = &problem->memories[i];
        if (m->n_operands == 0)
            continue;
        c.count[c.n] = maximal_sets(problem, moves, m, c.sets[c.n]);
        if (c.count[c.n] > 1) {
            c.memory[c.n] = i;
            c.pick[c.n++] = 0;
        } else {
            set_flags(m, c.sets[c.n][0], out);
        }
    }
    if (c.n > 0)
        choose(problem, moves, &c, out);
}

void stream_double_buffers_of(const stream_mapping_problem *problem, const stream_movements *moves,
                              stream_double_buffers *out) {
    if (problem->quirks & STREAM_QUIRK_FREE_BUFFERS)
        of_reference(problem, moves, out);
    else
        of_exact(problem, moves, out);
}

bool stream_double_buffers_twice(const stream_mapping_problem *problem,
                                 const stream_movements *moves,
                                 const stream_double_buffers *buffers, int32_t o, int32_t l) {
    int32_t d = o ? STREAM_FROM_HIGH : STREAM_TO_HIGH;
    if (problem->model == STREAM_MODEL_EXACT)
        return buffers->flag[o][l + 1] && wants_copy(problem, moves, o, l);
    return buffers->flag[o][l + 1] && moves->at[o][l].count[d] > 1;
}
