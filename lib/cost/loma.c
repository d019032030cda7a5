/* LOMA; see stream/cost/loma.h. */

#include "stream/cost/loma.h"

#include "loma_factors.h"
#include "permute.h"

#include <stdlib.h>
#include <string.h>

/* Descending by (dim name, size), as the reference sorts before it permutes. */
static int compare(const stream_mapping_problem *problem, const stream_temporal_loop *a,
                   const stream_temporal_loop *b) {
    int order = strcmp(problem->nest.dims[b->dim].name, problem->nest.dims[a->dim].name);
    return order ? order : (b->size > a->size) - (b->size < a->size);
}

static void sort(const stream_mapping_problem *problem, stream_temporal_loop *loops, int32_t n) {
    for (int32_t i = 1; i < n; ++i) {
        stream_temporal_loop moving = loops[i];
        int32_t k = i;
        for (; k > 0 && compare(problem, &loops[k - 1], &moving) > 0; --k)
            loops[k] = loops[k - 1];
        loops[k] = moving;
    }
}

static bool fits_pin(const stream_loop_pin *pin, const stream_temporal_loop *loop) {
    return pin->dim == loop->dim && (pin->size == 0 || pin->size == loop->size);
}

static bool obeys(const stream_loma_options *options, const stream_temporal_mapping *m) {
    if (m->n < options->n_inner || m->n < options->n_outer)
        return false;
    for (int32_t i = 0; i < options->n_inner; ++i)
        if (!fits_pin(&options->inner[i], &m->order[i]))
            return false;
    for (int32_t i = 0; i < options->n_outer; ++i)
        if (!fits_pin(&options->outer[i], &m->order[m->n - options->n_outer + i]))
            return false;
    return true;
}

bool stream_mapping_better(stream_mapping_objective objective, const stream_mapping_cost *a,
                           const stream_mapping_cost *b) {
    switch (objective) {
    case STREAM_BEST_LATENCY:
        return a->total2_cycles < b->total2_cycles ||
               (a->total2_cycles == b->total2_cycles && a->energy_pj < b->energy_pj);
    case STREAM_BEST_ENERGY:
        return a->energy_pj < b->energy_pj ||
               (a->energy_pj == b->energy_pj && a->total2_cycles < b->total2_cycles);
    case STREAM_BEST_EDP:
        return a->total2_cycles * a->energy_pj < b->total2_cycles * b->energy_pj;
    }
    return false;
}

/* The exact model also asks for a way back for partial sums. */
static bool takes(const stream_mapping_problem *problem, const stream_temporal_mapping *mapping) {
    int32_t memory;
    double bits;
    return problem->model != STREAM_MODEL_EXACT ||
           stream_mapping_fits(problem, mapping, &memory, &bits);
}

static void consider(const stream_mapping_problem *problem, const stream_loma_options *options,
                     stream_temporal_mapping *order, stream_loma_result *out) {
    stream_mapping_cost cost;
    if (!obeys(options, order) || !stream_mapping_allocate(problem, options->even, order) ||
        !takes(problem, order))
        return;
    stream_mapping_evaluate(problem, order, &cost, NULL);
    out->valid_orders++;
    out->asserted |= cost.below_bound;
    if (out->found && !stream_mapping_better(options->objective, &cost, &out->cost))
        return;
    out->found = true;
    out->cost = cost;
    out->mapping = *order;
}

/* Does `inner` give every loop with its size? Then it is the order. */
static bool complete(const stream_mapping_problem *problem, const stream_loma_options *options,
                     stream_temporal_mapping *order) {
    int64_t product[STREAM_NEST_MAX_DIMS];
    if (options->n_outer > 0 || options->n_inner == 0 || options->n_inner > STREAM_MAP_MAX_LOOPS)
        return false;
    for (int32_t d = 0; d < problem->nest.n_dims; ++d)
        product[d] = 1;
    order->n = options->n_inner;
    for (int32_t i = 0; i < options->n_inner; ++i) {
        const stream_loop_pin *pin = &options->inner[i];
        if (pin->size <= 0 ||
            __builtin_mul_overflow(product[pin->dim], pin->size, &product[pin->dim]))
            return false;
        order->order[i] = (stream_temporal_loop){pin->dim, pin->size};
    }
    for (int32_t i = 0; i < problem->n_loops; ++i) {
        if (product[problem->loops[i].dim] != problem->loops[i].size)
            return false;
        product[problem->loops[i].dim] = 1;
    }
    for (int32_t d = 0; d < problem->nest.n_dims; ++d)
        if (product[d] != 1)
            return false;
    return true;
}

/* [Q] Where every pin has a size, the reference stops at a dim whose pins multiply to 1. */
static bool stops_at_one(const stream_mapping_problem *problem,
                         const stream_loma_options *options) {
    bool one = false;
    for (int32_t i = 0; i < options->n_inner; ++i) {
        bool all_one = true;
        if (options->inner[i].size == 0)
            return false;
        for (int32_t k = 0; k < options->n_inner; ++k)
            all_one &=
                options->inner[k].dim != options->inner[i].dim || options->inner[k].size == 1;
        one |= all_one;
    }
    return one && problem->model != STREAM_MODEL_EXACT;
}

/* The loops of all orders, sorted, with equal keys for equal loops, earlier ones larger. -1: the
 * pins contradict them. */
static int32_t items_of(const stream_mapping_problem *problem, const stream_loma_options *options,
                        stream_temporal_loop *loops, int32_t *key) {
    int32_t n = stream_loma_factors(problem, options, loops);
    if (n > 0)
        sort(problem, loops, n);
    for (int32_t i = n - 1; i >= 0; --i)
        key[i] = i + 1 < n && compare(problem, &loops[i], &loops[i + 1]) == 0 ? key[i + 1] : n - i;
    return n;
}

int64_t stream_loma_orders(const stream_mapping_problem *problem,
                           const stream_loma_options *options) {
    stream_temporal_loop loops[STREAM_MAP_MAX_LOOPS];
    stream_temporal_mapping order = {0};
    int32_t key[STREAM_PERMUTE_MAX], equal = 0;
    double orders = 1;
    if (complete(problem, options, &order))
        return 1;
    int32_t n = items_of(problem, options, loops, key);
    for (int32_t i = 0; i < n; ++i) {
        equal = i > 0 && key[i] == key[i - 1] ? equal + 1 : 1;
        orders *= (double)(i + 1) / equal;
    }
    return orders < 9e18 ? (int64_t)orders : INT64_MAX;
}

void stream_loma_search(const stream_mapping_problem *problem, const stream_loma_options *options,
                        stream_loma_result *out) {
    stream_temporal_mapping order = {0};
    stream_temporal_loop loops[STREAM_MAP_MAX_LOOPS];
    int32_t key[STREAM_PERMUTE_MAX], items[STREAM_PERMUTE_MAX];
    int64_t most = options->max_orders > 0 ? options->max_orders : INT64_MAX;
    *out = (stream_loma_result){.found = false};
    if (stops_at_one(problem, options))
        return;
    if (complete(problem, options, &order)) {
        consider(problem, options, &order, out);
        return;
    }
    int32_t n = items_of(problem, options, loops, key);
    if (n < 0)
        return;
    stream_permutation permutation;
    stream_permutation_start(&permutation, key, n);
    do {
        stream_permutation_read(&permutation, items);
        order.n = n;
        for (int32_t i = 0; i < n; ++i)
            order.order[i] = loops[items[i]];
        consider(problem, options, &order, out);
        out->orders++;
    } while (out->orders < most && stream_permutation_next(&permutation));
}
