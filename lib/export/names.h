#ifndef STREAM_LIB_EXPORT_NAMES_H
#define STREAM_LIB_EXPORT_NAMES_H

#include "stream/export/export.h"

/* "core.memory" of an instance, "link core>core", "bus" or
 * "core.memory port" of a resource. Appends. */
void stream_export_instance_name(const stream_accelerator *acc, int32_t instance, stream_text *out);
void stream_export_resource_name(const stream_accelerator *acc, int32_t resource, stream_text *out);
/* Layer of a CT, never NULL. */
const char *stream_export_layer(const stream_export *e, int32_t ct);
/* "off-chip traffic", ... */
const char *stream_export_bound_text(stream_bound_kind kind);
/* "[0:1, 0:64, 3:4]". Appends. */
void stream_export_box(const stream_box *box, stream_text *out);

#endif
