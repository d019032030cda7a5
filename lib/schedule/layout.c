/* Addresses for intervals of time that are known; see layout.h. */

#include "layout_eject.h"

#include "stream/support/alloc.h"
#include "stream/support/integer.h"

#include <stdlib.h>

typedef struct {
    layout_space space;
    layout_item *items;
    int32_t *order; /* [n] */
    int64_t best;   /* what a layout must not reach to be better */
    bool found;     /* one was, and is the items' */
} search;

static void open(search *l, layout_item *items, int32_t n, int64_t best) {
    *l = (search){.items = items, .best = best};
    stream_layout_open(&l->space, items, n);
    l->order = stream_alloc_zeroed((size_t)n, sizeof *l->order);
}

static void close(search *l) {
    stream_layout_close(&l->space);
    free(l->order);
}

static int64_t end_of(const layout_space *s, int32_t item) {
    return s->addresses[item] + s->items[item].bits;
}

/* All items are placed: their addresses become the items' own. */
static void keep(search *l) {
    l->best = 0;
    l->found = true;
    for (int32_t i = 0; i < l->space.n; ++i) {
        l->best = stream_max_i64(l->best, end_of(&l->space, i));
        l->items[i].address = l->space.addresses[i];
    }
}

/* ---- orders */

typedef struct {
    double key; /* large first */
    int32_t item;
} order_key;

static int by_key(const void *a, const void *b) {
    const order_key *x = a, *y = b;
    if (x->key != y->key)
        return x->key > y->key ? -1 : 1;
    return (x->item > y->item) - (x->item < y->item);
}

enum {
    BY_AREA,
    BY_BITS,
    BY_START,
    BY_LENGTH,
    N_ORDERS
};

static void sort(search *l, int order) {
    int32_t n = l->space.n;
    order_key *keys = stream_alloc_zeroed((size_t)n, sizeof *keys);
    for (int32_t i = 0; i < n; ++i) {
        const layout_item *it = &l->items[i];
        double length = (double)(it->until - it->start), bits = (double)it->bits;
        double of[N_ORDERS] = {length * bits, bits, -(double)it->start, length};
        keys[i] = (order_key){of[order], i};
    }
    qsort(keys, (size_t)n, sizeof *keys, by_key);
    for (int32_t i = 0; i < n; ++i)
        l->order[i] = keys[i].item;
    free(keys);
}

/* Places the items in l->order, each in the smallest gap or at the end, and keeps that if it is
 * better. */
static void try_order(search *l) {
    layout_space *s = &l->space;
    int64_t limit = s->work + LAYOUT_MOST_IN_TRY;
    stream_layout_clear(s);
    for (int32_t i = 0; i < s->n; ++i) {
        int32_t item = l->order[i], n_near = stream_layout_near(s, item, LAYOUT_LOWER);
        stream_layout_place(s, item, stream_layout_gap(s, n_near, s->items[item].bits, INT64_MAX));
        if (end_of(s, item) >= l->best || s->work > limit)
            return;
    }
    keep(l);
}

static void try_orders(search *l, int64_t good, int64_t work) {
    for (int order = 0; order < N_ORDERS && l->best > good && l->space.work < work; ++order) {
        sort(l, order);
        try_order(l);
    }
}

/* ---- ejection */

static bool eject(search *l, int order, int64_t size, int64_t work) {
    sort(l, order);
    if (!stream_layout_eject(&l->space, l->order, size, work))
        return false;
    keep(l);
    return true;
}

/* Of one try, by ejection. */
#define WORK_TO_FIND    ((int64_t)1 << 17)
#define WORK_TO_IMPROVE ((int64_t)1 << 20)
/* What is tried to find a layout: the first so many orders. */
#define ORDERS_TO_FIND  2

bool stream_layout_find(layout_item *items, int32_t n, int64_t size, int64_t *work) {
    search l;
    if (*work <= 0)
        return false;
    open(&l, items, n, size + 1);
    try_orders(&l, size, *work);
    for (int order = 0; order < ORDERS_TO_FIND && !l.found && l.space.work < *work; ++order)
        eject(&l, order, size, WORK_TO_FIND);
    *work -= l.space.work;
    close(&l);
    return l.found;
}

/* What the own addresses use. */
static int64_t own_extent(search *l, int64_t size) {
    layout_range *near = l->space.near[LAYOUT_LOWER];
    int64_t end = 0, unused = 0;
    for (int32_t i = 0; i < l->space.n; ++i)
        near[i] = (layout_range){l->items[i].address, l->items[i].address + l->items[i].bits, i};
    stream_layout_sort(&l->space, near, l->space.n);
    for (int32_t i = 0; i < l->space.n; ++i) {
        unused = stream_max_i64(unused, near[i].key - end);
        end = stream_max_i64(end, near[i].other_end);
    }
    return size - stream_max_i64(unused, size - end);
}

#define TRIES      6
/* What is no more than this part of the size above what cannot be reached is good, too. */
#define CLOSE_PART 256

/* Between what was reached and what was not, beginning with what is wanted. */
static void eject_to(search *l, int64_t size, int64_t good) {
    int64_t failed = good - 1;
    for (int i = 0; i < TRIES && l->best > good && l->best - failed > size / CLOSE_PART; ++i) {
        int64_t aim = i == 0 ? good : failed + (l->best - failed) / 2;
        if (!eject(l, i % N_ORDERS, aim, WORK_TO_IMPROVE))
            failed = aim;
    }
}

bool stream_layout_improve(layout_item *items, int32_t n, int64_t size, int64_t good) {
    search l;
    open(&l, items, n, INT64_MAX);
    l.best = own_extent(&l, size);
    try_orders(&l, good, INT64_MAX);
    eject_to(&l, size, good);
    close(&l);
    return l.found;
}
