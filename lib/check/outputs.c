/* R4: the space of an output box is held from the CT's start to its end at least, and a CT that
 * accumulates takes over the partial sums where they are: one complete buffer of the same box in
 * the same memory, dropped at the CT's start, at the same address. */

#include "context.h"

#include <inttypes.h>

static bool hands_over(const check_buffer *b, const stream_ct *ct, const stream_ct_slot *slot) {
    return b->complete <= slot->start && b->until == slot->start && b->address == slot->address &&
           stream_box_equal(&b->box, &ct->box);
}

static void take_over(check *c, int32_t i, int32_t previous) {
    const stream_ct *ct = &c->graph->cts[i];
    const stream_ct_slot *slot = &c->schedule->slots[i];
    int32_t instance = check_place(c, i, slot->core, STREAM_O);
    /* the partial sums are dropped at the start: they are held one cycle before it */
    check_buffers_find(c, ct->tensor, &ct->box, previous, instance, slot->start - 1);
    for (size_t k = 0; k < c->found.n; ++k)
        if (hands_over(&c->buffers[STREAM_AT(int32_t, c->found, k)], ct, slot))
            return;
    check_report(c, check_ct_loc(c, i), "R4",
                 "%s accumulates onto what CT %" PRId32 " left of %s, but %s has no buffer of "
                 "exactly that at address %" PRId64 " that is complete by %" PRId64
                 " and handed over then",
                 check_ct_name(c, i).s, previous, check_box_name(c, ct->tensor, &ct->box).s,
                 check_instance_name(c, instance).s, slot->address, slot->start);
}

void check_outputs(check *c) {
    for (int32_t i = 0; i < c->graph->n_cts; ++i) {
        const stream_ct_slot *slot = &c->schedule->slots[i];
        if (slot->until < slot->end)
            check_report(c, check_ct_loc(c, i), "R4",
                         "%s ends at %" PRId64 ", but its output is dropped at %" PRId64,
                         check_ct_name(c, i).s, slot->end, slot->until);
        if (c->graph->cts[i].accumulates && c->previous[i] >= 0)
            take_over(c, i, c->previous[i]);
    }
}
