/* Layouts from below; see layout_stack.h. */

#include "layout_stack.h"

#include "draw.h"
#include "layout_order.h"
#include "layout_units.h"

#include "stream/support/alloc.h"
#include "stream/support/integer.h"

#include <stdlib.h>
#include <string.h>

/* ---- sizes */

/* What is held at each moment; more than any layout holds is not told apart. */
static void add_sizes(layout_stack *s, const layout_item *items) {
    const layout_moments *m = &s->moments;
    int64_t *changes = stream_alloc_zeroed((size_t)m->n_moments + 1, sizeof *changes), held = 0;
    for (int32_t i = 0; i < m->n; ++i) {
        s->sizes[i] = stream_layout_in_units(items[m->items[i]].bits, s->unit);
        changes[m->first[i]] += s->sizes[i];
        changes[m->end[i]] -= s->sizes[i];
    }
    for (int32_t k = 0; k < m->n_moments; ++k) {
        held += changes[k];
        s->held[k] = (int32_t)stream_min_i64(held, 2 * (int64_t)LAYOUT_MOST_UNITS);
        s->most = stream_max_i64(s->most, s->held[k]);
    }
    free(changes);
}

/* ---- priorities */

/* The first is of 2^16, the others evenly below; what a failure adds is an eighth of that. */
#define FIRST_PRIORITY 65536
#define RAISE          (FIRST_PRIORITY / 16)
#define MOST_PRIORITY  (INT32_MAX - 3 * RAISE)

static void set_priorities(layout_stack *s, const layout_item *items) {
    static const layout_order by[LAYOUT_N_STACKS] = {LAYOUT_BY_AREA, LAYOUT_BY_BITS};
    int32_t n = s->moments.n;
    int32_t *order = stream_alloc_zeroed((size_t)n, sizeof *order);
    int32_t *places = stream_alloc_zeroed((size_t)n, sizeof *places);
    for (int32_t k = 0; k < LAYOUT_N_STACKS; ++k) {
        stream_layout_order(items, n, by[k], order);
        for (int32_t i = 0; i < n; ++i)
            places[order[i]] = i;
        for (int32_t i = 0; i < n; ++i)
            s->priorities[k][i] =
                (int32_t)((int64_t)FIRST_PRIORITY * (n - places[s->moments.items[i]]) / n);
    }
    free(order);
    free(places);
}

/* Those that were still to come at the moment. */
static void raise(layout_stack *s, int32_t *priorities, int32_t moment) {
    const layout_moments *m = &s->moments;
    for (int32_t k = 0; k < m->n_classes; ++k) {
        layout_ranks r = stream_layout_ranks(&m->classes[k], moment, moment + 1);
        for (int32_t i = r.from; i < r.until; ++i)
            if (m->end[i] > moment && s->lowest[i] != LAYOUT_LIES && priorities[i] < MOST_PRIORITY)
                priorities[i] += RAISE + (int32_t)stream_draw(&s->random, 2 * RAISE);
        s->work += r.until - r.from;
    }
}

/* ---- one stack */

static void clear(layout_stack *s, const int32_t *priorities) {
    memset(s->lowest, 0, (size_t)s->moments.n * sizeof *s->lowest);
    memcpy(s->left, s->held, (size_t)s->moments.n_moments * sizeof *s->left);
    stream_layout_witnesses_reset(&s->witnesses);
    stream_layout_next_update(&s->next, s->lowest, priorities, 0, s->moments.n);
    s->work += s->moments.n / 4 + LAYOUT_BLOCK;
}

/* ---- witnesses */

/* An item is to lie with its end at `top`. */
typedef struct {
    int32_t item, top, size;
} trial;

static bool meet(const layout_moments *m, int32_t a, int32_t b) {
    return m->first[a] < m->end[b] && m->first[b] < m->end[a];
}

/* What is still to come at the moment, after the item. */
static int32_t left_after(const layout_stack *s, const trial *t, int32_t moment) {
    const layout_moments *m = &s->moments;
    bool is_there = m->first[t->item] <= moment && moment < m->end[t->item];
    return s->left[moment] - (is_there ? s->sizes[t->item] : 0);
}

/* -1: there is none. */
static int32_t find_witness(layout_stack *s, const trial *t, int32_t moment) {
    const layout_moments *m = &s->moments;
    int32_t highest = t->size - left_after(s, t, moment), found = -1;
    for (int32_t k = 0; found < 0 && k < m->n_classes; ++k) {
        layout_ranks r = stream_layout_ranks(&m->classes[k], moment, moment + 1);
        int32_t i = r.until - 1;
        for (; found < 0 && i >= r.from; --i)
            if (s->lowest[i] <= highest && m->end[i] > moment && i != t->item &&
                (t->top <= highest || !meet(m, i, t->item)))
                found = i;
        s->work += r.until - 1 - i;
    }
    return found;
}

/* Of the moments of witness i one that is left without; -1: none. */
static int32_t find_without(layout_stack *s, const trial *t, int32_t i) {
    layout_lists *l = &s->witnesses.now;
    int32_t most = 0;
    for (int32_t k = l->of_item[i], next; k >= 0; k = next) {
        int32_t left = left_after(s, t, k);
        next = l->next[k];
        s->work++;
        if (left == 0 || (i != t->item && t->top + left <= t->size)) {
            most = s->left[k] > most ? s->left[k] : most;
            continue;
        }
        int32_t other = find_witness(s, t, k);
        if (other < 0)
            return k;
        stream_layout_witnesses_change(&s->witnesses, k, i, other);
    }
    l->most[i] = most;
    return -1;
}

/* Can it be that the item is no witness any more? */
static bool may_fail(const layout_stack *s, const trial *t, int32_t i) {
    const layout_lists *l = &s->witnesses.now;
    if (l->of_item[i] < 0 || s->moments.end[i] <= s->moments.first[t->item])
        return false;
    return i == t->item || (s->lowest[i] < t->top && t->top + l->most[i] > t->size);
}

/* A moment at which there is too much with the item; -1: none. */
static int32_t find_overfull_there(const layout_stack *s, const trial *t) {
    const layout_moments *m = &s->moments;
    int32_t first = m->first[t->item], end = m->end[t->item], most = 0;
    for (int32_t k = first; k < end; ++k)
        most = s->left[k] > most ? s->left[k] : most;
    if (t->top + most - s->sizes[t->item] <= t->size)
        return -1;
    while (s->left[first] != most)
        ++first;
    return first;
}

/* Or a moment that would have no witness. */
static int32_t find_overfull(layout_stack *s, const trial *t) {
    const layout_moments *m = &s->moments;
    int32_t first = m->first[t->item], end = m->end[t->item];
    int32_t overfull = find_overfull_there(s, t);
    for (int32_t k = 0; overfull < 0 && k < m->n_classes; ++k) {
        layout_ranks r = stream_layout_ranks(&m->classes[k], first, end);
        for (int32_t i = r.from; overfull < 0 && i < r.until; ++i)
            if (may_fail(s, t, i))
                overfull = find_without(s, t, i);
        s->work += (r.until - r.from) / 2;
    }
    return overfull;
}

/* What can lie at the moment, the next of it; -1: nothing but `not_this`. */
static int32_t next_at(layout_stack *s, const int32_t *priorities, int32_t moment, int32_t size,
                       int32_t not_this) {
    const layout_moments *m = &s->moments;
    layout_least best = {size - s->left[moment] + 1, 0};
    int32_t item = -1;
    for (int32_t k = 0; k < m->n_classes; ++k) {
        layout_ranks r = stream_layout_ranks(&m->classes[k], moment, moment + 1);
        for (int32_t i = r.from; i < r.until; ++i) {
            layout_least least = {s->lowest[i], priorities[i]};
            if (m->end[i] > moment && i != not_this && stream_layout_is_before(&least, &best)) {
                best = least;
                item = i;
            }
        }
        s->work += (r.until - r.from) / 2;
    }
    return item;
}

/* Nothing that is there from moment `first` lies lower than `top`, of those of the ranks. */
static void lift(layout_stack *s, layout_ranks r, int32_t first, int32_t top) {
    const int32_t *end = s->moments.end;
    int32_t *lowest = s->lowest;
    for (int32_t i = r.from; i < r.until; ++i) {
        int32_t lifted = lowest[i] < top ? top : lowest[i];
        lowest[i] = end[i] > first ? lifted : lowest[i];
    }
}

static void put(layout_stack *s, const int32_t *priorities, int32_t item, int32_t top) {
    const layout_moments *m = &s->moments;
    int32_t first = m->first[item], end = m->end[item];
    s->at[item] = s->lowest[item];
    s->lowest[item] = LAYOUT_LIES;
    for (int32_t k = first; k < end; ++k)
        s->left[k] -= s->sizes[item];
    s->work += 8 + (end - first) / 2;
    for (int32_t k = 0; k < m->n_classes; ++k) {
        layout_ranks r = stream_layout_ranks(&m->classes[k], first, end);
        if (r.from == r.until)
            continue;
        lift(s, r, first, top);
        stream_layout_next_update(&s->next, s->lowest, priorities, r.from, r.until);
        s->work += (r.until - r.from) / 2;
    }
}

static trial trial_of(const layout_stack *s, int32_t item, int32_t size) {
    return (trial){item, s->lowest[item] + s->sizes[item], size};
}

/* One more item. The moment at which that fails; -1: none. */
static int32_t add(layout_stack *s, const int32_t *priorities, int32_t size) {
    trial t = trial_of(s, stream_layout_next_find(&s->next, s->lowest, priorities), size);
    int32_t overfull = find_overfull(s, &t);
    if (overfull >= 0) {
        int32_t item = next_at(s, priorities, overfull, size, t.item);
        if (item < 0)
            return overfull;
        t = trial_of(s, item, size);
        if (find_overfull(s, &t) >= 0)
            return overfull;
    }
    put(s, priorities, t.item, t.top);
    return -1;
}

/* The moment at which the stack fails, or how it ends. */
static int32_t stack_up(layout_stack *s, const int32_t *priorities, int32_t size, int64_t limit) {
    int32_t overfull = LAYOUT_STACKED;
    clear(s, priorities);
    for (int32_t i = 0; overfull == LAYOUT_STACKED && i < s->moments.n; ++i)
        overfull = s->work < limit ? add(s, priorities, size) : LAYOUT_OUT_OF_WORK;
    return overfull;
}

int32_t stream_layout_stack_try(layout_stack *s, int32_t k, int32_t size, int64_t limit) {
    int32_t overfull = stack_up(s, s->priorities[k], size, limit);
    if (overfull >= 0)
        raise(s, s->priorities[k], overfull);
    return overfull;
}

/* ---- memory */

static int32_t *new_ids(int64_t n) {
    return stream_alloc_zeroed((size_t)n, sizeof(int32_t));
}

void stream_layout_stack_open(layout_stack *s, const layout_item *items, int32_t n, int64_t size) {
    *s = (layout_stack){.unit = stream_layout_unit(items, n, size), .random = DRAW_SEED};
    stream_layout_moments_open(&s->moments, items, n);
    stream_layout_next_open(&s->next, n);
    s->sizes = new_ids(n);
    s->held = new_ids(s->moments.n_moments);
    s->left = new_ids(s->moments.n_moments);
    s->lowest = stream_layout_next_new_ranks(&s->next);
    for (int32_t i = n; i < s->next.n_blocks * LAYOUT_BLOCK; ++i)
        s->lowest[i] = LAYOUT_LIES;
    s->at = new_ids(n);
    for (int32_t k = 0; k < LAYOUT_N_STACKS; ++k)
        s->priorities[k] = stream_layout_next_new_ranks(&s->next);
    add_sizes(s, items);
    stream_layout_witnesses_open(&s->witnesses, &s->moments, s->held, s->left);
    set_priorities(s, items);
}

void stream_layout_stack_close(layout_stack *s) {
    stream_layout_witnesses_close(&s->witnesses);
    stream_layout_moments_close(&s->moments);
    free(s->sizes);
    free(s->held);
    free(s->left);
    free(s->lowest);
    free(s->at);
    for (int32_t k = 0; k < LAYOUT_N_STACKS; ++k)
        free(s->priorities[k]);
    stream_layout_next_close(&s->next);
}
