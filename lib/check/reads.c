/* R3: from its start to its end, complete buffers of the right versions cover every box that a CT
 * reads, in the memory of its core for that operand, or off-chip if it streams it (R9). Where such
 * a buffer was there and is dropped too early, that is R8. */

#include "context.h"

#include <inttypes.h>

static void report(check *c, int32_t ct, const check_need *need, const stream_box *missing) {
    if (!check_is_heard(c)) {
        ++c->violations;
        return;
    }
    check_reason why = check_why(c, need, missing);
    check_report(c, check_ct_loc(c, ct), why.dropped ? "R8" : "R3",
                 "%s reads %s in %s from %" PRId64 " to %" PRId64 ", but %s is not there: %s",
                 check_ct_name(c, ct).s, check_box_name(c, need->tensor, &need->box).s,
                 check_instance_name(c, need->instance).s, need->from, need->to,
                 check_box_name(c, need->tensor, missing).s, why.s);
}

/* One part of a read that has one version. */
static void part(check *c, int32_t ct, const stream_ct_read *read, const stream_box *box,
                 int32_t writer) {
    const stream_ct_slot *slot = &c->schedule->slots[ct];
    check_need need = {.tensor = read->tensor,
                       .writer = writer,
                       .instance = check_place(c, ct, slot->core, read->operand),
                       .box = *box,
                       .at = slot->start,
                       .from = slot->start,
                       .to = slot->end};
    stream_box missing;
    check_aside_note(c, writer, need.instance, box);
    if (!check_covered(c, &need, &missing))
        report(c, ct, &need, &missing);
}

/* A box of a tensor that CTs write: cell by cell, in the version before `ct`. */
static void by_cells(check *c, int32_t ct, const stream_ct_read *read, stream_vec *cells) {
    int64_t volume = 0;
    check_cells_find(c, read->tensor, &read->box);
    cells->n = 0;
    for (size_t i = 0; i < c->found.n; ++i)
        *(int32_t *)stream_vec_push(cells) = STREAM_AT(int32_t, c->found, i);
    for (size_t i = 0; i < cells->n; ++i) {
        const check_cell *cell = &c->cells[read->tensor].cells[STREAM_AT(int32_t, *cells, i)];
        int32_t writer = check_version_before(c, cell, ct);
        stream_box common;
        if (writer < 0 || !stream_box_intersect(&cell->box, &read->box, &common))
            continue;
        volume += stream_box_volume(&common);
        part(c, ct, read, &common, writer);
    }
    if (volume != stream_box_volume(&read->box))
        check_report(c, check_ct_loc(c, ct), "R3",
                     "%s reads %s, of which no CT before it writes %" PRId64 " elements",
                     check_ct_name(c, ct).s, check_box_name(c, read->tensor, &read->box).s,
                     stream_box_volume(&read->box) - volume);
}

void check_reads(check *c) {
    stream_vec cells = STREAM_VEC(int32_t);
    for (int32_t i = 0; i < c->graph->n_cts; ++i) {
        const stream_ct *ct = &c->graph->cts[i];
        for (int32_t r = ct->first_read; r < ct->first_read + ct->n_reads; ++r) {
            const stream_ct_read *read = &c->graph->reads[r];
            if (c->graph->tensors[read->tensor].kind == STREAM_TENSOR_INTERMEDIATE)
                by_cells(c, i, read, &cells);
            else
                part(c, i, read, &read->box, -1);
        }
    }
    stream_vec_free(&cells);
}
