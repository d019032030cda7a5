/* Waiting for links and ports; see queue.h. */

#include "queue.h"

#include "stream/support/integer.h"

static void add(stream_vec *demands, int32_t resource, int64_t rate_bits) {
    if (resource < 0 || rate_bits == 0)
        return;
    for (size_t i = 0; i < demands->n; ++i)
        if (STREAM_AT(stream_demand, *demands, i).resource == resource) {
            STREAM_AT(stream_demand, *demands, i).rate_bits += rate_bits;
            return;
        }
    *(stream_demand *)stream_vec_push(demands) = (stream_demand){resource, rate_bits};
}

void stream_demand_of_transfer(const stream_export *e, int32_t transfer, stream_vec *demands) {
    const stream_accelerator *acc = e->problem->acc;
    const stream_transfer *t = &e->schedule->transfers[transfer];
    for (int32_t r = 0; r < t->n_resources; ++r)
        add(demands, t->resources[r], t->rate_bits);
    add(demands, stream_accelerator_port(acc, t->source, t->source_operand, false), t->rate_bits);
    for (int32_t k = 0; k < t->n_targets; ++k)
        add(demands, stream_accelerator_port(acc, t->targets[k].instance, t->target_operand, true),
            t->rate_bits);
}

static void add_flow(const stream_export *e, const stream_ct_stream *s, bool write,
                     stream_vec *demands) {
    const stream_accelerator *acc = e->problem->acc;
    const stream_flow *flow = write ? &s->write : &s->read;
    for (int32_t r = 0; r < flow->n_resources; ++r)
        add(demands, flow->resources[r], flow->rate_bits);
    add(demands, stream_accelerator_port(acc, acc->offchip_instance, s->operand, write),
        flow->rate_bits);
}

void stream_demand_of_ct(const stream_export *e, int32_t ct, stream_vec *demands) {
    const stream_ct_stream *streams = e->schedule->streams;
    int32_t low = 0, high = e->schedule->n_streams;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (streams[middle].ct < ct)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < e->schedule->n_streams && streams[low].ct == ct; ++low) {
        add_flow(e, &streams[low], false, demands);
        add_flow(e, &streams[low], true, demands);
    }
}

/* The value at `time`; *out_until: where it may change. */
static int64_t value_at(const stream_curves *c, int32_t owner, int64_t time, int64_t *out_until) {
    int32_t low = c->first[owner], high = c->first[owner + 1];
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (c->steps[middle].time <= time)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < c->first[owner + 1])
        *out_until = stream_min_i64(*out_until, c->steps[low].time);
    return low > c->first[owner] ? c->steps[low - 1].value : 0;
}

int64_t stream_queued_cycles(const stream_export *e, const stream_curves *rates,
                             const stream_vec *demands, int64_t from, int64_t until) {
    int64_t cycles = 0;
    while (from < until && demands->n > 0) {
        int64_t next = until;
        bool taken = false;
        for (size_t i = 0; i < demands->n; ++i) {
            const stream_demand *d = &STREAM_AT(stream_demand, *demands, i);
            int64_t width = e->problem->acc->resources[d->resource].bandwidth_bits;
            taken |= value_at(rates, d->resource, from, &next) > width - d->rate_bits;
        }
        cycles += taken ? next - from : 0;
        from = next;
    }
    return cycles;
}
