#ifndef STREAM_LIB_EXPORT_JSON_ENERGY_H
#define STREAM_LIB_EXPORT_JSON_ENERGY_H

#include "stream/export/export.h"

/* Where the energy goes, by core, link, memory, kind of transfer, layer and tensor. Appends an
 * object. */
void stream_export_json_energy(const stream_export *e, stream_text *out);

#endif
