/* Addresses for intervals of time that are known; see layout.h. */

#include "layout.h"

#include "stream/support/alloc.h"
#include "stream/support/integer.h"

#include <stdlib.h>
#include <string.h>

/* Placed items are in lists by parts of the time, each in all that it touches:
 *
 *   part      0      1      2      3
 *   item 0    |--------------------|
 *   item 1           |--|
 *   item 2              |------|
 */
#define MOST_PARTS 512

/* Tries with the highest item first end, for each order, when so many items were looked at; and any
 * try does when it alone has looked at MOST_IN_TRY, as it may where many of many items are there at
 * once. */
#define MOST_WORK   ((int64_t)1 << 18)
#define MOST_IN_TRY ((int64_t)1 << 23)

typedef struct {
    int32_t item, next;
} entry;

typedef struct {
    int64_t address, end;
} range;

typedef struct {
    const layout_item *items;
    int32_t n;
    int64_t *ends; /* [n_parts] the last time of each part */
    int32_t n_parts;
    int32_t *heads; /* [n_parts] */
    entry *links;
    int32_t n_links, links_capacity;
    int32_t *seen; /* [n] == the item that is being placed */
    int32_t *order;
    int64_t *addresses;
    int32_t n_placed; /* of the order, by the last try */
    int64_t work;     /* items looked at, sorted or entered in a part */
    range *near;      /* [n] of those placed that are there at the same time */
} layout;

static int by_time(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Parts in which about equally many items start. */
static void cut_time(layout *l) {
    int64_t *starts = stream_alloc_zeroed((size_t)l->n, sizeof *starts);
    l->n_parts = l->n / 8 < 1 ? 1 : l->n / 8 > MOST_PARTS ? MOST_PARTS : l->n / 8;
    l->ends = stream_alloc_zeroed((size_t)l->n_parts, sizeof *l->ends);
    for (int32_t i = 0; i < l->n; ++i)
        starts[i] = l->items[i].start;
    qsort(starts, (size_t)l->n, sizeof *starts, by_time);
    for (int32_t k = 0; k < l->n_parts; ++k)
        l->ends[k] = k + 1 < l->n_parts ? starts[(int64_t)(k + 1) * l->n / l->n_parts] : INT64_MAX;
    free(starts);
}

/* The part in which the time is. */
static int32_t part_of(const layout *l, int64_t time) {
    int32_t lo = 0, hi = l->n_parts - 1;
    while (lo < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        if (time < l->ends[mid])
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo;
}

static void enter(layout *l, int32_t item) {
    int32_t last = part_of(l, l->items[item].until - 1);
    for (int32_t k = part_of(l, l->items[item].start); k <= last; ++k) {
        if (l->n_links == l->links_capacity) {
            l->links_capacity = l->links_capacity ? 2 * l->links_capacity : 1024;
            l->links = stream_alloc_grown(l->links, (size_t)l->links_capacity, sizeof *l->links);
        }
        l->links[l->n_links] = (entry){item, l->heads[k]};
        l->heads[k] = l->n_links++;
        l->work++;
    }
}

static int by_address(const void *a, const void *b) {
    const range *x = a, *y = b;
    return (x->address > y->address) - (x->address < y->address);
}

/* By insertion if they are few, which most are. */
static void sort_ranges(range *ranges, int32_t n) {
    if (n > 64) {
        qsort(ranges, (size_t)n, sizeof *ranges, by_address);
        return;
    }
    for (int32_t i = 1; i < n; ++i) {
        range moved = ranges[i];
        int32_t k = i;
        for (; k > 0 && ranges[k - 1].address > moved.address; --k)
            ranges[k] = ranges[k - 1];
        ranges[k] = moved;
    }
}

/* Placed items that are there at the same time, by address, in l->near. */
static int32_t find_near(layout *l, int32_t item) {
    const layout_item *it = &l->items[item];
    int32_t last = part_of(l, it->until - 1), n = 0;
    for (int32_t k = part_of(l, it->start); k <= last; ++k)
        for (int32_t i = l->heads[k]; i >= 0; i = l->links[i].next) {
            int32_t other = l->links[i].item;
            const layout_item *at = &l->items[other];
            l->work++;
            if (l->seen[other] == item || at->start >= it->until || at->until <= it->start)
                continue;
            l->seen[other] = item;
            l->near[n++] = (range){l->addresses[other], l->addresses[other] + at->bits};
        }
    sort_ranges(l->near, n);
    l->work += n;
    return n;
}

/* The smallest gap that holds it, or the end. */
static int64_t find_gap(const layout *l, int32_t n, int64_t bits) {
    int64_t end = 0, best = -1, least = INT64_MAX;
    for (int32_t i = 0; i < n; ++i) {
        int64_t gap = l->near[i].address - end;
        if (gap >= bits && gap < least) {
            least = gap;
            best = end;
        }
        end = stream_max_i64(end, l->near[i].end);
    }
    return best < 0 ? end : best;
}

/* Places the items in l->order; the highest address, or INT64_MAX as soon as it is no better than
 * `most` or takes too long. */
static int64_t place_all(layout *l, int64_t most) {
    int64_t top = 0, limit = l->work + MOST_IN_TRY;
    l->n_links = 0;
    memset(l->heads, 0xff, (size_t)l->n_parts * sizeof *l->heads);
    memset(l->seen, 0xff, (size_t)l->n * sizeof *l->seen);
    for (int32_t i = 0; i < l->n; ++i) {
        int32_t item = l->order[i];
        int64_t at = find_gap(l, find_near(l, item), l->items[item].bits);
        top = stream_max_i64(top, at + l->items[item].bits);
        l->addresses[item] = at;
        l->n_placed = i + 1;
        if (top >= most || l->work > limit)
            return INT64_MAX;
        enter(l, item);
    }
    return top;
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
    BY_LENGTH,
    BY_BITS,
    BY_AREA,
    BY_START,
    N_ORDERS
};

static void sort(const layout *l, int order) {
    order_key *keys = stream_alloc_zeroed((size_t)l->n, sizeof *keys);
    for (int32_t i = 0; i < l->n; ++i) {
        double length = (double)(l->items[i].until - l->items[i].start);
        double bits = (double)l->items[i].bits;
        double of[N_ORDERS] = {length, bits, length * bits, -(double)l->items[i].start};
        keys[i] = (order_key){of[order], i};
    }
    qsort(keys, (size_t)l->n, sizeof *keys, by_key);
    for (int32_t i = 0; i < l->n; ++i)
        l->order[i] = keys[i].item;
    free(keys);
}

/* The item that ends highest becomes the first of the order: next time it finds the room that it
 * needs. */
static void promote_highest(layout *l) {
    int32_t at = 0;
    int64_t top = -1;
    for (int32_t i = 0; i < l->n_placed; ++i) {
        int64_t end = l->addresses[l->order[i]] + l->items[l->order[i]].bits;
        if (end > top) {
            top = end;
            at = i;
        }
    }
    int32_t item = l->order[at];
    memmove(l->order + 1, l->order, (size_t)at * sizeof *l->order);
    l->order[0] = item;
}

/* ---- all of it */

/* What the own addresses use. */
static int64_t own_extent(layout *l, int64_t size) {
    int64_t end = 0, unused = 0;
    for (int32_t i = 0; i < l->n; ++i)
        l->near[i] = (range){l->items[i].address, l->items[i].address + l->items[i].bits};
    sort_ranges(l->near, l->n);
    for (int32_t i = 0; i < l->n; ++i) {
        unused = stream_max_i64(unused, l->near[i].address - end);
        end = stream_max_i64(end, l->near[i].end);
    }
    return size - stream_max_i64(unused, size - end);
}

static void open(layout *l, const layout_item *items, int32_t n) {
    *l = (layout){.items = items, .n = n};
    cut_time(l);
    l->heads = stream_alloc_zeroed((size_t)l->n_parts, sizeof *l->heads);
    l->seen = stream_alloc_zeroed((size_t)n, sizeof *l->seen);
    l->order = stream_alloc_zeroed((size_t)n, sizeof *l->order);
    l->addresses = stream_alloc_zeroed((size_t)n, sizeof *l->addresses);
    l->near = stream_alloc_zeroed((size_t)n, sizeof *l->near);
}

static void close(layout *l) {
    free(l->ends);
    free(l->heads);
    free(l->links);
    free(l->seen);
    free(l->order);
    free(l->addresses);
    free(l->near);
}

/* Places the items in l->order, and keeps that if it is better than *best. */
static bool try_order(layout *l, layout_item *items, int64_t *best) {
    int64_t top = place_all(l, *best);
    if (top == INT64_MAX)
        return false;
    *best = top;
    for (int32_t i = 0; i < l->n; ++i)
        items[i].address = l->addresses[i];
    return true;
}

bool stream_layout_improve(layout_item *items, int32_t n, int64_t size, int64_t good) {
    layout l;
    open(&l, items, n);
    int64_t best = own_extent(&l, size);
    bool better = false;
    for (int order = 0; order < N_ORDERS && best > good; ++order) {
        sort(&l, order);
        better |= try_order(&l, items, &best);
        while (best > good && l.work < MOST_WORK * (order + 1)) {
            promote_highest(&l);
            better |= try_order(&l, items, &best);
        }
    }
    close(&l);
    return better;
}
