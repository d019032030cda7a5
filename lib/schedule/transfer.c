/* Transfers: ways, times, sources; see engine.h. */

#include "engine.h"

#include "stream/support/integer.h"

/* The i-th resource that may be short of bandwidth for it: ports, then links. */
static inline profile *profile_of(const engine *e, const quote *q, int32_t i) {
    return &e->profiles[i < q->n_ports ? q->ports[i] : q->route->resources[i - q->n_ports]];
}

static inline int32_t resources_of(const quote *q) {
    return q->n_ports + q->route->n_hops;
}

/* For transfers of the entry's kind over the quote's route, none of which starts in [from, start):
 * the earliest start at which every resource has the rate over the whole duration, asked one after
 * the other, until all in a row agree. */
static int64_t search(const engine *e, const quote *q, fit_entry *known, int64_t from,
                      int64_t start, int64_t last) {
    int64_t rate = known->kind.rate, duration = known->kind.duration;
    int32_t n = resources_of(q);
    start = stream_fit_cache_skip(known, start);
    for (int32_t i = 0, agree = 0; agree < n && start <= last; i = i + 1 < n ? i + 1 : 0) {
        int64_t next = stream_profile_fit(profile_of(e, q, i), start, duration, rate);
        if (next == start) {
            ++agree;
            continue;
        }
        start = stream_fit_cache_skip(known, next);
        agree = start == next;
    }
    stream_fit_cache_note(known, from, start);
    return start;
}

static bool fits_at(const engine *e, const quote *q, int64_t start) {
    for (int32_t i = 0; i < resources_of(q); ++i)
        if (!stream_profile_fits(profile_of(e, q, i), start, q->duration, q->rate))
            return false;
    return true;
}

/* Moves *start to the earliest one >= it at which every resource has the rate over the whole
 * duration, or behind `last`. False: it is only known that none is before it, as more steps would
 * have to be looked at than are worth it. */
static bool find_soon(const engine *e, const quote *q, int64_t last, int64_t *start) {
    int32_t n = resources_of(q);
    for (int32_t i = 0, agree = 0; agree < n && *start <= last; i = i + 1 < n ? i + 1 : 0) {
        int64_t next = *start;
        if (!stream_profile_fit_soon(profile_of(e, q, i), &next, last, q->duration, q->rate))
            return *start = next, next > last;
        agree = next == *start ? agree + 1 : 1;
        *start = next;
    }
    return true;
}

/* The earliest start >= from at which every resource has the rate over the whole duration. One
 * after `last` may be too early. */
static int64_t common_fit(const engine *e, const quote *q, int64_t from, int64_t last) {
    fit_kind kind = {q->read_port, q->write_port, q->rate, q->duration, q->on_chip};
    fit_entry *known = stream_fit_cache_at(e->fits, &kind);
    int64_t start = stream_fit_cache_skip(known, from);
    if (start > last)
        return start;
    if (last < INT64_MAX && find_soon(e, q, last, &start)) {
        stream_fit_cache_note(known, from, start);
        return start;
    }
    if (!stream_fit_cache_is_new(known, from))
        return search(e, q, known, from, start, last);
    if (fits_at(e, q, from))
        return from;
    fit_kind below = stream_fit_kind_below(&kind);
    start = search(e, q, stream_fit_cache_at(e->fits, &below), from, from, last);
    return search(e, q, stream_fit_cache_at(e->fits, &kind), from, start, last);
}

static int64_t highest_rate(const model *m, const stream_route *route, int32_t read_port,
                            int32_t write_port) {
    const stream_resource *resources = m->acc->resources;
    return stream_min_i64(
        route->bandwidth_bits,
        stream_min_i64(resources[read_port].bandwidth_bits, resources[write_port].bandwidth_bits));
}

int64_t stream_engine_reload_cycles(const engine *e, int32_t instance, uint8_t operand,
                                    int64_t bits) {
    int32_t offchip = e->m->acc->offchip_instance;
    const stream_route *route = stream_engine_route(e, offchip, instance);
    if (!route)
        return INT64_MAX;
    int64_t rate = highest_rate(e->m, route, port_of(e->m, offchip, operand, false),
                                port_of(e->m, instance, operand, true));
    return stream_ceil_div(bits, rate) + route->latency_cycles;
}

/* By a route: ports and highest rate; no time yet. */
static bool prepare(const engine *e, const stream_route *route, int32_t source, int32_t instance,
                    uint8_t operand, int64_t bits, quote *q) {
    const model *m = e->m;
    const buffer *b = buffer_at(e, source);
    if (!route)
        return false;
    q->route = route;
    q->on_chip = false;
    q->source = source;
    q->source_operand = b->instance == m->acc->offchip_instance ? operand : b->operand;
    q->read_port = port_of(m, b->instance, q->source_operand, false);
    q->write_port = port_of(m, instance, operand, true);
    q->n_ports = 0;
    if (!m->is_ample[q->read_port])
        q->ports[q->n_ports++] = q->read_port;
    if (!m->is_ample[q->write_port])
        q->ports[q->n_ports++] = q->write_port;
    q->most = highest_rate(m, route, q->read_port, q->write_port);
    q->bits = bits;
    return true;
}

/* At the least rate that takes no longer than the given one: what the last cycle would not need of
 * it, and what is held while the last bits are on their way, is left to others. */
static void set_rate(quote *q, int64_t rate) {
    int64_t cycles = stream_ceil_div(q->bits, rate);
    q->rate = stream_ceil_div(q->bits, cycles);
    q->duration = cycles + q->route->latency_cycles;
}

static void set_time_at_rate(const engine *e, quote *q, int64_t from, int64_t rate) {
    set_rate(q, rate);
    q->start = common_fit(e, q, from, INT64_MAX);
    q->end = q->start + q->duration;
}

/* At a lower rate, if it ends by `latest` all the same. */
static void slow_down(const engine *e, quote *q, int64_t from, int64_t rate, int64_t latest) {
    quote slow = *q;
    set_rate(&slow, rate);
    int64_t last = latest - slow.duration;
    if (from > last)
        return;
    slow.start = common_fit(e, &slow, from, last);
    slow.end = slow.start + slow.duration;
    if (slow.end <= latest)
        *q = slow;
}

/* A rate is held while the last bits are on their way, too. Where that is long, an eighth of the
 * time, or half, is spent on a lower rate, which leaves much of the link to others, or most. */
static void spare_latency(const engine *e, quote *q, int64_t from) {
    int64_t slack = q->route->latency_cycles / (e->much_slack ? 2 : 8);
    if (slack == 0)
        return;
    int64_t cycles = q->duration - q->route->latency_cycles;
    int64_t rate = stream_ceil_div(q->bits, cycles + slack);
    if (rate < q->rate)
        slow_down(e, q, from, rate, q->end + slack);
}

/* At the full rate, or, if that must wait, at the part of it that ends first: beside a transfer
 * that takes half of a bus the other half is free. */
static void set_time(const engine *e, quote *q, int64_t from) {
    from = stream_max_i64(from, times_of(e, q->source)->complete);
    int64_t full = q->most;
    set_time_at_rate(e, q, from, full);
    for (int64_t part = 2; part <= 4 && q->start > from && part <= full; part *= 2)
        slow_down(e, q, from, full / part, q->end - 1);
    spare_latency(e, q, from);
}

/* By the detour, if there is one. */
static bool quote_detour(const engine *e, const quote *by_route, int32_t instance, uint8_t operand,
                         int64_t from, quote *out) {
    int32_t source = by_route->source;
    const stream_route *way = stream_engine_detour(e, buffer_at(e, source)->instance, instance);
    if (!prepare(e, way, source, instance, operand, by_route->bits, out))
        return false;
    out->on_chip = true;
    set_time(e, out, from);
    return true;
}

bool stream_engine_quote(const engine *e, int32_t source, int32_t instance, uint8_t operand,
                         int64_t bits, int64_t from, quote *out) {
    const stream_route *route = stream_engine_route(e, buffer_at(e, source)->instance, instance);
    quote detour;
    if (!prepare(e, route, source, instance, operand, bits, out))
        return false;
    set_time(e, out, from);
    if (quote_detour(e, out, instance, operand, from, &detour) && detour.end <= out->end)
        *out = detour;
    return true;
}

/* Of two quotes the better: in time beats late; in time, on-chip, a way that leaves the links of
 * off-chip memory free, and fewer hops beat more; late, the earlier end wins. */
static bool better(const engine *e, const quote *a, const quote *b, int64_t deadline) {
    bool a_in_time = a->end <= deadline, b_in_time = b->end <= deadline;
    if (a_in_time != b_in_time)
        return a_in_time;
    if (!a_in_time && a->end != b->end)
        return a->end < b->end;
    int32_t offchip = e->m->acc->offchip_instance;
    bool a_far = buffer_at(e, a->source)->instance == offchip;
    bool b_far = buffer_at(e, b->source)->instance == offchip;
    if (a_far != b_far)
        return b_far;
    if (a->route->at_offchip != b->route->at_offchip)
        return b->route->at_offchip;
    return a->route->n_hops < b->route->n_hops;
}

/* Sources that are compared for one piece. */
#define MOST_SOURCES 6

/* Sources of a piece, the best of them so far. */
typedef struct {
    const piece *p;
    int64_t deadline;
    int32_t n;
    quote *best;
} source_search;

static void try_source(const engine *e, source_search *s, int32_t id) {
    const buffer *source = buffer_at(e, id), *target = buffer_at(e, s->p->buffer);
    const stream_route *route = stream_engine_route(e, source->instance, target->instance);
    quote q, detour;
    if (s->n == MOST_SOURCES || times_of(e, id)->complete == STREAM_NEVER ||
        source->instance == target->instance || !buffer_contains(e, id, box_of(e, s->p->buffer)) ||
        !prepare(e, route, id, target->instance, target->operand, s->p->bits, &q))
        return;
    set_time(e, &q, s->p->free_from);
    if (s->n++ == 0 || better(e, &q, s->best, s->deadline))
        *s->best = q;
    if (quote_detour(e, &q, target->instance, target->operand, s->p->free_from, &detour) &&
        better(e, &detour, s->best, s->deadline))
        *s->best = detour;
}

static void try_nearby(const engine *e, source_search *s) {
    const buffer *target = buffer_at(e, s->p->buffer);
    const stream_box *box = box_of(e, s->p->buffer);
    for (int32_t i = 0; i < e->m->acc->n_instances; ++i) {
        if (i == target->instance)
            continue;
        int32_t n = stream_engine_find_nearby(e, target->datum, i, box);
        for (int32_t k = 0; k < n; ++k)
            try_source(e, s, stream_engine_nearby(e, k));
    }
}

bool stream_engine_best_quote(const engine *e, const piece *p, int64_t deadline, quote *out) {
    const buffer *target = buffer_at(e, p->buffer);
    const datum_state *d = &e->data[target->datum];
    source_search s = {p, deadline, 0, out};
    int32_t n_lists, list = stream_engine_lists(e, target->datum, &n_lists);
    if (d->buffers == 2 && d->primary >= 0) { /* it and the target */
        try_source(e, &s, d->primary);
        return s.n > 0;
    }
    if (target->datum >= e->m->graph->n_cts) {
        try_nearby(e, &s);
        return s.n > 0;
    }
    for (int32_t i = list; i < list + n_lists; ++i)
        for (int32_t b = e->heads[i]; b >= 0; b = buffer_at(e, b)->next)
            try_source(e, &s, b);
    return s.n > 0;
}
