/* Which cost models priced the CTs of each layer; see layer_models.h. */

#include "layer_models.h"

#include <stdlib.h>
#include <string.h>

void stream_layer_models_note(stream_layer_models *of, const char *name) {
    for (int32_t i = 0; i < of->n; ++i)
        if (strcmp(of->names[i], name) == 0)
            return;
    if (of->n < STREAM_LAYER_MAX_MODELS)
        of->names[of->n++] = name;
}

stream_layer_models *stream_layer_models_find(const stream_export *e) {
    const stream_ct_graph *graph = e->problem->graph;
    stream_layer_models *of = calloc((size_t)graph->n_layers + 1, sizeof *of);
    if (!of)
        abort();
    for (int32_t i = 0; e->models && i < graph->n_cts; ++i) {
        int64_t at =
            (int64_t)graph->cts[i].kernel * e->problem->acc->n_cores + e->schedule->slots[i].core;
        if (e->models[at])
            stream_layer_models_note(&of[graph->cts[i].layer], e->models[at]);
    }
    return of;
}
