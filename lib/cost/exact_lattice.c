/* States and boundary tables of the exact search; see exact_lattice.h. */

#include "exact_lattice.h"

#include "movement.h"

#include <math.h>
#include <string.h>

static void describe_state(stream_lattice *x, int32_t s) {
    const stream_mapping_problem *p = x->problem;
    double *below = &x->below[(size_t)s * (size_t)p->nest.n_dims];
    for (int32_t d = 0; d < p->nest.n_dims; ++d)
        below[d] = 1;
    x->below_cycles[s] = 1;
    x->visits_left[s] = 1;
    for (int32_t o = 0; o < p->n_operands; ++o)
        x->stationary[o][s] = 1;
    for (int32_t j = 0; j < x->n_kinds; ++j) {
        int32_t n = s / x->stride[j] % (x->multiplicity[j] + 1);
        x->count[s * x->n_kinds + j] = (uint8_t)n;
        for (int32_t i = 0; i < n; ++i) {
            x->below_cycles[s] *= x->prime[j];
            below[x->dim[j]] *= (double)x->prime[j];
        }
        if (n < x->multiplicity[j] && stream_kind_accumulates(x, j))
            x->reduces_above[s] = 1;
        for (int32_t i = n; i < x->multiplicity[j] && stream_kind_stationary(x, 0, j); ++i)
            x->visits_left[s] *= x->prime[j];
        for (int32_t o = 0; n > 0 && o < p->n_operands; ++o)
            if (!stream_kind_stationary(x, o, j))
                x->stationary[o][s] = 0;
    }
    stream_lattice_pins(x, s, &x->addable[s], &x->fixed[s]);
}

static void find_sizes(stream_lattice *x) {
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        for (int32_t d = 0; d < x->problem->nest.n_dims; ++d)
            if (x->problem->operands[o].relevance[d] != STREAM_IRRELEVANT)
                x->size_of[o][x->n_sizes[o]++] = d;
}

static void describe_unrolling(stream_lattice *x) {
    const stream_mapping_problem *p = x->problem;
    for (int32_t o = 0; o < p->n_operands; ++o) {
        const stream_map_operand *q = &p->operands[o];
        for (int32_t d = 0; d < p->nest.n_dims; ++d)
            x->unrolled[o][0][d] = 1;
        for (int32_t k = 0; k < q->n_levels; ++k) {
            memcpy(x->unrolled[o][k + 1], x->unrolled[o][k], sizeof x->unrolled[o][k]);
            for (int32_t i = 0; i < q->unrolled[0][k].n; ++i)
                x->unrolled[o][k + 1][q->unrolled[0][k].at[i].dim] *=
                    q->unrolled[0][k].at[i].factor;
        }
    }
    const stream_map_operand *out = &p->operands[0];
    x->reduces_unrolled[out->n_levels + 1] = false;
    for (int32_t k = out->n_levels; k >= 0; --k) {
        x->reduces_unrolled[k] = x->reduces_unrolled[k + 1];
        for (int32_t i = 0; i < out->unrolled[0][k].n; ++i)
            x->reduces_unrolled[k] |= out->accumulates[out->unrolled[0][k].at[i].dim] &&
                                      out->unrolled[0][k].at[i].factor > 1;
    }
}

/* Elements of operand o below boundary k at state s. *out_held: without padding, which takes no
 * room; may be NULL. */
static double elements(const stream_lattice *x, int32_t o, int32_t k, int32_t s, double *out_held) {
    const stream_mapping_problem *p = x->problem;
    const double *below = &x->below[(size_t)s * (size_t)p->nest.n_dims];
    double sizes[STREAM_NEST_MAX_DIMS];
    bool padded = false;
    memcpy(sizes, below, sizeof sizes[0] * (size_t)p->nest.n_dims);
    for (int32_t i = 0; i < x->n_sizes[o]; ++i) {
        int32_t d = x->size_of[o][i];
        sizes[d] *= x->unrolled[o][k][d];
        padded |= sizes[d] > (double)p->nest.dims[d].size;
    }
    double all = stream_mapping_elements(p, o, sizes);
    if (out_held)
        *out_held = padded ? stream_mapping_content(p, o, sizes) : all;
    return all;
}

static void fill_bits(const stream_lattice *x, int32_t o, int32_t k, int32_t s, double held,
                      stream_boundary *b) {
    const stream_map_operand *q = &x->problem->operands[o];
    const stream_map_memory *memory = &x->problem->memories[q->memory[k - 1]];
    bool partial = o == 0 && x->reduces_unrolled[k];
    b->bits[0] = held * (double)(o == 0 ? q->final_bits : q->bits);
    b->bits[1] = held * (double)q->bits;
    b->bits_min = partial ? b->bits[1] : b->bits[0];
    if (o == 0 && (partial || x->reduces_above[s]))
        b->bits[0] = b->bits[1];
    if (memory->double_buffered && s != stream_lattice_full(x) && held < q->size) {
        b->bits[0] *= 2;
        b->bits[1] *= 2;
    }
}

typedef struct {
    int64_t amount[N_MOVES], precision[N_MOVES];
    bool used[N_MOVES];
    double rate[2]; /* mean bits per cycle below and above */
} moved;

/* Read-backs of partial sums: all visits but the first of each element. */
static int64_t reads(const stream_lattice *x, int32_t k, int32_t s, int64_t data, int64_t count) {
    if (x->problem->operands[0].n_relations == 0)
        return count - count / x->visits_left[s];
    double distinct = elements(x, 0, k, stream_lattice_full(x), NULL);
    int64_t first = (int64_t)floor(distinct / (double)data + 1e-9);
    return first < count ? count - first : 0;
}

static void describe_moves(const stream_lattice *x, int32_t o, int32_t k, int32_t s, int64_t data,
                           const stream_boundary *b, moved *m) {
    const stream_map_operand *q = &x->problem->operands[o];
    bool partial = o == 0 && (x->reduces_above[s] || x->reduces_unrolled[k + 1]);
    int64_t boost = (int64_t)q->boost[0][k], cycles = b->period / x->problem->nest.cycles_per_op;
    int64_t precision = o || partial ? q->bits : q->final_bits;
    m->used[MOVE_BELOW] = true;
    m->used[MOVE_BELOW_BACK] = partial && b->reads > 0;
    m->used[MOVE_ABOVE] = k > 0;
    m->used[MOVE_ABOVE_BACK] = partial && b->reads > 0 && k > 0;
    for (int32_t i = 0; i < N_MOVES; ++i) {
        m->amount[i] = m->used[i] ? (i < MOVE_ABOVE ? data * boost : data) : 0;
        m->precision[i] = precision;
    }
    m->rate[1] = (double)(data * precision) / (double)cycles;
    m->rate[0] = m->rate[1] * (double)boost;
}

static double move_energy(const stream_lattice *x, int32_t o, int32_t k, int32_t i,
                          const stream_boundary *b, const moved *m) {
    const stream_map_operand *q = &x->problem->operands[o];
    int32_t level = stream_move_level(k, i);
    stream_direction direction = stream_move_direction(o, i);
    double accesses =
        stream_word_accesses(x->problem, o, level, (int32_t)direction, m->amount[i],
                             m->precision[i], stream_move_returns(i) ? b->reads : b->count);
    const stream_map_memory *memory = &x->problem->memories[q->memory[level]];
    bool read = direction == STREAM_TO_HIGH || direction == STREAM_TO_LOW;
    return accesses * (read ? memory->read_pj : memory->write_pj);
}

static void fill_moves(const stream_lattice *x, int32_t o, int32_t k, int32_t s, int64_t data,
                       stream_boundary *b) {
    const stream_map_operand *q = &x->problem->operands[o];
    int64_t cpo = x->problem->nest.cycles_per_op;
    moved m;
    describe_moves(x, o, k, s, data, b, &m);
    for (int32_t i = 0; i < N_MOVES; ++i) {
        if (!m.used[i])
            continue;
        int64_t width = q->bw_max[stream_move_level(k, i)][stream_move_direction(o, i)];
        if (width == 0) {
            b->no_port = true;
            continue;
        }
        b->energy_pj += move_energy(x, o, k, i, b, &m);
        b->active[i] = true;
        b->real[i] = ceil((double)(m.amount[i] * m.precision[i]) / (double)width);
        b->rate[i] = ((int64_t)m.rate[i < MOVE_ABOVE ? 0 : 1] + cpo - 1) / cpo;
    }
    if (k != 1)
        return;
    int64_t held = o || x->reduces_above[s] || x->reduces_unrolled[k + 1] ? q->bits : q->final_bits;
    b->low_bits = (double)(data * held);
    /* Only stationary loops and more than half the memory: no double buffer, window = one cycle. */
    if (s && x->stationary[o][s] &&
        data * q->bits * 2 > x->problem->memories[q->memory[0]].size_bits)
        b->allowed = cpo;
}

static void fill_boundary(const stream_lattice *x, int32_t o, int32_t k, int32_t s,
                          stream_boundary *b) {
    const stream_map_operand *q = &x->problem->operands[o];
    int64_t data = 1;
    if (k > 0) {
        double held;
        data = (int64_t)rint(elements(x, o, k, s, &held));
        fill_bits(x, o, k, s, held, b);
        if (k == q->n_levels) {
            b->low_bits =
                q->n_levels == 1 ? (double)data * (double)(o ? q->bits : q->final_bits) : 0;
            return;
        }
        if (s != stream_lattice_full(x) &&
            b->bits[0] > (double)x->problem->memories[q->memory[k - 1]].size_bits)
            return; /* no cut */
    }
    int64_t cycles = k == 0 && o == 0 ? 1 : x->below_cycles[s];
    b->count = x->cycles / cycles;
    b->reads = o == 0 ? reads(x, k, s, data, b->count) : 0;
    b->period = cycles * x->problem->nest.cycles_per_op;
    b->allowed = b->period;
    fill_moves(x, o, k, s, data, b);
}

static void fill_boundaries(stream_lattice *x, stream_arena *arena) {
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        for (int32_t k = 0; k <= x->problem->operands[o].n_levels; ++k) {
            bool top = k > 1 && k == x->problem->operands[o].n_levels;
            x->boundary[o][k] = STREAM_NEW(arena, stream_boundary, (size_t)x->n_states);
            for (int32_t s = top ? stream_lattice_full(x) : 0; s < x->n_states; ++s)
                if (k > 0 || (o > 0 ? x->stationary[o][s] : s == 0))
                    fill_boundary(x, o, k, s, &x->boundary[o][k][s]);
        }
}

stream_status stream_lattice_build(const stream_mapping_problem *problem,
                                   const stream_exact_options *options, stream_arena *arena,
                                   const stream_diag *diag, stream_lattice *out) {
    *out = (stream_lattice){.problem = problem, .options = options};
    STREAM_TRY(stream_lattice_find_kinds(out, diag));
    size_t n = (size_t)out->n_states;
    out->count = STREAM_NEW(arena, uint8_t, n * (size_t)(out->n_kinds + 1));
    out->addable = STREAM_NEW(arena, uint32_t, n);
    out->fixed = STREAM_NEW(arena, uint32_t, n);
    out->below_cycles = STREAM_NEW(arena, int64_t, n);
    out->below = STREAM_NEW(arena, double, n *(size_t)problem->nest.n_dims);
    out->visits_left = STREAM_NEW(arena, int64_t, n);
    out->reduces_above = STREAM_NEW(arena, uint8_t, n);
    for (int32_t o = 0; o < problem->n_operands; ++o)
        out->stationary[o] = STREAM_NEW(arena, uint8_t, n);
    for (int32_t s = 0; s < out->n_states; ++s)
        describe_state(out, s);
    find_sizes(out);
    describe_unrolling(out);
    fill_boundaries(out, arena);
    return STREAM_OK;
}
