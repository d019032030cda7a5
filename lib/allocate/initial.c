/* First assignments; see internal.h. */

#include "internal.h"

#include "stream/support/integer.h"

void stream_allocation_spread(const allocation_space *s, int32_t *core_of) {
    for (int32_t g = 0; g < s->n_groups; ++g)
        core_of[g] = s->layer_cores[s->layers[s->groups[g].layer].first_core + s->groups[g].share];
}

void stream_allocation_pipeline(const allocation_space *s, stream_arena *arena, int32_t *core_of) {
    int32_t n_cores = s->p->acc->n_cores;
    int64_t *load = STREAM_NEW(arena, int64_t, (size_t)n_cores);
    for (int32_t l = 0; l < s->p->graph->n_layers; ++l) {
        const layer_groups *layer = &s->layers[l];
        int32_t best = -1;
        int64_t best_end = 0;
        for (int32_t k = 0; k < layer->n_cores; ++k) {
            int32_t core = s->layer_cores[layer->first_core + k];
            int64_t end = load[core];
            for (int32_t g = layer->first_group; g < layer->first_group + layer->n_groups; ++g)
                end += s->work[g * n_cores + core];
            if (best >= 0 && end >= best_end)
                continue;
            best = core;
            best_end = end;
        }
        for (int32_t g = layer->first_group; g < layer->first_group + layer->n_groups; ++g)
            core_of[g] = best;
        if (best >= 0)
            load[best] = best_end;
    }
}
