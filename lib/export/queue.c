/* Waiting for links and ports; see queue.h. */

#include "queue.h"

#include "stream/support/integer.h"

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
