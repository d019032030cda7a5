// RUN: unit-cost-exact

/* The exact search against brute force: every order of every loop and every cut of every operand.
 */

#include "stream/cost/exact.h"
#include "random_problem.h"

#include <math.h>
#include <stdlib.h>

enum {
    MAX_LOOPS = 5
};

typedef struct {
    const stream_mapping_problem *problem;
    stream_temporal_mapping mapping;
    double best[3];
    long evaluations;
} brute;

static double sizes_below(const stream_mapping_problem *p, const stream_temporal_mapping *m,
                          int32_t o, int32_t level) {
    double sizes[STREAM_NEST_MAX_DIMS];
    for (int32_t d = 0; d < p->nest.n_dims; ++d)
        sizes[d] = 1;
    for (int32_t l = 0; l <= level; ++l)
        for (int32_t i = 0; i < p->operands[o].unrolled[0][l].n; ++i)
            sizes[p->operands[o].unrolled[0][l].at[i].dim] *=
                p->operands[o].unrolled[0][l].at[i].factor;
    for (int32_t i = 0; i < m->cut[o][level]; ++i)
        sizes[m->order[i].dim] *= (double)m->order[i].size;
    return stream_mapping_elements(p, o, sizes);
}

/* A reduction loop in this level or above it makes what the level holds partial sums. */
static bool holds_partial_sums(const stream_mapping_problem *p, const stream_temporal_mapping *m,
                               int32_t level) {
    const stream_map_operand *o = &p->operands[0];
    bool partial = false;
    for (int32_t i = level ? m->cut[0][level - 1] : 0; i < m->n; ++i)
        partial |= o->relevance[m->order[i].dim] == STREAM_IRRELEVANT && m->order[i].size > 1;
    for (int32_t l = level + 1; l <= o->n_levels; ++l)
        for (int32_t i = 0; i < o->unrolled[0][l].n; ++i)
            partial |= o->relevance[o->unrolled[0][l].at[i].dim] == STREAM_IRRELEVANT &&
                       o->unrolled[0][l].at[i].factor > 1;
    return partial;
}

static bool fits(const stream_mapping_problem *p, const stream_temporal_mapping *given) {
    stream_temporal_mapping m = *given;
    double used[STREAM_MAP_MAX_MEMORIES] = {0};
    stream_mapping_merge(p, &m);
    for (int32_t o = 0; o < p->n_operands; ++o)
        for (int32_t l = 0; l < p->operands[o].n_levels; ++l) {
            bool partial = o == 0 && holds_partial_sums(p, &m, l);
            used[p->operands[o].memory[l]] +=
                sizes_below(p, &m, o, l) *
                (double)(o || partial ? p->operands[o].bits : p->operands[o].final_bits);
        }
    for (int32_t i = 0; i < p->n_memories; ++i)
        if (used[i] > (double)p->memories[i].size_bits)
            return false;
    return true;
}

static void cuts(brute *b, int32_t o, int32_t level) {
    const stream_mapping_problem *p = b->problem;
    if (o == p->n_operands) {
        stream_mapping_cost cost;
        if (!fits(p, &b->mapping))
            return;
        stream_mapping_evaluate(p, &b->mapping, &cost, NULL);
        b->evaluations++;
        for (int i = 0; i < 3; ++i)
            b->best[i] = fmin(b->best[i], stream_mapping_value((stream_mapping_objective)i, &cost));
        return;
    }
    if (level == p->operands[o].n_levels - 1) {
        b->mapping.cut[o][level] = b->mapping.n;
        cuts(b, o + 1, 0);
        return;
    }
    for (int32_t at = level ? b->mapping.cut[o][level - 1] : 0; at <= b->mapping.n; ++at) {
        b->mapping.cut[o][level] = at;
        cuts(b, o, level + 1);
    }
}

static void orders(brute *b, stream_temporal_loop *left, int32_t n) {
    if (n == 0) {
        cuts(b, 0, 0);
        return;
    }
    for (int32_t i = 0; i < n; ++i) {
        bool again = false;
        for (int32_t k = 0; k < i; ++k)
            again |= left[k].dim == left[i].dim && left[k].size == left[i].size;
        if (again)
            continue;
        stream_temporal_loop taken = left[i], rest[MAX_LOOPS];
        for (int32_t k = 0, m = 0; k < n; ++k)
            if (k != i)
                rest[m++] = left[k];
        b->mapping.order[b->mapping.n++] = taken;
        orders(b, rest, n - 1);
        b->mapping.n--;
    }
}

static int32_t prime_loops(const stream_mapping_problem *p, stream_temporal_loop *out) {
    int32_t n = 0;
    for (int32_t i = 0; i < p->n_loops; ++i)
        for (int64_t rest = p->loops[i].size, q = 2; rest > 1; ++q)
            for (; rest % q == 0; rest /= q) {
                if (n == MAX_LOOPS)
                    return -1;
                out[n++] = (stream_temporal_loop){p->loops[i].dim, q};
            }
    if (n == 0)
        out[n++] = p->loops[0];
    return n;
}

static bool close_to(double a, double b) {
    return a == b || fabs(a - b) <= 1e-9 * fabs(b);
}

/* Returns 1 if the search was right on all objectives, 0 if not, -1 if the case is too large. */
static int check_case(unsigned *seed, const char **what) {
    random_problem r;
    stream_mapping_problem p;
    stream_temporal_loop loops[MAX_LOOPS];
    random_problem_make(seed, &r);
    *what = "build";
    if (stream_mapping_problem_build(&r.nest, &r.core, NULL, 0, &r.spatial, STREAM_MODEL_EXACT,
                                     NULL, &p) != STREAM_OK)
        return 0;
    int32_t n = prime_loops(&p, loops);
    if (n < 0)
        return -1;
    brute b = {.problem = &p, .best = {INFINITY, INFINITY, INFINITY}};
    orders(&b, loops, n);
    for (int i = 0; i < 3; ++i) {
        static const char *const names[] = {"latency", "energy", "EDP"};
        stream_exact_options options = STREAM_EXACT_OPTIONS_DEFAULTS;
        stream_exact_result result;
        options.objective = (stream_mapping_objective)i;
        *what = names[i];
        stream_status status = stream_exact_search(&p, &options, NULL, NULL, &result);
        if (b.best[i] == INFINITY) {
            if (status != STREAM_INFEASIBLE)
                return 0;
            continue;
        }
        if (status != STREAM_OK || !result.found || !result.proven || !fits(&p, &result.mapping) ||
            !close_to(stream_mapping_value(options.objective, &result.cost), b.best[i])) {
            printf("# %s: status %d found %d proven %d value %.17g, brute force %.17g\n", names[i],
                   (int)status, result.found, result.proven,
                   result.found ? stream_mapping_value(options.objective, &result.cost) : 0,
                   b.best[i]);
            return 0;
        }
    }
    return 1;
}

int main(int argc, char **argv) {
    int want = argc > 1 ? atoi(argv[1]) : 400, right = 0, cases = 0;
    for (unsigned first = argc > 2 ? (unsigned)atoi(argv[2]) : 1; cases < want; ++first) {
        unsigned seed = first * 2654435761u | 1u;
        const char *what = "";
        int ok = check_case(&seed, &what);
        if (ok < 0)
            continue;
        cases++;
        right += ok;
        if (!ok)
            printf("# seed %u: %s is wrong\n", first, what);
    }
    CHECK_EQ(right, cases);
    return test_done();
}
