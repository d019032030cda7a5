/* Loop prime factors and pins; see loma_factors.h. */

#include "loma_factors.h"

#include <string.h>

enum {
    MAX_FACTORS = 64
};

/* Distinct factors of one loop, in the reference's order, and how often each is there. `total` is
 * the reference's own count of all, which need not be their sum. */
typedef struct {
    int32_t dim, n, total;
    int64_t factor[MAX_FACTORS];
    int32_t count[MAX_FACTORS];
} factors;

typedef struct {
    const stream_loma_options *options;
    int32_t n;
    factors of[STREAM_NEST_MAX_DIMS];
} all_factors;

/* ---- prime factors */

static void factorise(int64_t size, factors *out) {
    out->n = out->total = 0;
    for (int64_t p = 2; size > 1; ++p) {
        if (p > size / p)
            p = size; /* what is left is prime */
        if (size % p)
            continue;
        out->factor[out->n] = p;
        out->count[out->n] = 0;
        for (; size % p == 0; size /= p)
            out->count[out->n]++;
        out->total += out->count[out->n++];
    }
}

static int32_t find(const factors *f, int64_t factor) {
    for (int32_t i = 0; i < f->n; ++i)
        if (f->factor[i] == factor)
            return i;
    return -1;
}

/* ---- pins */

/* Takes `times` of the prime at `at` for a pin of `size`. [Q] The pin is counted where its first
 * prime is taken; a later prime that is taken is put back once. */
static bool take(factors *f, int32_t at, int32_t times, int64_t size) {
    if (f->count[at] < times)
        return true;
    f->count[at] -= times;
    f->total -= times - 1;
    if (find(f, size) >= 0) {
        f->count[at]++;
        return true;
    }
    if (f->n == MAX_FACTORS)
        return false;
    f->factor[f->n] = size;
    f->count[f->n++] = 1;
    return true;
}

static bool take_pin(all_factors *all, const stream_loop_pin *pin) {
    factors primes;
    int32_t k = 0;
    while (k < all->n && all->of[k].dim != pin->dim)
        ++k;
    factorise(pin->size, &primes);
    for (int32_t i = 0; i < primes.n; ++i) {
        int32_t at = k < all->n ? find(&all->of[k], primes.factor[i]) : -1;
        if (at < 0 || !take(&all->of[k], at, primes.count[i], pin->size))
            return false;
    }
    return true;
}

static bool take_pins(all_factors *all, const stream_loop_pin *pins, int32_t n) {
    for (int32_t i = 0; i < n; ++i)
        if (pins[i].size > 0 && !take_pin(all, &pins[i]))
            return false;
    return true;
}

static int32_t times_pinned(const stream_loop_pin *pins, int32_t n, int32_t dim, int64_t size) {
    int32_t times = 0;
    for (int32_t i = 0; i < n; ++i)
        times += pins[i].dim == dim && pins[i].size == size;
    return times;
}

/* ---- merging */

/* The two least factors that no pin asks for. */
static void least_two(const all_factors *all, const factors *f, int32_t *out_a, int32_t *out_b) {
    const stream_loma_options *o = all->options;
    int32_t least = -1;
    for (int32_t i = 0; i < f->n; ++i) {
        int32_t pinned = times_pinned(o->inner, o->n_inner, f->dim, f->factor[i]) +
                         times_pinned(o->outer, o->n_outer, f->dim, f->factor[i]);
        if (pinned > 0 && f->count[i] <= pinned)
            continue;
        *out_b = i;
        *out_a = least < 0 ? i : least;
        if (least >= 0 || f->count[i] > pinned + 1)
            return;
        least = i;
    }
    *out_a = least < 0 ? 0 : least;
    *out_b = f->n - 1;
}

static void drop_empty(factors *f) {
    int32_t n = 0;
    for (int32_t i = 0; i < f->n; ++i)
        if (f->count[i] != 0) {
            f->factor[n] = f->factor[i];
            f->count[n++] = f->count[i];
        }
    f->n = n;
}

static bool insert(factors *f, int64_t factor) {
    int32_t at = find(f, factor), less = 0;
    if (at >= 0) {
        f->count[at]++;
        return true;
    }
    if (f->n == MAX_FACTORS)
        return false;
    for (int32_t i = 0; i < f->n; ++i)
        less += f->factor[i] < factor;
    for (int32_t i = f->n++; i > less; --i) {
        f->factor[i] = f->factor[i - 1];
        f->count[i] = f->count[i - 1];
    }
    f->factor[less] = factor;
    f->count[less] = 1;
    return true;
}

static bool merge(const all_factors *all, factors *f) {
    int32_t a = 0, b = 0;
    int64_t product;
    if (f->n == 0)
        return false;
    least_two(all, f, &a, &b);
    if (__builtin_mul_overflow(f->factor[a], f->factor[b], &product))
        return false;
    f->count[a]--;
    f->count[b]--;
    if (!insert(f, product))
        return false;
    drop_empty(f);
    f->total--;
    return true;
}

static bool merge_all(all_factors *all, int32_t limit) {
    for (;;) {
        int32_t total = 0, most = 0;
        for (int32_t i = 0; i < all->n; ++i) {
            total += all->of[i].total;
            most = all->of[i].total > all->of[most].total ? i : most;
        }
        if (total <= limit)
            return true;
        if (!merge(all, &all->of[most]))
            return false;
    }
}

static int32_t list(const all_factors *all, stream_temporal_loop *out) {
    int32_t m = 0;
    for (int32_t i = 0; i < all->n; ++i)
        for (int32_t k = 0; k < all->of[i].n; ++k) {
            if (all->of[i].count[k] < 0 || m + all->of[i].count[k] > STREAM_MAP_MAX_LOOPS)
                return -1;
            for (int32_t c = 0; c < all->of[i].count[k]; ++c)
                out[m++] = (stream_temporal_loop){all->of[i].dim, all->of[i].factor[k]};
        }
    return m;
}

/* Do the loops multiply to what is left for time? */
static bool covers(const stream_mapping_problem *problem, const stream_temporal_loop *loops,
                   int32_t n) {
    for (int32_t i = 0; i < problem->n_loops; ++i) {
        double product = 1;
        for (int32_t k = 0; k < n; ++k)
            product *= loops[k].dim == problem->loops[i].dim ? (double)loops[k].size : 1;
        if (product != (double)problem->loops[i].size)
            return false;
    }
    return true;
}

int32_t stream_loma_factors(const stream_mapping_problem *problem,
                            const stream_loma_options *options, stream_temporal_loop *out) {
    all_factors all = {.options = options};
    int32_t limit = options->lpf_limit > problem->n_loops ? options->lpf_limit : problem->n_loops;
    for (int32_t i = 0; i < problem->n_loops; ++i) {
        if (problem->loops[i].size == 1)
            continue;
        all.of[all.n].dim = problem->loops[i].dim;
        factorise(problem->loops[i].size, &all.of[all.n++]);
    }
    if (!take_pins(&all, options->inner, options->n_inner) ||
        !take_pins(&all, options->outer, options->n_outer))
        return -1;
    if (all.n == 0) { /* everything is unrolled: one loop of one iteration */
        out[0] = problem->loops[0];
        return 1;
    }
    if (!merge_all(&all, limit < STREAM_MAP_MAX_LOOPS ? limit : STREAM_MAP_MAX_LOOPS))
        return -1;
    int32_t n = list(&all, out);
    return problem->model == STREAM_MODEL_EXACT && !covers(problem, out, n) ? -1 : n;
}
