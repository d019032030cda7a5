/* Which addresses are in use; see occupied.h. */

#include "occupied.h"

#include "stream/schedule/places.h"
#include "stream/support/integer.h"

#include <stdlib.h>

static int by_address(const void *a, const void *b) {
    const stream_place *x = a, *y = b;
    if (x->instance != y->instance)
        return x->instance < y->instance ? -1 : 1;
    return (x->address > y->address) - (x->address < y->address);
}

/* Of the buffers of one instance, by address. */
static int64_t extent(const stream_place *list, size_t n, int64_t capacity) {
    int64_t end = 0, unused = 0;
    for (size_t i = 0; i < n; ++i) {
        unused = stream_max_i64(unused, list[i].address - end);
        end = stream_max_i64(end, list[i].address + list[i].bits);
    }
    return capacity - stream_max_i64(unused, capacity - end);
}

const int64_t *stream_occupied_extents(const stream_export *e, stream_arena *arena) {
    const stream_accelerator *acc = e->problem->acc;
    int64_t *extents = STREAM_NEW(arena, int64_t, (size_t)acc->n_instances);
    stream_arena *scratch = stream_arena_create();
    size_t n, first = 0;
    stream_place *list = stream_schedule_places(e->problem, e->schedule, scratch, &n);
    if (n)
        qsort(list, n, sizeof *list, by_address);
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        size_t last = first;
        while (last < n && list[last].instance == i)
            ++last;
        extents[i] = extent(list + first, last - first, acc->instances[i].size_bits);
        first = last;
    }
    stream_arena_destroy(scratch);
    return extents;
}
