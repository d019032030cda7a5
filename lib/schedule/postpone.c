/* Transfers that are made later; see postpone.h. */

#include "postpone.h"

#include "profile.h"
#include "transfers.h"

#include "stream/schedule/demands.h"
#include "stream/schedule/places.h"
#include "stream/schedule/readers.h"
#include "stream/support/integer.h"

/* Bandwidth is known by the time that is left to the end of the schedule, so that the latest start
 * is the earliest one. */
typedef struct {
    const stream_schedule_problem *problem;
    const bool *chosen;
    stream_schedule *s;
    stream_transfer *transfers;
    stream_transfer_target *targets;
    stream_resident *residents;
    int64_t *first_uses;  /* of each target: nothing reads it there before */
    stream_place *places; /* [n_places] sorted */
    bool *may_stay;       /* [n_places] it is off-chip, where nothing else ever is */
    size_t n_places;
    profile *profiles; /* [n_resources] */
    stream_vec demands;
} postponement;

/* ---- bandwidth */

/* All of p->demands over [start, end), if sign is 1; -1: no more. */
static void use(postponement *p, int64_t start, int64_t end, int64_t sign) {
    int64_t latency = p->s->summary.latency_cycles;
    for (size_t i = 0; i < p->demands.n; ++i) {
        const stream_demand *d = &STREAM_AT(stream_demand, p->demands, i);
        stream_profile_use(&p->profiles[d->resource], latency - end, latency - start,
                           sign * d->rate_bits);
    }
}

/* The latest end until `deadline` at which all of p->demands are free for so long; there is one. */
static int64_t latest_end(const postponement *p, int64_t deadline, int64_t duration) {
    int64_t from = p->s->summary.latency_cycles - deadline;
    for (bool moved = true; moved;) {
        moved = false;
        for (size_t i = 0; i < p->demands.n; ++i) {
            const stream_demand *d = &STREAM_AT(stream_demand, p->demands, i);
            int64_t next =
                stream_profile_fit(&p->profiles[d->resource], from, duration, d->rate_bits);
            moved |= next != from;
            from = next;
        }
    }
    return p->s->summary.latency_cycles - from;
}

static void demand(postponement *p, const stream_transfer *t) {
    p->demands.n = 0;
    stream_demand_of_transfer(p->problem->acc, t, &p->demands);
}

static void use_all(postponement *p) {
    const stream_accelerator *acc = p->problem->acc;
    for (int32_t i = 0; i < acc->n_resources; ++i)
        stream_profile_reset(&p->profiles[i], acc->resources[i].bandwidth_bits);
    for (int32_t i = p->s->n_transfers - 1; i >= 0; --i) {
        demand(p, &p->transfers[i]);
        use(p, p->transfers[i].start, p->transfers[i].end, 1);
    }
    for (int32_t i = 0; i < p->s->n_streams; ++i) {
        const stream_ct_slot *slot = &p->s->slots[p->s->streams[i].ct];
        p->demands.n = 0;
        stream_demand_of_stream(acc, &p->s->streams[i], &p->demands);
        use(p, slot->start, slot->end, 1);
    }
}

/* ---- sources and uses */

/* Marks what may stay: addresses of off-chip memory that no other place has any of. */
static void find_what_may_stay(postponement *p) {
    int64_t end = 0;
    for (size_t i = 0; i < p->n_places; ++i) {
        const stream_place *at = &p->places[i], *next = at + 1;
        if (at->instance != p->problem->acc->offchip_instance)
            continue;
        bool is_last = i + 1 == p->n_places || next->instance != at->instance;
        p->may_stay[i] = (at->kind == STREAM_PLACE_RESIDENT || at->kind == STREAM_PLACE_TARGET) &&
                         end <= at->address && (is_last || next->address >= at->address + at->bits);
        end = stream_max_i64(end, at->address + at->bits);
    }
}

static stream_place *source_of(const postponement *p, const stream_transfer *t) {
    return stream_places_find(p->places, p->n_places, t->source, t->source_address, t->start);
}

static void find_first_uses(postponement *p, stream_arena *scratch) {
    const int32_t *readers = stream_schedule_first_readers(p->problem, p->s, scratch);
    int32_t n = stream_transfers_count_targets(p->s);
    p->first_uses = STREAM_NEW(scratch, int64_t, (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        p->first_uses[i] = readers[i] < 0 ? INT64_MAX : p->s->slots[readers[i]].start;
    for (int32_t i = 0; i < p->s->n_transfers; ++i) {
        const stream_transfer *t = &p->transfers[i];
        const stream_place *source = source_of(p, t);
        if (source && source->kind == STREAM_PLACE_TARGET)
            p->first_uses[source->id] = stream_min_i64(p->first_uses[source->id], t->start);
    }
}

static void keep_until(postponement *p, stream_place *at, int64_t until) {
    if (at->until >= until)
        return;
    at->until = until;
    if (at->kind == STREAM_PLACE_RESIDENT)
        p->residents[at->id].until = until;
    else
        p->targets[at->id].until = until;
}

/* ---- one transfer */

/* It has to end by then, and does now. */
static int64_t deadline_of(const postponement *p, const stream_transfer *t,
                           const stream_place *source) {
    int64_t deadline = p->s->summary.latency_cycles;
    bool is_chosen = false;
    if (!source)
        return t->end;
    if (!p->may_stay[source - p->places])
        deadline = source->until;
    for (int32_t k = 0; k < t->n_targets; ++k) {
        int64_t first_use = p->first_uses[&t->targets[k] - p->targets];
        deadline = stream_min_i64(deadline, stream_min_i64(first_use, t->targets[k].until));
        is_chosen |= p->chosen[t->targets[k].instance];
    }
    return is_chosen ? deadline : t->end;
}

static void postpone(postponement *p, stream_transfer *t) {
    stream_place *source = source_of(p, t);
    int64_t deadline = deadline_of(p, t, source), duration = t->end - t->start;
    if (deadline <= t->end)
        return;
    demand(p, t);
    use(p, t->start, t->end, -1);
    t->end = latest_end(p, deadline, duration);
    t->start = t->end - duration;
    use(p, t->start, t->end, 1);
    keep_until(p, source, t->end);
}

/* ---- all of them */

static void finish(postponement *p, stream_arena *arena) {
    p->s->transfers = p->transfers;
    p->s->residents = p->residents;
    p->s->summary.peak_bits = stream_schedule_peaks(p->problem, p->s, arena);
}

void stream_schedule_postpone(const stream_schedule_problem *problem, const bool *chosen,
                              stream_arena *arena, stream_schedule *s) {
    const stream_accelerator *acc = problem->acc;
    stream_arena *scratch = stream_arena_create();
    postponement p = {.problem = problem,
                      .chosen = chosen,
                      .s = s,
                      .profiles = STREAM_NEW(scratch, profile, (size_t)acc->n_resources),
                      .demands = STREAM_VEC(stream_demand)};
    p.transfers = stream_transfers_copy(s, arena, &p.targets);
    p.residents =
        stream_arena_copy(arena, s->residents, (size_t)s->n_residents, sizeof *s->residents);
    p.places = stream_schedule_places(problem, s, scratch, &p.n_places);
    p.may_stay = STREAM_NEW(scratch, bool, p.n_places);
    stream_places_sort(p.places, p.n_places);
    find_what_may_stay(&p);
    find_first_uses(&p, scratch);
    use_all(&p);
    for (int32_t i = s->n_transfers - 1; i >= 0; --i)
        postpone(&p, &p.transfers[i]);
    stream_transfers_sort(p.transfers, (size_t)s->n_transfers);
    finish(&p, arena);
    for (int32_t i = 0; i < acc->n_resources; ++i)
        stream_profile_free(&p.profiles[i]);
    stream_vec_free(&p.demands);
    stream_arena_destroy(scratch);
}
