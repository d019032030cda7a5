/* Fill of memories and use of links and ports over time; see curves.h. */

#include "curves.h"

#include "stream/schedule/demands.h"
#include "stream/schedule/places.h"
#include "stream/support/integer.h"
#include "stream/support/vec.h"

#include <stdlib.h>

typedef struct {
    int64_t time, by;
    int32_t owner;
} change;

static int by_owner_and_time(const void *a, const void *b) {
    const change *x = a, *y = b;
    if (x->owner != y->owner)
        return x->owner < y->owner ? -1 : 1;
    return (x->time > y->time) - (x->time < y->time);
}

static void add(stream_vec *changes, int32_t owner, int64_t by, int64_t from, int64_t until) {
    if (until <= from || by == 0)
        return;
    change *c = stream_vec_push_n(changes, 2);
    c[0] = (change){from, by, owner};
    c[1] = (change){until, -by, owner};
}

static bool last_at_its_time(const stream_vec *changes, size_t i) {
    return i + 1 == changes->n || by_owner_and_time(&STREAM_AT(change, *changes, i),
                                                    &STREAM_AT(change, *changes, i + 1)) != 0;
}

/* Takes the changes. */
static void sum_up(stream_vec *changes, int32_t n, stream_arena *arena, stream_curves *out) {
    stream_vec steps = STREAM_VEC(stream_step);
    int32_t *first = STREAM_NEW(arena, int32_t, (size_t)n + 1);
    size_t i = 0;
    if (changes->n)
        qsort(changes->data, changes->n, sizeof(change), by_owner_and_time);
    for (int32_t owner = 0; owner < n; ++owner) {
        int64_t value = 0, before = 0;
        first[owner] = (int32_t)steps.n;
        for (; i < changes->n && STREAM_AT(change, *changes, i).owner == owner; ++i) {
            value += STREAM_AT(change, *changes, i).by;
            if (!last_at_its_time(changes, i) || value == before)
                continue;
            *(stream_step *)stream_vec_push(&steps) =
                (stream_step){STREAM_AT(change, *changes, i).time, value};
            before = value;
        }
    }
    first[n] = (int32_t)steps.n;
    stream_vec_free(changes);
    *out = (stream_curves){stream_vec_freeze(&steps, arena), first, n};
}

void stream_curves_occupancy(const stream_export *e, stream_arena *arena, stream_curves *out) {
    stream_vec changes = STREAM_VEC(change);
    stream_arena *scratch = stream_arena_create();
    size_t n;
    const stream_place *list = stream_schedule_places(e->problem, e->schedule, scratch, &n);
    for (size_t i = 0; i < n; ++i)
        add(&changes, list[i].instance, list[i].bits, list[i].from, list[i].until);
    stream_arena_destroy(scratch);
    sum_up(&changes, e->problem->acc->n_instances, arena, out);
}

/* All of them from `from` to `until`; then there are none. */
static void add_demands(stream_vec *changes, stream_vec *demands, int64_t from, int64_t until) {
    for (size_t i = 0; i < demands->n; ++i) {
        const stream_demand *d = &STREAM_AT(stream_demand, *demands, i);
        add(changes, d->resource, d->rate_bits, from, until);
    }
    demands->n = 0;
}

void stream_curves_rates(const stream_export *e, stream_arena *arena, stream_curves *out) {
    stream_vec changes = STREAM_VEC(change), demands = STREAM_VEC(stream_demand);
    for (int32_t i = 0; i < e->schedule->n_transfers; ++i) {
        const stream_transfer *t = &e->schedule->transfers[i];
        stream_demand_of_transfer(e->problem->acc, t, &demands);
        add_demands(&changes, &demands, t->start, t->end);
    }
    for (int32_t i = 0; i < e->schedule->n_streams; ++i) {
        const stream_ct_stream *s = &e->schedule->streams[i];
        const stream_ct_slot *slot = &e->schedule->slots[s->ct];
        stream_demand_of_stream(e->problem->acc, s, &demands);
        add_demands(&changes, &demands, slot->start, slot->end);
    }
    stream_vec_free(&demands);
    sum_up(&changes, e->problem->acc->n_resources, arena, out);
}

double stream_curves_area(const stream_curves *c, int32_t owner, int64_t from, int64_t until) {
    double area = 0;
    for (int32_t i = c->first[owner]; i < c->first[owner + 1]; ++i) {
        int64_t start = stream_max_i64(from, c->steps[i].time);
        int64_t end =
            i + 1 < c->first[owner + 1] ? stream_min_i64(until, c->steps[i + 1].time) : until;
        if (end > start)
            area += (double)c->steps[i].value * (double)(end - start);
    }
    return area;
}
