#ifndef STREAM_LIB_COST_RELEVANCE_H
#define STREAM_LIB_COST_RELEVANCE_H

#include "stream/cost/mapping.h"

/* How each dim of the nest bears on operand `o`: relevance [n_dims]. */
void stream_relevance_of(const stream_loop_nest *nest, int32_t o, stream_relevance *relevance);

/* Fills relevance, relations and size of every operand (1). */
void stream_relevance_fill(stream_mapping_problem *problem);

/* A walk over loops from the inside out that splits their product into data and reuse (5.1).
 *
 *   r   growth of the operand's data since the last walk_level
 *   ir  reuse since then: loop product over data growth
 *   repeats  since then, a loop came back to elements of a relation that were there before */
typedef struct {
    const stream_mapping_problem *problem;
    const stream_map_operand *operand;
    double r, ir;
    bool repeats;
    double a[STREAM_NEST_MAX_RELATIONS], b[STREAM_NEST_MAX_RELATIONS];
    double data[STREAM_NEST_MAX_RELATIONS], reuse[STREAM_NEST_MAX_RELATIONS];
} stream_walk;

void stream_walk_start(stream_walk *walk, const stream_mapping_problem *problem, int32_t operand);
/* A loop over a dim of a relation. */
void stream_walk_related(stream_walk *walk, int32_t dim, double size);

static inline void stream_walk_level(stream_walk *walk) {
    walk->r = walk->ir = 1;
    walk->repeats = false;
}

static inline void stream_walk_loop(stream_walk *walk, int32_t dim, double size) {
    switch (walk->operand->relevance[dim]) {
    case STREAM_RELEVANT:
        walk->r *= size;
        break;
    case STREAM_IRRELEVANT:
        walk->ir *= size;
        break;
    case STREAM_PARTIALLY_RELEVANT:
        stream_walk_related(walk, dim, size);
        break;
    }
}

void stream_walk_unrolled(stream_walk *walk, const stream_unrolled_level *level);

#endif
