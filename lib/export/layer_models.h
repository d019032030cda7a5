#ifndef STREAM_LIB_EXPORT_LAYER_MODELS_H
#define STREAM_LIB_EXPORT_LAYER_MODELS_H

#include "stream/export/export.h"

/* The models that priced the CTs of a layer on their cores, each once, as they come. */
typedef struct {
    int32_t n, capacity;
    const char **names;
} stream_layer_models;

void stream_layer_models_note(stream_layer_models *of, const char *name, stream_arena *arena);

/* [n_layers], none where `models` is not known. In `arena`. */
stream_layer_models *stream_layer_models_find(const stream_export *e, stream_arena *arena);

#endif
