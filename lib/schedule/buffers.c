/* Buffers of data: lists, primary ones, their ends; see engine.h. */

#include "engine.h"

#include "stream/support/integer.h"

int32_t stream_engine_lists(const engine *e, int32_t datum, int32_t *count) {
    int32_t n_cts = e->m->graph->n_cts, n_instances = e->m->acc->n_instances;
    *count = datum < n_cts ? e->lists_per_ct : n_instances;
    return datum < n_cts ? datum * e->lists_per_ct
                         : n_cts * e->lists_per_ct + (datum - n_cts) * n_instances;
}

int64_t stream_engine_bits(const engine *e, int32_t id) {
    const buffer *b = buffer_at(e, id);
    if (b->whole && b->datum < e->m->graph->n_cts)
        return e->m->facts[b->datum].bits;
    return stream_ct_graph_bits(e->m->graph, datum_tensor(e->m, b->datum), &detail_at(e, id)->box);
}

static int32_t new_buffer(engine *e) {
    int32_t id = e->spare_buffer;
    if (id < 0) {
        stream_vec_push(&e->buffers);
        stream_vec_push(&e->details);
        return (int32_t)e->buffers.n - 1;
    }
    e->spare_buffer = buffer_at(e, id)->next;
    return id;
}

/* All of a datum. */
static bool is_whole(const engine *e, int32_t datum, const stream_box *box) {
    const stream_ct_graph *g = e->m->graph;
    if (datum < g->n_cts)
        return box == &g->cts[datum].box || stream_box_equal(box, &g->cts[datum].box);
    const stream_tensor *t = &g->tensors[datum - g->n_cts];
    for (int32_t d = 0; d < t->rank; ++d)
        if (box->size[d] != t->shape[d])
            return false;
    return true;
}

void stream_engine_complete(engine *e, int32_t id, int64_t start, int64_t time) {
    buffer *b = buffer_at(e, id);
    bool is_copy = b->whole && e->data[b->datum].primary != id;
    b->start = start;
    times_of(e, id)->complete = time;
    if (is_copy)
        e->copies[b->datum]++;
}

/* Into the list of its instance, as the newest. */
static void enlist(engine *e, int32_t id) {
    buffer *b = buffer_at(e, id);
    int32_t *head = &e->heads[stream_engine_list(e, b->datum, b->instance)];
    b->prev = -1;
    b->next = *head;
    if (*head >= 0)
        buffer_at(e, *head)->prev = id;
    *head = id;
}

static void delist(engine *e, int32_t id) {
    const buffer *b = buffer_at(e, id);
    if (b->prev >= 0)
        buffer_at(e, b->prev)->next = b->next;
    else
        e->heads[stream_engine_list(e, b->datum, b->instance)] = b->next;
    if (b->next >= 0)
        buffer_at(e, b->next)->prev = b->prev;
}

void stream_engine_set_primary(engine *e, int32_t id) {
    buffer *b = buffer_at(e, id);
    datum_state *d = &e->data[b->datum];
    if (d->buffers == 1) {
        delist(e, id);
        d->only_at = b->instance;
    }
    if (d->primary >= 0) {
        buffer_at(e, d->primary)->times = d->times;
        e->copies[b->datum]++;
    }
    if (b->times.complete != STREAM_NEVER)
        e->copies[b->datum]--;
    d->primary = id;
    d->times = b->times;
    d->counts_uses = b->uses != USES_UNKNOWN;
    b->times.complete = STREAM_NEVER;
}

static void free_id(engine *e, buffer *b, int32_t id) {
    b->segment = -1;
    b->next = e->spare_buffer;
    e->spare_buffer = id;
}

static void unlink_buffer(engine *e, int32_t id) {
    buffer *b = buffer_at(e, id);
    datum_state *d = &e->data[b->datum];
    if (b->whole && b->times.complete != STREAM_NEVER)
        e->copies[b->datum]--;
    delist(e, id);
    d->only_at = -1;
    if (--d->buffers == 1 && d->primary >= 0) {
        delist(e, d->primary);
        d->only_at = buffer_at(e, d->primary)->instance;
    }
    stream_engine_leave_cell(e, id);
    free_id(e, b, id);
}

/* There is one more buffer of the datum, its first one or not. */
static void note_first(engine *e, int32_t datum) {
    if (e->kept.on && e->n_placed < e->kept.first[datum])
        e->kept.first[datum] = e->n_placed;
}

int32_t stream_engine_add_primary(engine *e, int32_t datum, int32_t instance, uint8_t operand,
                                  const stream_box *box, const memory_window *window) {
    int32_t id = new_buffer(e);
    buffer *b = buffer_at(e, id);
    datum_state *d = &e->data[datum];
    *b = (buffer){.datum = datum,
                  .instance = instance,
                  .segment = -1,
                  .uses = USES_UNKNOWN,
                  .next_use = -1,
                  .operand = operand,
                  .whole = is_whole(e, datum, box),
                  .times.complete = STREAM_NEVER};
    if (!b->whole || datum >= e->m->graph->n_cts)
        detail_at(e, id)->box = *box;
    if (has_only_primary(d))
        enlist(e, d->primary);
    enlist(e, id);
    d->only_at = -1;
    d->buffers++;
    stream_engine_enter_cell(e, id);
    if (e->ct >= 0 && d->unread > 0 && e->ct != datum)
        stream_engine_note_buffer(e, id);
    note_first(e, datum);
    b->bits = stream_engine_rounded(e, instance, stream_engine_bits(e, id));
    if (window)
        b->segment = stream_memory_map_take(&e->maps[instance], window, b->bits, id);
    return id;
}

int32_t stream_engine_add_output(engine *e, int32_t instance, const memory_window *window) {
    int32_t id = new_buffer(e);
    int64_t bits = stream_engine_rounded(e, instance, e->m->facts[e->ct].bits);
    datum_state *d = &e->data[e->ct];
    *buffer_at(e, id) = (buffer){
        .datum = e->ct,
        .instance = instance,
        .segment = window ? stream_memory_map_take(&e->maps[instance], window, bits, id) : -1,
        .next = -1,
        .prev = -1,
        .uses = USES_UNKNOWN,
        .next_use = -1,
        .operand = STREAM_O,
        .origin = BUFFER_OF_CT,
        .whole = true,
        .times.complete = STREAM_NEVER,
        .bits = bits};
    d->buffers = 1;
    d->primary = id;
    d->only_at = instance;
    d->times = (buffer_times){.complete = STREAM_NEVER};
    note_first(e, e->ct);
    return id;
}

int32_t stream_engine_add_buffer(engine *e, int32_t datum, int32_t instance, uint8_t operand,
                                 const stream_box *box, const memory_window *window) {
    int32_t id = stream_engine_add_primary(e, datum, instance, operand, box, window);
    (void)stream_engine_uses(e, id);
    return id;
}

int32_t stream_engine_add_nameless(engine *e, int32_t instance, int64_t bits,
                                   const memory_window *window) {
    int32_t id = new_buffer(e);
    buffer *b = buffer_at(e, id);
    *b = (buffer){.datum = -1,
                  .instance = instance,
                  .next_use = -1,
                  .bits = bits,
                  .times.complete = STREAM_NEVER};
    b->segment = stream_memory_map_take(&e->maps[instance], window, bits, id);
    return id;
}

void stream_engine_drop_nameless(engine *e, int32_t id, int64_t until) {
    buffer *b = buffer_at(e, id);
    stream_memory_map_release(&e->maps[b->instance], b->segment, until);
    free_id(e, b, id);
}

static void record_end(engine *e, int32_t id, int64_t until) {
    const buffer *b = buffer_at(e, id);
    if (!e->record)
        return;
    if (b->origin == BUFFER_OF_CT)
        e->slots[b->datum].until = until;
    else if (b->origin == BUFFER_OF_TRANSFER)
        STREAM_AT(stream_transfer_target, e->targets, detail_at(e, id)->event).until = until;
    else
        STREAM_AT(stream_resident, e->residents, detail_at(e, id)->event).until = until;
}

void stream_engine_drop(engine *e, int32_t id, int64_t until) {
    buffer *b = buffer_at(e, id);
    record_end(e, id, until);
    if (b->segment >= 0)
        stream_memory_map_release(&e->maps[b->instance], b->segment, until);
    datum_state *d = &e->data[b->datum];
    bool is_only = has_only_primary(d);
    if (d->primary == id)
        d->primary = -1;
    if (is_only && b->datum < e->m->graph->n_cts) {
        d->buffers = 0;
        d->only_at = -1;
        free_id(e, b, id);
    } else {
        unlink_buffer(e, id);
    }
}

void stream_engine_cancel(engine *e, int32_t id, int64_t free_from) {
    buffer *b = buffer_at(e, id);
    stream_memory_map_cancel(&e->maps[b->instance], b->segment, free_from);
    unlink_buffer(e, id);
}

void stream_engine_drop_useless(engine *e, int32_t id) {
    const buffer *b = buffer_at(e, id);
    bool is_result = e->data[b->datum].is_output && b->instance == e->m->acc->offchip_instance;
    if (b->uses == 0 && e->data[b->datum].primary != id && !is_result)
        stream_engine_drop(e, id, stream_engine_until(e, id));
}
