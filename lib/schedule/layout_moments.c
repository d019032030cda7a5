/* Items and moments; see layout_moments.h. */

#include "layout_moments.h"

#include "stream/support/alloc.h"
#include "stream/support/sort.h"

#include <stdlib.h>

typedef struct {
    layout_moments *m;
    const layout_item *items;
    stream_keyed *keys, *scratch; /* [n] */
    int64_t *times;               /* [n_moments] the last start of a moment */
    int32_t *first, *end;         /* [n] by item */
} builder;

static void sort(const builder *b) {
    stream_sort_keyed(b->keys, (size_t)b->m->n, b->scratch);
}

/* Ends of all items, ascending. */
static int64_t *sorted_ends(const builder *b) {
    int64_t *ends = stream_alloc_zeroed((size_t)b->m->n, sizeof *ends);
    for (int32_t i = 0; i < b->m->n; ++i)
        b->keys[i] = (stream_keyed){(uint64_t)b->items[i].until, i};
    sort(b);
    for (int32_t i = 0; i < b->m->n; ++i)
        ends[i] = (int64_t)b->keys[i].key;
    return ends;
}

/* The first moment of every item: a new one where some have ended since the last start. */
static void find_moments(const builder *b) {
    int64_t *ends = sorted_ends(b);
    int32_t n = b->m->n, n_ended = 0;
    for (int32_t i = 0; i < n; ++i)
        b->keys[i] = (stream_keyed){(uint64_t)b->items[i].start, i};
    sort(b);
    for (int32_t i = 0; i < n; ++i) {
        int64_t start = (int64_t)b->keys[i].key;
        bool is_new = i == 0 || ends[n_ended] <= start;
        while (ends[n_ended] <= start)
            ++n_ended;
        b->m->n_moments += is_new;
        b->times[b->m->n_moments - 1] = start;
        b->first[b->keys[i].value] = b->m->n_moments - 1;
    }
    free(ends);
}

/* The first moment that is not before the time. */
static int32_t moment_from(const builder *b, int64_t time) {
    int32_t lo = 0, hi = b->m->n_moments;
    while (lo < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        if (b->times[mid] < time)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Up to 3 moments, 15, 63 ... */
static int32_t class_of(int32_t n_moments) {
    int32_t k = 0;
    for (; n_moments >= 4; n_moments /= 4)
        ++k;
    return k;
}

static void rank(const builder *b) {
    layout_moments *m = b->m;
    for (int32_t i = 0; i < m->n; ++i) {
        uint64_t class = (uint64_t)class_of(b->end[i] - b->first[i]);
        b->keys[i] = (stream_keyed){class * (uint64_t)m->n_moments + (uint64_t)b->first[i], i};
    }
    sort(b);
    for (int32_t i = 0; i < m->n; ++i) {
        m->items[i] = (int32_t)b->keys[i].value;
        m->first[i] = b->first[m->items[i]];
        m->end[i] = b->end[m->items[i]];
    }
}

/* The class of ranks [from, until). */
static void add_class(layout_moments *m, int32_t from, int32_t until) {
    layout_class *c = &m->classes[m->n_classes++];
    c->begun = stream_alloc_zeroed((size_t)m->n_moments + 1, sizeof *c->begun);
    c->longest = 0;
    for (int32_t k = 0, i = from; k <= m->n_moments; ++k) {
        while (i < until && m->first[i] < k)
            ++i;
        c->begun[k] = i;
    }
    for (int32_t i = from; i < until; ++i)
        if (m->end[i] - m->first[i] > c->longest)
            c->longest = m->end[i] - m->first[i];
}

static void add_classes(layout_moments *m) {
    for (int32_t from = 0, until; from < m->n; from = until) {
        int32_t class = class_of(m->end[from] - m->first[from]);
        for (until = from + 1; until < m->n; ++until)
            if (class_of(m->end[until] - m->first[until]) != class)
                break;
        add_class(m, from, until);
    }
}

static int32_t *new_ids(int32_t n) {
    return stream_alloc_zeroed((size_t)n, sizeof(int32_t));
}

void stream_layout_moments_open(layout_moments *m, const layout_item *items, int32_t n) {
    *m = (layout_moments){.n = n, .items = new_ids(n), .first = new_ids(n), .end = new_ids(n)};
    builder b = {.m = m,
                 .items = items,
                 .keys = stream_alloc_zeroed((size_t)n, sizeof *b.keys),
                 .scratch = stream_alloc_zeroed((size_t)n, sizeof *b.scratch),
                 .times = stream_alloc_zeroed((size_t)n, sizeof *b.times),
                 .first = new_ids(n),
                 .end = new_ids(n)};
    find_moments(&b);
    for (int32_t i = 0; i < n; ++i)
        b.end[i] = moment_from(&b, items[i].until);
    rank(&b);
    add_classes(m);
    free(b.keys);
    free(b.scratch);
    free(b.times);
    free(b.first);
    free(b.end);
}

void stream_layout_moments_close(layout_moments *m) {
    for (int32_t k = 0; k < m->n_classes; ++k)
        free(m->classes[k].begun);
    free(m->items);
    free(m->first);
    free(m->end);
}
