#ifndef STREAM_LIB_COST_UNROLL_H
#define STREAM_LIB_COST_UNROLL_H

#include "stream/cost/mapping.h"

/* The two versions of a spatial mapping (3.5): fractional (the factor that makes the temporal loop
 * a whole number) and integer; or, repaired, both the integer one, padding priced. */
void stream_unroll_versions(const stream_loop_nest *nest, const stream_core *core,
                            const stream_spatial_mapping *given, bool two,
                            stream_spatial_mapping *fractional, stream_spatial_mapping *integer);

/* Spreads a spatial mapping over the memory levels of operand `o` by the array dims that each
 * memory serves (3.6). served[level]: bits of array dims. */
void stream_unroll_levels(const stream_spatial_mapping *mapping, const uint16_t *served,
                          int32_t n_levels, stream_unrolled_level *out);

/* Instance counts and boosts of both versions, from problem->operands[].unrolled (5.1). */
void stream_unroll_prepare(stream_mapping_problem *problem);

/* The loops that the spatial mapping leaves for time (4.1). */
void stream_unroll_rest(stream_mapping_problem *problem);

#endif
