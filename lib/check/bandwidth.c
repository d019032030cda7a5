/* R6: at every instant the rates of the transfers that use a resource add up to at most its bits
 * per cycle: the links of their routes, the read port of their source, the write ports of their
 * targets. */

#include "context.h"

#include <inttypes.h>
#include <stdlib.h>

typedef struct {
    int64_t time;
    int32_t resource, transfer;
    bool begins;
} change;

static int by_time(const void *a, const void *b) {
    const change *x = a, *y = b;
    if (x->resource != y->resource)
        return x->resource < y->resource ? -1 : 1;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->begins != y->begins)
        return x->begins ? 1 : -1; /* what ends makes room first */
    return (x->transfer > y->transfer) - (x->transfer < y->transfer);
}

/* A transfer that alone is too fast is reported here and left out of the sums. */
static void use(check *c, stream_vec *changes, int32_t i, int32_t resource) {
    const stream_transfer *t = &c->schedule->transfers[i];
    int64_t capacity = c->acc->resources[resource].bandwidth_bits;
    if (t->rate_bits > capacity) {
        check_report(c, check_transfer_loc(c, i), "R6",
                     "%s moves %" PRId64 " bits per cycle over %s, which has %" PRId64,
                     check_transfer_name(c, i).s, t->rate_bits, check_resource_name(c, resource).s,
                     capacity);
        return;
    }
    change *two = stream_vec_push_n(changes, 2);
    two[0] = (change){t->start, resource, i, true};
    two[1] = (change){t->end, resource, i, false};
}

static void collect(check *c, stream_vec *changes) {
    for (int32_t i = 0; i < c->schedule->n_transfers; ++i) {
        const stream_transfer *t = &c->schedule->transfers[i];
        for (int32_t k = 0; k < t->n_resources; ++k)
            use(c, changes, i, t->resources[k]);
        use(c, changes, i, check_read_port(c, t));
        for (int32_t k = 0; k < t->n_targets; ++k)
            use(c, changes, i, check_write_port(c, t, k));
    }
}

/* The changes of one resource, in order; one message, at the first instant that is too much. */
static void sweep(check *c, const change *changes, size_t n) {
    int64_t capacity = c->acc->resources[changes[0].resource].bandwidth_bits, sum = 0;
    for (size_t i = 0; i < n; ++i) {
        int64_t rate = c->schedule->transfers[changes[i].transfer].rate_bits;
        if (!changes[i].begins) {
            sum -= rate;
        } else if (rate > capacity - sum) {
            check_report(c, check_transfer_loc(c, changes[i].transfer), "R6",
                         "at %" PRId64 ", %s adds %" PRId64 " bits per cycle to the %" PRId64
                         " on %s, which has %" PRId64,
                         changes[i].time, check_transfer_name(c, changes[i].transfer).s, rate, sum,
                         check_resource_name(c, changes[i].resource).s, capacity);
            return;
        } else {
            sum += rate;
        }
    }
}

void check_bandwidth(check *c) {
    stream_vec changes = STREAM_VEC(change);
    collect(c, &changes);
    if (changes.n > 0)
        qsort(changes.data, changes.n, sizeof(change), by_time);
    const change *all = changes.data;
    for (size_t first = 0, end; first < changes.n; first = end) {
        for (end = first; end < changes.n && all[end].resource == all[first].resource;)
            ++end;
        sweep(c, all + first, end - first);
    }
    stream_vec_free(&changes);
}
