#ifndef STREAM_LIB_COST_SPATIAL_GENERATOR_H
#define STREAM_LIB_COST_SPATIAL_GENERATOR_H

#include "stream/cost/spatial.h"

#include "inner_memory.h"
#include "stream/support/vec.h"

typedef struct {
    const stream_loop_nest *nest;
    const stream_core *core;
    const stream_spatial_request *request;
    stream_cost_model model;
    stream_inner_memories inner;
    int64_t most[STREAM_MAX_ARRAY_DIMS][STREAM_NEST_MAX_DIMS]; /* largest unrolling (3.1) */
    stream_vec choices[STREAM_MAX_ARRAY_DIMS];                 /* of stream_unrolled_level */
    int32_t open[STREAM_MAX_ARRAY_DIMS], n_open;               /* array dims to generate for */
} stream_spatial_generator;

/* Unrolled units. */
double stream_unrolled_product(const stream_unrolled_level *level);

/* Every unrolling of array dim x by one dim, or with `mixed` by several, that the largest
 * unrollings allow, in the reference's order. */
void stream_spatial_find_choices(stream_spatial_generator *g, int32_t x);

#endif
