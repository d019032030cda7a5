/* The search that the reference runs for a row. */
#ifndef GOLDEN_WINNER_H
#define GOLDEN_WINNER_H

#include "row.h"
#include "stream/cost/search.h"

bool golden_build(const golden_row *row, const stream_spatial_mapping *spatial,
                  stream_cost_model model, stream_mapping_problem *out);

/* As a user calls it, with the row's model and settings; false if it is refused. */
bool golden_search(const golden_row *row, stream_mapping_objective objective,
                   stream_cost_result *out);

/* Are they equal, loops of one iteration aside? */
bool golden_same_mapping(const stream_mapping_problem *p, const stream_temporal_mapping *ours,
                         const stream_temporal_mapping *want);
bool golden_same_spatial(const stream_spatial_mapping *a, const stream_spatial_mapping *b);

#endif
