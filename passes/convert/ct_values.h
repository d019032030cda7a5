#ifndef STREAM_PASSES_CONVERT_CT_VALUES_H
#define STREAM_PASSES_CONVERT_CT_VALUES_H

#include "builder.h"
#include "ct_graph.h"

/* Every value of the chains of `ir` -> its index in ir->values; but not the tensor.empty that
 * chains begin in, which may be that of several. */
void stream_map_values(const stream_ct_ir *ir, value_map *out);

#endif
