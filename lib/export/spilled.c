/* Why intermediate results leave the chip; see spilled.h. */

#include "spilled.h"

typedef struct {
    const stream_schedule_problem *problem;
    const stream_transfer *transfer;
    stream_routes *routes;
    int32_t home; /* the memory into which it was written */
} judge;

/* Of a CT that reads it in the instance. */
static stream_spilled cause_of(const judge *j, int32_t instance) {
    if (instance == j->problem->acc->offchip_instance)
        return STREAM_SPILLED_THERE;
    return stream_routes_between(j->routes, j->home, instance) ? STREAM_SPILLED_NO_ROOM
                                                               : STREAM_SPILLED_NO_WAY;
}

static stream_spilled stronger(stream_spilled a, stream_spilled b) {
    return a > b ? a : b;
}

static bool moves(const stream_transfer *t, int32_t tensor, const stream_box *box) {
    return tensor == t->tensor && stream_box_overlaps(box, &t->box);
}

/* Of all that a CT reads of it, partial sums, too. */
static stream_spilled cause_of_reader(const judge *j, int32_t ct, int32_t core) {
    const stream_ct_graph *g = j->problem->graph;
    const stream_ct *reader = &g->cts[ct];
    stream_spilled cause = STREAM_SPILLED_NO_ROOM;
    if (reader->accumulates && moves(j->transfer, reader->tensor, &reader->box))
        cause = cause_of(j, stream_schedule_instance(j->problem, reader->kernel, core, STREAM_O));
    for (int32_t r = reader->first_read; r < reader->first_read + reader->n_reads; ++r) {
        const stream_ct_read *read = &g->reads[r];
        if (moves(j->transfer, read->tensor, &read->box))
            cause = stronger(cause, cause_of(j, stream_schedule_instance(j->problem, reader->kernel,
                                                                         core, read->operand)));
    }
    return cause;
}

stream_spilled stream_spilled_cause(const stream_schedule_problem *p, const stream_schedule *s,
                                    stream_routes *routes, const stream_transfer *t) {
    const stream_ct_graph *g = p->graph;
    stream_spilled cause = STREAM_SPILLED_NO_ROOM;
    if (t->writer < 0) /* only in a schedule that breaks R5 */
        return cause;
    judge j = {
        p, t, routes,
        stream_schedule_instance(p, g->cts[t->writer].kernel, s->slots[t->writer].core, STREAM_O)};
    for (int32_t k = g->succ_first[t->writer]; k < g->succ_first[t->writer + 1]; ++k)
        cause = stronger(cause, cause_of_reader(&j, g->succs[k], s->slots[g->succs[k]].core));
    return cause;
}
