/* Spatial unrollings, hints and pinned loops of a reference row, in the row or in a file of its
 * own.
 */
#ifndef GOLDEN_ROW_MAPPING_H
#define GOLDEN_ROW_MAPPING_H

#include "row.h"

/* Into r->spatial, r->pins and r->loma.inner; false with a message. */
bool golden_read_mapping(golden_row *r, yaml_node_t *layer, const char *inputs);

#endif
