/* R10: inputs and constants are off-chip from 0, each once; the last version of every element of
 * every output is complete off-chip at the end; the latency is the end of the last event, and no
 * buffer is held beyond it (R8). */

#include "context.h"

#include "stream/support/integer.h"

#include <inttypes.h>

static void given(check *c) {
    const stream_ct_graph *g = c->graph;
    int32_t *count = STREAM_NEW(c->arena, int32_t, (size_t)g->n_tensors);
    for (int32_t i = 0; i < c->schedule->n_residents; ++i) {
        int32_t t = c->schedule->residents[i].tensor;
        if (++count[t] == 2)
            check_report(c, check_resident_loc(c, i), "R10", "'%s' is off-chip twice",
                         g->tensors[t].name);
    }
    for (int32_t t = 0; t < g->n_tensors; ++t) {
        bool used = g->reader_first[t + 1] > g->reader_first[t] || g->tensors[t].is_output;
        if (g->tensors[t].kind != STREAM_TENSOR_INTERMEDIATE && used && count[t] == 0)
            check_report(c, g->tensors[t].loc, "R10",
                         "'%s' is %s of the network, but is not off-chip at 0", g->tensors[t].name,
                         g->tensors[t].kind == STREAM_TENSOR_INPUT ? "an input" : "a constant");
    }
}

static int64_t last_event(const check *c) {
    int64_t last = 0;
    for (int32_t i = 0; i < c->graph->n_cts; ++i)
        last = stream_max_i64(last, c->schedule->slots[i].end);
    for (int32_t i = 0; i < c->schedule->n_transfers; ++i)
        last = stream_max_i64(last, c->schedule->transfers[i].end);
    return last;
}

/* What is held until the end is held in the last cycle. */
static void ends_offchip(check *c, int32_t tensor, const stream_box *box, int32_t writer,
                         int64_t end, stream_loc loc) {
    check_need need = {tensor, writer, c->acc->offchip_instance, *box, end - 1, end, end};
    stream_box missing;
    if (check_covered(c, &need, &missing))
        return;
    if (!check_is_heard(c)) {
        ++c->violations;
        return;
    }
    check_report(c, loc, "R10",
                 "%s of output '%s' must be complete off-chip at %" PRId64 ", but %s",
                 check_box_name(c, tensor, &missing).s, c->graph->tensors[tensor].name, end,
                 check_why(c, &need, &missing).s);
}

/* R8: nothing is held beyond the end. */
static void dropped(check *c, int64_t end) {
    for (int32_t i = 0; i < c->n_buffers; ++i)
        if (c->buffers[i].until > end)
            check_report(c, check_buffer_loc(c, &c->buffers[i]), "R8",
                         "%s is held until %" PRId64 "; the last event ends at %" PRId64,
                         check_buffer_name(c, &c->buffers[i]).s, c->buffers[i].until, end);
}

static void written(check *c, int32_t t, int64_t end) {
    const check_cells *cells = &c->cells[t];
    const stream_tensor *tensor = &c->graph->tensors[t];
    stream_box whole = stream_box_whole(tensor->rank, tensor->shape), part;
    int64_t volume = 0;
    for (int32_t i = 0; i < cells->n_cells; ++i) {
        const check_cell *cell = &cells->cells[i];
        int32_t last = c->cell_writers[cell->first_writer + cell->n_writers - 1];
        volume += stream_box_volume(&cell->box);
        if (stream_tensor_output_box(tensor, &cell->box, &part))
            ends_offchip(c, t, &part, last, end, check_ct_loc(c, last));
    }
    if (volume != stream_box_volume(&whole))
        check_report(c, tensor->loc, "R10", "no CT writes %" PRId64 " elements of output '%s'",
                     stream_box_volume(&whole) - volume, tensor->name);
}

static void outputs(check *c, int64_t end) {
    for (int32_t t = 0; t < c->graph->n_tensors; ++t) {
        const stream_tensor *tensor = &c->graph->tensors[t];
        stream_box whole = stream_box_whole(tensor->rank, tensor->shape);
        if (!tensor->is_output)
            continue;
        if (tensor->kind == STREAM_TENSOR_INTERMEDIATE)
            written(c, t, end);
        else if (end > 0)
            ends_offchip(c, t, &whole, -1, end, tensor->loc);
    }
}

void check_ends(check *c) {
    int64_t end = last_event(c), said = c->schedule->summary.latency_cycles;
    given(c);
    outputs(c, end);
    dropped(c, end);
    if (said != end)
        check_report(c, check_summary_loc(c), "R10",
                     "the summary says %" PRId64 " cycles; the last event ends at %" PRId64, said,
                     end);
}
