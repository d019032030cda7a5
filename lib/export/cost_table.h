#ifndef STREAM_LIB_EXPORT_COST_TABLE_H
#define STREAM_LIB_EXPORT_COST_TABLE_H

#include "stream/export/cost.h"

/* Layers [n_layers] with one `result` are equal: they were priced once. The first of them, and how
 * many there are after layer i. */
int32_t stream_export_cost_first(const stream_export_cost *e, int32_t i);
int32_t stream_export_cost_later(const stream_export_cost *e, int32_t i);

/* A line per layer: operations, cycles and what they are, utilization, energy. Appends. */
void stream_export_cost_table(const stream_export_cost *e, stream_text *out);

#endif
