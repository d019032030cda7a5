#ifndef STREAM_LIB_EXPORT_COST_DOUBLINGS_H
#define STREAM_LIB_EXPORT_COST_DOUBLINGS_H

#include "stream/export/cost.h"

/* Up to three changes of the layer that lower the objective most, a sentence each. Appends. */
void stream_write_doublings(const stream_export_cost_layer *layer,
                            stream_mapping_objective objective, stream_text *out);

#endif
