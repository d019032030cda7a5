/* Candidates; see ready.h. */

#include "ready.h"

#include "stream/support/alloc.h"

#include <stdlib.h>
#include <string.h>

static ready_key key_of(int32_t rank, int64_t value, int32_t ct) {
    return (ready_key)(uint32_t)rank << 96 | (ready_key)(uint64_t)value << 32 | (uint32_t)ct;
}

static int32_t ct_of(ready_key key) {
    return (int32_t)(uint32_t)key;
}

/* The sooner its data exists. */
static ready_key by_time(const ready_queue *q, int32_t ct) {
    return key_of(0, q->cts[ct].time, ct);
}

/* The lower stack, then the deeper layer, since what that reads dies soonest; or what the end of
 * the stack demands first, since what that writes is read soon. */
static ready_key by_depth(const ready_queue *q, int32_t ct) {
    const ct_facts *x = &q->m->facts[ct];
    bool demand = q->priority == STREAM_PRIORITY_DEMAND;
    return key_of(x->stack, demand ? q->m->demand[ct] : INT32_MAX - x->layer, ct);
}

/* The order among CTs that a core could run at once. */
static ready_key by_preference(const ready_queue *q, int32_t ct) {
    if (q->priority == STREAM_PRIORITY_MEMORY || q->priority == STREAM_PRIORITY_DEMAND)
        return by_depth(q, ct);
    bool ahead = q->priority == STREAM_PRIORITY_AHEAD;
    return key_of(ahead ? q->m->ahead[ct] : q->m->facts[ct].stack, q->cts[ct].time, ct);
}

static void sift_up(ready_heap *h, int32_t i) {
    ready_key item = h->items[i];
    for (; i > 0 && item < h->items[(i - 1) / 2]; i = (i - 1) / 2)
        h->items[i] = h->items[(i - 1) / 2];
    h->items[i] = item;
}

/* The last item takes the place of the first: the way of smaller children goes up by one, and the
 * item rises from its end, for it mostly stays there. */
static void pop(ready_heap *h) {
    int32_t i = 0, last = --h->n;
    h->n_sorted = h->n;
    for (int32_t child; (child = 2 * i + 1) < last; i = child) {
        child += h->items[child + 1] < h->items[child]; /* items[last] is there, too */
        h->items[i] = h->items[child];
    }
    h->items[i] = h->items[last];
    sift_up(h, i);
}

static void append(ready_heap *h, ready_key item) {
    if (h->n == h->capacity) {
        h->capacity = h->capacity ? 2 * h->capacity : 32;
        h->items = stream_alloc_grown(h->items, (size_t)h->capacity, sizeof *h->items);
    }
    h->items[h->n++] = item;
}

static void push(ready_heap *h, ready_key item) {
    append(h, item);
    sift_up(h, h->n_sorted++);
}

/* Everything that was only appended goes where it belongs; what is placed by now goes away. */
static void sort(const ready_queue *q, ready_heap *h) {
    int32_t n = h->n;
    h->n = h->n_sorted;
    for (int32_t i = h->n; i < n; ++i) {
        ready_key item = h->items[i];
        if (!q->cts[ct_of(item)].placed)
            push(h, item);
    }
}

/* The first CT that is not placed yet stays on top; -1: there is none. */
static int32_t top(const ready_queue *q, ready_heap *h) {
    while (h->n && q->cts[ct_of(h->items[0])].placed)
        pop(h);
    return h->n ? ct_of(h->items[0]) : -1;
}

void stream_ready_open(ready_queue *q, const model *m, stream_arena *arena) {
    size_t cores = (size_t)m->acc->n_cores;
    *q = (ready_queue){.m = m,
                       .n_cores = m->acc->n_cores,
                       .now = STREAM_NEW(arena, ready_heap, cores),
                       .later = STREAM_NEW(arena, ready_heap, cores),
                       .deep = STREAM_NEW(arena, ready_heap, cores),
                       .next = STREAM_NEW(arena, ready_candidate, cores),
                       .cts = STREAM_NEW(arena, ready_ct, (size_t)m->graph->n_cts),
                       .blocked = STREAM_NEW(arena, bool, cores)};
}

void stream_ready_close(ready_queue *q) {
    for (int32_t c = 0; c < q->n_cores; ++c) {
        free(q->now[c].items);
        free(q->later[c].items);
        free(q->deep[c].items);
    }
}

/* A given order needs no queue. */
void stream_ready_add(ready_queue *q, int32_t ct, int32_t core, int64_t core_free) {
    if (q->priority == STREAM_PRIORITY_GIVEN)
        return;
    if (q->cts[ct].time <= core_free)
        push(&q->now[core], by_preference(q, ct));
    else
        push(&q->later[core], by_time(q, ct));
    if (q->deep_known)
        append(&q->deep[core], by_depth(q, ct));
    q->next[core].known = false;
}

void stream_ready_reset(ready_queue *q, const int32_t *cores, stream_priority priority) {
    const stream_ct_graph *g = q->m->graph;
    q->priority = priority;
    q->n_blocked = 0;
    q->deep_known = false;
    for (int32_t c = 0; c < q->n_cores; ++c) {
        q->now[c].n = q->later[c].n = q->deep[c].n = 0;
        q->now[c].n_sorted = q->later[c].n_sorted = q->deep[c].n_sorted = 0;
        q->next[c].known = q->blocked[c] = false;
    }
    for (int32_t i = 0; i < g->n_cts; ++i) {
        q->cts[i] = (ready_ct){.missing = g->pred_first[i + 1] - g->pred_first[i]};
    }
    for (int32_t i = 0; i < g->n_cts; ++i)
        if (q->cts[i].missing == 0)
            stream_ready_add(q, i, cores[i], 0);
}

/* A blocked core waits for the others to free memory as long as it takes it to run so many CTs. */
#define PATIENCE 2

static int32_t find_candidate(ready_queue *q, int32_t core, int64_t core_free) {
    ready_heap *now = &q->now[core], *later = &q->later[core];
    int32_t ct;
    while ((ct = top(q, later)) >= 0 && q->cts[ct].time <= core_free) {
        pop(later);
        push(now, by_preference(q, ct));
    }
    int32_t first = top(q, now);
    return first >= 0 ? first : ct;
}

static void renew_candidate(ready_queue *q, int32_t core, int64_t core_free) {
    ready_candidate *next = &q->next[core];
    int32_t ct = find_candidate(q, core, core_free);
    *next = (ready_candidate){.ct = ct, .known = true};
    if (ct >= 0) {
        next->stack = q->m->facts[ct].stack;
        next->layer = q->m->facts[ct].layer;
        next->start = q->cts[ct].time > core_free ? q->cts[ct].time : core_free;
    }
}

static inline const ready_candidate *candidate(ready_queue *q, int32_t core, int64_t core_free) {
    if (!q->next[core].known)
        renew_candidate(q, core, core_free);
    return &q->next[core];
}

/* Is a candidate of one core to be tried before that of another? Cores go on side by side in time:
 * the data that they share is read by all and gone. */
static bool goes_first(const ready_queue *q, const ready_candidate *a, const ready_candidate *b) {
    if (q->priority == STREAM_PRIORITY_MEMORY) {
        if (a->stack != b->stack)
            return a->stack < b->stack;
        if (a->layer != b->layer)
            return a->layer > b->layer;
    }
    return a->start < b->start;
}

int32_t stream_ready_pick(ready_queue *q, const int64_t *core_free, int32_t *out_core) {
    const ready_candidate *best = NULL;
    for (int32_t c = 0; c < q->n_cores; ++c) {
        if (q->blocked[c])
            continue;
        const ready_candidate *next = candidate(q, c, core_free[c]);
        if (next->ct < 0 || (best && !goes_first(q, next, best)))
            continue;
        best = next;
        *out_core = c;
    }
    return best ? best->ct : -1;
}

int32_t stream_ready_starved(ready_queue *q, const int32_t *cores, const int64_t *core_free,
                             int32_t other, int32_t *out_core) {
    if (q->n_blocked == 0)
        return -1;
    int64_t other_start = candidate(q, cores[other], core_free[cores[other]])->start;
    for (int32_t c = 0; c < q->n_cores; ++c) {
        if (!q->blocked[c])
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

static void add_all(ready_queue *q, ready_heap *deep, const ready_heap *from) {
    for (int32_t i = 0; i < from->n; ++i)
        append(deep, by_depth(q, ct_of(from->items[i])));
}

/* Most runs never ask for the deepest. */
static void find_deep(ready_queue *q) {
    for (int32_t c = 0; !q->deep_known && c < q->n_cores; ++c) {
        add_all(q, &q->deep[c], &q->now[c]);
        add_all(q, &q->deep[c], &q->later[c]);
    }
    q->deep_known = true;
}

int32_t stream_ready_deepest(ready_queue *q, int32_t core, int32_t *out_core) {
    const ready_key *best = NULL;
    find_deep(q);
    for (int32_t c = core < 0 ? 0 : core; c < (core < 0 ? q->n_cores : core + 1); ++c) {
        sort(q, &q->deep[c]);
        if (top(q, &q->deep[c]) < 0 || (best && q->deep[c].items[0] >= *best))
            continue;
        best = &q->deep[c].items[0];
        *out_core = c;
    }
    return best ? ct_of(*best) : -1;
}

void stream_ready_place(ready_queue *q, int32_t ct, int32_t core) {
    q->cts[ct].placed = true;
    q->next[core].known = false;
}

void stream_ready_block(ready_queue *q, int32_t core) {
    q->n_blocked += !q->blocked[core];
    q->blocked[core] = true;
}

void stream_ready_unblock(ready_queue *q) {
    for (int32_t c = 0; q->n_blocked && c < q->n_cores; ++c)
        q->blocked[c] = false;
    q->n_blocked = 0;
}
