/* Random changes of an assignment; see internal.h. */

#include "internal.h"

/* Uniform in [0, n): a counter, well mixed (the finalizer of MurmurHash3, public domain). */
static uint32_t below(uint32_t *state, uint32_t n) {
    uint32_t x = *state += 0x9e3779b9u;
    x = (x ^ x >> 16) * 0x85ebca6bu;
    x = (x ^ x >> 13) * 0xc2b2ae35u;
    x ^= x >> 16;
    return (uint32_t)((uint64_t)x * n >> 32);
}

static int32_t some_core(const allocation_space *s, const layer_groups *layer, uint32_t *random) {
    return s->layer_cores[layer->first_core + (int32_t)below(random, (uint32_t)layer->n_cores)];
}

static const layer_groups *some_layer(const allocation_space *s, uint32_t *random) {
    int32_t g = (int32_t)below(random, (uint32_t)s->n_groups);
    return &s->layers[s->groups[g].layer];
}

static void move_group(const allocation_space *s, uint32_t *random, int32_t *core_of) {
    int32_t g = (int32_t)below(random, (uint32_t)s->n_groups);
    core_of[g] = some_core(s, &s->layers[s->groups[g].layer], random);
}

/* A run of groups of a layer takes the core of a neighbour: the border between two cores moves. */
static void move_border(const allocation_space *s, uint32_t *random, int32_t *core_of) {
    const layer_groups *layer = some_layer(s, random);
    if (layer->n_groups < 2)
        return;
    int32_t g = layer->first_group + (int32_t)below(random, (uint32_t)layer->n_groups - 1);
    if (below(random, 2))
        core_of[g] = core_of[g + 1];
    else
        core_of[g + 1] = core_of[g];
}

static void move_layer(const allocation_space *s, uint32_t *random, int32_t *core_of) {
    const layer_groups *layer = some_layer(s, random);
    int32_t core = some_core(s, layer, random);
    for (int32_t g = layer->first_group; g < layer->first_group + layer->n_groups; ++g)
        core_of[g] = core;
}

static int32_t stack_of(const allocation_space *s, int32_t group) {
    return s->p->graph->cts[s->group_cts[s->groups[group].first_ct]].stack;
}

/* A layer, or all layers of a stack, over the cores of this level or of one of fewer cores. */
static void spread(const allocation_space *s, uint32_t *random, int32_t *core_of) {
    const layer_groups *layer = some_layer(s, random);
    int32_t first = layer->first_group, end = first + layer->n_groups, stack = -1;
    const int32_t *cores = s->spreads[0];
    if (s->n_spreads > 1) {
        cores = s->spreads[below(random, (uint32_t)s->n_spreads)];
        if (below(random, 2)) {
            stack = stack_of(s, first);
            first = 0;
            end = s->n_groups;
        }
    }
    for (int32_t g = first; g < end; ++g)
        if (stack < 0 || stack_of(s, g) == stack)
            core_of[g] = cores[g];
}

/* All groups of a layer on one core go to another, and what was there comes back. */
static void swap_cores(const allocation_space *s, uint32_t *random, int32_t *core_of) {
    const layer_groups *layer = some_layer(s, random);
    int32_t a = some_core(s, layer, random), b = some_core(s, layer, random);
    for (int32_t g = layer->first_group; g < layer->first_group + layer->n_groups; ++g)
        core_of[g] = core_of[g] == a ? b : core_of[g] == b ? a : core_of[g];
}

uint32_t stream_allocation_random(uint32_t *random, uint32_t n) {
    return below(random, n);
}

void stream_allocation_move(const allocation_space *s, uint32_t *random, int32_t *core_of) {
    static void (*const moves[])(const allocation_space *, uint32_t *, int32_t *) = {
        move_group, move_group, move_border, move_border, move_layer, spread, swap_cores};
    uint32_t steps = below(random, 3) ? 1 : 2 + below(random, 3);
    for (uint32_t i = 0; i < steps; ++i)
        moves[below(random, sizeof moves / sizeof *moves)](s, random, core_of);
}
