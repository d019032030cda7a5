/* Placing one CT: its memory first, then its transfers, then its start; see engine.h. */

#include "ahead.h"
#include "patches.h"

#include "stream/support/integer.h"

/* Data that stays long lies at the high end, so that what comes and goes finds one hole. */
static memory_fit fit_of(const engine *e, int32_t datum, int32_t instance) {
    if (e->maps[instance].pooled) /* it has no ends */
        return MEMORY_FIT_LOW;
    if (is_cleared(e, instance))
        return MEMORY_FIT_COMPACT;
    const stream_tensor *tensor = &e->m->graph->tensors[datum_tensor(e->m, datum)];
    return tensor->kind == STREAM_TENSOR_CONSTANT ? MEMORY_FIT_HIGH : MEMORY_FIT_LOW;
}

/* Room that is free from `want` on if there is any; else as soon as possible. For what is fetched,
 * `want` is 0: links that are idle bring it early, and a faster link never brings it later, as a
 * window before the CT's start that shrinks with the link would. */
static bool find_window(engine *e, int32_t instance, int64_t bits, int64_t want, memory_fit fit,
                        bool force, memory_window *out) {
    memory_map *map = &e->maps[instance];
    if (stream_memory_map_find(map, bits, want, fit, out))
        return true;
    e->failure.instance = instance;
    e->failure.missing = bits - (map->size - map->live);
    return force && stream_engine_pay_all(e) && stream_engine_make_room(e, instance, bits) &&
           stream_memory_map_find(map, bits, want, fit, out);
}

static bool reserve_piece(engine *e, int32_t datum, int32_t instance, uint8_t operand,
                          const stream_box *box, bool force) {
    int64_t bits = stream_ct_graph_bits(e->m->graph, datum_tensor(e->m, datum), box);
    memory_window window;
    if (!find_window(e, instance, stream_engine_rounded(e, instance, bits), 0,
                     fit_of(e, datum, instance), force, &window))
        return false;
    int32_t id = stream_engine_add_buffer(e, datum, instance, operand, box, &window);
    *(piece *)stream_vec_push(&e->pieces) = (piece){id, bits, window.free_from};
    return true;
}

/* What of the i-th need, which is of the group, no buffer in its instance holds. False: too
 * scattered. */
static bool subtract_resident(engine *e, int32_t i_need, const need_group *g, box_rests *rests) {
    const stream_box *box = &g->box;
    int32_t n_nearby;
    const int32_t *nearby = stream_engine_need_buffers(e, i_need, &n_nearby);
    if (stream_engine_has_plane_cells(e, g->datum))
        return stream_patches_cut(e, g->datum, box, nearby, n_nearby, rests);
    stream_rests_begin(rests, box);
    for (int32_t k = 0; k < n_nearby && rests->n > 0; ++k) {
        if (buffer_contains(e, nearby[k], box))
            rests->n = 0;
        else if (!stream_rests_cut(rests, box_of(e, nearby[k])))
            return false;
    }
    return true;
}

/* Do the rests need more room than all of the box? */
static bool take_more(const engine *e, const need_group *g, int32_t instance,
                      const box_rests *rests) {
    int32_t tensor = datum_tensor(e->m, g->datum);
    return stream_rests_bits(e, tensor, instance, rests) >
           stream_engine_rounded(e, instance, stream_ct_graph_bits(e->m->graph, tensor, &g->box));
}

/* What is part of another read comes with it. A memory that was cleared gets no more than it must.
 */
static bool reserve_read(engine *e, int32_t i_need, const need_group *g, uint8_t operand,
                         bool force) {
    int32_t instance = e->at[operand];
    box_rests rests;
    if (stream_engine_is_within(e, i_need))
        return true;
    if (!subtract_resident(e, i_need, g, &rests) ||
        (is_cleared(e, instance) && take_more(e, g, instance, &rests)))
        return reserve_piece(e, g->datum, instance, operand, &g->box, force);
    for (int32_t i = 0; i < rests.n; ++i)
        if (!reserve_piece(e, g->datum, instance, operand, &rests.boxes[i], force))
            return false;
    return true;
}

/* The buffer in `instance` that holds exactly the box, or -1. */
static int32_t find_exact(const engine *e, int32_t datum, int32_t instance, const stream_box *box) {
    int32_t id = stream_engine_newest(e, datum, instance);
    for (; id >= 0; id = buffer_at(e, id)->next)
        if (buffer_at(e, id)->instance == instance && stream_box_equal(box_of(e, id), box))
            return id;
    return -1;
}

static bool reserve_inputs(engine *e, bool force) {
    const model *m = e->m;
    int32_t first = m->need_first[e->ct], last = m->need_first[e->ct + 1];
    e->n_reserved = last - first;
    if (stream_engine_find_needs(e))
        return true;
    for (int32_t n = first; n < last; ++n) {
        const need *read = &m->needs[n];
        const need_group *g = &m->groups[group_of(m, read)];
        int32_t instance = e->at[read->operand];
        e->n_reserved = n - first;
        if ((e->found_at[n - first].buffer >= 0 && !read->accumulates) ||
            stream_engine_brings_offchip(e, read->operand))
            continue;
        if (read->accumulates) {
            if (find_exact(e, g->datum, instance, &g->box) < 0 &&
                !reserve_piece(e, g->datum, instance, read->operand, &g->box, force))
                return false;
        } else if (!reserve_read(e, n - first, g, read->operand, force)) {
            return false;
        }
    }
    e->n_reserved = last - first;
    return true;
}

/* For the parts of streamed operands that are on the core while the CT runs. */
static bool reserve_passing(engine *e, bool force) {
    int32_t core = e->cores[e->ct];
    const kernel_streams *s = e->flows;
    for (uint8_t o = 0; s && o < STREAM_N_OPERANDS; ++o) {
        memory_window window;
        if (s->buffer_bits[o] == 0)
            continue;
        int32_t instance = instance_of(e->m, core, o);
        memory_fit fit = is_cleared(e, instance) ? MEMORY_FIT_COMPACT : MEMORY_FIT_LOW;
        if (!find_window(e, instance, s->buffer_bits[o], e->earliest, fit, force, &window))
            return false;
        stream_engine_hold(e, o, s->buffer_bits[o], &window);
    }
    return true;
}

static bool find_output_window(engine *e, bool force, memory_window *out) {
    const ct_facts *ct = &e->m->facts[e->ct];
    int32_t instance = e->at[STREAM_O];
    int64_t bits = stream_engine_rounded(e, instance, ct->bits);
    if (instance != e->m->acc->offchip_instance)
        return find_window(e, instance, bits, e->earliest, fit_of(e, e->ct, instance), force, out);
    e->failure.instance = instance;
    e->failure.missing = 0;
    e->failed_bits = bits;
    e->failed_tensor = ct->tensor;
    return stream_memory_map_append(&e->maps[instance], bits, out);
}

/* What is on its way stays. */
static void cancel_pieces(engine *e) {
    for (size_t i = e->pieces.n; i-- > 0;) {
        const piece *p = &STREAM_AT(piece, e->pieces, i);
        if (!is_booked(e, p))
            stream_engine_cancel(e, p->buffer, p->free_from);
    }
    e->pieces.n = 0;
}

/* Reserves memory for everything that is not there yet. On failure nothing stays reserved. */
static bool reserve(engine *e, bool force, memory_window *out_output) {
    if (reserve_inputs(e, force) && reserve_passing(e, force) &&
        (e->m->facts[e->ct].accumulates || find_output_window(e, force, out_output)))
        return true;
    stream_engine_cancel_held(e);
    cancel_pieces(e);
    return false;
}

/* As `reserve`, but with everything out of the way if need be. */
static bool reserve_by_force(engine *e, memory_window *out_output) {
    while (!reserve(e, true, out_output)) {
        int32_t instance = e->failure.instance;
        if (is_cleared(e, instance) || !stream_engine_compact(e, instance))
            return false;
    }
    return true;
}

/* Latest completion of what the CT reads where it reads it, as far as it is booked. */
static int64_t inputs_complete(engine *e) {
    if (e->there_from != STREAM_NEVER)
        return e->there_from;
    int32_t n_needs = e->m->need_first[e->ct + 1] - e->m->need_first[e->ct];
    int64_t time = 0;
    for (int32_t i = 0; i < n_needs; ++i) {
        int32_t n;
        const int32_t *ids = stream_engine_need_buffers(e, i, &n);
        for (int32_t k = 0; k < n; ++k) {
            int64_t complete = times_of(e, ids[k])->complete;
            if (complete != STREAM_NEVER)
                time = stream_max_i64(time, complete);
        }
    }
    return time;
}

/* The previous partial sums; -1: the CT does not accumulate. */
static int32_t find_previous(const engine *e) {
    const model *m = e->m;
    if (!m->facts[e->ct].accumulates)
        return -1;
    for (int32_t n = m->need_first[e->ct]; n < m->need_first[e->ct + 1]; ++n)
        if (m->needs[n].accumulates) {
            const need_group *g = &m->groups[m->group_of[n]];
            return find_exact(e, g->datum, e->at[STREAM_O], &g->box);
        }
    return -1;
}

/* Everything after its memory is reserved. */
static bool place_reserved(engine *e, const memory_window *window) {
    int32_t output = -1;
    int64_t complete = 0, start = stream_max_i64(e->earliest, stream_engine_held_from(e));
    if (window->first >= 0) {
        output = stream_engine_add_output(e, e->at[STREAM_O], window);
        start = stream_max_i64(start, window->free_from);
    }
    if (e->flows && !stream_engine_bring_offchip(e))
        return false;
    start = stream_max_i64(start, inputs_complete(e));
    if (e->pieces.n > 0 && !stream_engine_fetch(e, start, &complete))
        return false;
    start = stream_max_i64(start, complete);
    int32_t previous = find_previous(e);
    if (previous >= 0)
        start = stream_max_i64(start, stream_engine_until(e, previous));
    if (e->flows)
        start = stream_engine_stream_start(e, start);
    stream_engine_commit(e, start, output, previous);
    return true;
}

static void begin(engine *e, int32_t ct) {
    int32_t core = e->cores[ct];
    const kernel_streams *s = streams_of(e->m, ct, core);
    e->ct = ct;
    e->flows = s && s->operands ? s : NULL;
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
        e->at[o] =
            s && s->operands >> o & 1 ? e->m->acc->offchip_instance : instance_of(e->m, core, o);
    e->pieces.n = 0;
    e->earliest = stream_max_i64(e->core_free[core], e->ready.cts[ct].time);
}

bool stream_engine_place(engine *e, int32_t ct, bool force) {
    memory_window window = {.first = -1};
    if (!force && stream_engine_was_refused(e, ct))
        return false;
    begin(e, ct);
    ahead_of_commit(e, ct);
    if (!(force ? reserve_by_force(e, &window) : reserve(e, false, &window))) {
        if (!force)
            stream_engine_note_refusal(e, ct);
        return false;
    }
    if (place_reserved(e, &window))
        return true;
    e->half_placed = true;
    stream_engine_cancel_held(e);
    return false;
}
