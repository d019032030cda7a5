/* First assignments; see internal.h. */

#include "internal.h"

#include "stream/support/integer.h"

#include <stdlib.h>

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

/* A run of groups that is assigned as one. */
typedef struct {
    int32_t first, n;
    int64_t least; /* cycles where it is fastest */
} unit;

static int64_t unit_work(const allocation_space *s, const unit *u, int32_t core) {
    int64_t cycles = 0;
    for (int32_t g = u->first; g < u->first + u->n; ++g)
        cycles += s->work[g * s->p->acc->n_cores + core];
    return cycles;
}

static int compare_units(const void *pa, const void *pb) {
    const unit *a = pa, *b = pb;
    if (a->least != b->least)
        return a->least > b->least ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

/* The unit's core that would be done with everything first. */
static int32_t first_done(const allocation_space *s, const unit *u, const int64_t *load) {
    const layer_groups *layer = &s->layers[s->groups[u->first].layer];
    int32_t best = -1;
    int64_t best_end = 0;
    for (int32_t k = 0; k < layer->n_cores; ++k) {
        int32_t core = s->layer_cores[layer->first_core + k];
        int64_t end = load[core] + unit_work(s, u, core);
        if (best >= 0 && end >= best_end)
            continue;
        best = core;
        best_end = end;
    }
    return best;
}

static unit make_unit(const allocation_space *s, int32_t first, int32_t n) {
    const layer_groups *layer = &s->layers[s->groups[first].layer];
    unit u = {.first = first, .n = n, .least = INT64_MAX};
    for (int32_t k = 0; k < layer->n_cores; ++k)
        u.least = stream_min_i64(u.least, unit_work(s, &u, s->layer_cores[layer->first_core + k]));
    return u;
}

void stream_allocation_balance(const allocation_space *s, bool whole_layers, stream_arena *arena,
                               int32_t *core_of) {
    unit *units = STREAM_NEW(arena, unit, (size_t)s->n_groups);
    int64_t *load = STREAM_NEW(arena, int64_t, (size_t)s->p->acc->n_cores);
    size_t n_units = 0;
    for (int32_t g = 0; g < s->n_groups; g += units[n_units++].n)
        units[n_units] = make_unit(s, g, whole_layers ? s->layers[s->groups[g].layer].n_groups : 1);
    if (n_units)
        qsort(units, n_units, sizeof *units, compare_units);
    for (size_t i = 0; i < n_units; ++i) {
        int32_t core = first_done(s, &units[i], load);
        load[core] += unit_work(s, &units[i], core);
        for (int32_t g = units[i].first; g < units[i].first + units[i].n; ++g)
            core_of[g] = core;
    }
}
