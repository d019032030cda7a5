/* Which loops touch which operand, and how much data they make; reference section 1 and 5.1. */

#include "relevance.h"

#include <math.h>

static bool in_relation(const stream_loop_nest *nest, int32_t dim) {
    for (int32_t r = 0; r < nest->n_relations; ++r)
        if (nest->relations[r].a == dim || nest->relations[r].b == dim)
            return true;
    return false;
}

static bool indexes(const stream_nest_operand *operand, int32_t dim) {
    for (int32_t i = 0; i < operand->n_index; ++i)
        if (operand->index[i] == dim)
            return true;
    return false;
}

static bool is_partial(const stream_nest_operand *operand) {
    for (int32_t i = 0; i < operand->n_index; ++i)
        if (operand->index[i] < 0)
            return true;
    return false;
}

void stream_relevance_of(const stream_loop_nest *nest, int32_t o, stream_relevance *relevance) {
    const stream_nest_operand *operand = &nest->operands[o];
    bool partial = is_partial(operand);
    for (int32_t d = 0; d < nest->n_dims; ++d)
        if (partial && in_relation(nest, d))
            relevance[d] = STREAM_PARTIALLY_RELEVANT;
        else if (indexes(operand, d) || nest->dims[d].size == 1)
            relevance[d] = STREAM_RELEVANT;
        else
            relevance[d] = STREAM_IRRELEVANT;
}

/* [Q] An operand with a relation among its indices sees every relation of the layer. */
static void classify(const stream_loop_nest *nest, int32_t o, stream_map_operand *out) {
    stream_relevance_of(nest, o, out->relevance);
    out->n_relations = is_partial(&nest->operands[o]) ? nest->n_relations : 0;
    for (int32_t r = 0; r < out->n_relations; ++r)
        out->relations[r] = r;
}

/* Repaired: it sees its own. A relation one of whose dims also indexes the operand by itself tells
 * elements apart by the other dim, too. */
static void classify_repaired(const stream_loop_nest *nest, int32_t o, stream_map_operand *out) {
    const stream_nest_operand *operand = &nest->operands[o];
    out->n_relations = 0;
    for (int32_t d = 0; d < nest->n_dims; ++d)
        out->relevance[d] =
            indexes(operand, d) || nest->dims[d].size == 1 ? STREAM_RELEVANT : STREAM_IRRELEVANT;
    for (int32_t i = 0; i < operand->n_index; ++i) {
        if (operand->index[i] >= 0)
            continue;
        const stream_nest_relation *rel = &nest->relations[~operand->index[i]];
        bool apart = indexes(operand, rel->a) || indexes(operand, rel->b);
        out->relevance[rel->a] = out->relevance[rel->b] =
            apart ? STREAM_RELEVANT : STREAM_PARTIALLY_RELEVANT;
        if (!apart)
            out->relations[out->n_relations++] = ~operand->index[i];
    }
}

/* Doubles are multiplied in the order of the reference: that of the equation. */
static void list_relevant(const stream_loop_nest *nest, int32_t o, stream_map_operand *out) {
    const stream_nest_operand *operand = &nest->operands[o];
    bool listed[STREAM_NEST_MAX_DIMS] = {false};
    out->n_relevant = 0;
    for (int32_t i = 0; i < operand->n_index; ++i) {
        int32_t d = operand->index[i];
        if (d < 0 || listed[d] || out->relevance[d] != STREAM_RELEVANT)
            continue;
        listed[d] = true;
        out->relevant[out->n_relevant++] = d;
    }
    for (int32_t d = 0; d < nest->n_dims; ++d)
        if (out->relevance[d] == STREAM_RELEVANT && !listed[d])
            out->relevant[out->n_relevant++] = d;
}

static bool overlaps(const stream_loop_nest *nest, const stream_nest_relation *rel) {
    int64_t a = nest->dims[rel->a].size, b = nest->dims[rel->b].size;
    return stream_nest_extent(rel->a_factor, a, rel->b_factor, b, true) < a * b;
}

static void find_accumulation(const stream_mapping_problem *problem, stream_map_operand *out) {
    for (int32_t d = 0; d < problem->nest.n_dims; ++d)
        out->accumulates[d] = out->relevance[d] == STREAM_IRRELEVANT;
    for (int32_t i = 0; !(problem->quirks & STREAM_QUIRK_WRITE_ONCE) && i < out->n_relations; ++i) {
        const stream_nest_relation *rel = &problem->nest.relations[out->relations[i]];
        if (overlaps(&problem->nest, rel))
            out->accumulates[rel->a] = out->accumulates[rel->b] = true;
    }
}

/* x >= 0 */
static int64_t to_integer(const stream_mapping_problem *problem, double x) {
    return (int64_t)(problem->quirks & STREAM_QUIRK_TRUNCATE ? x : x + 1e-9);
}

static double extent(const stream_mapping_problem *problem, const stream_nest_relation *rel,
                     double a, double b) {
    int64_t values =
        stream_nest_extent(rel->a_factor, to_integer(problem, a), rel->b_factor,
                           to_integer(problem, b), !(problem->quirks & STREAM_QUIRK_OPEN_EXTENT));
    return (double)(values < rel->clip ? values : rel->clip);
}

double stream_mapping_elements(const stream_mapping_problem *problem, int32_t operand,
                               const double *sizes) {
    const stream_map_operand *o = &problem->operands[operand];
    double elements = 1;
    for (int32_t i = 0; i < o->n_relevant; ++i)
        elements *= sizes[o->relevant[i]];
    for (int32_t i = 0; i < o->n_relations; ++i) {
        const stream_nest_relation *rel = &problem->nest.relations[o->relations[i]];
        elements *= extent(problem, rel, sizes[rel->a], sizes[rel->b]);
    }
    return elements;
}

double stream_mapping_content(const stream_mapping_problem *problem, int32_t operand,
                              const double *sizes) {
    double kept[STREAM_NEST_MAX_DIMS];
    if (problem->quirks & STREAM_QUIRK_TWO_SPATIAL)
        return stream_mapping_elements(problem, operand, sizes);
    for (int32_t d = 0; d < problem->nest.n_dims; ++d) {
        double size = (double)problem->nest.dims[d].size;
        kept[d] = sizes[d] < size ? sizes[d] : size;
    }
    return stream_mapping_elements(problem, operand, kept);
}

void stream_relevance_fill(stream_mapping_problem *problem) {
    const stream_loop_nest *nest = &problem->nest;
    double sizes[STREAM_NEST_MAX_DIMS];
    for (int32_t d = 0; d < nest->n_dims; ++d)
        sizes[d] = (double)nest->dims[d].size;
    for (int32_t o = 0; o < nest->n_operands; ++o) {
        if (problem->quirks & STREAM_QUIRK_ALL_RELATIONS)
            classify(nest, o, &problem->operands[o]);
        else
            classify_repaired(nest, o, &problem->operands[o]);
        list_relevant(nest, o, &problem->operands[o]);
        problem->operands[o].size = stream_mapping_elements(problem, o, sizes);
    }
    find_accumulation(problem, &problem->operands[0]);
}

void stream_walk_start(stream_walk *walk, const stream_mapping_problem *problem, int32_t operand) {
    walk->problem = problem;
    walk->operand = &problem->operands[operand];
    for (int32_t i = 0; i < walk->operand->n_relations; ++i)
        walk->a[i] = walk->b[i] = walk->data[i] = walk->reuse[i] = 1;
}

void stream_walk_related(stream_walk *walk, int32_t dim, double size) {
    for (int32_t i = 0; i < walk->operand->n_relations; ++i) {
        const stream_nest_relation *rel =
            &walk->problem->nest.relations[walk->operand->relations[i]];
        if (rel->a == dim)
            walk->a[i] *= size;
        else if (rel->b == dim)
            walk->b[i] *= size;
        else
            continue;
        double data = extent(walk->problem, rel, walk->a[i], walk->b[i]);
        double reuse = walk->a[i] * walk->b[i] / data;
        walk->r *= data / walk->data[i];
        walk->ir *= reuse / walk->reuse[i];
        walk->repeats |= reuse / walk->reuse[i] > 1;
        walk->data[i] = data;
        walk->reuse[i] = reuse;
    }
}

void stream_walk_unrolled(stream_walk *walk, const stream_unrolled_level *level) {
    for (int32_t i = 0; i < level->n; ++i)
        stream_walk_loop(walk, level->at[i].dim, level->at[i].factor);
}
