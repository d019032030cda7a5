/* Sets of cores that leave whole kinds out; see internal.h. */

#include "internal.h"

#include "stream/support/sort.h"

#include <string.h>

enum {
    MOST_SETS = 16
};

typedef struct {
    const allocation_space *all;
    const stream_core_kinds *kinds;
    stream_arena *arena;
    bool *runs;             /* [n_kinds * n_cts] some core of the kind may run the CT */
    bool *replaceable;      /* [n_kinds] what another kind can stand in for */
    stream_keyed *by_worth; /* [n_replaceable] those, by ascending worth */
    int32_t n_replaceable;
    bool *is_left_out; /* [n_kinds] of the set that is made */
    const bool *sets[MOST_SETS];
    int32_t n;
} maker;

static bool runs(const maker *m, int32_t kind, int32_t ct) {
    return m->runs[(size_t)kind * (size_t)m->all->p->graph->n_cts + (size_t)ct];
}

static void find_runs(maker *m) {
    const allocation_space *all = m->all;
    int32_t n_cores = all->p->acc->n_cores, n_cts = all->p->graph->n_cts;
    for (int32_t c = 0; c < n_cores; ++c)
        for (int32_t i = 0; i < n_cts && m->kinds->kind_of[c] >= 0; ++i)
            m->runs[(size_t)m->kinds->kind_of[c] * (size_t)n_cts + (size_t)i] |=
                all->allowed[(size_t)i * (size_t)n_cores + (size_t)c];
}

static void find_replaceable(maker *m) {
    for (int32_t i = 0; i < m->all->p->graph->n_cts; ++i) {
        int32_t able = 0;
        for (int32_t k = 0; k < m->kinds->n_kinds; ++k)
            able += runs(m, k, i);
        for (int32_t k = 0; k < m->kinds->n_kinds && able > 1; ++k)
            m->replaceable[k] |= runs(m, k, i);
    }
}

/* What the cores of a kind get done while the fastest core of each CT does one part. */
static double worth(const maker *m, int32_t kind) {
    const stream_schedule_problem *p = m->all->p;
    int32_t n_cores = p->acc->n_cores, size = 0, first = -1;
    double sum = 0;
    for (int32_t c = n_cores - 1; c >= 0; --c)
        if (m->kinds->kind_of[c] == kind) {
            first = c;
            ++size;
        }
    for (int32_t i = 0; i < p->graph->n_cts; ++i) {
        const int64_t *price = &p->cycles[(int64_t)p->graph->cts[i].kernel * n_cores];
        double least = (double)price[m->all->fastest[i]];
        if (runs(m, kind, i) && price[first] > 0)
            sum += least * (least / (double)price[first]);
    }
    return sum * size;
}

/* Equal ones by their numbers. */
static void sort_by_worth(maker *m) {
    stream_keyed *scratch = STREAM_NEW(m->arena, stream_keyed, (size_t)m->kinds->n_kinds);
    for (int32_t k = 0; k < m->kinds->n_kinds; ++k)
        if (m->replaceable[k])
            m->by_worth[m->n_replaceable++] = (stream_keyed){(uint64_t)worth(m, k), k};
    stream_sort_keyed(m->by_worth, (size_t)m->n_replaceable, scratch);
}

/* The set without what is left out, unless nothing or everything is, or it is there already. */
static void add(maker *m) {
    int32_t n_cores = m->all->p->acc->n_cores, n = 0;
    bool *kept = STREAM_NEW(m->arena, bool, (size_t)n_cores);
    for (int32_t k = 0; k < m->kinds->n_kinds; ++k) {
        m->is_left_out[k] &= m->replaceable[k];
        n += m->is_left_out[k];
    }
    for (int32_t c = 0; c < n_cores; ++c)
        kept[c] = m->all->kept[c] && !m->is_left_out[m->kinds->kind_of[c]];
    bool known = n == 0 || n == m->n_replaceable || m->n == MOST_SETS;
    for (int32_t i = 0; i < m->n && !known; ++i)
        known = memcmp(m->sets[i], kept, (size_t)n_cores * sizeof *kept) == 0;
    if (!known)
        m->sets[m->n++] = kept;
    memset(m->is_left_out, 0, (size_t)m->kinds->n_kinds * sizeof *m->is_left_out);
}

static void add_nearest(maker *m, int32_t last_ring) {
    for (int32_t c = 0; c < m->all->p->acc->n_cores; ++c)
        if (m->kinds->ring_of[c] > last_ring)
            m->is_left_out[m->kinds->kind_of[c]] = true;
    add(m);
}

static void add_fastest(maker *m, int32_t n_least) {
    for (int32_t i = 0; i < n_least; ++i)
        m->is_left_out[m->by_worth[i].value] = true;
    add(m);
}

static void add_without(maker *m, int32_t kind) {
    m->is_left_out[kind] = true;
    add(m);
}

/* Can it run all that those run which may be left out? */
static bool runs_all(const maker *m, int32_t kind) {
    for (int32_t k = 0; k < m->kinds->n_kinds; ++k)
        for (int32_t i = 0; i < m->all->p->graph->n_cts && m->replaceable[k]; ++i)
            if (runs(m, k, i) && !runs(m, kind, i))
                return false;
    return true;
}

static void add_only(maker *m, int32_t kind) {
    if (!runs_all(m, kind))
        return;
    for (int32_t k = 0; k < m->kinds->n_kinds; ++k)
        m->is_left_out[k] = k != kind;
    add(m);
}

const bool *const *stream_allocation_find_sets(const allocation_space *all,
                                               const stream_core_kinds *kinds, stream_arena *arena,
                                               int32_t *out_n) {
    size_t n_kinds = (size_t)kinds->n_kinds, n_cts = (size_t)all->p->graph->n_cts;
    maker *m = STREAM_NEW(arena, maker, 1);
    *m = (maker){.all = all,
                 .kinds = kinds,
                 .arena = arena,
                 .runs = STREAM_NEW(arena, bool, n_kinds *n_cts),
                 .replaceable = STREAM_NEW(arena, bool, n_kinds),
                 .is_left_out = STREAM_NEW(arena, bool, n_kinds),
                 .by_worth = STREAM_NEW(arena, stream_keyed, n_kinds)};
    find_runs(m);
    find_replaceable(m);
    sort_by_worth(m);
    for (int32_t ring = 0; ring + 1 < kinds->n_rings; ++ring)
        add_nearest(m, ring);
    for (int32_t i = 1; i < m->n_replaceable; ++i)
        add_fastest(m, i);
    for (int32_t i = 0; i < m->n_replaceable; ++i)
        add_without(m, (int32_t)m->by_worth[i].value);
    for (int32_t i = m->n_replaceable - 1; i >= 0; --i)
        add_only(m, (int32_t)m->by_worth[i].value);
    *out_n = m->n;
    return m->sets;
}
