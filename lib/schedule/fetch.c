/* The transfers of what a CT needs, whose memory is reserved; see engine.h. */

#include "engine.h"

#include "stream/support/integer.h"
#include "stream/support/sort.h"

/* All of the datum came to the piece's memory after the piece was reserved there: a core works in
 * off-chip memory, and the datum went there to make room elsewhere, or is an output. */
static bool came_meanwhile(const engine *e, const piece *p) {
    const buffer *b = buffer_at(e, p->buffer);
    return primary_instance(e, b->datum) == b->instance;
}

static void take_what_came(engine *e, piece *p) {
    int32_t primary = e->data[buffer_at(e, p->buffer)->datum].primary;
    stream_engine_cancel(e, p->buffer, p->free_from);
    p->buffer = primary;
    (void)stream_engine_find_needs(e);
}

static bool find_source(const engine *e, const piece *p, int64_t deadline, quote *out) {
    return came_meanwhile(e, p) || stream_engine_best_quote(e, p, deadline, out);
}

/* By way of off-chip memory, as nothing leads to the piece's memory from where its data is, or only
 * a slow way. If off-chip memory is full, nothing has changed. */
static bool find_detour(engine *e, const piece *p, int64_t deadline, quote *out) {
    int32_t datum = buffer_at(e, p->buffer)->datum, from = e->data[datum].primary;
    int32_t instance = primary_instance(e, datum);
    if (!stream_engine_secure(e, datum))
        return false;
    stream_engine_drop_useless(e, from);
    if (find_source(e, p, deadline, out))
        return true;
    e->failure = (placement_failure){.instance = instance, .no_route = true};
    return false;
}

/* Does what comes late from a memory on chip, by a way that is slower than that by way of off-chip
 * memory, come earlier by the latter? */
static bool is_sooner_by_offchip(const engine *e, const piece *p, int64_t deadline,
                                 const quote *q) {
    const buffer *b = buffer_at(e, p->buffer);
    int32_t offchip = e->m->acc->offchip_instance, from = e->data[b->datum].primary;
    if (q->end <= deadline || b->instance == offchip || from < 0 ||
        buffer_at(e, from)->instance == offchip || buffer_at(e, q->source)->instance == offchip)
        return false;
    quote away;
    int64_t reload = stream_engine_reload_cycles(e, b->instance, b->operand, p->bits);
    return reload < q->duration &&
           stream_engine_quote(e, from, offchip, STREAM_O, stream_engine_bits(e, from), 0, &away) &&
           away.duration + reload < q->duration && away.end + reload < q->end;
}

static void book(engine *e, const piece *p, const quote *q) {
    sharer_list sharers;
    stream_engine_book(e, q, p->buffer, p->bits);
    stream_engine_find_sharers(e, p, &sharers);
    stream_engine_share(e, q, p, &sharers);
}

static bool fetch(engine *e, piece *p, int64_t deadline) {
    quote q;
    if (is_booked(e, p))
        return true;
    if (!find_source(e, p, deadline, &q) && !find_detour(e, p, deadline, &q))
        return false;
    if (came_meanwhile(e, p)) {
        take_what_came(e, p);
        return true;
    }
    if (is_sooner_by_offchip(e, p, deadline, &q))
        (void)find_detour(e, p, deadline, &q);
    book(e, p, &q);
    return true;
}

/* When all of what the piece is part of exists. */
static uint64_t exists_from(const engine *e, const piece *p) {
    return (uint64_t)e->data[buffer_at(e, p->buffer)->datum].times.complete;
}

/* What exists first comes first: behind a later one it would wait for the links with that. */
static const stream_keyed *order_pieces(engine *e) {
    size_t n = e->pieces.n;
    stream_vec_reserve(&e->turns, 2 * n); /* the second half is scratch */
    stream_keyed *turns = e->turns.data;
    for (size_t i = 0; i < n; ++i)
        turns[i] = (stream_keyed){exists_from(e, &STREAM_AT(piece, e->pieces, i)), (int64_t)i};
    stream_sort_keyed(turns, n, turns + n);
    return turns;
}

bool stream_engine_fetch(engine *e, int64_t deadline, int64_t *out_complete) {
    *out_complete = 0;
    if (e->pieces.n == 0)
        return true;
    const stream_keyed *turns = order_pieces(e);
    for (size_t i = 0; i < e->pieces.n; ++i) {
        piece *p = &STREAM_AT(piece, e->pieces, turns[i].value);
        if (!fetch(e, p, deadline))
            return false;
        *out_complete = stream_max_i64(*out_complete, times_of(e, p->buffer)->complete);
    }
    return true;
}

/* Its best quote, if it may be booked before all has room. */
static bool quote_early(const engine *e, const piece *p, quote *out) {
    return !is_booked(e, p) && !came_meanwhile(e, p) &&
           stream_engine_best_quote(e, p, e->earliest, out);
}

void stream_engine_fetch_from(engine *e, int32_t id) {
    const stream_keyed *turns = order_pieces(e);
    int32_t datum = buffer_at(e, id)->datum;
    size_t n = e->pieces.n;
    quote q;
    for (; n > 0; --n) {
        const piece *p = &STREAM_AT(piece, e->pieces, turns[n - 1].value);
        if (buffer_at(e, p->buffer)->datum == datum && quote_early(e, p, &q) && q.source == id)
            break;
    }
    for (size_t i = 0; i < n; ++i) {
        const piece *p = &STREAM_AT(piece, e->pieces, turns[i].value);
        if (quote_early(e, p, &q))
            book(e, p, &q);
    }
}
