/* Candidates; see ready.h. */

#include "ready.h"

#include "stream/support/alloc.h"

#include <stdlib.h>
#include <string.h>

/* The lower stack, then the deeper layer: what it reads dies soonest. < 0: a comes first. */
static int32_t compare_depth(const model *m, int32_t a, int32_t b) {
    const stream_ct *x = &m->graph->cts[a], *y = &m->graph->cts[b];
    return x->stack != y->stack ? x->stack - y->stack : y->layer - x->layer;
}

/* The lower stack, then what its end demands first: what it writes is read soon. */
static bool demanded(const model *m, int32_t a, int32_t b) {
    const stream_ct *x = &m->graph->cts[a], *y = &m->graph->cts[b];
    return x->stack != y->stack ? x->stack < y->stack : m->demand[a] < m->demand[b];
}

static bool deeper(const ready_queue *q, int32_t a, int32_t b) {
    if (q->priority == STREAM_PRIORITY_DEMAND)
        return demanded(q->m, a, b);
    int32_t order = compare_depth(q->m, a, b);
    return order ? order < 0 : a < b;
}

static bool sooner(const ready_queue *q, int32_t a, int32_t b) {
    return q->time[a] != q->time[b] ? q->time[a] < q->time[b] : a < b;
}

/* The order among CTs that a core could run at once. */
static bool preferred(const ready_queue *q, int32_t a, int32_t b) {
    const stream_ct *x = &q->m->graph->cts[a], *y = &q->m->graph->cts[b];
    if (q->priority == STREAM_PRIORITY_MEMORY || q->priority == STREAM_PRIORITY_DEMAND)
        return deeper(q, a, b);
    if (q->priority == STREAM_PRIORITY_AHEAD && q->m->tail[a] != q->m->tail[b])
        return q->m->tail[a] > q->m->tail[b];
    return x->stack != y->stack ? x->stack < y->stack : sooner(q, a, b);
}

typedef enum {
    BY_PREFERENCE, /* now */
    BY_TIME,       /* later */
    BY_DEPTH       /* deep */
} heap_order;

static bool before(const ready_queue *q, heap_order order, int32_t a, int32_t b) {
    switch (order) {
    case BY_PREFERENCE:
        return preferred(q, a, b);
    case BY_TIME:
        return sooner(q, a, b);
    case BY_DEPTH:
        return deeper(q, a, b);
    }
    return false;
}

static void swap(ready_heap *h, int32_t i, int32_t k) {
    int32_t t = h->items[i];
    h->items[i] = h->items[k];
    h->items[k] = t;
}

static void sift_up(const ready_queue *q, ready_heap *h, heap_order order, int32_t i) {
    for (; i > 0 && before(q, order, h->items[i], h->items[(i - 1) / 2]); i = (i - 1) / 2)
        swap(h, i, (i - 1) / 2);
}

static void sift_down(const ready_queue *q, ready_heap *h, heap_order order, int32_t i) {
    for (;;) {
        int32_t child = 2 * i + 1;
        if (child >= h->n)
            return;
        if (child + 1 < h->n && before(q, order, h->items[child + 1], h->items[child]))
            ++child;
        if (!before(q, order, h->items[child], h->items[i]))
            return;
        swap(h, i, child);
        i = child;
    }
}

static void push(const ready_queue *q, ready_heap *h, heap_order order, int32_t ct) {
    if (h->n == h->capacity) {
        h->capacity = h->capacity ? 2 * h->capacity : 32;
        h->items = stream_alloc_grown(h->items, (size_t)h->capacity, sizeof *h->items);
    }
    h->items[h->n] = ct;
    sift_up(q, h, order, h->n++);
}

/* The first CT that is not placed yet stays on top; -1: there is none. */
static int32_t top(const ready_queue *q, ready_heap *h, heap_order order) {
    while (h->n && q->placed[h->items[0]]) {
        h->items[0] = h->items[--h->n];
        sift_down(q, h, order, 0);
    }
    return h->n ? h->items[0] : -1;
}

static void pop(const ready_queue *q, ready_heap *h, heap_order order) {
    h->items[0] = h->items[--h->n];
    sift_down(q, h, order, 0);
}

void stream_ready_open(ready_queue *q, const model *m) {
    size_t cores = (size_t)m->acc->n_cores, cts = (size_t)m->graph->n_cts;
    *q = (ready_queue){.m = m,
                       .n_cores = m->acc->n_cores,
                       .now = stream_alloc_zeroed(cores, sizeof *q->now),
                       .later = stream_alloc_zeroed(cores, sizeof *q->later),
                       .deep = stream_alloc_zeroed(cores, sizeof *q->deep),
                       .placed = stream_alloc_zeroed(cts, sizeof *q->placed),
                       .time = stream_alloc_zeroed(cts, sizeof *q->time),
                       .missing = stream_alloc_zeroed(cts, sizeof *q->missing),
                       .blocked = stream_alloc_zeroed(cores, sizeof *q->blocked)};
}

void stream_ready_close(ready_queue *q) {
    for (int32_t c = 0; c < q->n_cores; ++c) {
        free(q->now[c].items);
        free(q->later[c].items);
        free(q->deep[c].items);
    }
    free(q->now);
    free(q->later);
    free(q->deep);
    free(q->placed);
    free(q->time);
    free(q->missing);
    free(q->blocked);
}

/* A given order needs no queue. */
static void make_ready(ready_queue *q, int32_t ct, int32_t core) {
    if (q->priority == STREAM_PRIORITY_GIVEN)
        return;
    push(q, &q->later[core], BY_TIME, ct);
    push(q, &q->deep[core], BY_DEPTH, ct);
}

void stream_ready_reset(ready_queue *q, const int32_t *cores, stream_priority priority) {
    const stream_ct_graph *g = q->m->graph;
    q->priority = priority;
    for (int32_t c = 0; c < q->n_cores; ++c) {
        q->now[c].n = q->later[c].n = q->deep[c].n = 0;
        q->blocked[c] = false;
    }
    for (int32_t i = 0; i < g->n_cts; ++i) {
        q->time[i] = 0;
        q->placed[i] = false;
        q->missing[i] = g->pred_first[i + 1] - g->pred_first[i];
    }
    for (int32_t i = 0; i < g->n_cts; ++i)
        if (q->missing[i] == 0)
            make_ready(q, i, cores[i]);
}

bool stream_ready_produced(ready_queue *q, int32_t ct, int32_t core, int64_t end) {
    if (end > q->time[ct])
        q->time[ct] = end;
    if (--q->missing[ct] > 0)
        return false;
    make_ready(q, ct, core);
    return true;
}

/* A blocked core waits for the others to free memory as long as it takes it to run so many CTs. */
#define PATIENCE 2

/* What `core` should run next; -1: nothing is ready. */
static int32_t candidate(ready_queue *q, int32_t core, int64_t core_free) {
    ready_heap *now = &q->now[core], *later = &q->later[core];
    int32_t ct;
    while ((ct = top(q, later, BY_TIME)) >= 0 && q->time[ct] <= core_free) {
        pop(q, later, BY_TIME);
        push(q, now, BY_PREFERENCE, ct);
    }
    int32_t first = top(q, now, BY_PREFERENCE);
    return first >= 0 ? first : ct;
}

static int64_t start_of(const ready_queue *q, int32_t ct, int64_t core_free) {
    return q->time[ct] > core_free ? q->time[ct] : core_free;
}

/* Is a candidate of one core to be tried before that of another? Cores go on side by side in time:
 * the data that they share is read by all and gone. */
static bool goes_first(const ready_queue *q, int32_t a, int64_t a_start, int32_t b,
                       int64_t b_start) {
    int32_t order = q->priority == STREAM_PRIORITY_MEMORY ? compare_depth(q->m, a, b) : 0;
    return order ? order < 0 : a_start < b_start;
}

int32_t stream_ready_pick(ready_queue *q, const int64_t *core_free, int32_t *out_core) {
    int32_t best = -1;
    int64_t best_start = 0;
    for (int32_t c = 0; c < q->n_cores; ++c) {
        int32_t ct = q->blocked[c] ? -1 : candidate(q, c, core_free[c]);
        if (ct < 0)
            continue;
        int64_t start = start_of(q, ct, core_free[c]);
        if (best >= 0 && !goes_first(q, ct, start, best, best_start))
            continue;
        best = ct;
        best_start = start;
        *out_core = c;
    }
    return best;
}

int32_t stream_ready_starved(ready_queue *q, const int32_t *cores, const int64_t *core_free,
                             int32_t other, int32_t *out_core) {
    int64_t other_start = start_of(q, other, core_free[cores[other]]);
    for (int32_t c = 0; c < q->n_cores; ++c) {
        int32_t ct = q->blocked[c] ? candidate(q, c, core_free[c]) : -1;
        if (ct < 0)
            continue;
        int64_t cycles = q->m->cycles[(int64_t)q->m->graph->cts[ct].kernel * q->n_cores + c];
        if (start_of(q, ct, core_free[c]) + PATIENCE * cycles < other_start) {
            *out_core = c;
            return ct;
        }
    }
    return -1;
}

int32_t stream_ready_deepest(ready_queue *q, int32_t core, int32_t *out_core) {
    int32_t best = -1;
    for (int32_t c = core < 0 ? 0 : core; c < (core < 0 ? q->n_cores : core + 1); ++c) {
        int32_t ct = top(q, &q->deep[c], BY_DEPTH);
        if (ct < 0 || (best >= 0 && !deeper(q, ct, best)))
            continue;
        best = ct;
        *out_core = c;
    }
    return best;
}

void stream_ready_remove(ready_queue *q, int32_t ct) {
    q->placed[ct] = true;
}
