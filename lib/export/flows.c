/* Arrows between slices; see flows.h. */

#include "flows.h"

#include "stream/schedule/readers.h"

static uint64_t id_in(int32_t transfer) {
    return 2 * (uint64_t)transfer + 1;
}
static uint64_t id_out(int32_t transfer) {
    return 2 * (uint64_t)transfer + 2;
}

/* The CT of the two that starts first, of equal ones the lower; -1 is none. */
static int32_t earlier(const stream_schedule *s, int32_t a, int32_t b) {
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    int64_t x = s->slots[a].start, y = s->slots[b].start;
    return x < y || (x == y && a < b) ? a : b;
}

const int32_t *stream_flows_readers(const stream_export *e, stream_arena *arena) {
    const stream_schedule *s = e->schedule;
    int32_t *reader = STREAM_NEW(arena, int32_t, (size_t)s->n_transfers);
    const int32_t *next = stream_schedule_first_readers(e->problem, s, arena);
    for (int32_t i = 0; i < s->n_transfers; ++i) {
        reader[i] = -1;
        for (int32_t k = 0; k < s->transfers[i].n_targets; ++k)
            reader[i] = earlier(s, reader[i], *next++);
    }
    return reader;
}

/* Groups the transfers by `ct` [n_transfers], -1: in no group. */
static stream_flows group(const stream_export *e, const int32_t *ct, uint64_t (*id)(int32_t),
                          stream_arena *arena) {
    int32_t n_cts = e->problem->graph->n_cts, n = e->schedule->n_transfers;
    int32_t *first = STREAM_NEW(arena, int32_t, (size_t)n_cts + 2);
    for (int32_t i = 0; i < n; ++i)
        if (ct[i] >= 0)
            ++first[ct[i] + 2];
    for (int32_t i = 0; i < n_cts; ++i)
        first[i + 2] += first[i + 1];
    uint64_t *ids = STREAM_NEW(arena, uint64_t, (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        if (ct[i] >= 0)
            ids[first[ct[i] + 1]++] = id(i); /* afterwards first[i + 1] is where CT i + 1 begins */
    return (stream_flows){first, ids};
}

void stream_flows_find(const stream_export *e, stream_arena *arena, stream_flows *out_of_cts,
                       stream_flows *into_cts) {
    int32_t n = e->schedule->n_transfers;
    int32_t *writer = STREAM_NEW(arena, int32_t, (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        writer[i] = e->schedule->transfers[i].writer;
    *out_of_cts = group(e, writer, id_in, arena);
    *into_cts = group(e, stream_flows_readers(e, arena), id_out, arena);
}

const stream_transfer_flows *stream_flows_of_transfers(const stream_export *e,
                                                       const stream_flows *out_of_cts,
                                                       const stream_flows *into_cts,
                                                       stream_arena *arena) {
    int32_t n_cts = e->problem->graph->n_cts;
    stream_transfer_flows *flows =
        STREAM_NEW(arena, stream_transfer_flows, (size_t)e->schedule->n_transfers);
    for (int32_t i = 0; i < out_of_cts->first[n_cts]; ++i)
        flows[(out_of_cts->ids[i] - 1) / 2].in = out_of_cts->ids[i];
    for (int32_t i = 0; i < into_cts->first[n_cts]; ++i)
        flows[(into_cts->ids[i] - 2) / 2].out = into_cts->ids[i];
    return flows;
}
