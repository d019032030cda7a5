/* Lists of moments; see layout_witnesses.h. */

#include "layout_witnesses.h"

#include "stream/support/alloc.h"

#include <stdlib.h>
#include <string.h>

static void add(layout_lists *l, int32_t moment, int32_t left, int32_t item) {
    int32_t next = l->of_item[item];
    l->prev[moment] = -1;
    l->next[moment] = next;
    if (next >= 0)
        l->prev[next] = moment;
    l->of_item[item] = moment;
    l->most[item] = left > l->most[item] ? left : l->most[item];
}

void stream_layout_witnesses_change(layout_witnesses *w, int32_t moment, int32_t from, int32_t to) {
    layout_lists *l = &w->now;
    int32_t next = l->next[moment], prev = l->prev[moment];
    *(prev < 0 ? &l->of_item[from] : &l->next[prev]) = next;
    if (next >= 0)
        l->prev[next] = prev;
    add(l, moment, w->left[moment], to);
}

/* The last of the first class that has one. */
static int32_t find_first(const layout_moments *m, int32_t moment) {
    for (int32_t k = 0; k < m->n_classes; ++k) {
        layout_ranks r = stream_layout_ranks(&m->classes[k], moment, moment + 1);
        for (int32_t i = r.until - 1; i >= r.from; --i)
            if (m->end[i] > moment)
                return i;
    }
    return -1;
}

static layout_lists new_lists(const layout_moments *m) {
    size_t n = (size_t)m->n, n_moments = (size_t)m->n_moments;
    return (layout_lists){.of_item = stream_alloc_zeroed(n, sizeof(int32_t)),
                          .most = stream_alloc_zeroed(n, sizeof(int32_t)),
                          .next = stream_alloc_zeroed(n_moments, sizeof(int32_t)),
                          .prev = stream_alloc_zeroed(n_moments, sizeof(int32_t))};
}

static void free_lists(layout_lists *l) {
    free(l->of_item);
    free(l->most);
    free(l->next);
    free(l->prev);
}

void stream_layout_witnesses_open(layout_witnesses *w, const layout_moments *moments,
                                  const int32_t *held, const int32_t *left) {
    *w = (layout_witnesses){moments, left, new_lists(moments), new_lists(moments)};
    for (int32_t i = 0; i < moments->n; ++i)
        w->at_first.of_item[i] = -1;
    for (int32_t k = 0; k < moments->n_moments; ++k)
        add(&w->at_first, k, held[k], find_first(moments, k));
}

void stream_layout_witnesses_close(layout_witnesses *w) {
    free_lists(&w->now);
    free_lists(&w->at_first);
}

void stream_layout_witnesses_reset(layout_witnesses *w) {
    size_t n = (size_t)w->moments->n, n_moments = (size_t)w->moments->n_moments;
    memcpy(w->now.of_item, w->at_first.of_item, n * sizeof(int32_t));
    memcpy(w->now.most, w->at_first.most, n * sizeof(int32_t));
    memcpy(w->now.next, w->at_first.next, n_moments * sizeof(int32_t));
    memcpy(w->now.prev, w->at_first.prev, n_moments * sizeof(int32_t));
}
