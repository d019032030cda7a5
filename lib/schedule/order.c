/* Orders of CTs: the caller's, and by time; see engine.h and schedule.h. */

#include "engine.h"

#include "stream/support/integer.h"
#include "stream/support/sort.h"

#include <string.h>

static const char *layer_of(const stream_ct_graph *g, int32_t ct) {
    return g->layers[g->cts[ct].layer].name;
}

/* Every predecessor of `ct`, which stands at `place`, stands before it. */
static stream_status check_place(engine *e, int32_t ct, int32_t place, const stream_diag *diag) {
    const stream_ct_graph *g = e->m->graph;
    for (int32_t p = g->pred_first[ct]; p < g->pred_first[ct + 1]; ++p)
        if (!e->ready.cts[g->preds[p]].placed)
            return stream_error(diag, STREAM_INVALID, g->cts[ct].loc,
                                "CT %d of layer '%s' stands at place %d of the given order, before "
                                "CT %d of layer '%s', on which it depends",
                                ct, layer_of(g, ct), place, g->preds[p], layer_of(g, g->preds[p]));
    return STREAM_OK;
}

/* What is placed is scratch here: `reset` clears it. */
stream_status stream_engine_check_order(engine *e, const int32_t *order, const stream_diag *diag) {
    const stream_ct_graph *g = e->m->graph;
    if (!order)
        return stream_error(diag, STREAM_INVALID, (stream_loc){0},
                            "the policy is 'given', and no order of the CTs is given");
    for (int32_t i = 0; i < g->n_cts; ++i)
        e->ready.cts[i].placed = false;
    for (int32_t i = 0; i < g->n_cts; ++i) {
        int32_t ct = order[i];
        if (ct < 0 || ct >= g->n_cts)
            return stream_error(diag, STREAM_INVALID, (stream_loc){0},
                                "place %d of the given order holds CT %d; there are %d CTs", i, ct,
                                g->n_cts);
        if (e->ready.cts[ct].placed)
            return stream_error(diag, STREAM_INVALID, g->cts[ct].loc,
                                "CT %d of layer '%s' stands twice in the given order, at place %d "
                                "again",
                                ct, layer_of(g, ct), i);
        STREAM_TRY(check_place(e, ct, i, diag));
        e->ready.cts[ct].placed = true;
    }
    return STREAM_OK;
}

/* Users of each group as the order has them. e->cursor is scratch here, as in `check_order`. */
static void sort_users(engine *e, const int32_t *order) {
    const model *m = e->m;
    memset(e->cursor, 0, (size_t)m->n_groups * sizeof *e->cursor);
    for (int32_t i = 0; i < m->graph->n_cts; ++i)
        for (int32_t n = m->need_first[order[i]]; n < m->need_first[order[i] + 1]; ++n) {
            int32_t group = m->group_of[n];
            e->given_users[m->of_group[group].first + e->cursor[group]++] =
                stream_schedule_user(&m->needs[n], order[i]);
        }
    memset(e->cursor, 0, (size_t)m->n_groups * sizeof *e->cursor);
}

void stream_engine_set_order(engine *e, const int32_t *order) {
    e->reordered = !e->given != !order;
    e->given = order;
    e->users = order ? e->given_users : e->m->users;
    for (int32_t i = 0; order && i < e->m->graph->n_cts; ++i) {
        e->reordered |= e->places[order[i]] != i;
        e->places[order[i]] = i;
    }
    if (order && e->reordered)
        sort_users(e, order);
}

void stream_engine_order_by_key(stream_keyed *keyed, size_t n, stream_keyed *scratch,
                                int32_t *order) {
    stream_sort_keyed(keyed, n, scratch);
    for (size_t i = 0; i < n; ++i)
        order[i] = (int32_t)keyed[i].value;
}

void stream_schedule_by_start(const stream_schedule_workspace *e, stream_arena *arena,
                              int32_t *order) {
    size_t n = (size_t)e->m->graph->n_cts;
    stream_keyed *cts = STREAM_NEW(arena, stream_keyed, n);
    for (size_t i = 0; i < n; ++i)
        cts[i] = (stream_keyed){(uint64_t)e->starts[i], (int64_t)i};
    stream_engine_order_by_key(cts, n, STREAM_NEW(arena, stream_keyed, n), order);
}

void stream_schedule_by_data(const stream_schedule_workspace *e, stream_arena *arena,
                             int32_t *order) {
    size_t n = (size_t)e->m->graph->n_cts;
    stream_keyed *cts = STREAM_NEW(arena, stream_keyed, n);
    for (size_t i = 0; i < n; ++i)
        cts[i] = (stream_keyed){(uint64_t)e->ready.cts[i].time, (int64_t)i};
    stream_engine_order_by_key(cts, n, STREAM_NEW(arena, stream_keyed, n), order);
}

/* Each CT as late as what follows it allows, after it and on its core. */
static void sort_by_latest(const stream_ct_graph *g, const stream_ct_slot *slots,
                           int64_t *core_ends, stream_keyed *by_start, stream_arena *arena) {
    int64_t *latest = STREAM_NEW(arena, int64_t, (size_t)g->n_cts);
    for (size_t i = (size_t)g->n_cts; i-- > 0;) {
        int32_t ct = (int32_t)by_start[i].value;
        const stream_ct_slot *slot = &slots[ct];
        int64_t end = core_ends[slot->core];
        for (int32_t s = g->succ_first[ct]; s < g->succ_first[ct + 1]; ++s)
            end = stream_min_i64(end, latest[g->succs[s]]);
        latest[ct] = core_ends[slot->core] = end - (slot->end - slot->start);
        by_start[i].key = (uint64_t)latest[ct];
    }
}

void stream_engine_order_by_latest(const stream_schedule_problem *problem, const stream_schedule *s,
                                   stream_arena *arena, int32_t *order) {
    const stream_ct_graph *g = problem->graph;
    size_t n = (size_t)g->n_cts;
    stream_keyed *cts = STREAM_NEW(arena, stream_keyed, n);
    stream_keyed *scratch = STREAM_NEW(arena, stream_keyed, n);
    int64_t *core_ends = STREAM_NEW(arena, int64_t, (size_t)problem->acc->n_cores);
    for (size_t i = 0; i < n; ++i)
        cts[i] = (stream_keyed){(uint64_t)s->slots[i].start, (int64_t)i};
    stream_sort_keyed(cts, n, scratch);
    for (int32_t c = 0; c < problem->acc->n_cores; ++c)
        core_ends[c] = s->summary.latency_cycles;
    sort_by_latest(g, s->slots, core_ends, cts, arena);
    stream_engine_order_by_key(cts, n, STREAM_NEW(arena, stream_keyed, n), order);
}
