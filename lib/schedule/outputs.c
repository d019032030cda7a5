/* Outputs of the network on their way off-chip; see engine.h.
 *
 * Nothing waits for them, so the write of an output is booked when the next CT of its core has
 * booked what it fetches: long transfers find the links as they need them, the write takes what is
 * left. It is booked at once where a CT has no room otherwise. */

#include "engine.h"

/* Everything that CTs write of the tensor is an output. */
static bool has_no_part(const engine *e, int32_t datum) {
    return e->m->graph->tensors[e->m->facts[datum].tensor].output_size == 0;
}

/* The part of what the CT wrote that is an output; false: it is only a part of it. */
static bool output_part(const engine *e, int32_t datum, stream_box *out) {
    const stream_ct *ct = &e->m->graph->cts[datum];
    *out = ct->box;
    (void)stream_tensor_output_box(&e->m->graph->tensors[ct->tensor], out, out);
    return stream_box_equal(out, &ct->box);
}

/* Is the output off-chip, in one buffer? A core that works there may have fetched less of it. */
static bool is_saved(const engine *e, int32_t datum) {
    const datum_state *d = &e->data[datum];
    if (datum >= e->m->graph->n_cts) /* an input is there from the beginning */
        return true;
    if (has_only_primary(d))
        return d->only_at == e->m->acc->offchip_instance;
    int32_t n_lists, list = stream_engine_lists(e, datum, &n_lists);
    bool all = has_no_part(e, datum);
    stream_box part;
    if (!all)
        (void)output_part(e, datum, &part);
    for (int32_t i = list; i < list + n_lists; ++i)
        for (int32_t id = e->heads[i]; id >= 0; id = buffer_at(e, id)->next)
            if (buffer_at(e, id)->instance == e->m->acc->offchip_instance &&
                (all ? buffer_at(e, id)->whole : buffer_contains(e, id, &part)))
                return true;
    return false;
}

/* What is off-chip of an output stays. */
static void drop_unless_result(engine *e, int32_t id) {
    const buffer *b = buffer_at(e, id);
    if (!e->data[b->datum].is_output || b->instance != e->m->acc->offchip_instance)
        stream_engine_drop(e, id, stream_engine_until(e, id));
}

static void drop_listed(engine *e, int32_t datum) {
    int32_t n_lists, list = stream_engine_lists(e, datum, &n_lists);
    for (int32_t i = list; i < list + n_lists; ++i)
        for (int32_t next, id = e->heads[i]; id >= 0; id = next) {
            next = buffer_at(e, id)->next;
            drop_unless_result(e, id);
        }
}

/* Every live buffer of a datum that no unplaced CT reads. An output that is not off-chip yet stays.
 */
void stream_engine_drop_all(engine *e, int32_t datum) {
    const datum_state *d = &e->data[datum];
    if (d->is_output && !is_saved(e, datum))
        return;
    if (!has_only_primary(d))
        drop_listed(e, datum);
    if (has_only_primary(d)) /* it is in no list any more */
        drop_unless_result(e, d->primary);
}

/* Copies the output off-chip: all of the datum, or the part of it that is one. */
static bool save(engine *e, int32_t datum) {
    stream_box part;
    if (has_no_part(e, datum) || output_part(e, datum, &part))
        return stream_engine_secure(e, datum);
    return is_saved(e, datum) || stream_engine_copy_offchip(e, datum, &part) >= 0;
}

static bool write(engine *e, int32_t datum) {
    int32_t id = e->data[datum].primary;
    if (id < 0) /* fetched to off-chip memory by its last reader, and nowhere else since */
        return true;
    if (!save(e, datum))
        return false;
    if (e->data[datum].unread == 0)
        stream_engine_drop_all(e, datum);
    else if (e->data[datum].primary != id)
        stream_engine_drop_useless(e, id);
    return true;
}

static bool pay(engine *e, int32_t core) {
    int32_t datum = e->owed[core];
    e->owed[core] = -1;
    return datum < 0 || write(e, datum);
}

bool stream_engine_finish_ct(engine *e, int32_t ct) {
    int32_t core = e->cores[ct];
    if (!pay(e, core))
        return false;
    if (!e->data[ct].is_output) {
        if (e->data[ct].unread == 0)
            stream_engine_drop_all(e, ct);
        return true;
    }
    e->owed[core] = ct;
    return true;
}

bool stream_engine_pay_all(engine *e) {
    for (int32_t core = 0; core < e->m->acc->n_cores; ++core)
        if (!pay(e, core))
            return false;
    return true;
}
