#ifndef STREAM_LIB_EXPORT_LAYER_MODELS_H
#define STREAM_LIB_EXPORT_LAYER_MODELS_H

#include "stream/export/export.h"

/* The models that priced the CTs of a layer on their cores, each once, as they come. */
enum {
    STREAM_LAYER_MAX_MODELS = 4
};
typedef struct {
    int32_t n;
    const char *names[STREAM_LAYER_MAX_MODELS];
} stream_layer_models;

void stream_layer_models_note(stream_layer_models *of, const char *name);

/* [n_layers], none where `models` is not known. The caller frees it. */
stream_layer_models *stream_layer_models_find(const stream_export *e);

#endif
