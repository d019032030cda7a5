// RUN: unit-workload-quasi
/* Quasi-affine forms against evaluation at every point. */

#include "stream/workload/quasi.h"
#include "test.h"

#include <string.h>

#define N_LOOPS 3

typedef struct {
    stream_quasi_node nodes[STREAM_QUASI_MAX_NODES];
    int32_t n;
    bool chooses_by_data;
} form;

static int64_t below(unsigned *seed, int64_t n) {
    return (int64_t)(test_random(seed) % (unsigned)n);
}

static void push(form *f, stream_quasi_kind kind, int64_t value) {
    f->nodes[f->n++] = (stream_quasi_node){kind, value};
}

/* A random form of at most 2^depth leaves. */
static void grow(form *f, int depth, unsigned *seed) {
    if (depth == 0) {
        if (below(seed, 4))
            push(f, STREAM_QUASI_LOOP, below(seed, N_LOOPS));
        else
            push(f, STREAM_QUASI_CONSTANT, below(seed, 11) - 5);
        return;
    }
    grow(f, depth - 1, seed);
    switch (below(seed, 8)) {
    case 0:
        push(f, STREAM_QUASI_SCALE, below(seed, 7) - 3);
        break;
    case 1:
    case 2:
        push(f, STREAM_QUASI_FLOOR, 1 + below(seed, 5));
        break;
    case 3:
    case 4:
        push(f, STREAM_QUASI_MOD, 1 + below(seed, 5));
        break;
    default: {
        static const stream_quasi_kind kinds[] = {STREAM_QUASI_ADD, STREAM_QUASI_ADD,
                                                  STREAM_QUASI_MIN, STREAM_QUASI_MAX,
                                                  STREAM_QUASI_EITHER};
        stream_quasi_kind kind = kinds[below(seed, 5)];
        grow(f, depth - 1, seed);
        push(f, kind, 0);
        f->chooses_by_data |= kind == STREAM_QUASI_EITHER;
    }
    }
}

/* Calls for every point of the box; true while there are more. */
static bool next(const int64_t *lo, const int64_t *size, int64_t *point) {
    for (int l = 0; l < N_LOOPS; ++l) {
        if (++point[l] < lo[l] + size[l])
            return true;
        point[l] = lo[l];
    }
    return false;
}

static int range_errors(const stream_quasi *q, bool exact, const int64_t *lo, const int64_t *size) {
    int64_t min, max, point[N_LOOPS], least = INT64_MAX, most = INT64_MIN;
    stream_quasi_range(q, lo, size, &min, &max);
    memcpy(point, lo, sizeof point);
    do {
        int64_t value = stream_quasi_value(q, point);
        least = value < least ? value : least;
        most = value > most ? value : most;
    } while (next(lo, size, point));
    return exact ? min != least || max != most : min > least || max < most;
}

/* Of two origins with equal phases, the form looks the same but for its offset. */
static int phase_errors(const stream_quasi *q, const int64_t *a, const int64_t *b,
                        const int64_t *size) {
    int64_t pa[STREAM_QUASI_MAX_NODES], pb[STREAM_QUASI_MAX_NODES], oa, ob;
    int32_t n = stream_quasi_phases(q, a, pa, &oa);
    int errors = n != stream_quasi_phases(q, b, pb, &ob);
    static const int64_t zero[N_LOOPS];
    int64_t x[N_LOOPS] = {0}, at_a[N_LOOPS], at_b[N_LOOPS];
    if (memcmp(pa, pb, (size_t)n * sizeof *pa))
        return errors;
    do {
        for (int l = 0; l < N_LOOPS; ++l) {
            at_a[l] = a[l] + x[l];
            at_b[l] = b[l] + x[l];
        }
        errors += stream_quasi_value(q, at_a) - oa != stream_quasi_value(q, at_b) - ob;
    } while (next(zero, size, x));
    return errors;
}

static void test_random_forms(void) {
    static const int64_t bounds[N_LOOPS] = {64, 64, 64};
    unsigned seed = 1;
    int wrong_ranges = 0, wrong_phases = 0, not_ok = 0;
    for (int i = 0; i < 20000; ++i) {
        form f = {.n = 0};
        int64_t lo[N_LOOPS], other[N_LOOPS], size[N_LOOPS];
        grow(&f, 1 + (int)below(&seed, 4), &seed);
        stream_quasi q = {f.nodes, f.n};
        for (int l = 0; l < N_LOOPS; ++l) {
            size[l] = 1 + below(&seed, 6);
            lo[l] = below(&seed, 30);
            other[l] = lo[l] + below(&seed, 3) * 60 / (1 + below(&seed, 60));
        }
        not_ok += !stream_quasi_ok(&q, N_LOOPS, bounds);
        wrong_ranges += range_errors(&q, !f.chooses_by_data, lo, size);
        wrong_phases += phase_errors(&q, lo, other, size);
    }
    CHECK_EQ(not_ok, 0);
    CHECK_EQ(wrong_ranges, 0);
    CHECK_EQ(wrong_phases, 0);
}

/* (d1 mod 9) floordiv 3 + d0 * 2 of tiles that do and do not wrap. */
static void test_im2col(void) {
    static const stream_quasi_node nodes[] = {{STREAM_QUASI_LOOP, 1},  {STREAM_QUASI_MOD, 9},
                                              {STREAM_QUASI_FLOOR, 3}, {STREAM_QUASI_LOOP, 0},
                                              {STREAM_QUASI_SCALE, 2}, {STREAM_QUASI_ADD, 0}};
    static const struct {
        int64_t lo[2], size[2], min, max;
    } rows[] = {{{0, 0}, {1, 9}, 0, 2},
                {{5, 3}, {1, 3}, 11, 11},
                {{5, 8}, {1, 2}, 10, 12},
                {{2, 12}, {3, 6}, 5, 10},
                {{0, 0}, {4, 1000000}, 0, 8}};
    stream_quasi q = {nodes, 6};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
        int64_t min, max;
        stream_quasi_range(&q, rows[i].lo, rows[i].size, &min, &max);
        CHECK_EQ(min, rows[i].min);
        CHECK_EQ(max, rows[i].max);
    }
}

static void test_broken_forms(void) {
    static const int64_t bounds[2] = {1 << 30, 1 << 30};
    static const stream_quasi_node add_of_one[] = {{STREAM_QUASI_LOOP, 0}, {STREAM_QUASI_ADD, 0}};
    static const stream_quasi_node two_left[] = {{STREAM_QUASI_LOOP, 0}, {STREAM_QUASI_LOOP, 1}};
    static const stream_quasi_node no_loop[] = {{STREAM_QUASI_LOOP, 2}};
    static const stream_quasi_node by_zero[] = {{STREAM_QUASI_LOOP, 0}, {STREAM_QUASI_MOD, 0}};
    static const stream_quasi_node huge[] = {{STREAM_QUASI_LOOP, 0},
                                             {STREAM_QUASI_SCALE, INT64_C(1) << 40}};
    static const stream_quasi forms[] = {{add_of_one, 2}, {two_left, 2}, {no_loop, 1},
                                         {by_zero, 2},    {huge, 2},     {huge, 0}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; ++i)
        CHECK(!stream_quasi_ok(&forms[i], 2, bounds));
}

int main(void) {
    test_random_forms();
    test_im2col();
    test_broken_forms();
    return test_done();
}
