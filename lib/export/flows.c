/* Arrows between slices; see flows.h. */

#include "flows.h"

#include <stdlib.h>

static uint64_t id_in(int32_t transfer) {
    return 2 * (uint64_t)transfer + 1;
}
static uint64_t id_out(int32_t transfer) {
    return 2 * (uint64_t)transfer + 2;
}

/* A read of a tensor in a memory. */
typedef struct {
    int32_t instance;
    int64_t start; /* of its CT */
    int32_t ct, read;
} arrival;

static int by_arrival(const void *a, const void *b) {
    const arrival *x = a, *y = b;
    if (x->instance != y->instance)
        return x->instance < y->instance ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->read > y->read) - (x->read < y->read);
}

/* The reads of every tensor, [reader_first[tensor] .. reader_first[tensor + 1]), by memory and
 * time. */
static arrival *sort_arrivals(const stream_export *e, stream_arena *arena) {
    const stream_ct_graph *g = e->problem->graph;
    arrival *all = STREAM_NEW(arena, arrival, (size_t)g->n_reads);
    for (int32_t i = 0; i < g->n_reads; ++i) {
        int32_t read = g->readers[i], ct = g->read_ct[read];
        const stream_ct_slot *slot = &e->schedule->slots[ct];
        int32_t where = stream_schedule_instance(e->problem, g->cts[ct].kernel, slot->core,
                                                 g->reads[read].operand);
        all[i] = (arrival){where, slot->start, ct, read};
    }
    for (int32_t t = 0; t < g->n_tensors; ++t)
        if (g->reader_first[t + 1] > g->reader_first[t])
            qsort(&all[g->reader_first[t]], (size_t)(g->reader_first[t + 1] - g->reader_first[t]),
                  sizeof *all, by_arrival);
    return all;
}

/* The first of n sorted arrivals that is in `instance` at `start` or later. */
static int32_t first_at(const arrival *all, int32_t n, int32_t instance, int64_t start) {
    arrival wanted = {instance, start, -1, -1};
    int32_t low = 0, high = n;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (by_arrival(&all[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The CT that the transfer feeds first, or -1 (nobody: data on the way out, or refetched in vain).
 */
static int32_t first_reader(const stream_export *e, const stream_transfer *t, const arrival *all) {
    const stream_ct_graph *g = e->problem->graph;
    int32_t n = g->reader_first[t->tensor + 1] - g->reader_first[t->tensor];
    const arrival *best = NULL;
    all += g->reader_first[t->tensor];
    for (int32_t k = 0; k < t->n_targets; ++k) {
        int32_t instance = t->targets[k].instance;
        int64_t until = t->targets[k].until;
        for (int32_t i = first_at(all, n, instance, t->end);
             i < n && all[i].instance == instance && all[i].start < until; ++i)
            if (stream_box_overlaps(&g->reads[all[i].read].box, &t->box)) {
                if (!best || all[i].start < best->start ||
                    (all[i].start == best->start && all[i].ct < best->ct))
                    best = &all[i];
                break;
            }
    }
    return best ? best->ct : -1;
}

const int32_t *stream_flows_readers(const stream_export *e, stream_arena *arena) {
    int32_t *reader = STREAM_NEW(arena, int32_t, (size_t)e->schedule->n_transfers);
    const arrival *arrivals = sort_arrivals(e, arena);
    for (int32_t i = 0; i < e->schedule->n_transfers; ++i)
        reader[i] = first_reader(e, &e->schedule->transfers[i], arrivals);
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
