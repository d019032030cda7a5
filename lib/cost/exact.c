/* The search for the optimal temporal mapping in phases; see stream/cost/exact.h. */

#include "stream/cost/exact.h"

#include "exact_search.h"
#include "fits.h"
#include "stream/support/integer.h"

#include <math.h>
#include <string.h>

static bool is_open(const stream_exact *x, double bound) {
    return !x->stop && bound < x->incumbent * x->near;
}

static void make_root(const stream_exact *x, stream_open_label *root) {
    memset(root, 0, sizeof *root);
    root->at.parent = -1;
    root->acc[ACC_ENERGY] = x->problem->mac_pj * x->problem->macs;
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        root->at.run[o] = 1;
    stream_exact_add_boundary(x, root->acc, 0, 0, 0, false);
}

/* Labels, labels that know windows, chains: each where what is before it leaves something open.
 * Returns the least bound that is left. */
static double search_phases(stream_exact *x, stream_arena *arena, stream_open_label *root) {
    double bound = stream_exact_best_first(x, arena, root);
    if (is_open(x, bound)) {
        stream_exact_find_windows(x, arena);
        bound = larger(bound, stream_exact_best_first(x, arena, root));
    }
    if (is_open(x, bound)) {
        root->at.bound = stream_exact_bound(x, root);
        stream_exact_chains(x, root);
        if (!x->stop && !x->leaf_cut)
            bound = INFINITY;
    }
    return bound;
}

/* What ended early still has a mapping, if there is one, and none that is worse than ZigZag's. */
static void complete(stream_exact *x, const stream_open_label *root) {
    stream_exact_try_loma(x);
    if (!x->result->found)
        stream_exact_descend(x, root);
    stream_exact_climb(x, true);
}

/* The energy of data that crosses every boundary once, and the array's with all loops that leave an
 * input where it is below: less is no way to move it. Both states are there whatever was merged. */
static double least_energy(const stream_exact *x, double pj) {
    const stream_lattice *lattice = &x->lattice;
    int32_t full = stream_lattice_full(lattice);
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        int32_t stays = 0;
        for (int32_t j = 0; j < lattice->n_kinds; ++j)
            if (stream_kind_stationary(lattice, o, j))
                stays += lattice->multiplicity[j] * lattice->stride[j];
        if (o > 0)
            pj += lattice->boundary[o][0][stays].energy_pj;
        for (int32_t k = 1; k < x->problem->operands[o].n_levels; ++k)
            pj += lattice->boundary[o][k][full].energy_pj;
    }
    return pj;
}

/* Where the energy is bounded from the beginning. */
static void find_dead(stream_exact *x, stream_arena *arena) {
    double limit = x->objective == STREAM_BEST_ENERGY ? x->incumbent : x->energy_cap;
    if (limit < INFINITY)
        stream_exact_find_dead(x, arena, limit * (1 + 1e-9));
}

/* Fills found, proven, bound, mapping and cost of the result. */
static void run(stream_exact *x, stream_arena *arena) {
    stream_exact_result *result = x->result;
    stream_open_label root;
    double bound = INFINITY;
    make_root(x, &root);
    if (!x->lattice.boundary[0][0][0].no_port && stream_exact_room(x, &root)) {
        stream_exact_spend(x, stream_exact_table_steps(x, x->n_bound + x->n_most));
        find_dead(x, arena);
        stream_exact_number_rows(x, arena);
        stream_exact_cost_to_go(x, arena);
        bound = search_phases(x, arena, &root);
        if (bound < x->incumbent * x->near)
            complete(x, &root);
        if (x->lattice.merged) /* other orders were not seen */
            bound = stream_exact_value(x, x->lattice.time, least_energy(x, root.acc[ACC_ENERGY]));
    }
    result->proven = bound >= x->incumbent * x->near;
    result->bound = smaller(bound, x->incumbent);
    result->states = x->lattice.n_states;
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

/* What one search is for. */
typedef struct {
    stream_mapping_objective objective;
    double latency_cap, energy_cap; /* of the tie-break; INFINITY: none */
    double cutoff;                  /* worse mappings are of no interest; INFINITY: all are */
    int64_t labels;
} goal;

/* Labels that a search has used, or its work in labels if that is more. */
static int64_t labels_used(const stream_exact *x, const goal *want) {
    int64_t steps = want->labels * STREAM_STEPS_PER_LABEL - x->steps_left;
    return stream_max_i64(want->labels - x->labels_left, steps / STREAM_STEPS_PER_LABEL);
}

/* The question; its lattice is that of all searches. */
typedef struct {
    const stream_mapping_problem *problem;
    const stream_exact_options *options;
    stream_arena *arena;
    const stream_diag *diag;
    stream_lattice lattice;
} question;

static stream_status search(question *q, goal want, const stream_temporal_mapping *start,
                            stream_exact_result *out) {
    bool bounds_energy = want.objective == STREAM_BEST_ENERGY || want.energy_cap < INFINITY;
    if (bounds_energy && !q->lattice.energy_to_go[0][0])
        stream_lattice_energy_to_go(&q->lattice, q->arena);
    stream_arena *arena = stream_arena_create();
    stream_exact *x = STREAM_NEW(arena, stream_exact, 1);
    *out = (stream_exact_result){.bound = 0};
    x->problem = q->problem;
    x->options = q->options;
    x->lattice = q->lattice;
    x->objective = want.objective;
    x->latency_cap = want.latency_cap;
    x->energy_cap = want.energy_cap;
    x->near = 1 - stream_exact_gap(q->options->gap);
    x->incumbent = want.cutoff;
    x->unrealised = x->tried_value = x->energy_limit = INFINITY;
    x->labels = x->labels_left = want.labels;
    x->steps_left = want.labels * STREAM_STEPS_PER_LABEL;
    x->result = out;
    stream_status status = stream_exact_layout(x, q->diag);
    if (status == STREAM_OK && start)
        stream_exact_try(x, start);
    if (status == STREAM_OK)
        run(x, arena);
    out->work = labels_used(x, &want);
    stream_arena_destroy(arena);
    return status;
}

/* The other of latency and energy at the optimum of the first; EDP has no second criterion. */
static stream_status break_tie(question *q, int64_t labels, stream_exact_result *out) {
    goal want = {STREAM_BEST_ENERGY, out->cost.total2_cycles, INFINITY, INFINITY, labels};
    if (q->options->objective == STREAM_BEST_ENERGY)
        want = (goal){STREAM_BEST_LATENCY, INFINITY, out->cost.energy_pj, INFINITY, labels};
    stream_temporal_mapping start = out->mapping;
    stream_exact_result tie;
    STREAM_TRY(search(q, want, &start, &tie));
    if (tie.found) {
        out->cost = tie.cost;
        out->mapping = tie.mapping;
    }
    out->labels += tie.labels;
    out->chain_nodes += tie.chain_nodes;
    out->evaluations += tie.evaluations;
    out->work += tie.work;
    return STREAM_OK;
}

static stream_status answer(question *q, const stream_temporal_mapping *start,
                            stream_exact_result *out) {
    const stream_exact_options *options = q->options;
    bool tie_break = options->tie_break && options->objective != STREAM_BEST_EDP;
    double cutoff = options->cutoff > 0 ? options->cutoff : INFINITY;
    int64_t all = stream_exact_labels(options->max_labels), last = tie_break ? all / 4 : 0;
    goal want = {options->objective, INFINITY, INFINITY, cutoff, all - last};
    STREAM_TRY(stream_lattice_build(q->problem, options, q->arena, q->diag, &q->lattice));
    STREAM_TRY(search(q, want, start, out));
    if (!out->found && out->proven && cutoff == INFINITY)
        return stream_mapping_does_not_fit(q->problem, q->diag);
    if (out->found && tie_break)
        return break_tie(q, stream_max_i64(1, all - out->work), out);
    return STREAM_OK;
}

stream_status stream_exact_search(const stream_mapping_problem *problem,
                                  const stream_exact_options *options,
                                  const stream_temporal_mapping *start, const stream_diag *diag,
                                  stream_exact_result *out) {
    stream_arena *arena = stream_arena_create();
    question q = {.problem = problem, .options = options, .arena = arena, .diag = diag};
    *out = (stream_exact_result){.bound = 0};
    stream_status status = answer(&q, start, out);
    stream_arena_destroy(arena);
    return status;
}

double stream_exact_gap(double asked) {
    return asked > 0 ? asked : 1e-12;
}

int64_t stream_exact_labels(int64_t asked) {
    return asked > 0 ? stream_min_i64(asked, STREAM_EXACT_MOST_LABELS)
                     : STREAM_EXACT_DEFAULT_LABELS;
}
