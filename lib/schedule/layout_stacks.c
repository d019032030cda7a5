/* One stack after the other; see layout_stacks.h. */

#include "layout_stacks.h"

#include "stream/support/alloc.h"
#include "stream/support/integer.h"

#include <stdlib.h>

/* ---- a part of the time */

/* Of at least so many items a part is stacked for itself: about so many, so often at most. */
#define MANY_ITEMS 768
#define PART_ITEMS 96
#define PART_TRIES 64

typedef struct {
    int32_t first, end; /* moments [first, end) */
    layout_item *items; /* [n] in units of the whole */
    int32_t *ranks;     /* [n] in the whole */
    int32_t n;
} part;

/* Items that are there, and some more. */
static int32_t count(const layout_moments *m, int32_t first, int32_t end) {
    int32_t n = 0;
    for (int32_t k = 0; k < m->n_classes; ++k) {
        layout_ranks r = stream_layout_ranks(&m->classes[k], first, end);
        n += r.until - r.from;
    }
    return n;
}

static void widen(part *p, const layout_moments *m, int32_t moment) {
    for (int32_t width = 1; count(m, p->first, p->end) < PART_ITEMS && width < m->n_moments;) {
        width *= 2;
        p->first = moment > width ? moment - width : 0;
        p->end = moment < m->n_moments - width ? moment + width : m->n_moments;
    }
}

static void add_items(part *p, const layout_stack *s, layout_ranks r) {
    const layout_moments *m = &s->moments;
    for (int32_t i = r.from; i < r.until; ++i)
        if (m->end[i] > p->first) {
            p->items[p->n] = (layout_item){.start = m->first[i] > p->first ? m->first[i] : p->first,
                                           .until = m->end[i] < p->end ? m->end[i] : p->end,
                                           .bits = s->sizes[i]};
            p->ranks[p->n++] = i;
        }
}

static part open_part(const layout_stack *s, int32_t moment) {
    const layout_moments *m = &s->moments;
    part p = {.first = moment, .end = moment + 1};
    widen(&p, m, moment);
    size_t most = (size_t)count(m, p.first, p.end);
    p.items = stream_alloc_zeroed(most, sizeof *p.items);
    p.ranks = stream_alloc_zeroed(most, sizeof *p.ranks);
    for (int32_t k = 0; k < m->n_classes; ++k)
        add_items(&p, s, stream_layout_ranks(&m->classes[k], p.first, p.end));
    return p;
}

static void close_part(part *p) {
    free(p->items);
    free(p->ranks);
}

/* Raises the priorities of what is there about the moment, until that has a stack. */
static void learn(layout_stack *s, int32_t k, int32_t moment, int32_t most, int64_t limit) {
    part p = open_part(s, moment);
    layout_stack stack;
    stream_layout_stack_open(&stack, p.items, p.n, most);
    stack.random = s->random;
    for (int32_t i = 0; i < p.n; ++i)
        stack.priorities[k][i] = s->priorities[k][p.ranks[stack.moments.items[i]]];
    most /= (int32_t)stack.unit;
    for (int32_t i = 0; i < PART_TRIES; ++i)
        if (stream_layout_stack_try(&stack, k, most, limit - s->work) < 0)
            break;
    for (int32_t i = 0; i < p.n; ++i)
        s->priorities[k][p.ranks[stack.moments.items[i]]] = stack.priorities[k][i];
    s->random = stack.random;
    s->work += stack.work + 4 * p.n;
    stream_layout_stack_close(&stack);
    close_part(&p);
}

/* ---- all of it */

/* Stacks of one turn, at first. */
#define TURN 8

bool stream_layout_stacks_find(layout_stack *s, int64_t size, int64_t work) {
    int64_t limit = s->work + work;
    int32_t most = (int32_t)(size / s->unit);
    for (int32_t turn = TURN; s->work < limit; turn *= 2)
        for (int32_t k = 0; k < LAYOUT_N_STACKS; ++k)
            for (int32_t i = 0; i < turn && s->work < limit; ++i) {
                int32_t failed = stream_layout_stack_try(s, k, most, limit + work);
                if (failed < 0)
                    return failed == LAYOUT_STACKED;
                if (s->moments.n >= MANY_ITEMS && ++s->n_failed > s->n_whole)
                    learn(s, k, failed, most, limit + work);
            }
    return false;
}
