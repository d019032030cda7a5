/* Arrows between slices; see flows.h. */

#include "flows.h"

static uint64_t id_in(int32_t transfer) {
    return 2 * (uint64_t)transfer + 1;
}
static uint64_t id_out(int32_t transfer) {
    return 2 * (uint64_t)transfer + 2;
}

/* Does a read at `operand` on `core` see a target of the transfer? */
static bool sees_target(const stream_accelerator *acc, const stream_transfer *t, int32_t core,
                        uint8_t operand) {
    for (int32_t k = 0; k < t->n_targets; ++k)
        if (acc->top[core * STREAM_N_OPERANDS + operand] == t->targets[k].instance)
            return true;
    return false;
}

/* The CT that the transfer feeds first, or -1 (nobody: data on the way out, or refetched in vain).
 */
static int32_t first_reader(const stream_export *e, const stream_transfer *t) {
    const stream_ct_graph *g = e->problem->graph;
    int32_t best = -1;
    for (int32_t i = g->reader_first[t->tensor]; i < g->reader_first[t->tensor + 1]; ++i) {
        const stream_ct_read *read = &g->reads[g->readers[i]];
        int32_t ct = g->read_ct[g->readers[i]];
        const stream_ct_slot *slot = &e->schedule->slots[ct];
        if (slot->start >= t->end && (best < 0 || slot->start < e->schedule->slots[best].start) &&
            sees_target(e->problem->acc, t, slot->core, read->operand) &&
            stream_box_overlaps(&read->box, &t->box))
            best = ct;
    }
    return best;
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
    int32_t *reader = STREAM_NEW(arena, int32_t, (size_t)n);
    for (int32_t i = 0; i < n; ++i) {
        writer[i] = e->schedule->transfers[i].writer;
        reader[i] = first_reader(e, &e->schedule->transfers[i]);
    }
    *out_of_cts = group(e, writer, id_in, arena);
    *into_cts = group(e, reader, id_out, arena);
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
