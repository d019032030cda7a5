/* The buffers that a schedule names; see stream/schedule/places.h. */

#include "stream/schedule/places.h"

#include "stream/schedule/energy.h"
#include "stream/support/integer.h"
#include "stream/support/vec.h"

typedef struct {
    const stream_schedule_problem *problem;
    const stream_schedule *schedule;
    stream_vec list; /* stream_place */
} lister;

/* `bits` in whole words, if it is not empty. */
static void add(lister *l, stream_place place) {
    place.bits = stream_round_up(place.bits, l->problem->acc->instances[place.instance].word_bits);
    if (place.until > place.from && place.bits > 0)
        *(stream_place *)stream_vec_push(&l->list) = place;
}

static void add_residents(lister *l) {
    const stream_ct_graph *g = l->problem->graph;
    for (int32_t i = 0; i < l->schedule->n_residents; ++i) {
        const stream_resident *r = &l->schedule->residents[i];
        const stream_tensor *tensor = &g->tensors[r->tensor];
        stream_box whole = stream_box_whole(tensor->rank, tensor->shape);
        add(l, (stream_place){r->address, stream_ct_graph_bits(g, r->tensor, &whole), 0, r->until,
                              l->problem->acc->offchip_instance, STREAM_PLACE_RESIDENT, i});
    }
}

static void add_targets(lister *l) {
    int32_t id = 0;
    for (int32_t i = 0; i < l->schedule->n_transfers; ++i) {
        const stream_transfer *t = &l->schedule->transfers[i];
        int64_t bits = stream_ct_graph_bits(l->problem->graph, t->tensor, &t->box);
        for (int32_t k = 0; k < t->n_targets; ++k)
            add(l, (stream_place){t->targets[k].address, bits, t->start, t->targets[k].until,
                                  t->targets[k].instance, STREAM_PLACE_TARGET, id++});
    }
}

static void add_slots(lister *l) {
    const stream_ct_graph *g = l->problem->graph;
    for (int32_t i = 0; i < g->n_cts; ++i) {
        const stream_ct *ct = &g->cts[i];
        const stream_ct_slot *s = &l->schedule->slots[i];
        add(l, (stream_place){s->address, stream_ct_graph_bits(g, ct->tensor, &ct->box), s->start,
                              s->until,
                              stream_schedule_instance(l->problem, ct->kernel, s->core, STREAM_O),
                              STREAM_PLACE_SLOT, i});
    }
}

/* What passes of a streamed operand is on the core while the CT runs. */
static void add_streams(lister *l) {
    const stream_accelerator *acc = l->problem->acc;
    for (int32_t i = 0; i < l->schedule->n_streams; ++i) {
        const stream_ct_stream *s = &l->schedule->streams[i];
        const stream_ct_slot *slot = &l->schedule->slots[s->ct];
        int32_t top = acc->top[slot->core * STREAM_N_OPERANDS + s->operand];
        if (top >= 0 && top != acc->offchip_instance)
            add(l, (stream_place){s->address,
                                  stream_ct_stream_price(l->problem, l->schedule, s)->buffer_bits,
                                  slot->start, slot->end, top, STREAM_PLACE_STREAM, i});
    }
}

stream_place *stream_schedule_places(const stream_schedule_problem *problem,
                                     const stream_schedule *schedule, stream_arena *arena,
                                     size_t *out_n) {
    lister l = {problem, schedule, STREAM_VEC(stream_place)};
    add_residents(&l);
    add_targets(&l);
    add_slots(&l);
    add_streams(&l);
    *out_n = l.list.n;
    return stream_vec_freeze(&l.list, arena);
}
