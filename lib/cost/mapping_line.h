#ifndef STREAM_LIB_COST_MAPPING_LINE_H
#define STREAM_LIB_COST_MAPPING_LINE_H

#include "stream/cost/search.h"
#include "stream/support/text.h"

/* A mapping on one line, loops from the innermost to the outermost, a memory named behind the last
 * loop that it holds:
 *
 *     D1: K32; D2: C32; O: FX3 [rf] C2 OX8 [sram]; W: ... */
void stream_mapping_line(const stream_cost_result *result, stream_text *out);

#endif
