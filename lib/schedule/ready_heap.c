/* A heap beside a sorted list; see ready_heap.h. */

#include "ready_heap.h"

#include "stream/support/alloc.h"

#include <stdlib.h>

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

void stream_ready_heap_remove_first(ready_heap *h) {
    if (stream_ready_heap_lists_first(h))
        ++h->at;
    else
        pop(h);
}

static void append_to(ready_key **items, int32_t *n, int32_t *capacity, ready_key item) {
    if (*n == *capacity) {
        *capacity = *capacity ? 2 * *capacity : 32;
        *items = stream_alloc_grown(*items, (size_t)*capacity, sizeof **items);
    }
    (*items)[(*n)++] = item;
}

void stream_ready_heap_append(ready_heap *h, ready_key item) {
    append_to(&h->items, &h->n, &h->capacity, item);
}

void stream_ready_heap_push(ready_heap *h, ready_key item) {
    stream_ready_heap_append(h, item);
    sift_up(h, h->n_sorted++);
}

void stream_ready_heap_enlist(ready_heap *h, ready_key item) {
    append_to(&h->list, &h->n_list, &h->list_capacity, item);
}

static int by_key(const void *a, const void *b) {
    const ready_key *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

void stream_ready_heap_sort_list(ready_heap *h) {
    int32_t i = 1;
    while (i < h->n_list && h->list[i - 1] < h->list[i])
        ++i;
    if (i < h->n_list)
        qsort(h->list, (size_t)h->n_list, sizeof *h->list, by_key);
}

void stream_ready_heap_clear(ready_heap *h) {
    h->n = h->n_sorted = h->at = h->n_list = 0;
}

void stream_ready_heap_free(ready_heap *h) {
    free(h->items);
    free(h->list);
}
