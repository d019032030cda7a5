/* Buffers of data and their remaining uses; see engine.h. */

#include "engine.h"

#include "stream/support/integer.h"

int32_t stream_engine_lists(const engine *e, int32_t datum, int32_t *count) {
    int32_t n_cts = e->m->graph->n_cts, n_instances = e->m->acc->n_instances;
    *count = datum < n_cts ? e->lists_per_ct : n_instances;
    return datum < n_cts ? datum * e->lists_per_ct
                         : n_cts * e->lists_per_ct + (datum - n_cts) * n_instances;
}

int64_t stream_engine_rounded(const engine *e, int32_t instance, int64_t bits) {
    return stream_round_up(bits, e->m->acc->instances[instance].word_bits);
}

int64_t stream_engine_bits(const engine *e, int32_t id) {
    const buffer *b = buffer_at(e, id);
    if (b->whole && b->datum < e->m->graph->n_cts)
        return e->m->facts[b->datum].bits;
    return stream_ct_graph_bits(e->m->graph, datum_tensor(e->m, b->datum), &detail_at(e, id)->box);
}

int64_t stream_engine_until(const engine *e, int32_t id) {
    const buffer_times *times = times_of(e, id);
    return stream_max_i64(times->complete, times->last_use);
}

/* Needs of unplaced CTs of one group that are read in `instance`. */
static int32_t group_uses(const engine *e, int32_t group, int32_t instance) {
    const model *m = e->m;
    const need_group *g = &m->groups[group];
    if (g->counter >= 0)
        return e->counters[(int64_t)g->counter * m->acc->n_instances + instance];
    int32_t uses = 0;
    for (int32_t u = g->first_user; u < g->first_user + g->n_users; ++u) {
        const need_user n = m->users[u];
        uses += !e->ready.cts[n.ct].placed &&
                place_of(m, (int32_t)n.ct, e->cores[n.ct], n.operand) == instance;
    }
    return uses;
}

int32_t stream_engine_uses(engine *e, int32_t id) {
    buffer *b = buffer_at(e, id);
    datum_state *d = &e->data[b->datum];
    if (b->uses != USES_UNKNOWN)
        return b->uses;
    b->uses = 0;
    if (d->primary == id)
        d->counts_uses = 1;
    if (d->unread == 0)
        return 0;
    group_search groups = stream_schedule_model_find(e->m, b->datum, box_of(e, id));
    for (int32_t g; (g = stream_schedule_model_next(&groups)) >= 0;)
        if (groups.is_exact || buffer_overlaps(e, id, &e->m->groups[g].box))
            b->uses += group_uses(e, g, b->instance);
    return b->uses;
}

static int32_t group_next(engine *e, int32_t group) {
    const need_group *g = &e->m->groups[group];
    const need_user *users = &e->users[g->first_user];
    int32_t at = e->cursor[group];
    while (at < g->n_users && e->ready.cts[users[at].ct].placed)
        ++at;
    e->cursor[group] = at;
    return at < g->n_users ? (int32_t)users[at].ct : INT32_MAX;
}

static int32_t find_next_use(engine *e, int32_t id) {
    group_search groups = stream_schedule_model_find(e->m, buffer_at(e, id)->datum, box_of(e, id));
    int32_t next = INT32_MAX;
    for (int32_t g; (g = stream_schedule_model_next(&groups)) >= 0;)
        if (groups.is_exact || buffer_overlaps(e, id, &e->m->groups[g].box)) {
            int32_t ct = group_next(e, g);
            next = turn_of(e, ct) < turn_of(e, next) ? ct : next;
        }
    return next;
}

/* Users only become fewer: the first one stays the first until it is placed. */
int32_t stream_engine_next_use(engine *e, int32_t id) {
    buffer *b = buffer_at(e, id);
    if (b->next_use < 0 || (b->next_use != INT32_MAX && e->ready.cts[b->next_use].placed))
        b->next_use = find_next_use(e, id);
    return b->next_use;
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

void stream_engine_set_primary(engine *e, int32_t id) {
    buffer *b = buffer_at(e, id);
    datum_state *d = &e->data[b->datum];
    if (d->primary >= 0) {
        buffer_at(e, d->primary)->times = d->times;
        e->copies[b->datum]++;
    }
    if (b->times.complete != STREAM_NEVER)
        e->copies[b->datum]--;
    d->primary = id;
    d->instance = b->instance;
    d->times = b->times;
    d->counts_uses = b->uses != USES_UNKNOWN;
    b->times.complete = STREAM_NEVER;
}

static void unlink_buffer(engine *e, int32_t id) {
    buffer *b = buffer_at(e, id);
    if (b->whole && b->times.complete != STREAM_NEVER)
        e->copies[b->datum]--;
    e->data[b->datum].buffers--;
    if (b->prev >= 0)
        buffer_at(e, b->prev)->next = b->next;
    else
        e->heads[stream_engine_list(e, b->datum, b->instance)] = b->next;
    if (b->next >= 0)
        buffer_at(e, b->next)->prev = b->prev;
    stream_engine_leave_cell(e, id);
    b->segment = -1;
    b->next = e->spare_buffer;
    e->spare_buffer = id;
}

int32_t stream_engine_add_primary(engine *e, int32_t datum, int32_t instance, uint8_t operand,
                                  const stream_box *box, const memory_window *window) {
    int32_t id = new_buffer(e);
    buffer *b = buffer_at(e, id);
    int32_t *head = &e->heads[stream_engine_list(e, datum, instance)];
    int32_t next = e->data[datum].buffers > 0 ? *head : -1; /* the head is seldom in a cache */
    *b = (buffer){.datum = datum,
                  .instance = instance,
                  .segment = -1,
                  .next = next,
                  .prev = -1,
                  .uses = USES_UNKNOWN,
                  .next_use = -1,
                  .operand = operand,
                  .whole = is_whole(e, datum, box),
                  .times.complete = STREAM_NEVER};
    if (!b->whole || datum >= e->m->graph->n_cts)
        detail_at(e, id)->box = *box;
    if (next >= 0)
        buffer_at(e, next)->prev = id;
    *head = id;
    stream_engine_enter_cell(e, id);
    e->data[datum].buffers++;
    if (e->ct >= 0 && e->data[datum].unread > 0 && e->ct != datum)
        stream_engine_note_buffer(e, id);
    if (e->kept.on && e->n_placed < e->kept.first[datum])
        e->kept.first[datum] = e->n_placed;
    b->bits = stream_engine_rounded(e, instance, stream_engine_bits(e, id));
    if (window)
        b->segment = stream_memory_map_take(&e->maps[instance], window, b->bits, id);
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
    b->segment = -1;
    b->next = e->spare_buffer;
    e->spare_buffer = id;
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
    if (e->data[b->datum].primary == id)
        e->data[b->datum].primary = -1;
    unlink_buffer(e, id);
}

void stream_engine_cancel(engine *e, int32_t id, int64_t free_from) {
    buffer *b = buffer_at(e, id);
    stream_memory_map_cancel(&e->maps[b->instance], b->segment, free_from);
    unlink_buffer(e, id);
}

void stream_engine_drop_useless(engine *e, int32_t id) {
    const buffer *b = buffer_at(e, id);
    bool is_result = e->m->is_output[b->datum] && b->instance == e->m->acc->offchip_instance;
    if (b->uses == 0 && e->data[b->datum].primary != id && !is_result)
        stream_engine_drop(e, id, stream_engine_until(e, id));
}
