/* Candidates; see ready.h. */

#include "ready.h"

/* The sooner its data exists. */
static ready_key by_time(const ready_queue *q, int32_t ct) {
    return ready_key_of(0, q->cts[ct].time, ct);
}

/* The lower stack, then the deeper layer, since what that reads dies soonest; or what the end of
 * the stack demands first, since what that writes is read soon. */
static ready_key by_depth(const ready_queue *q, int32_t ct) {
    const ct_facts *x = &q->m->facts[ct];
    bool demand = q->priority == STREAM_PRIORITY_DEMAND;
    return ready_key_of(x->stack, demand ? q->m->demand[ct] : INT32_MAX - x->layer, ct);
}

/* The order among CTs that a core could run at once. */
static ready_key by_preference(const ready_queue *q, int32_t ct) {
    if (q->priority == STREAM_PRIORITY_MEMORY || q->priority == STREAM_PRIORITY_DEMAND)
        return by_depth(q, ct);
    bool ahead = q->priority == STREAM_PRIORITY_AHEAD;
    return ready_key_of(ahead ? q->m->ahead[ct] : q->m->facts[ct].stack, q->cts[ct].time, ct);
}

/* Everything that was only appended goes where it belongs; what is placed by now goes away. */
static void sort(const ready_queue *q, ready_heap *h) {
    int32_t n = h->n;
    h->n = h->n_sorted;
    for (int32_t i = h->n; i < n; ++i) {
        ready_key item = h->items[i];
        if (!q->cts[ready_key_ct(item)].placed)
            stream_ready_heap_push(h, item);
    }
}

/* The first CT that is not placed yet stays on top; -1: there is none. */
static int32_t top(const ready_queue *q, ready_heap *h) {
    while (!stream_ready_heap_is_empty(h)) {
        int32_t ct = ready_key_ct(stream_ready_heap_first(h));
        if (!q->cts[ct].placed)
            return ct;
        stream_ready_heap_remove_first(h);
    }
    return -1;
}

void stream_ready_open(ready_queue *q, const model *m, stream_arena *arena) {
    size_t cores = (size_t)m->acc->n_cores;
    *q = (ready_queue){.m = m,
                       .n_cores = m->acc->n_cores,
                       .now = STREAM_NEW(arena, ready_heap, cores),
                       .later = STREAM_NEW(arena, ready_heap, cores),
                       .deep = STREAM_NEW(arena, ready_heap, cores),
                       .next = STREAM_NEW(arena, ready_candidate, cores),
                       .cts = STREAM_NEW(arena, ready_ct, (size_t)m->graph->n_cts)};
}

void stream_ready_close(ready_queue *q) {
    for (int32_t c = 0; c < q->n_cores; ++c) {
        stream_ready_heap_free(&q->now[c]);
        stream_ready_heap_free(&q->later[c]);
        stream_ready_heap_free(&q->deep[c]);
    }
}

/* A given order needs no queue. */
void stream_ready_add(ready_queue *q, int32_t ct, int32_t core, int64_t core_free) {
    if (q->priority == STREAM_PRIORITY_GIVEN)
        return;
    if (q->cts[ct].time <= core_free)
        stream_ready_heap_push(&q->now[core], by_preference(q, ct));
    else
        stream_ready_heap_push(&q->later[core], by_time(q, ct));
    if (q->deep_known)
        stream_ready_heap_append(&q->deep[core], by_depth(q, ct));
    q->next[core].known = false;
}

void stream_ready_reset(ready_queue *q, const int32_t *cores, stream_priority priority) {
    const stream_ct_graph *g = q->m->graph;
    q->priority = priority;
    q->n_blocked = 0;
    q->deep_known = false;
    for (int32_t c = 0; c < q->n_cores; ++c) {
        stream_ready_heap_clear(&q->now[c]);
        stream_ready_heap_clear(&q->later[c]);
        stream_ready_heap_clear(&q->deep[c]);
        q->next[c].known = q->next[c].blocked = false;
    }
    for (int32_t i = 0; i < g->n_cts; ++i) {
        q->cts[i] = (ready_ct){.missing = g->pred_first[i + 1] - g->pred_first[i]};
        if (q->cts[i].missing == 0 && priority != STREAM_PRIORITY_GIVEN)
            stream_ready_heap_enlist(&q->now[cores[i]], by_preference(q, i));
    }
    for (int32_t c = 0; c < q->n_cores; ++c)
        stream_ready_heap_sort_list(&q->now[c]);
}

/* A blocked core waits for the others to free memory as long as it takes it to run so many CTs. */
#define PATIENCE 2

static int32_t find_candidate(ready_queue *q, int32_t core, int64_t core_free) {
    ready_heap *now = &q->now[core], *later = &q->later[core];
    int32_t ct;
    while ((ct = top(q, later)) >= 0 && q->cts[ct].time <= core_free) {
        stream_ready_heap_remove_first(later);
        stream_ready_heap_push(now, by_preference(q, ct));
    }
    int32_t first = top(q, now);
    return first >= 0 ? first : ct;
}

/* Cores go on side by side in time: the data that they share is read by all and gone. What saves
 * memory comes before that: the lower stack, then the deeper layer. */
static candidate_key candidate_key_of(const ready_queue *q, int32_t ct, int64_t start) {
    const ct_facts *x = &q->m->facts[ct];
    uint64_t rank = q->priority == STREAM_PRIORITY_MEMORY
                        ? (uint64_t)x->stack << 32 | (uint32_t)(INT32_MAX - x->layer)
                        : 0;
    return (candidate_key)rank << 64 | (uint64_t)start;
}

static void renew_candidate(ready_queue *q, int32_t core, int64_t core_free) {
    ready_candidate *next = &q->next[core];
    int32_t ct = find_candidate(q, core, core_free);
    next->key = ~(candidate_key)0;
    next->ct = ct;
    next->known = true;
    if (ct >= 0) {
        next->start = q->cts[ct].time > core_free ? q->cts[ct].time : core_free;
        next->key = candidate_key_of(q, ct, next->start);
    }
}

static inline const ready_candidate *candidate(ready_queue *q, int32_t core, int64_t core_free) {
    if (!q->next[core].known)
        renew_candidate(q, core, core_free);
    return &q->next[core];
}

int32_t stream_ready_pick(ready_queue *q, const int64_t *core_free, int32_t *out_core) {
    candidate_key best = ~(candidate_key)0;
    int32_t core = -1;
    const ready_candidate *next = q->next;
    for (int32_t c = 0; c < q->n_cores; ++c, ++next) {
        if (!next->known)
            renew_candidate(q, c, core_free[c]);
        if (next->key < best && !next->blocked) {
            best = next->key;
            core = c;
        }
    }
    if (core < 0)
        return -1;
    *out_core = core;
    return q->next[core].ct;
}

int32_t stream_ready_find_starved(ready_queue *q, const int32_t *cores, const int64_t *core_free,
                                  int32_t other, int32_t *out_core) {
    int64_t other_start = candidate(q, cores[other], core_free[cores[other]])->start;
    for (int32_t c = 0; c < q->n_cores; ++c) {
        if (!q->next[c].blocked)
            continue;
        const ready_candidate *next = candidate(q, c, core_free[c]);
        if (next->ct < 0)
            continue;
        int64_t cycles = q->m->cycles[(int64_t)q->m->facts[next->ct].kernel * q->n_cores + c];
        if (next->start + PATIENCE * cycles < other_start) {
            *out_core = c;
            return next->ct;
        }
    }
    return -1;
}

static void enlist_all(ready_queue *q, ready_heap *deep, const ready_heap *from) {
    for (int32_t i = 0; i < from->n; ++i)
        stream_ready_heap_enlist(deep, by_depth(q, ready_key_ct(from->items[i])));
    for (int32_t i = from->at; i < from->n_list; ++i)
        stream_ready_heap_enlist(deep, by_depth(q, ready_key_ct(from->list[i])));
}

/* Most runs never ask for the deepest. */
static void find_deep(ready_queue *q) {
    for (int32_t c = 0; !q->deep_known && c < q->n_cores; ++c) {
        stream_ready_heap_clear(&q->deep[c]);
        enlist_all(q, &q->deep[c], &q->now[c]);
        enlist_all(q, &q->deep[c], &q->later[c]);
        stream_ready_heap_sort_list(&q->deep[c]);
    }
    q->deep_known = true;
}

int32_t stream_ready_deepest(ready_queue *q, int32_t core, int32_t *out_core) {
    ready_key best = 0;
    int32_t best_ct = -1;
    find_deep(q);
    for (int32_t c = core < 0 ? 0 : core; c < (core < 0 ? q->n_cores : core + 1); ++c) {
        sort(q, &q->deep[c]);
        int32_t ct = top(q, &q->deep[c]);
        if (ct < 0 || (best_ct >= 0 && stream_ready_heap_first(&q->deep[c]) >= best))
            continue;
        best = stream_ready_heap_first(&q->deep[c]);
        best_ct = ct;
        *out_core = c;
    }
    return best_ct;
}

void stream_ready_block(ready_queue *q, int32_t core) {
    q->n_blocked += !q->next[core].blocked;
    q->next[core].blocked = true;
}

void stream_ready_unblock_all(ready_queue *q) {
    for (int32_t c = 0; c < q->n_cores; ++c)
        q->next[c].blocked = false;
    q->n_blocked = 0;
}
