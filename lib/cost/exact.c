/* Best-first search for the optimal temporal mapping; see stream/cost/exact.h. */

#include "stream/cost/exact.h"

#include "exact_search.h"
#include "fits.h"
#include "stream/support/vec.h"

#include <math.h>
#include <string.h>

enum {
    DIVE_EVERY = 256, /* expansions */
    HARD_AFTER = 1024,
    DEFAULT_LABELS = 120000 /* about a second */
};

/* All labels, their accumulators, the open ones as a heap, and per (state, key) the undominated
 * ones. */
typedef struct stream_label_store {
    stream_vec labels; /* of stream_label */
    stream_vec acc;    /* of double, n_acc per label */
    stream_vec heap;   /* of int32_t */
    int32_t *bucket;   /* [state * n_keys + key], first label or -1 */
    int32_t n_keys, key_factor[STREAM_NEST_MAX_OPERANDS];
} label_store;

static stream_label *label_at(const stream_exact *x, int32_t id) {
    return &STREAM_AT(stream_label, x->store->labels, id);
}

static double *acc_at(const stream_exact *x, int32_t id) {
    return &STREAM_AT(double, x->store->acc, (size_t)id *(size_t)x->n_acc);
}

static void read_label(const stream_exact *x, int32_t id, stream_open_label *out) {
    out->at = *label_at(x, id);
    memcpy(out->acc, acc_at(x, id), sizeof(double) * (size_t)x->n_acc);
}

static int32_t store_label(stream_exact *x, const stream_open_label *label) {
    int32_t id = (int32_t)x->store->labels.n;
    *(stream_label *)stream_vec_push(&x->store->labels) = label->at;
    memcpy(stream_vec_push_n(&x->store->acc, (size_t)x->n_acc), label->acc,
           sizeof(double) * (size_t)x->n_acc);
    return id;
}

/* Least bound first; among equals the deepest, so plateaus are dived through; then the oldest. */
static bool before(const stream_exact *x, int32_t a, int32_t b) {
    const stream_label *p = label_at(x, a), *q = label_at(x, b);
    if (p->bound != q->bound)
        return p->bound < q->bound;
    return p->depth != q->depth ? p->depth > q->depth : a < b;
}

static void heap_push(stream_exact *x, int32_t id) {
    stream_vec *heap = &x->store->heap;
    stream_vec_push(heap);
    size_t i = heap->n - 1;
    for (; i > 0 && before(x, id, STREAM_AT(int32_t, *heap, (i - 1) / 2)); i = (i - 1) / 2)
        STREAM_AT(int32_t, *heap, i) = STREAM_AT(int32_t, *heap, (i - 1) / 2);
    STREAM_AT(int32_t, *heap, i) = id;
}

static int32_t heap_pop(stream_exact *x) {
    stream_vec *heap = &x->store->heap;
    int32_t top = STREAM_AT(int32_t, *heap, 0), id = STREAM_AT(int32_t, *heap, --heap->n);
    size_t i = 0;
    for (size_t c; (c = 2 * i + 1) < heap->n; i = c) {
        if (c + 1 < heap->n &&
            before(x, STREAM_AT(int32_t, *heap, c + 1), STREAM_AT(int32_t, *heap, c)))
            ++c;
        if (!before(x, STREAM_AT(int32_t, *heap, c), id))
            break;
        STREAM_AT(int32_t, *heap, i) = STREAM_AT(int32_t, *heap, c);
    }
    if (heap->n > 0)
        STREAM_AT(int32_t, *heap, i) = id;
    return top;
}

static int32_t *bucket_of(const stream_exact *x, const stream_label *label) {
    int32_t key = label->reduces;
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        key += label->closed[o] * x->store->key_factor[o];
    return &x->store->bucket[(size_t)label->state * (size_t)x->store->n_keys + (size_t)key];
}

/* Drops what the label dominates; false if it is dominated itself. */
static bool undominated(stream_exact *x, const stream_open_label *label) {
    for (int32_t *at = bucket_of(x, &label->at); *at >= 0;) {
        stream_label *other = label_at(x, *at);
        bool worse, better;
        stream_exact_compare(x, other, acc_at(x, *at), &label->at, label->acc, &worse, &better);
        if (worse)
            return false;
        if (better) {
            other->dead = true;
            *at = other->next;
        } else {
            at = &other->next;
        }
    }
    return true;
}

static void insert(stream_exact *x, stream_open_label *label) {
    if (!stream_exact_room(x, label))
        return;
    stream_exact_forget(x, label);
    label->at.bound = stream_exact_bound(x, label);
    if (label->at.bound >= x->incumbent * x->near || !undominated(x, label))
        return;
    int32_t *head = bucket_of(x, &label->at);
    label->at.dead = false;
    label->at.next = *head;
    *head = store_label(x, label);
    heap_push(x, *head);
    x->result->labels++;
    x->stop |= --x->budget < 0;
}

/* Actions from the root to a label, first action first. */
static int32_t actions_of(const stream_exact *x, int32_t id, int32_t *actions) {
    int32_t n = label_at(x, id)->depth, at = n;
    for (; at > 0; id = label_at(x, id)->parent)
        actions[--at] = label_at(x, id)->action;
    return n;
}

static void finish(stream_exact *x, int32_t id, const stream_open_label *label) {
    int32_t actions[STREAM_EXACT_MAX_STEPS];
    double value = stream_exact_final(x, label);
    if (value < x->incumbent * x->near)
        stream_exact_realise(x, actions, actions_of(x, id, actions), value);
}

/* The successor of least bound; false if none can beat the incumbent. */
static bool best_successor(const stream_exact *x, const stream_open_label *from,
                           stream_open_label *out) {
    stream_open_label label;
    out->at.bound = INFINITY;
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        if (stream_exact_close(x, from, o, &label) && stream_exact_room(x, &label)) {
            label.at.bound = stream_exact_bound(x, &label);
            if (label.at.bound <= out->at.bound)
                *out = label;
        }
    for (int32_t j = 0; j < x->lattice.n_kinds; ++j)
        if (stream_lattice_can_add(&x->lattice, from->at.state, j)) {
            if (!stream_exact_add(x, from, j, &label) || !stream_exact_room(x, &label))
                continue;
            label.at.bound = stream_exact_bound(x, &label);
            if (label.at.bound < out->at.bound)
                *out = label;
        }
    return out->at.bound < x->incumbent * x->near;
}

/* A greedy dive from a label to a complete mapping: only for the incumbent. */
static void dive(stream_exact *x, int32_t id) {
    int32_t actions[STREAM_EXACT_MAX_STEPS], n = actions_of(x, id, actions);
    stream_open_label label, next;
    read_label(x, id, &label);
    while (label.at.state != stream_lattice_full(&x->lattice)) {
        if (!best_successor(x, &label, &next))
            return;
        actions[n++] = next.at.action;
        label = next;
    }
    double value = stream_exact_final(x, &label), unrealised = x->unrealised;
    if (value < x->incumbent * x->near)
        stream_exact_realise(x, actions, n, value);
    x->unrealised = unrealised; /* a dive proves nothing */
}

static void expand(stream_exact *x, int32_t id, const stream_open_label *from) {
    stream_open_label label;
    for (int32_t o = 0; x->options->even && o < x->problem->n_operands; ++o)
        if (stream_exact_allocate(x, from, o, &label)) {
            label.at.parent = id;
            insert(x, &label);
        }
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        if (stream_exact_close(x, from, o, &label)) {
            label.at.parent = id;
            insert(x, &label);
        }
    for (int32_t j = 0; j < x->lattice.n_kinds; ++j)
        if (stream_lattice_can_add(&x->lattice, from->at.state, j) &&
            stream_exact_add(x, from, j, &label)) {
            label.at.parent = id;
            insert(x, &label);
        }
}

/* Where the search is hard, the best of some hundred orders is a better start than what dives
 * found. */
static void try_loma(stream_exact *x) {
    enum {
        LOOPS = 6
    };
    const stream_exact_options *o = x->options;
    stream_loma_options options = {.objective = x->objective,
                                   .lpf_limit = LOOPS,
                                   .even = o->even,
                                   .inner = o->inner,
                                   .n_inner = o->n_inner,
                                   .outer = o->outer,
                                   .n_outer = o->n_outer};
    stream_loma_result found;
    stream_loma_search(x->problem, &options, &found);
    if (found.found)
        stream_exact_try(x, &found.mapping);
}

/* Returns the least bound of what is still open: INFINITY when all is searched. */
static double search_labels(stream_exact *x) {
    int64_t popped = 0;
    while (x->store->heap.n > 0) {
        int32_t id = heap_pop(x);
        stream_open_label label;
        if (label_at(x, id)->dead)
            continue;
        read_label(x, id, &label);
        if (label.at.bound >= x->incumbent * x->near)
            return INFINITY;
        if (x->stop)
            return label.at.bound;
        if (popped++ % DIVE_EVERY == 0)
            dive(x, id);
        if (popped == HARD_AFTER)
            try_loma(x);
        if (label.at.state == stream_lattice_full(&x->lattice))
            finish(x, id, &label);
        else
            expand(x, id, &label);
    }
    return INFINITY;
}

static void open_store(stream_exact *x, stream_arena *arena, label_store *store) {
    *store = (label_store){.labels = STREAM_VEC(stream_label),
                           .acc = STREAM_VEC(double),
                           .heap = STREAM_VEC(int32_t),
                           .n_keys = 2};
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        store->key_factor[o] = store->n_keys;
        store->n_keys *= x->problem->operands[o].n_levels;
    }
    size_t n = (size_t)x->lattice.n_states * (size_t)store->n_keys;
    store->bucket = STREAM_NEW(arena, int32_t, n);
    memset(store->bucket, 0xff, n * sizeof *store->bucket);
    x->store = store;
}

static void close_store(label_store *store) {
    stream_vec_free(&store->labels);
    stream_vec_free(&store->acc);
    stream_vec_free(&store->heap);
}

/* Best-first search from the root. Returns the least bound that is left: of what is still open, or
 * of what no order attained; INFINITY if nothing is. */
static double search_from(stream_exact *x, stream_arena *arena, const stream_open_label *root) {
    label_store store;
    stream_open_label start = *root;
    open_store(x, arena, &store);
    x->unrealised = INFINITY;
    insert(x, &start);
    double open = search_labels(x);
    close_store(&store);
    return fmin(open, x->unrealised);
}

static bool is_open(const stream_exact *x, double bound) {
    return !x->stop && bound < x->incumbent * x->near;
}

/* All phases; fills found, proven, bound, mapping and cost of the result. */
static void run(stream_exact *x, stream_arena *arena) {
    stream_open_label root;
    memset(&root, 0, sizeof root);
    root.at.parent = -1;
    root.acc[ACC_ENERGY] = x->problem->mac_pj * x->problem->macs;
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        root.at.run[o] = 1;
    stream_exact_add_boundary(x, root.acc, 0, 0, 0, false);
    if (x->lattice.boundary[0][0][0].no_port) {
        x->result->proven = true;
        x->result->bound = INFINITY;
        return;
    }
    stream_exact_cost_to_go(x, arena);
    double bound = search_from(x, arena, &root);
    if (is_open(x, bound)) {
        stream_exact_find_windows(x, arena);
        bound = fmax(bound, search_from(x, arena, &root));
    }
    if (is_open(x, bound)) {
        root.at.bound = stream_exact_bound(x, &root);
        stream_exact_chains(x, &root);
        if (!x->stop && !x->leaf_cut)
            bound = INFINITY;
    }
    x->result->proven = bound >= x->incumbent * x->near;
    x->result->bound = fmin(bound, x->incumbent);
    x->result->states = x->lattice.n_states;
}

double stream_mapping_value(stream_mapping_objective objective, const stream_mapping_cost *cost) {
    switch (objective) {
    case STREAM_BEST_LATENCY:
        return cost->total2_cycles;
    case STREAM_BEST_ENERGY:
        return cost->energy_pj;
    case STREAM_BEST_EDP:
        return cost->total2_cycles * cost->energy_pj;
    }
    return INFINITY;
}

typedef struct {
    stream_mapping_objective objective;
    double latency_cap, energy_cap;
} goal;

static stream_status search(const stream_mapping_problem *problem, goal want,
                            const stream_exact_options *options,
                            const stream_temporal_mapping *start, const stream_diag *diag,
                            stream_exact_result *out) {
    stream_arena *arena = stream_arena_create();
    stream_exact *x = STREAM_NEW(arena, stream_exact, 1);
    *out = (stream_exact_result){.bound = 0};
    x->problem = problem;
    x->options = options;
    x->objective = want.objective;
    x->latency_cap = want.latency_cap;
    x->energy_cap = want.energy_cap;
    x->near = 1 - (options->gap > 0 ? options->gap : 1e-12);
    x->incumbent = x->unrealised = INFINITY;
    x->budget = options->max_labels > 0 ? options->max_labels : DEFAULT_LABELS;
    x->result = out;
    stream_status status = stream_lattice_build(problem, options, arena, diag, &x->lattice);
    if (status == STREAM_OK)
        status = stream_exact_layout(x, diag);
    if (status == STREAM_OK && start)
        stream_exact_try(x, start);
    if (status == STREAM_OK)
        run(x, arena);
    stream_arena_destroy(arena);
    return status;
}

/* The other of latency and energy at the optimum of the first; EDP has no second criterion. */
static stream_status break_tie(const stream_mapping_problem *problem,
                               const stream_exact_options *options, const stream_diag *diag,
                               stream_exact_result *out) {
    goal want = {STREAM_BEST_ENERGY, out->cost.total2_cycles, INFINITY};
    if (options->objective == STREAM_BEST_ENERGY)
        want = (goal){STREAM_BEST_LATENCY, INFINITY, out->cost.energy_pj};
    stream_temporal_mapping start = out->mapping;
    stream_exact_result tie;
    STREAM_TRY(search(problem, want, options, &start, diag, &tie));
    if (tie.found) {
        out->cost = tie.cost;
        out->mapping = tie.mapping;
    }
    out->labels += tie.labels;
    out->chain_nodes += tie.chain_nodes;
    out->evaluations += tie.evaluations;
    return STREAM_OK;
}

stream_status stream_exact_search(const stream_mapping_problem *problem,
                                  const stream_exact_options *options,
                                  const stream_temporal_mapping *start, const stream_diag *diag,
                                  stream_exact_result *out) {
    goal want = {options->objective, INFINITY, INFINITY};
    STREAM_TRY(search(problem, want, options, start, diag, out));
    if (!out->found && out->proven)
        return stream_mapping_does_not_fit(problem, diag);
    if (out->found && options->tie_break && options->objective != STREAM_BEST_EDP)
        return break_tie(problem, options, diag, out);
    return STREAM_OK;
}
