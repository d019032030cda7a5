/* Placing what a CT streams from and to off-chip memory (rule R9); see engine.h. */

#include "engine.h"

#include "stream/support/integer.h"

#include <stdlib.h>

/* ---- buffers through which parts of an operand pass */

void stream_engine_hold(engine *e, uint8_t operand, int64_t bits, const memory_window *window) {
    int32_t instance = instance_of(e->m, e->cores[e->ct], operand);
    int32_t id = stream_engine_add_nameless(e, instance, bits, window);
    int64_t address = stream_memory_map_address(&e->maps[instance], buffer_at(e, id)->segment);
    e->passing[e->n_passing++] = (passing_buffer){id, operand, address, window->free_from};
}

void stream_engine_cancel_held(engine *e) {
    while (e->n_passing > 0) {
        const passing_buffer *p = &e->passing[--e->n_passing];
        stream_engine_drop_nameless(e, p->buffer, p->free_from);
    }
}

static int64_t held_address(const engine *e, uint8_t operand) {
    for (int32_t i = 0; i < e->n_passing; ++i)
        if (e->passing[i].operand == operand)
            return e->passing[i].address;
    return 0;
}

static void let_go(engine *e, int64_t end) {
    for (int32_t i = 0; i < e->n_passing; ++i)
        stream_engine_drop_nameless(e, e->passing[i].buffer, end);
    e->n_passing = 0;
}

/* ---- data */

bool stream_engine_bring_offchip(engine *e) {
    const model *m = e->m;
    for (int32_t n = m->need_first[e->ct]; n < m->need_first[e->ct + 1]; ++n) {
        int32_t datum = m->needs[n].datum, from = e->data[datum].primary;
        if (!stream_engine_brings_offchip(e, m->needs[n].operand))
            continue;
        if (!stream_engine_secure(e, datum))
            return false;
        if (e->data[datum].primary != from)
            stream_engine_drop_useless(e, from);
    }
    return true;
}

/* ---- rates */

int64_t stream_engine_stream_start(const engine *e, int64_t from) {
    const kernel_streams *s = e->flows;
    int32_t core = e->cores[e->ct];
    int64_t start = from;
    for (bool moved = true; moved;) {
        int64_t cycles =
            e->m->cycles[(int64_t)e->m->graph->cts[e->ct].kernel * e->m->acc->n_cores + core];
        moved = false;
        for (int32_t i = s->first_demand; i < s->first_demand + s->n_demands; ++i) {
            const stream_demand *d = &e->m->demands[i];
            int64_t next =
                stream_profile_fit(&e->profiles[d->resource], start, cycles, d->rate_bits);
            moved |= next != start;
            start = next;
        }
    }
    return start;
}

static void record(engine *e, uint8_t operand) {
    const model *m = e->m;
    int32_t core = e->cores[e->ct];
    int64_t row = (int64_t)m->graph->cts[e->ct].kernel * m->acc->n_cores + core;
    const stream_price_stream *price = &m->stream_prices[row * STREAM_N_OPERANDS + operand];
    const stream_route *in = stream_route_of(m, core, operand, false);
    const stream_route *out = stream_route_of(m, core, operand, true);
    stream_ct_stream *s = stream_vec_push(&e->streams);
    *s = (stream_ct_stream){.ct = e->ct, .operand = operand, .address = held_address(e, operand)};
    if (price->read_rate > 0)
        s->read = (stream_flow){in->resources, in->n_hops, price->read_rate};
    if (price->write_rate > 0)
        s->write = (stream_flow){out->resources, out->n_hops, price->write_rate};
}

static void add(int64_t *sum, int64_t part, bool *overflow) {
    *overflow |= !stream_add_i64(*sum, part, sum);
}

void stream_engine_book_streams(engine *e, int64_t start, int64_t end) {
    const kernel_streams *s = e->flows;
    for (int32_t i = s->first_demand; i < s->first_demand + s->n_demands; ++i)
        stream_profile_use(&e->profiles[e->m->demands[i].resource], start, end,
                           e->m->demands[i].rate_bits);
    add(&e->link_energy_fj, s->link_fj, &e->overflow);
    add(&e->memory_energy_fj, s->offchip_fj, &e->overflow);
    add(&e->score.offchip_read_bits, s->read_bits, &e->overflow);
    add(&e->score.offchip_write_bits, s->write_bits, &e->overflow);
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (e->record && s->operands >> o & 1)
            record(e, o);
    let_go(e, end);
}

/* ---- export */

static int by_ct(const void *a, const void *b) {
    const stream_ct_stream *x = a, *y = b;
    return x->ct != y->ct ? (x->ct < y->ct ? -1 : 1) : (int)x->operand - (int)y->operand;
}

void stream_engine_order_streams(engine *e) {
    if (e->streams.n)
        qsort(e->streams.data, e->streams.n, sizeof(stream_ct_stream), by_ct);
}
