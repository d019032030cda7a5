/* Lanes of links and occupancy of memories; see timeline.h. */

#include "timeline.h"

#include "stream/support/integer.h"

#include <stdlib.h>

typedef struct {
    int64_t start, end;
    int32_t resource, index; /* index: where the lane is written */
} use;

static int by_start(const void *a, const void *b) {
    const use *x = a, *y = b;
    if (x->resource != y->resource)
        return x->resource - y->resource;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->index - y->index;
}

/* The first lane that is free at `start`; a new one if none is. Ends of lanes in `ends`. */
static int32_t free_lane(stream_vec *ends, int64_t start, int64_t end) {
    for (size_t i = 0; i < ends->n; ++i)
        if (STREAM_AT(int64_t, *ends, i) <= start) {
            STREAM_AT(int64_t, *ends, i) = end;
            return (int32_t)i;
        }
    *(int64_t *)stream_vec_push(ends) = end;
    return (int32_t)ends->n - 1;
}

void stream_lanes_assign(const stream_export *e, stream_arena *arena, stream_lanes *out) {
    stream_vec uses = STREAM_VEC(use), ends = STREAM_VEC(int64_t);
    for (int32_t i = 0; i < e->schedule->n_transfers; ++i) {
        const stream_transfer *t = &e->schedule->transfers[i];
        for (int32_t r = 0; r < t->n_resources; ++r)
            *(use *)stream_vec_push(&uses) =
                (use){t->start, t->end, t->resources[r], (int32_t)uses.n - 1};
    }
    int32_t *lane = STREAM_NEW(arena, int32_t, uses.n);
    int32_t *n_lanes = STREAM_NEW(arena, int32_t, (size_t)e->problem->acc->n_resources);
    if (uses.n)
        qsort(uses.data, uses.n, sizeof(use), by_start);
    for (size_t i = 0; i < uses.n; ++i) {
        const use *u = &STREAM_AT(use, uses, i);
        if (i == 0 || STREAM_AT(use, uses, i - 1).resource != u->resource)
            ends.n = 0;
        lane[u->index] = free_lane(&ends, u->start, u->end);
        n_lanes[u->resource] = (int32_t)ends.n;
    }
    stream_vec_free(&uses);
    stream_vec_free(&ends);
    *out = (stream_lanes){lane, n_lanes};
}

static int by_time(const void *a, const void *b) {
    const stream_occupancy_step *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

static void hold(const stream_export *e, stream_vec *steps, int32_t instance, int32_t tensor,
                 const stream_box *box, int64_t from, int64_t until) {
    int64_t bits = stream_round_up(stream_ct_graph_bits(e->problem->graph, tensor, box),
                                   e->problem->acc->instances[instance].word_bits);
    if (until <= from)
        return;
    *(stream_occupancy_step *)stream_vec_push(steps) = (stream_occupancy_step){from, bits};
    *(stream_occupancy_step *)stream_vec_push(steps) = (stream_occupancy_step){until, -bits};
}

static void gather(const stream_export *e, int32_t instance, stream_vec *steps) {
    const stream_accelerator *acc = e->problem->acc;
    const stream_ct_graph *graph = e->problem->graph;
    for (int32_t i = 0; i < e->schedule->n_residents && instance == acc->offchip_instance; ++i) {
        const stream_resident *r = &e->schedule->residents[i];
        const stream_tensor *tensor = &graph->tensors[r->tensor];
        stream_box whole = stream_box_whole(tensor->rank, tensor->shape);
        hold(e, steps, instance, r->tensor, &whole, 0, r->until);
    }
    for (int32_t i = 0; i < e->schedule->n_transfers; ++i) {
        const stream_transfer *t = &e->schedule->transfers[i];
        for (int32_t k = 0; k < t->n_targets; ++k)
            if (t->targets[k].instance == instance)
                hold(e, steps, instance, t->tensor, &t->box, t->start, t->targets[k].until);
    }
    for (int32_t i = 0; i < graph->n_cts; ++i) {
        const stream_ct_slot *slot = &e->schedule->slots[i];
        if (acc->top[slot->core * STREAM_N_OPERANDS + STREAM_O] == instance)
            hold(e, steps, instance, graph->cts[i].tensor, &graph->cts[i].box, slot->start,
                 slot->until);
    }
}

stream_vec stream_occupancy(const stream_export *e, int32_t instance) {
    stream_vec changes = STREAM_VEC(stream_occupancy_step),
               steps = STREAM_VEC(stream_occupancy_step);
    int64_t bits = 0;
    gather(e, instance, &changes);
    if (changes.n)
        qsort(changes.data, changes.n, sizeof(stream_occupancy_step), by_time);
    for (size_t i = 0; i < changes.n; ++i) {
        const stream_occupancy_step *c = &STREAM_AT(stream_occupancy_step, changes, i);
        bits += c->bits;
        if (i + 1 == changes.n || STREAM_AT(stream_occupancy_step, changes, i + 1).time != c->time)
            *(stream_occupancy_step *)stream_vec_push(&steps) =
                (stream_occupancy_step){c->time, bits};
    }
    stream_vec_free(&changes);
    return steps;
}
