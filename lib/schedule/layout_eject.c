/* Guided ejection; see layout_eject.h. */

#include "layout_eject.h"

#include "draw.h"

#include "stream/support/alloc.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    layout_space *s;
    int64_t size;
    int32_t *waiting; /* items that are not placed */
    int32_t n_waiting;
    int64_t *costs;   /* [n] of taking the item out */
    int64_t *weights; /* [n] what a failure adds to it */
    uint64_t *random;
    int32_t n_failures;
} ejection;

/* Rises slowly with the area: one item of 16 times the area is as two. */
static int64_t weight_of(const layout_item *it) {
    return 1 + (int64_t)(16 * sqrt(sqrt((double)it->bits * (double)(it->until - it->start))));
}

static void open(ejection *e, layout_space *s, int64_t size, uint64_t *random) {
    *e = (ejection){.s = s, .size = size, .random = random};
    e->waiting = stream_alloc_zeroed((size_t)s->n, sizeof *e->waiting);
    e->costs = stream_alloc_zeroed((size_t)s->n, sizeof *e->costs);
    e->weights = stream_alloc_zeroed((size_t)s->n, sizeof *e->weights);
    for (int32_t i = 0; i < s->n; ++i)
        e->costs[i] = e->weights[i] = weight_of(&s->items[i]);
}

static void close(ejection *e) {
    free(e->waiting);
    free(e->costs);
    free(e->weights);
}

static bool place_in_gap(ejection *e, int32_t item, int32_t n_near) {
    int64_t at = stream_layout_gap(e->s, n_near, e->s->items[item].bits, e->size);
    if (at >= 0)
        stream_layout_place(e->s, item, at);
    return at >= 0;
}

/* False: that takes too long. */
static bool place_what_fits(ejection *e, const int32_t *order, int64_t limit) {
    for (int32_t i = 0; i < e->s->n; ++i) {
        if (e->s->addresses[order[i]] < 0 &&
            !place_in_gap(e, order[i], stream_layout_near(e->s, order[i], LAYOUT_LOWER)))
            e->waiting[e->n_waiting++] = order[i];
        if (e->s->work > limit)
            return false;
    }
    return true;
}

/* Where the item begins: above another, below another, or at the lower end. */
typedef struct {
    int64_t address, cost;
    uint32_t ties;
} candidate;

/* What overlaps [at, at + bits) costs: what begins below its end, less what ends below `at`. The
 * candidates come in rising order of address. */
typedef struct {
    int32_t n_begun, n_ended;
    int64_t begun, ended;
} overlap_sum;

static int64_t cost_at(const ejection *e, overlap_sum *sum, int32_t n, int64_t at, int64_t bits) {
    const layout_range *lower = e->s->near[LAYOUT_LOWER], *upper = e->s->near[LAYOUT_UPPER];
    for (; sum->n_begun < n && lower[sum->n_begun].key < at + bits; sum->n_begun++)
        sum->begun += e->costs[lower[sum->n_begun].item];
    for (; sum->n_ended < n && upper[sum->n_ended].key <= at; sum->n_ended++)
        sum->ended += e->costs[upper[sum->n_ended].item];
    return sum->begun - sum->ended;
}

static void consider(ejection *e, int64_t at, int64_t cost, candidate *best) {
    if (at < 0 || cost > best->cost)
        return;
    best->ties = cost < best->cost ? 1 : best->ties + 1;
    best->cost = cost;
    if (best->ties == 1 || stream_draw(e->random, best->ties) == 0)
        best->address = at;
}

/* The cheapest address for the item among the n of s->near. */
static int64_t find_cheapest(ejection *e, int32_t item, int32_t n) {
    int64_t bits = e->s->items[item].bits, last = e->size - bits;
    const layout_range *lower = e->s->near[LAYOUT_LOWER], *upper = e->s->near[LAYOUT_UPPER];
    candidate best = {.address = 0, .cost = INT64_MAX};
    overlap_sum sum = {0};
    (void)stream_layout_near(e->s, item, LAYOUT_UPPER);
    consider(e, 0, cost_at(e, &sum, n, 0, bits), &best);
    for (int32_t below = 0, above = 0; below < n || above < n;) {
        bool is_below = above == n || (below < n && lower[below].key - bits <= upper[above].key);
        int64_t at = is_below ? lower[below++].key - bits : upper[above++].key;
        if (at > 0 && at <= last)
            consider(e, at, cost_at(e, &sum, n, at, bits), &best);
    }
    e->s->work += 2 * (int64_t)n;
    return best.address;
}

static void take_out(ejection *e, int32_t n_near, int64_t address, int64_t end) {
    const layout_range *near = e->s->near[LAYOUT_LOWER];
    for (int32_t i = 0; i < n_near; ++i)
        if (near[i].key < end && near[i].other_end > address) {
            stream_layout_remove(e->s, near[i].item);
            e->waiting[e->n_waiting++] = near[i].item;
        }
}

/* The largest of those that wait; of equal ones the first in the list. */
static int32_t next_item(ejection *e) {
    int32_t k = 0;
    for (int32_t i = 1; i < e->n_waiting; ++i)
        if (e->s->items[e->waiting[i]].bits > e->s->items[e->waiting[k]].bits)
            k = i;
    int32_t item = e->waiting[k];
    e->waiting[k] = e->waiting[--e->n_waiting];
    e->s->work += e->n_waiting;
    return item;
}

/* What has failed costs more for a while: half of that is forgotten after so many failures. */
#define MEMORY 200

static void punish(ejection *e, int32_t item) {
    e->costs[item] += 4 * e->weights[item];
    if (++e->n_failures % MEMORY != 0)
        return;
    for (int32_t i = 0; i < e->s->n; ++i)
        e->costs[i] -= (e->costs[i] - e->weights[i]) / 2;
    e->s->work += e->s->n / 4;
}

/* Places one of those that wait. */
static void step(ejection *e) {
    int32_t item = next_item(e), n_near = stream_layout_near(e->s, item, LAYOUT_LOWER);
    if (place_in_gap(e, item, n_near))
        return;
    punish(e, item);
    int64_t address = find_cheapest(e, item, n_near);
    take_out(e, n_near, address, address + e->s->items[item].bits);
    stream_layout_place(e->s, item, address);
}

bool stream_layout_eject(layout_space *s, const int32_t *order, int64_t size, uint64_t *random,
                         int64_t work) {
    ejection e;
    int64_t limit = s->work + work;
    open(&e, s, size, random);
    bool done = place_what_fits(&e, order, limit);
    while (done && e.n_waiting > 0 && s->work < limit)
        step(&e);
    done &= e.n_waiting == 0;
    close(&e);
    return done;
}
