#ifndef STREAM_LIB_COST_FITS_H
#define STREAM_LIB_COST_FITS_H

#include "stream/cost/mapping.h"

/* Is this a mapping of the problem: every loop covered once, cuts in order, contents in capacity?
 * errs  INVALID: names the dim or the operand, the memory, the bits needed and available */
STREAM_NODISCARD
stream_status stream_mapping_check(const stream_mapping_problem *problem,
                                   const stream_temporal_mapping *mapping, const stream_diag *diag);

/* Bits of operand `o` in its memory at `level` under a mapping. */
double stream_mapping_content_bits(const stream_mapping_problem *problem,
                                   const stream_temporal_mapping *mapping, int32_t o,
                                   int32_t level);

/* Says which memory even the smallest content does not fit. Always INFEASIBLE. */
stream_status stream_mapping_does_not_fit(const stream_mapping_problem *problem,
                                          const stream_diag *diag);

#endif
