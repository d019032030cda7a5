/* How much data moves between memory levels, how often; reference sections 5.1 and 5.2. */

#include "movement.h"

#include "relevance.h"

#include <math.h>
#include <string.h>

#define LEVELS (STREAM_MAP_MAX_LEVELS + 1)

/* What one operand's loops make of every architecture level l = 0 .. n_levels (l = 0 is the array).
 */
typedef struct {
    const stream_mapping_problem *problem;
    const stream_temporal_mapping *mapping;
    const int64_t *below,
        *above; /* products of the first i loops of the order, and of the others */
    int32_t version, operand, n;
    int32_t from[STREAM_MAP_MAX_LEVELS], to[STREAM_MAP_MAX_LEVELS]; /* loops of each memory level */
    int64_t data[LEVELS];                                           /* elements in one instance */
    int64_t cycles[LEVELS];                                         /* loop product below */
    int64_t precision[LEVELS];
    int64_t run_relevant[LEVELS], run_irrelevant[LEVELS]; /* outermost run of the level's loops */
    int64_t count[LEVELS],
        window[LEVELS];             /* how often that many cycles pass; the run divided out */
    double rate[LEVELS];            /* bits per cycle that pass upward */
    bool partial[LEVELS];           /* output: what leaves this level is a partial sum */
    double reuse_above[LEVELS + 2]; /* output: product of irrelevant factors from this level up */
} levels;

static const stream_map_operand *operand_of(const levels *v) {
    return &v->problem->operands[v->operand];
}

static void find_loops(levels *v) {
    const int32_t *cut = v->mapping->cut[v->operand];
    for (int32_t l = 0; l < v->n; ++l) {
        v->from[l] = l ? cut[l - 1] : 0;
        v->to[l] = cut[l];
    }
}

static int64_t run(const levels *v, int32_t l, stream_relevance relevance) {
    int64_t product = 1;
    for (int32_t i = v->to[l] - 1; i >= v->from[l]; --i) {
        const stream_temporal_loop *loop = &v->mapping->order[i];
        if (operand_of(v)->relevance[loop->dim] != relevance)
            break;
        product *= loop->size;
    }
    return product;
}

/* Loops during which the array needs no new element of an input. */
static int32_t stationary(const levels *v) {
    int32_t i = 0;
    while (i < v->to[0] && operand_of(v)->relevance[v->mapping->order[i].dim] == STREAM_IRRELEVANT)
        ++i;
    return i;
}

/* Is a loop over a reduction at this level? Walks it for the irrelevant product, too. In the
 * reference, a loop of a relation is one where it repeats elements. */
static bool reduces(const levels *v, int32_t l, stream_walk *walk) {
    const stream_map_operand *o = operand_of(v);
    const stream_unrolled_level *unrolled = &o->unrolled[v->version][l];
    bool found = false;
    for (int32_t i = l ? v->from[l - 1] : 0; l && i < v->to[l - 1]; ++i) {
        const stream_temporal_loop *loop = &v->mapping->order[i];
        stream_walk_loop(walk, loop->dim, (double)loop->size);
        found |= o->accumulates[loop->dim] && loop->size > 1;
    }
    stream_walk_unrolled(walk, unrolled);
    for (int32_t i = 0; i < unrolled->n; ++i)
        found |= o->accumulates[unrolled->at[i].dim] && unrolled->at[i].factor > 1;
    return found || (walk->repeats && (v->problem->quirks & STREAM_QUIRK_PARTIAL_SUMS));
}

static void find_partial_sums(levels *v) {
    bool at[LEVELS];
    double ir[LEVELS];
    stream_walk walk;
    stream_walk_start(&walk, v->problem, v->operand);
    for (int32_t l = 0; l <= v->n; ++l) {
        stream_walk_level(&walk);
        at[l] = reduces(v, l, &walk);
        ir[l] = walk.ir;
    }
    v->partial[v->n] = false;
    for (int32_t l = v->n - 1; l >= 0; --l)
        v->partial[l] = v->partial[l + 1] || at[l + 1];
    for (int32_t l = 0; l <= v->n; ++l) {
        v->reuse_above[l] = 1;
        for (int32_t k = l; k <= v->n; ++k)
            v->reuse_above[l] *= ir[k];
    }
    v->reuse_above[v->n + 1] = v->reuse_above[v->n + 2] = 1;
}

static void find_data(levels *v) {
    const stream_map_operand *o = operand_of(v);
    stream_walk walk;
    stream_walk_start(&walk, v->problem, v->operand);
    double data = 1;
    int32_t stays = v->operand ? stationary(v) : 0;
    v->data[0] = v->run_relevant[0] = v->run_irrelevant[0] = 1;
    v->cycles[0] = v->below[stays];
    v->count[0] = v->above[stays];
    for (int32_t l = 0; l < v->n; ++l) {
        stream_walk_level(&walk);
        for (int32_t i = v->from[l]; i < v->to[l]; ++i) {
            const stream_temporal_loop *loop = &v->mapping->order[i];
            stream_walk_loop(&walk, loop->dim, (double)loop->size);
        }
        stream_walk_unrolled(&walk, &o->unrolled[v->version][l]);
        data *= walk.r;
        v->data[l + 1] = (int64_t)rint(data);
        v->cycles[l + 1] = v->below[v->to[l]];
        v->count[l + 1] = v->above[v->to[l]];
        v->run_relevant[l + 1] = run(v, l, STREAM_RELEVANT);
        v->run_irrelevant[l + 1] = run(v, l, STREAM_IRRELEVANT);
    }
    for (int32_t l = 0; l <= v->n; ++l)
        v->precision[l] = v->operand == 0 && !v->partial[l] ? o->final_bits : o->bits;
}

static int64_t over(int64_t x, int64_t by) {
    return by == 1 ? x : x / by; /* mostly 1, and a division is slow */
}

static void find_rates(levels *v) {
    for (int32_t l = 0; l <= v->n; ++l) {
        v->window[l] = over(v->cycles[l], v->run_irrelevant[l]);
        v->rate[l] = (double)(v->data[l] * v->precision[l]) / (double)v->cycles[l];
    }
}

static void move(const levels *v, stream_movement *m, stream_direction direction, int32_t l,
                 double boost, int64_t amount) {
    m->amount[direction] = amount;
    m->period[direction] = v->cycles[l];
    m->window[direction] = v->window[l];
    m->count[direction] = v->count[l];
    m->rate[direction] = (int64_t)(v->rate[l] * boost);
}

static void move_input(const levels *v, int32_t l, stream_movement *m) {
    double boost = operand_of(v)->boost[v->version][l];
    move(v, m, STREAM_TO_LOW, l, boost, v->data[l] * (int64_t)boost);
    move(v, m, STREAM_FROM_HIGH, l + 1, 1, v->data[l + 1]);
    m->precision[STREAM_TO_LOW] = m->precision[STREAM_FROM_HIGH] = operand_of(v)->bits;
}

/* Does a partial sum pass between architecture level l and the one above? */
static bool comes_back(const levels *v, int32_t l) {
    if (v->problem->quirks & STREAM_QUIRK_PARTIAL_SUMS)
        return trunc(operand_of(v)->size * (v->reuse_above[l + 1] - 1)) != 0;
    return v->partial[l];
}

static void output_precision(const levels *v, int32_t l, stream_movement *m) {
    const stream_map_operand *o = operand_of(v);
    if (comes_back(v, l))
        m->precision[STREAM_FROM_LOW] = m->precision[STREAM_TO_LOW] = o->bits;
    else
        m->precision[STREAM_FROM_LOW] = o->final_bits;
    if (comes_back(v, l + 1))
        m->precision[STREAM_FROM_HIGH] = m->precision[STREAM_TO_HIGH] = o->bits;
    else
        m->precision[STREAM_TO_HIGH] = o->final_bits;
}

static void move_output(const levels *v, int32_t l, stream_movement *m) {
    double boost = operand_of(v)->boost[v->version][l];
    int64_t down = v->data[l] * (int64_t)boost;
    move(v, m, STREAM_FROM_LOW, l, boost, down);
    move(v, m, STREAM_TO_HIGH, l + 1, 1, v->data[l + 1]);
    if (v->partial[l])
        move(v, m, STREAM_TO_LOW, l, boost, down);
    if (v->partial[l + 1])
        move(v, m, STREAM_FROM_HIGH, l + 1, 1, v->data[l + 1]);
    output_precision(v, l, m);
}

/* Visits of the content below level l that are the first of their kind: as many as the distinct
 * data of the instance are larger than its content. */
static int64_t first_visits(const levels *v, int32_t l, int64_t count) {
    const stream_map_operand *o = operand_of(v);
    int32_t from = l ? v->to[l - 1] : 0;
    if (o->n_relations == 0) {
        for (int32_t i = from; i < v->mapping->n; ++i)
            if (o->relevance[v->mapping->order[i].dim] == STREAM_IRRELEVANT)
                count /= v->mapping->order[i].size;
        return count;
    }
    double sizes[STREAM_NEST_MAX_DIMS];
    for (int32_t d = 0; d < v->problem->nest.n_dims; ++d)
        sizes[d] = 1;
    for (int32_t k = 0; k < l; ++k)
        for (int32_t i = 0; i < o->unrolled[v->version][k].n; ++i)
            sizes[o->unrolled[v->version][k].at[i].dim] *= o->unrolled[v->version][k].at[i].factor;
    for (int32_t i = 0; i < v->mapping->n; ++i)
        sizes[v->mapping->order[i].dim] *= (double)v->mapping->order[i].size;
    double distinct = stream_mapping_elements(v->problem, 0, sizes);
    int64_t first = (int64_t)floor(distinct / (double)v->data[l] + 1e-9);
    return first < count ? first : count;
}

static void silence(stream_movement *m, stream_direction direction) {
    m->amount[direction] = m->precision[direction] = m->period[direction] = 0;
    m->count[direction] = m->rate[direction] = m->window[direction] = 0;
}

static void count_times(const levels *v, int32_t l, stream_movement *m) {
    for (int32_t d = 0; d < STREAM_N_DIRECTIONS; ++d) {
        m->times[d] = m->count[d];
        m->again[d] = m->count[d] - 1;
    }
    if (v->operand > 0 || (v->problem->quirks & STREAM_QUIRK_READ_ZEROS))
        return;
    if (m->count[STREAM_TO_LOW] > 0)
        m->times[STREAM_TO_LOW] = m->again[STREAM_TO_LOW] =
            m->count[STREAM_TO_LOW] - first_visits(v, l, m->count[STREAM_TO_LOW]);
    if (m->count[STREAM_FROM_HIGH] > 0)
        m->times[STREAM_FROM_HIGH] = m->again[STREAM_FROM_HIGH] =
            m->count[STREAM_FROM_HIGH] - first_visits(v, l + 1, m->count[STREAM_FROM_HIGH]);
}

static void fill(const levels *v, stream_movements *out) {
    for (int32_t l = 0; l <= v->n; ++l) {
        out->bits[v->operand][l] = v->data[l] * v->precision[l];
        out->slice_bits[v->operand][l] = over(out->bits[v->operand][l], v->run_relevant[l]);
        bool partial = v->operand == 0 && l > 0 && v->partial[l - 1];
        out->held_bits[v->operand][l] =
            partial ? v->data[l] * operand_of(v)->bits : out->bits[v->operand][l];
    }
    for (int32_t l = 0; l < v->n; ++l) {
        stream_movement *m = &out->at[v->operand][l];
        memset(m, 0, sizeof *m);
        if (v->operand)
            move_input(v, l, m);
        else
            move_output(v, l, m);
        if (l == v->n - 1) {
            silence(m, STREAM_TO_HIGH);
            silence(m, STREAM_FROM_HIGH);
        }
        count_times(v, l, m);
    }
}

void stream_movements_of(const stream_mapping_problem *problem,
                         const stream_temporal_mapping *mapping, int32_t version,
                         stream_movements *out) {
    int64_t below[STREAM_MAP_MAX_LOOPS + 1], above[STREAM_MAP_MAX_LOOPS + 1];
    below[0] = above[mapping->n] = 1;
    for (int32_t i = 0; i < mapping->n; ++i)
        below[i + 1] = below[i] * mapping->order[i].size;
    for (int32_t i = mapping->n - 1; i >= 0; --i)
        above[i] = above[i + 1] * mapping->order[i].size;
    out->cycles = below[mapping->n];
    for (int32_t o = 0; o < problem->n_operands; ++o) {
        levels v; /* its arrays are filled as far as there are levels */
        v.problem = problem;
        v.mapping = mapping;
        v.below = below;
        v.above = above;
        v.version = version;
        v.operand = o;
        v.n = problem->operands[o].n_levels;
        find_loops(&v);
        if (o == 0)
            find_partial_sums(&v);
        find_data(&v);
        find_rates(&v);
        fill(&v, out);
    }
}
