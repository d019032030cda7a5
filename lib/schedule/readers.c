/* What is read first of what transfers bring; see stream/schedule/readers.h. */

#include "stream/schedule/readers.h"

#include "transfers.h"

#include <stdlib.h>

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
    if (x->ct != y->ct)
        return x->ct < y->ct ? -1 : 1;
    return (x->read > y->read) - (x->read < y->read);
}

/* The reads of every tensor, [reader_first[tensor] .. reader_first[tensor + 1]), by memory and
 * time. */
static arrival *sort_arrivals(const stream_schedule_problem *problem,
                              const stream_schedule *schedule, stream_arena *arena) {
    const stream_ct_graph *g = problem->graph;
    arrival *all = STREAM_NEW(arena, arrival, (size_t)g->n_reads);
    for (int32_t i = 0; i < g->n_reads; ++i) {
        int32_t read = g->readers[i], ct = g->read_ct[read];
        const stream_ct_slot *slot = &schedule->slots[ct];
        int32_t where = stream_schedule_instance(problem, g->cts[ct].kernel, slot->core,
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

static int32_t first_reader(const stream_ct_graph *g, const arrival *all, const stream_transfer *t,
                            const stream_transfer_target *target) {
    int32_t n = g->reader_first[t->tensor + 1] - g->reader_first[t->tensor];
    all += g->reader_first[t->tensor];
    for (int32_t i = first_at(all, n, target->instance, t->end);
         i < n && all[i].instance == target->instance && all[i].start < target->until; ++i)
        if (stream_box_overlaps(&g->reads[all[i].read].box, &t->box))
            return all[i].ct;
    return -1;
}

const int32_t *stream_schedule_first_readers(const stream_schedule_problem *problem,
                                             const stream_schedule *schedule, stream_arena *arena) {
    int32_t n_targets = stream_transfers_count_targets(schedule);
    int32_t *readers = STREAM_NEW(arena, int32_t, (size_t)n_targets), *next = readers;
    stream_arena *scratch = stream_arena_create();
    const arrival *arrivals = sort_arrivals(problem, schedule, scratch);
    for (int32_t i = 0; i < schedule->n_transfers; ++i) {
        const stream_transfer *t = &schedule->transfers[i];
        for (int32_t k = 0; k < t->n_targets; ++k)
            *next++ = first_reader(problem->graph, arrivals, t, &t->targets[k]);
    }
    stream_arena_destroy(scratch);
    return readers;
}
