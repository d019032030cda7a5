/* Which addresses are in use when; see occupied.h. */

#include "occupied.h"

#include "stream/schedule/energy.h"
#include "stream/support/integer.h"
#include "stream/support/vec.h"

#include <stdlib.h>

static void add(stream_vec *list, int32_t instance, int64_t address, int64_t bits, int64_t from,
                int64_t until) {
    if (until > from && bits > 0)
        *(stream_occupied *)stream_vec_push(list) =
            (stream_occupied){address, bits, from, until, instance};
}

static void add_box(const stream_export *e, stream_vec *list, int32_t instance, int32_t tensor,
                    const stream_box *box, int64_t address, int64_t from, int64_t until) {
    int64_t bits = stream_ct_graph_bits(e->problem->graph, tensor, box);
    int64_t word = e->problem->acc->instances[instance].word_bits;
    add(list, instance, address, stream_round_up(bits, word), from, until);
}

static void add_residents(const stream_export *e, stream_vec *list) {
    for (int32_t i = 0; i < e->schedule->n_residents; ++i) {
        const stream_resident *r = &e->schedule->residents[i];
        const stream_tensor *tensor = &e->problem->graph->tensors[r->tensor];
        stream_box whole = stream_box_whole(tensor->rank, tensor->shape);
        add_box(e, list, e->problem->acc->offchip_instance, r->tensor, &whole, r->address, 0,
                r->until);
    }
}

static void add_targets(const stream_export *e, stream_vec *list) {
    for (int32_t i = 0; i < e->schedule->n_transfers; ++i) {
        const stream_transfer *t = &e->schedule->transfers[i];
        for (int32_t k = 0; k < t->n_targets; ++k)
            add_box(e, list, t->targets[k].instance, t->tensor, &t->box, t->targets[k].address,
                    t->start, t->targets[k].until);
    }
}

static void add_outputs(const stream_export *e, stream_vec *list) {
    const stream_ct_graph *graph = e->problem->graph;
    for (int32_t i = 0; i < graph->n_cts; ++i) {
        const stream_ct_slot *slot = &e->schedule->slots[i];
        int32_t where =
            stream_schedule_instance(e->problem, graph->cts[i].kernel, slot->core, STREAM_O);
        add_box(e, list, where, graph->cts[i].tensor, &graph->cts[i].box, slot->address,
                slot->start, slot->until);
    }
}

/* What passes of a streamed operand is on the core while the CT runs. */
static void add_passing(const stream_export *e, stream_vec *list) {
    const stream_accelerator *acc = e->problem->acc;
    for (int32_t i = 0; i < e->schedule->n_streams; ++i) {
        const stream_ct_stream *s = &e->schedule->streams[i];
        const stream_ct_slot *slot = &e->schedule->slots[s->ct];
        int32_t top = acc->top[slot->core * STREAM_N_OPERANDS + s->operand];
        int64_t bits = stream_ct_stream_price(e->problem, e->schedule, s)->buffer_bits;
        if (top >= 0 && top != acc->offchip_instance)
            add(list, top, s->address, stream_round_up(bits, acc->instances[top].word_bits),
                slot->start, slot->end);
    }
}

static stream_occupied *list_all(const stream_export *e, stream_arena *arena, size_t *out_n) {
    stream_vec list = STREAM_VEC(stream_occupied);
    add_residents(e, &list);
    add_targets(e, &list);
    add_outputs(e, &list);
    add_passing(e, &list);
    *out_n = list.n;
    return stream_vec_freeze(&list, arena);
}

const stream_occupied *stream_occupied_list(const stream_export *e, stream_arena *arena,
                                            size_t *out_n) {
    return list_all(e, arena, out_n);
}

static int by_address(const void *a, const void *b) {
    const stream_occupied *x = a, *y = b;
    if (x->instance != y->instance)
        return x->instance < y->instance ? -1 : 1;
    return (x->address > y->address) - (x->address < y->address);
}

/* Of the buffers of one instance, by address. */
static int64_t extent(const stream_occupied *list, size_t n, int64_t capacity) {
    int64_t end = 0, unused = 0;
    for (size_t i = 0; i < n; ++i) {
        unused = stream_max_i64(unused, list[i].address - end);
        end = stream_max_i64(end, list[i].address + list[i].bits);
    }
    return capacity - stream_max_i64(unused, capacity - end);
}

const int64_t *stream_occupied_extents(const stream_export *e, stream_arena *arena) {
    const stream_accelerator *acc = e->problem->acc;
    int64_t *extents = STREAM_NEW(arena, int64_t, (size_t)acc->n_instances);
    stream_arena *scratch = stream_arena_create();
    size_t n, first = 0;
    stream_occupied *list = list_all(e, scratch, &n);
    if (n)
        qsort(list, n, sizeof *list, by_address);
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        size_t last = first;
        while (last < n && list[last].instance == i)
            ++last;
        extents[i] = extent(list + first, last - first, acc->instances[i].size_bits);
        first = last;
    }
    stream_arena_destroy(scratch);
    return extents;
}
