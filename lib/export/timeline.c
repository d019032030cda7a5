/* Lanes of links; see timeline.h. */

#include "timeline.h"

#include <stdlib.h>

static int by_start(const void *a, const void *b) {
    const stream_track_use *x = *(stream_track_use *const *)a, *y = *(stream_track_use *const *)b;
    if (x->track != y->track)
        return x->track < y->track ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x > y) - (x < y);
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

static void add_uses(const stream_export *e, int32_t transfer, stream_vec *uses) {
    const stream_accelerator *acc = e->problem->acc;
    const stream_transfer *t = &e->schedule->transfers[transfer];
    int32_t copy = acc->n_resources + acc->instances[t->source].core;
    int32_t n = t->n_resources ? t->n_resources : 1;
    for (int32_t r = 0; r < n; ++r)
        *(stream_track_use *)stream_vec_push(uses) =
            (stream_track_use){.transfer = transfer,
                               .stream = -1,
                               .track = t->n_resources ? t->resources[r] : copy,
                               .first = r == 0,
                               .last = r == n - 1,
                               .start = t->start,
                               .end = t->end};
}

static void add_flow(const stream_export *e, int32_t stream, bool write, stream_vec *uses) {
    const stream_ct_stream *s = &e->schedule->streams[stream];
    const stream_ct_slot *slot = &e->schedule->slots[s->ct];
    const stream_flow *flow = write ? &s->write : &s->read;
    for (int32_t r = 0; r < flow->n_resources; ++r)
        *(stream_track_use *)stream_vec_push(uses) = (stream_track_use){.transfer = -1,
                                                                        .stream = stream,
                                                                        .write = write,
                                                                        .track = flow->resources[r],
                                                                        .start = slot->start,
                                                                        .end = slot->end};
}

void stream_lanes_assign(const stream_export *e, stream_arena *arena, stream_lanes *out) {
    const stream_accelerator *acc = e->problem->acc;
    stream_vec list = STREAM_VEC(stream_track_use), ends = STREAM_VEC(int64_t);
    for (int32_t i = 0; i < e->schedule->n_transfers; ++i)
        add_uses(e, i, &list);
    for (int32_t i = 0; i < e->schedule->n_streams; ++i) {
        add_flow(e, i, false, &list);
        add_flow(e, i, true, &list);
    }
    size_t n = list.n;
    stream_track_use *uses = stream_vec_freeze(&list, arena);
    stream_track_use **sorted = STREAM_NEW(arena, stream_track_use *, n);
    int32_t *n_lanes = STREAM_NEW(arena, int32_t, (size_t)(acc->n_resources + acc->n_cores));
    for (size_t i = 0; i < n; ++i)
        sorted[i] = &uses[i];
    qsort(sorted, n, sizeof *sorted, by_start);
    for (size_t i = 0; i < n; ++i) {
        stream_track_use *u = sorted[i];
        if (i == 0 || sorted[i - 1]->track != u->track)
            ends.n = 0;
        u->lane = free_lane(&ends, u->start, u->end);
        n_lanes[u->track] = (int32_t)ends.n;
    }
    stream_vec_free(&ends);
    *out = (stream_lanes){uses, (int32_t)n, n_lanes};
}
