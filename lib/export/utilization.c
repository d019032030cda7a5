/* Use of cores, links and ports over time; see utilization.h. */

#include "utilization.h"

#include "curves.h"

#include "stream/support/integer.h"

#define PARTS STREAM_UTILIZATION_PARTS

typedef struct {
    int64_t latency;
    double *amounts; /* [n * PARTS] in values x 1 / PARTS of a cycle: sums of whole numbers */
} sums;

/* `owner` uses `value` over [from, until). In units of 1 / PARTS of a cycle a part is `latency`
 * long, and every time is whole. */
static void add(sums *s, int32_t owner, double value, int64_t from, int64_t until) {
    __int128 start = (__int128)from * PARTS, part = s->latency;
    __int128 end = (__int128)stream_min_i64(until, s->latency) * PARTS;
    if (end <= start)
        return;
    for (int32_t k = (int32_t)(start / part); k < PARTS && part * k < end; ++k) {
        __int128 a = start > part * k ? start : part * k;
        __int128 b = end < part * (k + 1) ? end : part * (k + 1);
        s->amounts[(size_t)owner * PARTS + (size_t)k] += value * (double)(b - a);
    }
}

static stream_use use_of(const sums *s, int32_t owner, double most) {
    stream_use use = {0};
    double sum = 0, all = (double)s->latency * most;
    if (!(all > 0))
        return use;
    for (int32_t k = 0; k < PARTS; ++k) {
        double amount = s->amounts[(size_t)owner * PARTS + (size_t)k];
        sum += amount;
        double percent = 100 * amount / all + 0.5; /* above 100: no checker accepts it */
        use.percent[k] = percent < 100 ? (uint8_t)percent : 100;
    }
    use.share = sum / PARTS / all;
    return use;
}

static sums new_sums(const stream_export *e, int32_t n, stream_arena *arena) {
    return (sums){e->schedule->summary.latency_cycles, STREAM_NEW(arena, double, (size_t)n *PARTS)};
}

static const stream_use *cores(const stream_export *e, stream_arena *arena) {
    int32_t n = e->problem->acc->n_cores;
    sums s = new_sums(e, n, arena);
    stream_use *uses = STREAM_NEW(arena, stream_use, (size_t)n);
    for (int32_t i = 0; i < e->problem->graph->n_cts; ++i) {
        const stream_ct_slot *slot = &e->schedule->slots[i];
        add(&s, slot->core, 1, slot->start, slot->end);
    }
    for (int32_t c = 0; c < n; ++c)
        uses[c] = use_of(&s, c, 1);
    return uses;
}

static const stream_use *resources(const stream_export *e, stream_arena *arena) {
    int32_t n = e->problem->acc->n_resources;
    sums s = new_sums(e, n, arena);
    stream_use *uses = STREAM_NEW(arena, stream_use, (size_t)n);
    stream_curves rates;
    stream_curves_rates(e, arena, &rates);
    for (int32_t r = 0; r < n; ++r) {
        for (int32_t i = rates.first[r]; i < rates.first[r + 1]; ++i) {
            bool last = i + 1 == rates.first[r + 1];
            add(&s, r, (double)rates.steps[i].value, rates.steps[i].time,
                last ? s.latency : rates.steps[i + 1].time);
        }
        uses[r] = use_of(&s, r, (double)e->problem->acc->resources[r].bandwidth_bits);
    }
    return uses;
}

void stream_utilization_build(const stream_export *e, stream_arena *arena,
                              stream_utilization *out) {
    const stream_accelerator *acc = e->problem->acc;
    *out = (stream_utilization){cores(e, arena), resources(e, arena), -1, -1};
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (acc->cores[c].kind == STREAM_CORE_COMPUTE &&
            (out->core < 0 || out->cores[c].share > out->cores[out->core].share))
            out->core = c;
    for (int32_t r = 0; r < acc->n_resources; ++r)
        if (out->resources[r].share > (out->resource < 0 ? 0 : out->resources[out->resource].share))
            out->resource = r;
}
