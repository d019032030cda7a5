/* Bounds from the work of cores: compute and assignment; see bound.c. */

#include "bound_latency.h"

#include "stream/support/integer.h"

#include <string.h>

#define ROUNDS 300

static void bound_fixed_loads(bounds *b, stream_arena *arena) {
    int32_t n = b->acc->n_cores;
    int64_t *load = STREAM_NEW(arena, int64_t, (size_t)n);
    int64_t *head = STREAM_NEW(arena, int64_t, (size_t)n);
    int64_t *tail = STREAM_NEW(arena, int64_t, (size_t)n);
    for (int32_t c = 0; c < n; ++c)
        head[c] = tail[c] = INT64_MAX;
    for (int32_t i = 0; i < b->graph->n_cts; ++i) {
        int32_t c = b->p->cores[i];
        load[c] += b->work[i];
        head[c] = stream_min_i64(head[c], b->head[i]);
        tail[c] = stream_min_i64(tail[c], b->tail[i]);
    }
    for (int32_t c = 0; c < n; ++c)
        if (load[c] > 0)
            stream_bound_offer(b, head[c] + load[c] + tail[c], STREAM_BOUND_COMPUTE);
}

/* sum_i min_c (mu_c p_ic) / sum_c mu_c, rounded up; adds each class to the load of its cheapest
 * core. */
static int64_t weighted_load(const bounds *b, const int64_t *mu, double *load) {
    __int128 sum = 0, total = 0;
    for (int32_t k = 0; k < b->n_classes; ++k) {
        const ct_class *class = &b->classes[k];
        __int128 least = -1;
        int32_t best = -1;
        for (int32_t c = 0; c < b->acc->n_cores; ++c) {
            if (!stream_bound_may_run(b->p, class->kernel, class->allowed, class->n_allowed, c))
                continue;
            __int128 value = (__int128)mu[c] * stream_bound_price(b, class->kernel, c);
            if (best < 0 || value < least) {
                least = value;
                best = c;
            }
        }
        if (best < 0)
            continue;
        sum += least * class->n;
        load[best] += (double)stream_bound_price(b, class->kernel, best) * class->n;
    }
    for (int32_t c = 0; c < b->acc->n_cores; ++c)
        total += mu[c];
    return total ? (int64_t)((sum + total - 1) / total) : 0;
}

/* Weights for the next round: heavier where the load is. Only + - * / on doubles, in a fixed order.
 */
static void update(const bounds *b, int32_t round, const double *load, double *weight,
                   int64_t *mu) {
    double most = 0, top = 0;
    for (int32_t c = 0; c < b->acc->n_cores; ++c)
        most = load[c] > most ? load[c] : most;
    for (int32_t c = 0; c < b->acc->n_cores; ++c) {
        weight[c] *= 1 + (most > 0 ? load[c] / most : 0) / (2.0 + round / 8.0);
        top = weight[c] > top ? weight[c] : top;
    }
    for (int32_t c = 0; c < b->acc->n_cores; ++c) {
        weight[c] = top > 0 ? weight[c] / top : 0;
        mu[c] = (int64_t)(weight[c] * (1 << 24));
    }
}

static void bound_free_loads(bounds *b, stream_arena *arena) {
    size_t n = (size_t)b->acc->n_cores;
    int64_t *mu = STREAM_NEW(arena, int64_t, n), head = INT64_MAX, tail = INT64_MAX, best = 0;
    double *weight = STREAM_NEW(arena, double, n), *load = STREAM_NEW(arena, double, n);
    for (size_t c = 0; c < n; ++c) {
        weight[c] = b->acc->cores[c].kind == STREAM_CORE_COMPUTE;
        mu[c] = weight[c] > 0;
    }
    for (int32_t round = 0; round < ROUNDS; ++round) {
        memset(load, 0, n * sizeof *load);
        best = stream_max_i64(best, weighted_load(b, mu, load));
        update(b, round, load, weight, mu);
    }
    for (int32_t i = 0; i < b->graph->n_cts; ++i) {
        head = stream_min_i64(head, b->head[i]);
        tail = stream_min_i64(tail, b->tail[i]);
    }
    if (b->graph->n_cts > 0)
        stream_bound_offer(b, head + best + tail, STREAM_BOUND_COMPUTE);
}

static void bound_assignments(bounds *b, stream_arena *arena) {
    int32_t n_cores = b->acc->n_cores;
    size_t n = (size_t)b->n_classes;
    bound_group *groups = STREAM_NEW(arena, bound_group, n);
    int64_t *cycles = STREAM_NEW(arena, int64_t, n * (size_t)n_cores);
    for (size_t k = 0; k < n; ++k) {
        const ct_class *class = &b->classes[k];
        int64_t *row = &cycles[k * (size_t)n_cores];
        for (int32_t c = 0; c < n_cores; ++c)
            row[c] = stream_bound_may_run(b->p, class->kernel, class->allowed, class->n_allowed, c)
                         ? stream_bound_price(b, class->kernel, c)
                         : -1;
        groups[k] = (bound_group){class->n, class->head, class->tail, row};
    }
    stream_bound_offer(b, stream_bound_windows(groups, b->n_classes, n_cores, arena),
                       STREAM_BOUND_ASSIGNMENT);
}

void stream_bound_loads(bounds *b, stream_arena *arena) {
    if (b->p->cores) {
        bound_fixed_loads(b, arena);
    } else {
        bound_free_loads(b, arena);
        bound_assignments(b, arena);
    }
}
