/* R6: at every instant the rates on a resource add up to at most its bits per cycle. Transfers use
 * the links of their routes, the read port of their source and the write ports of their targets;
 * streams of CTs (R9) the links of their routes and the off-chip port. */

#include "context.h"

#include <inttypes.h>
#include <stdio.h>

typedef struct {
    int32_t transfer, stream; /* one of them; the other is -1 */
    int64_t rate, start, end;
} load;

typedef struct {
    check *c;
    stream_vec loads;   /* load */
    stream_vec changes; /* check_event: of a resource, by the number of a load */
} loads;

static stream_loc loc_of(const check *c, const load *l) {
    return l->transfer >= 0 ? check_transfer_loc(c, l->transfer)
                            : check_ct_loc(c, c->schedule->streams[l->stream].ct);
}

static check_name name_of(const check *c, const load *l) {
    if (l->transfer >= 0)
        return check_transfer_name(c, l->transfer);
    const stream_ct_stream *s = &c->schedule->streams[l->stream];
    check_name name;
    snprintf(name.s, sizeof name.s, "%.150s, which streams %s,", check_ct_name(c, s->ct).s,
             stream_operand_class_name((stream_operand_class)s->operand));
    return name;
}

static const load *load_at(const loads *all, int32_t i) {
    return &STREAM_AT(load, all->loads, i);
}

/* What alone is too fast is reported here and left out of the sums. */
static void use(loads *all, int32_t i, int32_t resource) {
    const load *l = load_at(all, i);
    int64_t capacity = all->c->acc->resources[resource].bandwidth_bits;
    if (l->rate > capacity) {
        check_report(all->c, loc_of(all->c, l), "R6",
                     "%s moves %" PRId64 " bits per cycle over %s, which has %" PRId64,
                     name_of(all->c, l).s, l->rate, check_resource_name(all->c, resource).s,
                     capacity);
        return;
    }
    check_event *two = stream_vec_push_n(&all->changes, 2);
    two[0] = (check_event){resource, {check_key(l->start, true), i}};
    two[1] = (check_event){resource, {check_key(l->end, false), i}};
}

static int32_t add_load(loads *all, load l) {
    *(load *)stream_vec_push(&all->loads) = l;
    return (int32_t)all->loads.n - 1;
}

static void collect_transfers(loads *all) {
    check *c = all->c;
    for (int32_t i = 0; i < c->schedule->n_transfers; ++i) {
        const stream_transfer *t = &c->schedule->transfers[i];
        int32_t l = add_load(all, (load){i, -1, t->rate_bits, t->start, t->end});
        for (int32_t k = 0; k < t->n_resources; ++k)
            use(all, l, t->resources[k]);
        use(all, l, check_read_port(c, t));
        for (int32_t k = 0; k < t->n_targets; ++k)
            use(all, l, check_write_port(c, t, k));
    }
}

static void collect_flow(loads *all, int32_t i, bool write) {
    const stream_ct_stream *s = &all->c->schedule->streams[i];
    const stream_ct_slot *slot = &all->c->schedule->slots[s->ct];
    const stream_flow *flow = write ? &s->write : &s->read;
    if (flow->rate_bits == 0)
        return;
    int32_t l = add_load(all, (load){-1, i, flow->rate_bits, slot->start, slot->end});
    for (int32_t k = 0; k < flow->n_resources; ++k)
        use(all, l, flow->resources[k]);
    use(all, l, check_stream_port(all->c, s, write));
}

/* The changes of one resource, in order; one message, at the first instant that is too much. */
static void sweep(const loads *all, int32_t resource, const stream_keyed *changes, size_t n) {
    check *c = all->c;
    int64_t capacity = c->acc->resources[resource].bandwidth_bits, sum = 0;
    for (size_t i = 0; i < n; ++i) {
        const load *l = load_at(all, (int32_t)changes[i].value);
        bool begins = changes[i].key & 1;
        if (!begins) {
            sum -= l->rate;
        } else if (l->rate > capacity - sum) {
            check_report(c, loc_of(c, l), "R6",
                         "at %" PRId64 ", %s adds %" PRId64 " bits per cycle to the %" PRId64
                         " on %s, which has %" PRId64,
                         l->start, name_of(c, l).s, l->rate, sum,
                         check_resource_name(c, resource).s, capacity);
            return;
        } else {
            sum += l->rate;
        }
    }
}

void check_bandwidth(check *c) {
    loads all = {.c = c, .loads = STREAM_VEC(load), .changes = STREAM_VEC(check_event)};
    collect_transfers(&all);
    for (int32_t i = 0; i < c->schedule->n_streams; ++i) {
        collect_flow(&all, i, false);
        collect_flow(&all, i, true);
    }
    stream_arena *scratch = stream_arena_create();
    size_t *first = STREAM_NEW(scratch, size_t, (size_t)c->acc->n_resources + 1);
    const stream_keyed *changes =
        check_timelines(all.changes.data, all.changes.n, c->acc->n_resources, first, scratch);
    for (int32_t r = 0; r < c->acc->n_resources; ++r)
        sweep(&all, r, &changes[first[r]], first[r + 1] - first[r]);
    stream_arena_destroy(scratch);
    stream_vec_free(&all.changes);
    stream_vec_free(&all.loads);
}
