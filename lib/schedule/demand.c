/* The order in which the ends of the stacks demand CTs; see model.h.
 *
 * From each CT that nothing in its stack depends on, in their order, a walk into what it depends
 * on: a CT comes right after the last of its producers that no CT before it needed. So what is made
 * is used soon, whatever the order of the CTs within a layer is. */

#include "model.h"

/* A CT whose producers are being visited. */
typedef struct {
    int32_t ct, next; /* the next of its producers */
} frame;

typedef struct {
    const stream_ct_graph *g;
    int32_t *place; /* [n_cts] */
    bool *seen;     /* [n_cts] */
    frame *stack;   /* [n_cts] */
    int32_t n;      /* places given */
} walker;

static bool same_stack(const stream_ct_graph *g, int32_t a, int32_t b) {
    return g->cts[a].stack == g->cts[b].stack;
}

static bool is_last(const stream_ct_graph *g, int32_t ct) {
    for (int32_t s = g->succ_first[ct]; s < g->succ_first[ct + 1]; ++s)
        if (same_stack(g, g->succs[s], ct))
            return false;
    return true;
}

static frame enter(walker *w, int32_t ct) {
    w->seen[ct] = true;
    return (frame){ct, w->g->pred_first[ct]};
}

/* Gives `last` its place, after everything in its stack that it depends on. */
static void walk(walker *w, int32_t last) {
    const stream_ct_graph *g = w->g;
    int32_t depth = 0;
    w->stack[depth++] = enter(w, last);
    while (depth > 0) {
        frame *f = &w->stack[depth - 1];
        if (f->next == g->pred_first[f->ct + 1]) {
            w->place[f->ct] = w->n++;
            --depth;
            continue;
        }
        int32_t producer = g->preds[f->next++];
        if (!w->seen[producer] && same_stack(g, producer, last))
            w->stack[depth++] = enter(w, producer);
    }
}

const int32_t *stream_schedule_demand(const stream_ct_graph *g, stream_arena *arena) {
    walker w = {.g = g,
                .place = STREAM_NEW(arena, int32_t, (size_t)g->n_cts),
                .seen = STREAM_NEW(arena, bool, (size_t)g->n_cts),
                .stack = STREAM_NEW(arena, frame, (size_t)g->n_cts)};
    for (int32_t ct = 0; ct < g->n_cts; ++ct)
        if (is_last(g, ct))
            walk(&w, ct);
    return w.place;
}
