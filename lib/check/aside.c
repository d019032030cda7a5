/* In which memories CTs read what a CT wrote: what is sent elsewhere on chip is put aside. */

#include "context.h"

#include <stdlib.h>

typedef struct {
    int32_t writer, instance;
    stream_box box;
} use;

void check_aside_build(check *c) {
    c->sent_on_chip = STREAM_NEW(c->arena, bool, (size_t)c->graph->n_cts);
    for (int32_t i = 0; i < c->schedule->n_transfers; ++i) {
        const stream_transfer *t = &c->schedule->transfers[i];
        if (t->writer >= 0 && t->source != c->acc->offchip_instance)
            c->sent_on_chip[t->writer] = true;
    }
    c->uses = STREAM_VEC(use);
}

void check_aside_note(check *c, int32_t writer, int32_t instance, const stream_box *box) {
    if (writer >= 0 && c->sent_on_chip[writer])
        *(use *)stream_vec_push(&c->uses) = (use){writer, instance, *box};
}

static int by_writer(const void *a, const void *b) {
    const use *x = a, *y = b;
    return (x->writer > y->writer) - (x->writer < y->writer);
}

void check_aside_finish(check *c) {
    for (int32_t i = 0; i < c->graph->n_cts; ++i) {
        const stream_ct *ct = &c->graph->cts[i];
        int32_t o = check_place(c, i, c->schedule->slots[i].core, STREAM_O);
        check_aside_note(c, i, o, &ct->box);
        if (ct->accumulates)
            check_aside_note(c, c->previous[i], o, &ct->box);
    }
    if (c->uses.n)
        qsort(c->uses.data, c->uses.n, sizeof(use), by_writer);
}

/* The first use of what the CT wrote. */
static size_t first_use(const check *c, int32_t writer) {
    size_t lo = 0, hi = c->uses.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (STREAM_AT(use, c->uses, mid).writer < writer)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

bool check_is_aside(const check *c, const stream_transfer *t, int32_t instance) {
    for (size_t i = first_use(c, t->writer); i < c->uses.n; ++i) {
        const use *u = &STREAM_AT(use, c->uses, i);
        if (u->writer != t->writer)
            break;
        if (u->instance == instance && stream_box_overlaps(&u->box, &t->box))
            return false;
    }
    return true;
}
