/* Cutting one loop order into memory levels, from the inside out; reference sections 4.3 and 11.3.
 */

#include "stream/cost/mapping.h"

#include <math.h>
#include <string.h>

typedef struct {
    const stream_mapping_problem *problem;
    stream_temporal_mapping *mapping;
    bool even;
    int32_t position[STREAM_NEST_MAX_OPERANDS], level[STREAM_NEST_MAX_OPERANDS];
    double inside[STREAM_NEST_MAX_OPERANDS][STREAM_NEST_MAX_DIMS]; /* iterations allocated so far */
    double outside[STREAM_MAP_MAX_LOOPS + 1]; /* product of the loops from position i on */
} cutting;

/* The ways to cut one operand at one memory: how many more loops, their content and traffic. */
typedef struct {
    int32_t n, skip; /* choice i takes skip + i loops */
    double bits[STREAM_MAP_MAX_LOOPS + 1], traffic[STREAM_MAP_MAX_LOOPS + 1];
} choices;

static void multiply(double *sizes, const stream_unrolled_level *level) {
    for (int32_t i = 0; i < level->n; ++i)
        sizes[level->at[i].dim] *= level->at[i].factor;
}

static void start(cutting *c) {
    int32_t n = c->mapping->n;
    c->outside[n] = 1;
    for (int32_t i = n - 1; i >= 0; --i)
        c->outside[i] = c->outside[i + 1] * (double)c->mapping->order[i].size;
    for (int32_t o = 0; o < c->problem->n_operands; ++o) {
        c->position[o] = c->level[o] = 0;
        for (int32_t d = 0; d < c->problem->nest.n_dims; ++d)
            c->inside[o][d] = 1;
        multiply(c->inside[o], &c->problem->operands[o].unrolled[0][0]);
    }
}

/* Partial sums live here if a reduction loop is still to come: of any size, even 1, in the
 * reference.
 */
static int64_t precision(const cutting *c, int32_t o) {
    const stream_map_operand *operand = &c->problem->operands[o];
    if (o > 0)
        return operand->bits;
    bool exact = !(c->problem->quirks & STREAM_QUIRK_PARTIAL_SUMS);
    for (int32_t l = c->level[o] + 1; l <= operand->n_levels; ++l)
        for (int32_t i = 0; i < operand->unrolled[0][l].n; ++i)
            if (operand->accumulates[operand->unrolled[0][l].at[i].dim] &&
                (!exact || operand->unrolled[0][l].at[i].factor > 1))
                return operand->bits;
    for (int32_t i = c->position[o]; i < c->mapping->n; ++i)
        if (operand->accumulates[c->mapping->order[i].dim] &&
            (!exact || c->mapping->order[i].size > 1))
            return operand->bits;
    return operand->final_bits;
}

/* Content with every loop that is left: what a forced double buffer need not double. */
static double whole(const cutting *c, int32_t o, double bits) {
    double sizes[STREAM_NEST_MAX_DIMS];
    memcpy(sizes, c->inside[o], sizeof(double) * (size_t)c->problem->nest.n_dims);
    for (int32_t i = c->position[o]; i < c->mapping->n; ++i)
        sizes[c->mapping->order[i].dim] *= (double)c->mapping->order[i].size;
    return stream_mapping_content(c->problem, o, sizes) * bits;
}

/* The one way to cut an operand at its top memory: all loops that are left, if they fit. */
static bool takes_all(const cutting *c, const stream_map_memory *memory, int32_t o, double bits,
                      choices *out) {
    double content = whole(c, o, bits);
    if (content > (double)memory->size_bits)
        return false;
    out->n = 1;
    out->skip = c->mapping->n - c->position[o];
    out->bits[0] = content;
    out->traffic[0] = 0;
    return true;
}

static bool find_choices(const cutting *c, const stream_map_memory *memory, int32_t o,
                         choices *out) {
    bool top = c->level[o] == c->problem->operands[o].n_levels - 1;
    double sizes[STREAM_NEST_MAX_DIMS], bits = (double)precision(c, o);
    if (top && !memory->double_buffered)
        return takes_all(c, memory, o, bits, out);
    double all = memory->double_buffered ? whole(c, o, bits) : 0;
    memcpy(sizes, c->inside[o], sizeof(double) * (size_t)c->problem->nest.n_dims);
    double once = stream_mapping_content(c->problem, o, sizes) * bits;
    out->n = out->skip = 0;
    for (int32_t i = c->position[o]; i <= c->mapping->n; ++i) {
        const stream_temporal_loop *loop = &c->mapping->order[i > 0 ? i - 1 : 0];
        if (i > c->position[o] &&
            c->problem->operands[o].relevance[loop->dim] != STREAM_IRRELEVANT) {
            sizes[loop->dim] *= (double)loop->size;
            once = stream_mapping_content(c->problem, o, sizes) * bits;
        }
        double content = once;
        if (memory->double_buffered && i < c->mapping->n && content < all)
            content *= 2;
        if (content > (double)memory->size_bits)
            break;
        out->bits[out->n] = content;
        out->traffic[out->n++] = c->outside[i] * content;
    }
    if (out->n == 0)
        return false;
    if (top) { /* takes all that fit; nothing moves above it */
        out->skip = out->n - 1;
        out->bits[0] = out->bits[out->n - 1];
        out->traffic[0] = 0;
        out->n = 1;
    }
    return true;
}

/* EVEN: no operand ends beyond the least end of the memory's operands, unless it takes no loop. */
static bool is_even(const cutting *c, const stream_map_memory *memory, const choices *way,
                    const int32_t *pick) {
    int32_t least = c->mapping->n;
    for (int32_t k = 0; k < memory->n_operands; ++k) {
        int32_t end = c->position[memory->operand[k]] + way[k].skip + pick[k];
        least = end < least ? end : least;
    }
    for (int32_t k = 0; k < memory->n_operands; ++k) {
        int32_t loops = way[k].skip + pick[k];
        if (loops > 0 && c->position[memory->operand[k]] + loops > least)
            return false;
    }
    return true;
}

/* A tuple of choices, and the sums over its first k operands. */
typedef struct {
    int32_t pick[STREAM_NEST_MAX_OPERANDS];
    double bits[STREAM_NEST_MAX_OPERANDS + 1], traffic[STREAM_NEST_MAX_OPERANDS + 1];
} tuple;

/* Sums over the first n operands, those over the first `from` are known. */
static void add_up(const choices *way, int32_t n, int32_t from, tuple *t) {
    for (int32_t k = from; k < n; ++k) {
        t->bits[k + 1] = t->bits[k] + way[k].bits[t->pick[k]];
        t->traffic[k + 1] = t->traffic[k] + way[k].traffic[t->pick[k]];
    }
}

/* The next tuple of the first n operands, the first most significant; false after the last. */
static bool next(const choices *way, int32_t n, tuple *t) {
    for (int32_t k = n - 1; k >= 0; --k) {
        if (++t->pick[k] < way[k].n) {
            add_up(way, n, k, t);
            return true;
        }
        t->pick[k] = 0;
    }
    return false;
}

/* Goes to the last tuple of the first n operands before one that may fit: content grows with the
 * loops, but where a double buffer ends. */
static void pass_full(const stream_map_memory *memory, const choices *way, int32_t n, tuple *t) {
    int32_t k = 0;
    while (k < n && t->bits[k + 1] <= (double)memory->size_bits)
        ++k;
    for (; k < n && !memory->double_buffered; ++k)
        t->pick[k] = way[k].n - 1;
}

/* Of the tuples that differ in the last operand, the last with no more traffic than *least that
 * fits; -1: none. */
static int32_t choose_last(const cutting *c, const stream_map_memory *memory, const choices *way,
                           tuple *t, double *least) {
    int32_t last = memory->n_operands - 1, best = -1;
    const choices *of = &way[last];
    double bits = t->bits[last], moved = t->traffic[last], size = (double)memory->size_bits;
    for (int32_t i = 0; i < of->n; ++i) {
        if (bits + of->bits[i] > size) {
            if (memory->double_buffered)
                continue;
            break;
        }
        double traffic = moved + of->traffic[i];
        t->pick[last] = i;
        if (traffic > *least || (c->even && !is_even(c, memory, way, t->pick)))
            continue;
        *least = traffic;
        best = i;
    }
    return best;
}

/* The tuple with the least traffic that fits together; among equals the last. */
static bool choose(const cutting *c, const stream_map_memory *memory, const choices *way,
                   int32_t *loops) {
    int32_t last = memory->n_operands - 1;
    double least = INFINITY;
    tuple t = {.pick = {0}};
    for (int32_t k = 0; k <= last; ++k)
        loops[k] = 0;
    if (last < 0)
        return true;
    add_up(way, last, 0, &t);
    if (t.bits[last] + way[last].bits[0] > (double)memory->size_bits)
        return false;
    do {
        int32_t best = choose_last(c, memory, way, &t, &least);
        for (int32_t k = 0; best >= 0 && k <= last; ++k)
            loops[k] = way[k].skip + (k == last ? best : t.pick[k]);
        pass_full(memory, way, last, &t);
    } while (next(way, last, &t));
    return true;
}

static bool take(cutting *c, int32_t o, int32_t loops) {
    const stream_map_operand *operand = &c->problem->operands[o];
    for (int32_t i = 0; i < loops; ++i) {
        const stream_temporal_loop *loop = &c->mapping->order[c->position[o] + i];
        c->inside[o][loop->dim] *= (double)loop->size;
    }
    c->position[o] += loops;
    c->mapping->cut[o][c->level[o]] = c->position[o];
    multiply(c->inside[o], &operand->unrolled[0][c->level[o] + 1]);
    bool top = c->level[o]++ == operand->n_levels - 1;
    return !top || c->position[o] == c->mapping->n;
}

bool stream_mapping_allocate(const stream_mapping_problem *problem, bool even,
                             stream_temporal_mapping *mapping) {
    cutting c;
    c.problem = problem;
    c.mapping = mapping;
    c.even = even;
    start(&c);
    for (int32_t i = 0; i < problem->n_memories; ++i) {
        const stream_map_memory *memory = &problem->memories[i];
        choices way[STREAM_NEST_MAX_OPERANDS];
        int32_t loops[STREAM_NEST_MAX_OPERANDS];
        for (int32_t k = 0; k < memory->n_operands; ++k)
            if (!find_choices(&c, memory, memory->operand[k], &way[k]))
                return false;
        if (!choose(&c, memory, way, loops))
            return false;
        for (int32_t k = 0; k < memory->n_operands; ++k)
            if (!take(&c, memory->operand[k], loops[k]))
                return false;
    }
    return true;
}
