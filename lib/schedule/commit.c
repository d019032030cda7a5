/* What follows from a placed CT: times, uses, ends of buffers; see engine.h. */

#include "ahead.h"

#include "stream/support/integer.h"

/* The CT's own buffer, in place of the partial sums that it took over. */
static int32_t take_over(engine *e, int32_t previous, int64_t start) {
    int32_t place = buffer_at(e, previous)->segment, instance = buffer_at(e, previous)->instance;
    buffer_at(e, previous)->segment = -1;
    stream_engine_drop(e, previous, start);
    int32_t id = stream_engine_add_output(e, instance, NULL);
    buffer_at(e, id)->segment = place;
    stream_memory_map_hand_over(&e->maps[instance], place, id);
    return id;
}

/* A buffer of the datum has one use less, if they are counted. */
static void use_once(engine *e, datum_state *d, int32_t id, int64_t end) {
    buffer_times *times = times_in(e, d, id);
    times->last_use = stream_max_i64(times->last_use, end);
    if (d->primary == id && !d->counts_uses)
        return;
    buffer *b = buffer_at(e, id);
    b->uses -= b->uses > 0;
    if (b->uses == 0)
        stream_engine_drop_useless(e, id);
}

static void use_all(engine *e, datum_state *d, int32_t i, int64_t end) {
    int32_t n;
    const int32_t *ids = stream_engine_need_buffers(e, i, &n);
    for (int32_t k = 0; k < n; ++k)
        use_once(e, d, ids[k], end);
}

/* Mostly it is in the only group of its datum. */
static void count_down(engine *e, const need *read) {
    const int32_t *first = &e->m->group_first[read->datum];
    int32_t group = first[1] - first[0] == 1 ? first[0] : group_of(e->m, read);
    int64_t counter = e->m->of_group[group].counter;
    e->counters[counter * e->m->acc->n_instances + e->at[read->operand]]--;
}

/* The CT has read its i-th need: the buffers that gave it have one use less. No buffer that a need
 * behind it will use is dropped. There is a primary one, as long as there is a need. */
static inline void consume(engine *e, const need *read, int32_t i, int64_t end) {
    const need_place *at = &e->found_at[i];
    datum_state *d = &e->data[read->datum];
    if (read->counted)
        count_down(e, read);
    --d->unread;
    if (at->buffer == d->primary && !d->counts_uses)
        d->times.last_use = stream_max_i64(d->times.last_use, end);
    else
        use_all(e, d, i, end);
    if (d->unread == 0)
        stream_engine_drop_all(e, read->datum);
    else if (d->unread == 1)
        ahead_of_last_reader(e, d);
}

static void consume_all(engine *e, int64_t end) {
    int32_t first = e->m->need_first[e->ct], n = e->m->need_first[e->ct + 1] - first;
    const need *needs = &e->m->needs[first];
    for (int32_t i = 0; i < n; ++i)
        consume(e, &needs[i], i, end);
}

static void record_slot(engine *e, const buffer *output, int64_t start, int64_t end) {
    int64_t address = stream_memory_map_address(&e->maps[output->instance], output->segment);
    e->slots[e->ct] =
        (stream_ct_slot){.core = e->cores[e->ct], .start = start, .end = end, .address = address};
}

static void finish_output(engine *e, int32_t id, int64_t start, int64_t end) {
    buffer *b = buffer_at(e, id);
    b->start = e->starts[e->ct] = start;
    e->data[e->ct].times = (buffer_times){.complete = end, .last_use = end};
    if (e->record)
        record_slot(e, b, start, end);
}

static void raise_floor(engine *e, int32_t core, int64_t start) {
    e->core_start[core] = start;
    if (e->pooled && !e->limits) /* no memory has addresses */
        return;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int32_t instance = instance_of(e->m, core, (uint8_t)o);
        int64_t floor = start;
        if (e->maps[instance].pooled)
            continue;
        for (int32_t c = 0; c < e->m->acc->n_cores && e->only_core[instance] < 0; ++c)
            for (int32_t k = 0; k < STREAM_N_OPERANDS; ++k)
                if (instance_of(e->m, c, (uint8_t)k) == instance)
                    floor = stream_min_i64(floor, e->core_start[c]);
        e->maps[instance].floor = floor;
    }
}

static void produced(engine *e, int32_t ct, int64_t end) {
    if (!stream_ready_produced(&e->ready, ct, end)) {
        if (e->ready.cts[ct].missing == 1)
            ahead_of_last_producer(e, ct);
        return;
    }
    int32_t core = e->cores[ct];
    ahead_of_turn(e, ct);
    stream_ready_add(&e->ready, ct, core, e->core_free[core]);
    if (e->kept.on)
        e->kept.ready_at[ct] = e->n_placed;
}

void stream_engine_commit(engine *e, int64_t start, int32_t output, int32_t taken_over) {
    const stream_ct_graph *g = e->m->graph;
    const int32_t ct = e->ct, core = e->cores[ct];
    const int64_t price = (int64_t)e->m->facts[ct].kernel * e->m->acc->n_cores + core;
    int64_t end = start + e->m->cycles[price];
    ahead_of_successors(e, ct);
    e->compute_energy_fj += e->m->energy_fj[price];
    e->core_free[core] = end;
    stream_ready_place(&e->ready, ct, core);
    e->score.latency_cycles = stream_max_i64(e->score.latency_cycles, end);
    e->least = stream_max_i64(e->least, end + e->m->facts[ct].tail);
    if (taken_over >= 0)
        output = take_over(e, taken_over, start);
    finish_output(e, output, start, end);
    if (e->flows)
        stream_engine_book_streams(e, start, end);
    consume_all(e, end);
    raise_floor(e, core, start);
    const int32_t *succ = &g->succs[g->succ_first[ct]], *last = &g->succs[g->succ_first[ct + 1]];
    for (; succ < last; ++succ)
        produced(e, *succ, end);
}
