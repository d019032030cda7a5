/* Windows that no order can widen.
 *
 * A memory level that is not double-buffered must be refilled while the outermost run of its loops
 * that leave the operand where it is passes once: window = period / run. The first pass of the
 * search takes every window as wide as its period, since the order inside a segment (the loops
 * between two cuts that follow each other, of whatever operands) is free. But where a segment has
 * no loop that moves the operand, all of it is such a run, and continues the one below. So
 *
 *     run(cut) = 1                           if a loop of the segment below moves the operand,
 *                product * run(segment begin) if none does; 1 where the operand's level begins
 *
 * is at most the real run in any order of the chain. It counts where a second copy of the content
 * finds no room beside what the memory holds at least. */

#include "exact_search.h"

#include <math.h>

/* Can the window of the operand's cut k, placed here, be too short in some order? */
static bool may_be_short(const stream_exact *x, int32_t o, int32_t k, int32_t state) {
    const stream_lattice *lattice = &x->lattice;
    const stream_boundary *b = &lattice->boundary[o][k][state];
    const stream_map_memory *memory = &x->problem->memories[x->problem->operands[o].memory[k - 1]];
    double run = 1, real = 0;
    if (b->count == 1 || memory->double_buffered ||
        (memory->n_operands == 1 && 2 * b->bits[1] <= (double)memory->size_bits))
        return false;
    for (int32_t j = 0; j < lattice->n_kinds; ++j)
        for (int32_t i = 0; stream_kind_stationary(lattice, o, j) &&
                            i < lattice->count[state * lattice->n_kinds + j];
             ++i)
            run *= (double)lattice->prime[j];
    for (int32_t i = 0; i < N_MOVES; ++i)
        real = larger(real, b->active[i] ? b->real[i] : 0);
    return real > (double)b->period / run;
}

void stream_exact_find_windows(stream_exact *x, stream_arena *arena) {
    const stream_lattice *lattice = &x->lattice;
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        for (int32_t c = 0; c < x->problem->operands[o].n_levels; ++c) {
            uint8_t *narrows = x->narrows[o][c] =
                STREAM_NEW(arena, uint8_t, (size_t)lattice->n_states);
            if (c + 1 == x->problem->operands[o].n_levels)
                continue;
            for (int32_t s = lattice->n_states - 1; s >= 0; --s) {
                narrows[s] = may_be_short(x, o, c + 1, s);
                for (int32_t j = 0; j < lattice->n_kinds && !narrows[s]; ++j)
                    narrows[s] =
                        stream_lattice_can_add(lattice, s, j) && narrows[s + lattice->stride[j]];
            }
        }
    x->windows = true;
}

/* Runs that cannot matter any more stand at their widest. */
static void forget(const stream_exact *x, stream_label *label) {
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        if (!x->narrows[o][label->closed[o]][label->state]) {
            label->run[o] = 1;
            label->mixed |= (uint8_t)(1u << o);
        }
}

void stream_exact_window_add(const stream_exact *x, stream_label *label, int32_t kind) {
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        if (!stream_kind_stationary(&x->lattice, o, kind)) {
            label->run[o] = 1;
            label->mixed |= (uint8_t)(1u << o);
        } else if (!(label->mixed >> o & 1)) {
            int64_t run = (int64_t)label->run[o] * x->lattice.prime[kind];
            label->run[o] = run < UINT32_MAX ? (uint32_t)run : UINT32_MAX;
        }
    }
    forget(x, label);
}

void stream_exact_window_close(const stream_exact *x, stream_open_label *label, int32_t o) {
    int32_t k = label->at.closed[o], state = label->at.state;
    int32_t m = x->problem->operands[o].memory[k - 1];
    const stream_map_memory *memory = &x->problem->memories[m];
    double copy = x->lattice.boundary[o][k][state].bits[o == 0 && label->at.reduces];
    double held = memory->n_operands > 1 ? stream_exact_held(x, label, m) : copy;
    if (label->at.run[o] > 1 && !memory->double_buffered && held + copy > (double)memory->size_bits)
        stream_exact_narrow(x, label->acc, o, k, state, label->at.run[o]);
    label->at.run[o] = 1;
    label->at.mixed = 0;
    forget(x, &label->at);
}

bool stream_exact_wider(const stream_exact *x, const stream_label *a, const stream_label *b) {
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        if (!(a->mixed >> o & 1) && ((b->mixed >> o & 1) || a->run[o] > b->run[o]))
            return false;
    return true;
}
