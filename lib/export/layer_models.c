/* Which cost models priced the CTs of each layer; see layer_models.h. */

#include "layer_models.h"

#include <string.h>

static void grow(stream_layer_models *of, stream_arena *arena) {
    int32_t capacity = of->capacity ? 2 * of->capacity : 2;
    const char **names = STREAM_NEW(arena, const char *, (size_t)capacity);
    for (int32_t i = 0; i < of->n; ++i)
        names[i] = of->names[i];
    of->names = names;
    of->capacity = capacity;
}

void stream_layer_models_note(stream_layer_models *of, const char *name, stream_arena *arena) {
    for (int32_t i = 0; i < of->n; ++i)
        if (strcmp(of->names[i], name) == 0)
            return;
    if (of->n == of->capacity)
        grow(of, arena);
    of->names[of->n++] = name;
}

stream_layer_models *stream_layer_models_find(const stream_export *e, stream_arena *arena) {
    const stream_ct_graph *graph = e->problem->graph;
    stream_layer_models *of = STREAM_NEW(arena, stream_layer_models, (size_t)graph->n_layers);
    for (int32_t i = 0; e->models && i < graph->n_cts; ++i) {
        int64_t at =
            (int64_t)graph->cts[i].kernel * e->problem->acc->n_cores + e->schedule->slots[i].core;
        if (e->models[at])
            stream_layer_models_note(&of[graph->cts[i].layer], e->models[at], arena);
    }
    return of;
}
