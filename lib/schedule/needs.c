/* What the CT that is being placed needs, and where it is; see engine.h. */

#include "ahead.h"

#include "stream/support/integer.h"

/* A CT of more needs has them listed by datum. */
#define FEW_NEEDS 16

static const need *needs_now(const engine *e, int32_t *n) {
    int32_t first = e->m->need_first[e->ct];
    *n = e->m->need_first[e->ct + 1] - first;
    return &e->m->needs[first];
}

/* The only buffer of the need's datum in the instance, if it holds all of it; else -1. */
static int32_t find_only(const engine *e, const need *read, int32_t instance) {
    int32_t id = stream_engine_newest(e, read->datum, instance);
    if (id >= 0 && buffer_at(e, id)->instance == instance && buffer_at(e, id)->next < 0 &&
        buffer_contains(e, id, need_box(e->m, read)))
        return id;
    ahead_of_fetch(e, read);
    return -1;
}

bool stream_engine_find_needs(engine *e) {
    int32_t n, all_there = 0;
    const need *needs = needs_now(e, &n);
    int64_t there_from = 0;
    e->seen.n = 0;
    for (int32_t i = 0; i < n; ++i) {
        datum_state *d = &e->data[needs[i].datum];
        int32_t id, instance = e->at[needs[i].operand];
        if (d->only_at == instance) {
            id = d->primary;
            there_from = stream_max_i64(there_from, d->times.complete);
            ahead_of_release(e, d, id);
        } else {
            id = find_only(e, &needs[i], instance);
            there_from = stream_max_i64(there_from, id < 0 ? 0 : times_in(e, d, id)->complete);
        }
        e->found_at[i] = (need_place){.buffer = id, .n = -1};
        all_there |= needs[i].accumulates ? -1 : id;
    }
    e->there_from = all_there >= 0 ? there_from : STREAM_NEVER;
    return all_there >= 0;
}

static void see(engine *e, int32_t id) {
    if (e->seen.n == e->seen.capacity)
        stream_vec_reserve(&e->seen, 2 * e->seen.n + FEW_NEEDS);
    STREAM_AT(int32_t, e->seen, e->seen.n++) = id;
}

void stream_engine_pin(engine *e) {
    int32_t n, first = e->m->need_first[e->ct];
    const need *needs = needs_now(e, &n);
    for (int32_t i = 0; i < n; ++i)
        e->pinned[needs[i].datum] = -1;
    for (int32_t i = n; i-- > 0;) {
        int32_t next = e->pinned[needs[i].datum];
        e->same_datum[i] = next < 0 ? -1 : next - first;
        e->pinned[needs[i].datum] = first + i;
    }
    e->pins_of = e->ct;
}

/* The new buffer becomes the first of those that were found for the i-th need. */
static void list_first(engine *e, int32_t i, int32_t id) {
    need_place *at = &e->found_at[i];
    int32_t old = at->first;
    if (!buffer_overlaps(e, id, need_box(e->m, &e->m->needs[e->m->need_first[e->ct] + i])))
        return;
    at->first = (int32_t)e->seen.n;
    see(e, id);
    for (int32_t k = 0; k < at->n; ++k)
        see(e, STREAM_AT(int32_t, e->seen, old + k));
    ++at->n;
}

static int32_t instance_of_need(const engine *e, int32_t i) {
    return e->at[e->m->needs[e->m->need_first[e->ct] + i].operand];
}

static void note(engine *e, int32_t i, int32_t id) {
    need_place *at = &e->found_at[i];
    if (instance_of_need(e, i) != buffer_at(e, id)->instance)
        return;
    if (at->buffer < 0 && at->n >= 0)
        list_first(e, i, id);
    at->buffer = -1;
    e->there_from = STREAM_NEVER;
}

void stream_engine_note_buffer(engine *e, int32_t id) {
    int32_t n, datum = buffer_at(e, id)->datum;
    const need *needs = needs_now(e, &n);
    if (n > FEW_NEEDS) {
        for (int32_t i = stream_engine_first_need(e, datum); i >= 0; i = e->same_datum[i])
            note(e, i, id);
        return;
    }
    for (int32_t i = 0; i < n; ++i)
        if ((int32_t)needs[i].datum == datum)
            note(e, i, id);
}

const int32_t *stream_engine_look_for_need(engine *e, int32_t i, int32_t *n) {
    need_place *at = &e->found_at[i];
    const need *read = &e->m->needs[e->m->need_first[e->ct] + i];
    if (at->n < 0) {
        at->n =
            stream_engine_find_nearby(e, read->datum, e->at[read->operand], need_box(e->m, read));
        at->first = (int32_t)e->seen.n;
        for (int32_t k = 0; k < at->n; ++k)
            see(e, stream_engine_nearby(e, k));
    }
    *n = at->n;
    return at->n > 0 ? &STREAM_AT(int32_t, e->seen, at->first) : NULL;
}

/* Is the i-th need read in another memory than this one, where it is or has room? */
static bool has_place(const engine *e, int32_t i, int32_t instance) {
    return i < e->n_reserved && instance_of_need(e, i) != instance &&
           instance_of_need(e, i) != e->m->acc->offchip_instance;
}

bool stream_engine_must_keep(const engine *e, int32_t id, int32_t first) {
    const need *needs = &e->m->needs[e->m->need_first[e->ct]];
    for (int32_t i = first; i >= 0; i = e->same_datum[i])
        if (!has_place(e, i, buffer_at(e, id)->instance) &&
            buffer_overlaps(e, id, need_box(e->m, &needs[i])))
            return true;
    return false;
}

bool stream_engine_is_within(engine *e, int32_t i) {
    const model *m = e->m;
    const need *needs = &m->needs[m->need_first[e->ct]];
    int32_t k = stream_engine_first_need(e, needs[i].datum);
    for (int32_t n = 0; k >= 0 && n < STREAM_MOST_COMPARED_NEEDS; ++n, k = e->same_datum[k])
        if (e->at[needs[k].operand] == e->at[needs[i].operand] &&
            need_is_within(m, &needs[i], &needs[k]))
            return true;
    return false;
}
