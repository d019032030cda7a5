// RUN: unit-cost-properties

/* What must hold for the exact optimum of any layer on any core, on random small ones: a better core
 * is never worse, names and the order of dims do not matter, and nothing is cheaper than the work
 * and the data that every mapping has to do and move.
 *
 *   unit-cost-properties [CASES [FIRST_SEED]] */

#include "random_problem.h"
#include "stream/cost/exact.h"

#include <math.h>
#include <stdlib.h>

enum {
    LATENCY,
    ENERGY,
    EDP,
    N_OBJECTIVES
};

static const char *const names[N_OBJECTIVES] = {"latency", "energy", "EDP"};

typedef struct {
    double best[N_OBJECTIVES]; /* INFINITY: nothing fits */
    stream_mapping_problem problem;
} optimum;

static bool solve(const random_problem *r, optimum *out) {
    static const stream_mapping_objective objectives[N_OBJECTIVES] = {
        STREAM_BEST_LATENCY, STREAM_BEST_ENERGY, STREAM_BEST_EDP};
    if (stream_mapping_problem_build(&r->nest, &r->core, NULL, 0, &r->spatial, STREAM_MODEL_EXACT,
                                     NULL, &out->problem) != STREAM_OK)
        return false;
    for (int i = 0; i < N_OBJECTIVES; ++i) {
        stream_exact_options options = STREAM_EXACT_OPTIONS_DEFAULTS;
        stream_exact_result result;
        options.objective = objectives[i];
        options.tie_break = false;
        stream_status status = stream_exact_search(&out->problem, &options, NULL, NULL, &result);
        out->best[i] = INFINITY;
        if (status == STREAM_INFEASIBLE)
            continue;
        if (status != STREAM_OK || !result.proven)
            return false;
        out->best[i] = stream_mapping_value(objectives[i], &result.cost);
        if (!isfinite(result.cost.total2_cycles) || !isfinite(result.cost.energy_pj) ||
            !isfinite(result.bound))
            return false;
    }
    return true;
}

/* The problem holds pointers into itself. */
static void copy(const random_problem *from, random_problem *to) {
    *to = *from;
    for (int m = 0; m < to->core.n_memories; ++m)
        to->memories[m].ports = to->ports[m];
    to->core.memories = to->memories;
}

static void widen(random_problem *r, unsigned *seed) {
    int m = (int)(test_random(seed) % (unsigned)r->core.n_memories);
    stream_port *port = &r->ports[m][test_random(seed) % (unsigned)r->memories[m].n_ports];
    port->bandwidth_max_bits *= 2;
}

static void enlarge(random_problem *r, unsigned *seed) {
    stream_memory *m = &r->memories[test_random(seed) % (unsigned)r->core.n_memories];
    m->size_bits += test_random(seed) % 2 ? m->size_bits : 8;
}

static void cheapen(random_problem *r, unsigned *seed) {
    stream_memory *m = &r->memories[test_random(seed) % (unsigned)r->core.n_memories];
    *(test_random(seed) % 2 ? &m->read_pj : &m->write_pj) /= 2;
}

/* Dims in another order and under other names. */
static void shuffle(random_problem *r, unsigned *seed) {
    static const char *const other[] = {"D2", "A", "Z", "X"};
    int32_t to[STREAM_NEST_MAX_DIMS], n = r->nest.n_dims;
    stream_loop_nest old = r->nest;
    for (int32_t d = 0; d < n; ++d)
        to[d] = d;
    for (int32_t d = n - 1; d > 0; --d) {
        int32_t k = (int32_t)(test_random(seed) % (unsigned)(d + 1)), moved = to[d];
        to[d] = to[k];
        to[k] = moved;
    }
    for (int32_t d = 0; d < n; ++d)
        r->nest.dims[to[d]] = (stream_nest_dim){other[d], old.dims[d].size};
    for (int32_t i = 0; i < r->nest.n_relations; ++i) {
        r->nest.relations[i].a = to[old.relations[i].a];
        r->nest.relations[i].b = to[old.relations[i].b];
    }
    for (int32_t o = 0; o < r->nest.n_operands; ++o)
        for (int32_t i = 0; i < r->nest.operands[o].n_index; ++i)
            if (old.operands[o].index[i] >= 0)
                r->nest.operands[o].index[i] = to[old.operands[o].index[i]];
    for (int32_t x = 0; x < r->spatial.n_array_dims; ++x)
        for (int32_t i = 0; i < r->spatial.array_dims[x].n; ++i)
            r->spatial.array_dims[x].at[i].dim = to[r->spatial.array_dims[x].at[i].dim];
}

static bool no_worse(const char *what, unsigned seed, const optimum *before, const optimum *after) {
    bool ok = true;
    for (int i = 0; i < N_OBJECTIVES; ++i)
        if (after->best[i] > before->best[i] * (1 + 1e-9)) {
            printf("# seed %u: %s makes the %s worse: %.17g to %.17g\n", seed, what, names[i],
                   before->best[i], after->best[i]);
            ok = false;
        }
    return ok;
}

static bool equal(unsigned seed, const optimum *a, const optimum *b) {
    return no_worse("reordering", seed, a, b) && no_worse("reordering back", seed, b, a);
}

/* Every MAC takes a unit for a cycle; every element of every tensor crosses the port of its top
 * memory once. */
static bool within_bounds(unsigned seed, const optimum *o) {
    const stream_mapping_problem *p = &o->problem;
    double cycles = p->macs / (double)p->mac_units * (double)p->nest.cycles_per_op;
    double energy = p->macs * p->mac_pj;
    for (int32_t k = 0; k < p->n_operands; ++k) {
        const stream_map_operand *q = &p->operands[k];
        int32_t top = q->n_levels - 1;
        const stream_map_memory *m = &p->memories[q->memory[top]];
        int32_t d = k ? STREAM_TO_LOW : STREAM_FROM_LOW;
        double words = floor(q->size * (double)q->final_bits / (double)q->word_bits[top][d]);
        energy += words * (k ? m->read_pj : m->write_pj);
    }
    bool ok = o->best[LATENCY] >= cycles && o->best[ENERGY] >= energy * (1 - 1e-12);
    if (!ok)
        printf("# seed %u: latency %.17g < %.17g or energy %.17g < %.17g\n", seed, o->best[LATENCY],
               cycles, o->best[ENERGY], energy);
    return ok;
}

typedef struct {
    const char *what;
    void (*change)(random_problem *, unsigned *);
} improvement;

/* -1: too large a case to be worth it */
static int check_case(unsigned first) {
    static const improvement better[] = {
        {"a wider port", widen}, {"a larger memory", enlarge}, {"a cheaper access", cheapen}};
    unsigned seed = first * 2654435761u | 1u;
    random_problem r, changed;
    optimum before, after;
    random_problem_make(&seed, &r);
    if (!solve(&r, &before))
        return -1;
    bool ok = within_bounds(first, &before);
    for (size_t i = 0; i < sizeof better / sizeof *better; ++i) {
        copy(&r, &changed);
        better[i].change(&changed, &seed);
        ok &= solve(&changed, &after) && no_worse(better[i].what, first, &before, &after);
    }
    copy(&r, &changed);
    shuffle(&changed, &seed);
    return ok & (solve(&changed, &after) && equal(first, &before, &after));
}

int main(int argc, char **argv) {
    int want = argc > 1 ? atoi(argv[1]) : 500, right = 0, cases = 0;
    for (unsigned first = argc > 2 ? (unsigned)atoi(argv[2]) : 1; cases < want; ++first) {
        int ok = check_case(first);
        if (ok < 0)
            continue;
        cases++;
        right += ok;
    }
    CHECK_EQ(right, cases);
    return test_done();
}
