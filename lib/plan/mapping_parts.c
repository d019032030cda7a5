/* Layers that one operator of the network became; see mapping_parts.h. */

#include "mapping_parts.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name;
    size_t n;
    int32_t layer;
} named;

static int by_name(const void *a, const void *b) {
    const named *x = a, *y = b;
    size_t n = x->n < y->n ? x->n : y->n;
    int order = memcmp(x->name, y->name, n);
    return order ? order : (x->n > y->n) - (x->n < y->n);
}

static int32_t find_whole(const stream_workload *w, const named *sorted, int32_t l) {
    const stream_layer *layer = &w->layers[l];
    for (size_t n = strlen(layer->name); n-- > 1;) {
        if (layer->name[n] != '.')
            continue;
        named key = {layer->name, n, 0};
        const named *found = bsearch(&key, sorted, (size_t)w->n_layers, sizeof *sorted, by_name);
        if (found && !strcmp(w->layers[found->layer].op_type, layer->op_type))
            return found->layer;
    }
    return l;
}

const int32_t *stream_mapping_wholes(const stream_workload *w, stream_arena *arena) {
    named *sorted = STREAM_NEW(arena, named, (size_t)w->n_layers);
    int32_t *whole = STREAM_NEW(arena, int32_t, (size_t)w->n_layers);
    for (int32_t l = 0; l < w->n_layers; ++l)
        sorted[l] = (named){w->layers[l].name, strlen(w->layers[l].name), l};
    qsort(sorted, (size_t)w->n_layers, sizeof *sorted, by_name);
    for (int32_t l = 0; l < w->n_layers; ++l)
        whole[l] = find_whole(w, sorted, l);
    for (int32_t l = 0; l < w->n_layers; ++l) /* names get shorter, so this ends */
        while (whole[whole[l]] != whole[l])
            whole[l] = whole[whole[l]];
    return whole;
}
