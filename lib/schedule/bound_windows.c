/* The linear program over the assignment of groups to cores, by its dual; see bound.h. */

#include "bound.h"

#include "stream/support/integer.h"

#include <stdlib.h>
#include <string.h>

#define MOST_GROUPS  1024
#define MOST_HEADS   48 /* distinct heads, and tails, that windows are made of */
#define MOST_WINDOWS 16
#define ROUNDS       200
#define MOST_STEPS   ((int64_t)1 << 24) /* rounds * windows * groups * cores */

typedef struct {
    int64_t head, tail, bound; /* bound: if its work were spread evenly over all cores */
} window;

typedef struct {
    const bound_group *groups;
    int32_t n_groups, n_cores;
    window windows[MOST_WINDOWS];
    int32_t n_windows;
    double *weight, *load; /* [n_windows * n_cores] */
    int64_t *mu;           /* [n_windows * n_cores] */
    int64_t *sum;          /* [n_cores] scratch */
} dual;

static int ascending(const void *pa, const void *pb) {
    int64_t a = *(const int64_t *)pa, b = *(const int64_t *)pb;
    return (a > b) - (a < b);
}

/* Up to MOST_HEADS of the values, the least one among them. */
static int32_t pick(int64_t *values, int32_t n) {
    int32_t distinct = 0;
    qsort(values, (size_t)n, sizeof *values, ascending);
    for (int32_t i = 0; i < n; ++i)
        if (i == 0 || values[i] != values[distinct - 1])
            values[distinct++] = values[i];
    int32_t kept = distinct < MOST_HEADS ? distinct : MOST_HEADS;
    for (int32_t i = 0; i < kept; ++i)
        values[i] = values[(int64_t)i * distinct / kept];
    return kept;
}

static bool inside(const window *w, const bound_group *g) {
    return g->head >= w->head && g->tail >= w->tail;
}

static int64_t least(const bound_group *g, int32_t n_cores) {
    int64_t cycles = INT64_MAX;
    for (int32_t c = 0; c < n_cores; ++c)
        if (g->cycles[c] >= 0)
            cycles = stream_min_i64(cycles, g->cycles[c]);
    return cycles == INT64_MAX ? 0 : cycles;
}

/* Keeps the windows of the highest bounds, by falling bound. */
static void offer_window(dual *d, window w) {
    int32_t at = d->n_windows < MOST_WINDOWS ? d->n_windows++ : MOST_WINDOWS;
    for (; at > 0 && d->windows[at - 1].bound < w.bound; --at)
        if (at < MOST_WINDOWS)
            d->windows[at] = d->windows[at - 1];
    if (at < MOST_WINDOWS)
        d->windows[at] = w;
}

static void find_windows(dual *d, const int64_t *work, stream_arena *arena) {
    size_t n = (size_t)d->n_groups;
    int64_t *heads = STREAM_NEW(arena, int64_t, n), *tails = STREAM_NEW(arena, int64_t, n);
    for (size_t i = 0; i < n; ++i) {
        heads[i] = d->groups[i].head;
        tails[i] = d->groups[i].tail;
    }
    int32_t n_heads = pick(heads, d->n_groups), n_tails = pick(tails, d->n_groups);
    for (int32_t h = 0; h < n_heads; ++h)
        for (int32_t t = 0; t < n_tails; ++t) {
            window w = {heads[h], tails[t], 0};
            int64_t total = 0;
            for (int32_t g = 0; g < d->n_groups; ++g)
                total += inside(&w, &d->groups[g]) ? work[g] : 0;
            w.bound = w.head + w.tail + stream_ceil_div(total, d->n_cores);
            if (total > 0)
                offer_window(d, w);
        }
}

/* Each group on the core where its weighted cycles are least: the certificate for d->mu. */
static int64_t certify(dual *d) {
    __int128 top = 0, bottom = 0;
    memset(d->load, 0, (size_t)d->n_windows * (size_t)d->n_cores * sizeof *d->load);
    for (int32_t w = 0; w < d->n_windows; ++w)
        for (int32_t c = 0; c < d->n_cores; ++c) {
            int64_t mu = d->mu[w * d->n_cores + c];
            bottom += mu;
            top += (__int128)mu * (d->windows[w].head + d->windows[w].tail);
        }
    for (int32_t i = 0; i < d->n_groups; ++i) {
        const bound_group *g = &d->groups[i];
        __int128 cheapest = -1;
        int32_t core = -1;
        memset(d->sum, 0, (size_t)d->n_cores * sizeof *d->sum);
        for (int32_t w = 0; w < d->n_windows; ++w)
            for (int32_t c = 0; inside(&d->windows[w], g) && c < d->n_cores; ++c)
                d->sum[c] += d->mu[w * d->n_cores + c];
        for (int32_t c = 0; c < d->n_cores; ++c)
            if (g->cycles[c] >= 0 && (core < 0 || (__int128)d->sum[c] * g->cycles[c] < cheapest)) {
                cheapest = (__int128)d->sum[c] * g->cycles[c];
                core = c;
            }
        if (core < 0)
            continue;
        top += cheapest * g->n;
        for (int32_t w = 0; w < d->n_windows; ++w)
            if (inside(&d->windows[w], g))
                d->load[w * d->n_cores + core] += (double)g->cycles[core] * (double)g->n;
    }
    return bottom > 0 ? (int64_t)((top + bottom - 1) / bottom) : 0;
}

/* Heavier where the window is fuller. Only + - * / on doubles, in a fixed order. */
static void update(dual *d, int32_t round) {
    double most = 0, top = 0;
    int32_t n = d->n_windows * d->n_cores;
    for (int32_t i = 0; i < n; ++i) {
        const window *w = &d->windows[i / d->n_cores];
        d->load[i] += (double)w->head + (double)w->tail;
        most = d->load[i] > most ? d->load[i] : most;
    }
    for (int32_t i = 0; i < n && most > 0; ++i) {
        double full = d->load[i] / most;
        d->weight[i] *= 1 + 4 * full * full * full / (2.0 + round / 8.0);
        top = d->weight[i] > top ? d->weight[i] : top;
    }
    for (int32_t i = 0; i < n && top > 0; ++i) {
        d->weight[i] /= top;
        d->mu[i] = (int64_t)(d->weight[i] * (1 << 24));
    }
}

static void open_dual(dual *d, stream_arena *arena) {
    size_t n = (size_t)d->n_windows * (size_t)d->n_cores;
    d->weight = STREAM_NEW(arena, double, n);
    d->load = STREAM_NEW(arena, double, n);
    d->mu = STREAM_NEW(arena, int64_t, n);
    d->sum = STREAM_NEW(arena, int64_t, (size_t)d->n_cores);
    for (int32_t g = 0; g < d->n_groups; ++g)
        for (int32_t c = 0; c < d->n_cores; ++c)
            d->sum[c] |= d->groups[g].cycles[c] >= 0;
    for (size_t i = 0; i < n; ++i) {
        d->mu[i] = d->sum[i % (size_t)d->n_cores];
        d->weight[i] = (double)d->mu[i];
    }
}

int64_t stream_bound_windows(const bound_group *groups, int32_t n_groups, int32_t n_cores,
                             stream_arena *arena) {
    if (n_groups == 0 || n_groups > MOST_GROUPS)
        return 0;
    dual d = {.groups = groups, .n_groups = n_groups, .n_cores = n_cores};
    int64_t *work = STREAM_NEW(arena, int64_t, (size_t)n_groups), best = 0;
    for (int32_t g = 0; g < n_groups; ++g)
        work[g] = least(&groups[g], n_cores) * groups[g].n;
    find_windows(&d, work, arena);
    open_dual(&d, arena);
    int64_t steps = (int64_t)d.n_windows * n_groups * n_cores;
    for (int32_t round = 0; round < ROUNDS && round * steps < MOST_STEPS; ++round) {
        best = stream_max_i64(best, certify(&d));
        update(&d, round);
    }
    return best;
}
