/* Loops by their role in tiling; see roles.h. */

#include "roles.h"

#include <string.h>

static int32_t named(const stream_layer *layer, const char *name) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (!layer->reduction[l] && strcmp(layer->loop_names[l], name) == 0)
            return l;
    return -1;
}

/* OY, else the outermost parallel loop with work that is neither the output channel nor the batch
 * of a layer that has something else. */
static int32_t find_row(const stream_layer *layer, int32_t channel) {
    int32_t row = named(layer, "OY"), batch = named(layer, "B"), fallback = -1;
    if (row >= 0 && layer->bounds[row] > 1)
        return row;
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        if (layer->reduction[l] || l == channel || layer->bounds[l] == 1)
            continue;
        if (l != batch)
            return l;
        fallback = l;
    }
    return fallback;
}

stream_loop_roles stream_loop_roles_of(const stream_layer *layer) {
    stream_loop_roles roles = {.channel = named(layer, "K")};
    if (roles.channel < 0)
        roles.channel = named(layer, "G");
    roles.row = find_row(layer, roles.channel);
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        if (layer->reduction[l])
            roles.reduced[roles.n_reduced++] = l;
        else if (l != roles.row && l != roles.channel)
            roles.other[roles.n_other++] = l;
    }
    return roles;
}
