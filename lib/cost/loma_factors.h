#ifndef STREAM_LIB_COST_LOMA_FACTORS_H
#define STREAM_LIB_COST_LOMA_FACTORS_H

#include "stream/cost/loma.h"

/* The loops whose orders LOMA visits: prime factors of what is left for time, those that pins name
 * taken out, the least two of the dim with the most factors multiplied until no more than the limit
 * are left (4.2).
 *
 * [Q] The reference's bookkeeping of pinned sizes is repeated as it is: a pin that is no prime
 * leaves the last of its primes behind, and counts may sink below zero. In the exact model such
 * pins have no result here.
 *
 * out   [STREAM_MAP_MAX_LOOPS]
 * Returns how many; -1: the reference stops with an error (a pin names a loop or factor that is not
 * there, a count below zero), or there are more than the tables hold. */
int32_t stream_loma_factors(const stream_mapping_problem *problem,
                            const stream_loma_options *options, stream_temporal_loop *out);

#endif
