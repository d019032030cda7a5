/* Reference rows as numbers alone, one text file for many: the layer, the core and the settings of
 * a row, and what the reference found. Made from rows that were compared in full; read by the
 * shipped test. */
#ifndef GOLDEN_COMPACT_H
#define GOLDEN_COMPACT_H

#include "row.h"
#include "stream/cost/search.h"

#include <stdio.h>

typedef struct {
    bool ok; /* the reference has a result */
    stream_spatial_mapping spatial;
    stream_temporal_mapping mapping;
    stream_mapping_cost cost;
    stream_mapping_accesses accesses;
} golden_expected;

/* Appends a row to `file`; `found` is what it must give, if the reference costs it. */
void golden_compact_write(FILE *file, const golden_row *row, const stream_cost_result *found);

/* The next row; pointers in `arena`. False at the end, or where the file is damaged (*out_bad). */
bool golden_compact_read(FILE *file, stream_arena *arena, golden_row *row,
                         golden_expected *expected, bool *out_bad);

#endif
