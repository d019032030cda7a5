/* The second phase: the labels price every window as wide as it can be; where the best of them
 * cannot be attained, every chain of cuts whose bound is below the incumbent is visited, and for
 * each all orders that differ in a run of equally relevant loops below some cut. Depth first,
 * nothing is dominated. Reference section 3.6. */

#include "exact_search.h"

#include <math.h>
#include <string.h>

enum {
    MAX_LEAF_EVALUATIONS = 20000,
    MAX_RUNS = 2 * STREAM_NEST_MAX_OPERANDS * STREAM_MAP_MAX_LEVELS
};

/* A level of an operand that is being read from its top: which relevance its run has, if decided.
 */
typedef struct {
    int32_t operand, from;
    bool decided;
    stream_relevance relevance;
} run;

typedef struct {
    stream_exact *x;
    stream_temporal_mapping mapping;
    int32_t end[STREAM_EXACT_MAX_STEPS], n_segments;
    int64_t evaluations;
} leaf;

/* Runs that reach position `at`, and those that begin there because a cut lies right above it. */
static int32_t runs_at(const leaf *l, int32_t at, bool segment_top, const run *live, int32_t n,
                       run *out) {
    const stream_mapping_problem *p = l->x->problem;
    int32_t m = 0;
    for (int32_t i = 0; i < n; ++i)
        if (live[i].from <= at)
            out[m++] = live[i];
    for (int32_t o = 0; segment_top && o < p->n_operands; ++o)
        for (int32_t level = 0; level < p->operands[o].n_levels; ++level) {
            int32_t from = level ? l->mapping.cut[o][level - 1] : 0;
            if (l->mapping.cut[o][level] == at + 1 && from <= at)
                out[m++] = (run){o, from, false, STREAM_RELEVANT};
        }
    return m;
}

static int32_t runs_below(const leaf *l, const run *live, int32_t n, int32_t dim, run *out) {
    int32_t m = 0;
    for (int32_t i = 0; i < n; ++i) {
        stream_relevance relevance = l->x->problem->operands[live[i].operand].relevance[dim];
        if (relevance == STREAM_PARTIALLY_RELEVANT ||
            (live[i].decided && live[i].relevance != relevance))
            continue;
        out[m] = live[i];
        out[m].decided = true;
        out[m++].relevance = relevance;
    }
    return m;
}

/* Loops of equal size and equal relevance to every live run are interchangeable. */
static bool interchangeable(const leaf *l, const run *live, int32_t n,
                            const stream_temporal_loop *a, const stream_temporal_loop *b) {
    bool same = a->size == b->size;
    for (int32_t i = 0; same && i < n; ++i) {
        const stream_relevance *of = l->x->problem->operands[live[i].operand].relevance;
        same = of[a->dim] == of[b->dim];
    }
    return same;
}

/* Orders of the loops at positions 0..at, from the outermost down, that differ in a live run. */
static void orders(leaf *l, int32_t at, int32_t segment, const run *live, int32_t n) {
    if (l->evaluations > MAX_LEAF_EVALUATIONS || l->x->stop)
        return;
    if (at < 0) {
        l->evaluations++;
        stream_exact_try(l->x, &l->mapping);
        return;
    }
    int32_t from = segment ? l->end[segment - 1] : 0;
    run here[MAX_RUNS], below[MAX_RUNS];
    int32_t m = runs_at(l, at, at == l->end[segment] - 1, live, n, here);
    if (m == 0) { /* the rest of the segment is arbitrary */
        orders(l, from - 1, segment - 1, here, 0);
        return;
    }
    stream_temporal_loop saved[STREAM_MAP_MAX_LOOPS], tried[STREAM_MAP_MAX_LOOPS];
    int32_t n_tried = 0, length = at - from + 1;
    memcpy(saved, &l->mapping.order[from], sizeof saved[0] * (size_t)length);
    for (int32_t i = length - 1; i >= 0; --i) {
        bool seen = false;
        for (int32_t k = 0; k < n_tried; ++k)
            seen |= interchangeable(l, here, m, &tried[k], &saved[i]);
        if (seen)
            continue;
        tried[n_tried++] = saved[i];
        memcpy(&l->mapping.order[from], saved, sizeof saved[0] * (size_t)length);
        l->mapping.order[from + i] = saved[length - 1];
        l->mapping.order[at] = saved[i];
        int32_t rest = runs_below(l, here, m, saved[i].dim, below);
        orders(l, at - 1, at - 1 < from ? segment - 1 : segment, below, rest);
    }
    memcpy(&l->mapping.order[from], saved, sizeof saved[0] * (size_t)length);
}

static void visit_leaf(stream_exact *x, const stream_open_label *label, const int32_t *actions,
                       int32_t n) {
    if (stream_exact_final(x, label) >= x->incumbent * x->near)
        return;
    leaf l = {.x = x};
    stream_exact_mapping(x, actions, n, &l.mapping, l.end, &l.n_segments);
    orders(&l, l.mapping.n - 1, l.n_segments - 1, NULL, 0);
    x->leaf_cut |= l.evaluations > MAX_LEAF_EVALUATIONS;
}

/* Each chain once: cuts at one state in operand order; loops of a segment in kind order, but the
 * loop that ends the stationary prefix of an input comes first and is the least of its sort in the
 * segment. */
typedef struct {
    int32_t kind, operand, first;
    uint32_t ends;
} place;

typedef struct {
    double bound;
    int32_t action;
    place to;
} successor;

static uint32_t ends_of(const stream_exact *x, const stream_open_label *label, int32_t kind,
                        uint32_t *may) {
    uint32_t ends = 0;
    *may = 0;
    for (int32_t o = 1; o < x->problem->n_operands; ++o)
        if (!stream_kind_stationary(&x->lattice, o, kind)) {
            *may |= 1u << o;
            if (label->at.closed[o] == 0 && x->lattice.stationary[o][label->at.state])
                ends |= 1u << o;
        }
    return ends;
}

static bool apply(const stream_exact *x, const stream_open_label *from, int32_t action,
                  stream_open_label *out) {
    if (action >= STREAM_ACTION_ALLOCATE)
        return stream_exact_allocate(x, from, action - STREAM_ACTION_ALLOCATE, out);
    if (action >= STREAM_ACTION_CLOSE)
        return stream_exact_close(x, from, action - STREAM_ACTION_CLOSE, out);
    return stream_exact_add(x, from, action, out);
}

static void consider(stream_exact *x, const stream_open_label *from, int32_t action, place to,
                     successor *list, int32_t *n) {
    stream_open_label label;
    stream_exact_spend(x, STREAM_STEPS_LABEL);
    if (!apply(x, from, action, &label) || !stream_exact_room(x, &label))
        return;
    list[(*n)++] = (successor){stream_exact_best_bound(x, &label), action, to};
}

static int32_t successors(stream_exact *x, const stream_open_label *label, place at,
                          successor *list) {
    int32_t n = 0;
    for (int32_t o = at.operand; o < x->problem->n_operands; ++o) {
        if (label->at.closed[o] + 1 < x->problem->operands[o].n_levels)
            consider(x, label, STREAM_ACTION_CLOSE + o, (place){0, o, 0, 0}, list, &n);
        if (x->options->even)
            consider(x, label, STREAM_ACTION_ALLOCATE + o, (place){0, o + 1, 0, 0}, list, &n);
    }
    for (int32_t j = 0; j < x->lattice.n_kinds; ++j) {
        if (!stream_lattice_can_add(&x->lattice, label->at.state, j))
            continue;
        bool fixed = stream_lattice_fixed(&x->lattice, label->at.state, j);
        uint32_t may, ends = ends_of(x, label, j, &may);
        if (!ends && !fixed && (j < at.kind || (j < at.first && (may & at.ends) == at.ends)))
            continue;
        place to = ends ? (place){0, 0, j, ends} : (place){j, 0, at.first, at.ends};
        if (fixed) /* a segment of its own */
            to = (place){0, 0, 0, 0};
        consider(x, label, j, to, list, &n);
    }
    return n;
}

static void visit(stream_exact *x, const stream_open_label *label, int32_t *actions, int32_t n,
                  place at) {
    x->result->chain_nodes++;
    x->stop |= --x->labels_left < 0;
    if (x->stop)
        return;
    if (label->at.state == stream_lattice_full(&x->lattice)) {
        visit_leaf(x, label, actions, n);
        return;
    }
    successor list[2 * STREAM_NEST_MAX_OPERANDS + STREAM_EXACT_MAX_KINDS];
    int32_t count = successors(x, label, at, list);
    while (count > 0) {
        int32_t best = 0;
        for (int32_t i = 1; i < count; ++i)
            if (list[i].bound < list[best].bound)
                best = i;
        if (list[best].bound >= x->incumbent * x->near)
            return;
        stream_open_label next;
        if (apply(x, label, list[best].action, &next)) {
            actions[n] = list[best].action;
            visit(x, &next, actions, n + 1, list[best].to);
        }
        memmove(&list[best], &list[best + 1], sizeof list[0] * (size_t)(count - best - 1));
        --count;
    }
}

void stream_exact_chains(stream_exact *x, const stream_open_label *root) {
    int32_t actions[STREAM_EXACT_MAX_STEPS];
    visit(x, root, actions, 0, (place){0, 0, 0, 0});
}
