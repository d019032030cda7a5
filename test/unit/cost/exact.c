// RUN: unit-cost-exact

/* The exact search against brute force: every order of every loop and every cut of every operand,
 * also with pinned loops and for even mappings.
 *
 *   unit-cost-exact [CASES [FIRST_SEED]] */

#include "stream/cost/exact.h"
#include "random_problem.h"

#include <math.h>
#include <stdlib.h>

enum {
    MAX_LOOPS = 5
};

typedef struct {
    const stream_mapping_problem *problem;
    const stream_exact_options *options;
    stream_temporal_mapping mapping;
    double best[3];
    double other[2]; /* at the best latency the least energy, and the other way round */
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
    for (int32_t d = 0; d < p->nest.n_dims; ++d) /* padding takes no room */
        sizes[d] = fmin(sizes[d], (double)p->nest.dims[d].size);
    return stream_mapping_elements(p, o, sizes);
}

/* A loop that comes back to the same output, in this level or above it: it holds partial sums. */
static bool holds_partial_sums(const stream_mapping_problem *p, const stream_temporal_mapping *m,
                               int32_t level) {
    const stream_map_operand *o = &p->operands[0];
    bool partial = false;
    for (int32_t i = level ? m->cut[0][level - 1] : 0; i < m->n; ++i)
        partial |= o->accumulates[m->order[i].dim] && m->order[i].size > 1;
    for (int32_t l = level + 1; l <= o->n_levels; ++l)
        for (int32_t i = 0; i < o->unrolled[0][l].n; ++i)
            partial |=
                o->accumulates[o->unrolled[0][l].at[i].dim] && o->unrolled[0][l].at[i].factor > 1;
    return partial;
}

/* Do partial sums come back across this level's upper or lower side, more than once each? */
static bool comes_back(const stream_mapping_problem *p, const stream_temporal_mapping *m,
                       int32_t from) {
    bool back = false;
    for (int32_t i = from; i < m->n; ++i)
        back |= p->operands[0].accumulates[m->order[i].dim] && m->order[i].size > 1;
    return back;
}

static bool has_ports(const stream_mapping_problem *p, const stream_temporal_mapping *m) {
    const stream_map_operand *o = &p->operands[0];
    for (int32_t l = 0; l < o->n_levels; ++l)
        if ((comes_back(p, m, l ? m->cut[0][l - 1] : 0) && !o->bw_max[l][STREAM_TO_LOW]) ||
            (l + 1 < o->n_levels && comes_back(p, m, m->cut[0][l]) &&
             !o->bw_max[l][STREAM_FROM_HIGH]))
            return false;
    return true;
}

static bool fits(const stream_mapping_problem *p, const stream_temporal_mapping *given) {
    stream_temporal_mapping m = *given;
    double used[STREAM_MAP_MAX_MEMORIES] = {0};
    stream_mapping_merge(p, &m);
    for (int32_t o = 0; o < p->n_operands; ++o)
        for (int32_t l = 0; l < p->operands[o].n_levels; ++l) {
            bool partial = o == 0 && holds_partial_sums(p, &m, l);
            double elements = sizes_below(p, &m, o, l);
            double bits =
                elements * (double)(o || partial ? p->operands[o].bits : p->operands[o].final_bits);
            bool twice = p->memories[p->operands[o].memory[l]].double_buffered &&
                         m.cut[o][l] < m.n && elements < p->operands[o].size;
            used[p->operands[o].memory[l]] += twice ? 2 * bits : bits;
        }
    for (int32_t i = 0; i < p->n_memories; ++i)
        if (used[i] > (double)p->memories[i].size_bits)
            return false;
    return has_ports(p, &m);
}

/* EVEN: whoever takes a loop into a memory ends no later than anybody there. */
static bool is_even(const stream_mapping_problem *p, const stream_temporal_mapping *m) {
    for (int32_t i = 0; i < p->n_memories; ++i) {
        const stream_map_memory *memory = &p->memories[i];
        int32_t least = m->n;
        for (int32_t k = 0; k < memory->n_operands; ++k) {
            int32_t end = m->cut[memory->operand[k]][memory->level[k]];
            least = end < least ? end : least;
        }
        for (int32_t k = 0; k < memory->n_operands; ++k) {
            int32_t o = memory->operand[k], l = memory->level[k];
            if (m->cut[o][l] > (l ? m->cut[o][l - 1] : 0) && m->cut[o][l] > least)
                return false;
        }
    }
    return true;
}

/* Loops at..at+n of the order, against pins from one end: a pin with a size is one loop, one
 * without a run; all ways to split are tried. */
static bool pinned(const stream_loop_pin *pin, int32_t n_pins, int32_t pin_step,
                   const stream_temporal_loop *loop, int32_t n, int32_t step) {
    if (n_pins == 0)
        return true;
    for (int32_t i = 0; i < n && loop[i * step].dim == pin->dim; ++i) {
        if (pin->size > 1 && (i > 0 || loop->size != pin->size))
            return false;
        if (pinned(pin + pin_step, n_pins - 1, pin_step, loop + (i + 1) * step, n - i - 1, step))
            return true;
    }
    return false;
}

static bool obeys(const stream_exact_options *o, const stream_temporal_mapping *m) {
    return pinned(o->inner, o->n_inner, 1, m->order, m->n, 1) &&
           (o->n_outer == 0 ||
            pinned(&o->outer[o->n_outer - 1], o->n_outer, -1, &m->order[m->n - 1], m->n, -1));
}

/* The last bits of an energy depend on the order of its sum. */
static void note_tie(brute *b, int i, double value, double other) {
    if (value < b->best[i] * (1 - 1e-12))
        b->other[i] = other;
    else if (value <= b->best[i] * (1 + 1e-12))
        b->other[i] = fmin(b->other[i], other);
}

static void note(brute *b, const stream_mapping_cost *cost) {
    note_tie(b, STREAM_BEST_LATENCY, cost->total2_cycles, cost->energy_pj);
    note_tie(b, STREAM_BEST_ENERGY, cost->energy_pj, cost->total2_cycles);
    for (int i = 0; i < 3; ++i)
        b->best[i] = fmin(b->best[i], stream_mapping_value((stream_mapping_objective)i, cost));
}

static void cuts(brute *b, int32_t o, int32_t level) {
    const stream_mapping_problem *p = b->problem;
    if (o == p->n_operands) {
        stream_mapping_cost cost;
        if (!fits(p, &b->mapping) || (b->options->even && !is_even(p, &b->mapping)))
            return;
        stream_mapping_evaluate(p, &b->mapping, &cost, NULL);
        b->evaluations++;
        note(b, &cost);
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
        if (obeys(b->options, &b->mapping))
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

/* Pinned loops with a size, then the primes of the rest; -1: too many. */
static int32_t all_loops(const stream_mapping_problem *p, const stream_exact_options *options,
                         stream_temporal_loop *out) {
    int32_t n = 0;
    int64_t left[STREAM_NEST_MAX_DIMS];
    for (int32_t i = 0; i < p->n_loops; ++i)
        left[p->loops[i].dim] = p->loops[i].size;
    for (int32_t i = 0; i < options->n_inner + options->n_outer; ++i) {
        const stream_loop_pin *pin =
            i < options->n_inner ? &options->inner[i] : &options->outer[i - options->n_inner];
        if (pin->size > 1) {
            out[n++] = (stream_temporal_loop){pin->dim, pin->size};
            left[pin->dim] /= pin->size;
        }
    }
    for (int32_t i = 0; i < p->n_loops; ++i)
        for (int64_t rest = left[p->loops[i].dim], q = 2; rest > 1; ++q)
            for (; rest % q == 0; rest /= q) {
                if (n == MAX_LOOPS)
                    return -1;
                out[n++] = (stream_temporal_loop){p->loops[i].dim, q};
            }
    if (n == 0)
        out[n++] = p->loops[0];
    return n;
}

/* Mappings that brute force would look at, at most. */
static double mappings(const stream_mapping_problem *p, int32_t n) {
    double all = 1;
    for (int32_t i = 2; i <= n; ++i)
        all *= i;
    for (int32_t o = 0; o < p->n_operands; ++o)
        for (int32_t l = 1; l < p->operands[o].n_levels; ++l)
            all *= (double)(n + l) / l;
    return all;
}

typedef struct {
    stream_loop_pin inner[2], outer[2];
} pin_lists;

/* Up to two pins with or without a size; `used` dims are left alone. */
static int32_t random_pins(unsigned *seed, const stream_mapping_problem *p, uint32_t *used,
                           stream_loop_pin *pins) {
    int32_t n = 0;
    for (int32_t i = 0; i < 2; ++i) {
        const stream_temporal_loop *loop = &p->loops[test_random(seed) % (unsigned)p->n_loops];
        if (loop->size == 1 || test_random(seed) % 5 || (*used >> loop->dim & 1))
            continue;
        *used |= 1u << loop->dim;
        pins[n++] = (stream_loop_pin){loop->dim, test_random(seed) % 2 ? loop->size : 0};
    }
    return n;
}

/* Seldom an even mapping; seldom parts of the order are given. */
static void random_options(unsigned *seed, const stream_mapping_problem *p, pin_lists *pins,
                           stream_exact_options *out) {
    uint32_t used = 0;
    *out = STREAM_EXACT_OPTIONS_DEFAULTS;
    out->even = test_random(seed) % 4 == 0;
    out->n_inner = random_pins(seed, p, &used, pins->inner);
    out->inner = pins->inner;
    if (test_random(seed) % 2)
        used = 0; /* the same dim at both ends; with sizes that may be too much */
    for (int32_t i = 0; i < out->n_inner; ++i)
        used |= out->inner[i].size > 1 ? 1u << out->inner[i].dim : 0;
    out->n_outer = random_pins(seed, p, &used, pins->outer);
    out->outer = pins->outer;
    for (int32_t i = 0; i < out->n_outer; ++i)
        for (int32_t k = 0; k < out->n_inner; ++k)
            if (out->outer[i].dim == out->inner[k].dim)
                pins->outer[i].size = 0;
}

static bool close_to(double a, double b) {
    return a == b || fabs(a - b) <= 1e-9 * fabs(b);
}

static bool breaks_tie(const brute *b, stream_mapping_objective objective,
                       const stream_mapping_cost *cost) {
    return objective == STREAM_BEST_EDP ||
           close_to(objective == STREAM_BEST_LATENCY ? cost->energy_pj : cost->total2_cycles,
                    b->other[objective]);
}

static bool check_objective(const brute *b, stream_mapping_objective objective) {
    static const char *const names[] = {"latency", "energy", "EDP"};
    stream_exact_options options = *b->options;
    stream_exact_result result;
    options.objective = objective;
    stream_status status = stream_exact_search(b->problem, &options, NULL, NULL, &result);
    if (b->best[objective] == INFINITY)
        return status == STREAM_INFEASIBLE || status == STREAM_INVALID;
    double value = result.found ? stream_mapping_value(objective, &result.cost) : 0;
    bool right = status == STREAM_OK && result.found && result.proven &&
                 fits(b->problem, &result.mapping) && obeys(b->options, &result.mapping) &&
                 (!options.even || is_even(b->problem, &result.mapping)) &&
                 close_to(value, b->best[objective]) && result.bound <= value &&
                 (!options.tie_break || breaks_tie(b, objective, &result.cost));
    if (!right)
        printf("# %s: status %d found %d proven %d value %.17g, brute force %.17g, even %d, pins "
               "%d\n",
               names[objective], (int)status, result.found, result.proven, value,
               b->best[objective], options.even, options.n_inner + options.n_outer);
    return right;
}

/* What the cases were; each must have been there often enough to mean something. */
typedef struct {
    int even, pinned, one_input, many_inputs, double_buffered, infeasible;
} coverage;

static void count_case(const brute *b, coverage *seen) {
    const stream_mapping_problem *p = b->problem;
    seen->even += b->options->even;
    seen->pinned += b->options->n_inner + b->options->n_outer > 0;
    seen->one_input += p->n_operands == 2;
    seen->many_inputs += p->n_operands > 3;
    seen->infeasible += b->best[0] == INFINITY;
    for (int32_t i = 0; i < p->n_memories; ++i)
        if (p->memories[i].double_buffered) {
            seen->double_buffered++;
            return;
        }
}

/* 1 if the search was right on all objectives, 0 if not, -1 if the case is too large. */
static int check_case(unsigned *seed, coverage *seen) {
    random_problem r;
    stream_mapping_problem p;
    stream_temporal_loop loops[MAX_LOOPS + 4];
    pin_lists pins;
    stream_exact_options options;
    random_problem_make(seed, &r);
    if (stream_mapping_problem_build(&r.nest, &r.core, NULL, 0, &r.spatial, STREAM_MODEL_EXACT,
                                     NULL, &p) != STREAM_OK)
        return -1;
    random_options(seed, &p, &pins, &options);
    int32_t n = all_loops(&p, &options, loops);
    if (n < 0 || n > MAX_LOOPS || mappings(&p, n) > 2e5)
        return -1;
    brute b = {.problem = &p,
               .options = &options,
               .best = {INFINITY, INFINITY, INFINITY},
               .other = {INFINITY, INFINITY}};
    orders(&b, loops, n);
    bool right = true;
    for (int i = 0; i < 3; ++i)
        right &= check_objective(&b, (stream_mapping_objective)i);
    count_case(&b, seen);
    return right;
}

/* At least one in twenty, of each but the infeasible ones. */
static void check_coverage(const coverage *seen, int cases) {
    CHECK(seen->even >= cases / 20);
    CHECK(seen->pinned >= cases / 20);
    CHECK(seen->one_input >= cases / 20);
    CHECK(seen->many_inputs >= cases / 20);
    CHECK(seen->double_buffered >= cases / 20);
    CHECK(seen->infeasible >= cases / 200);
}

int main(int argc, char **argv) {
    coverage seen = {0};
    int want = argc > 1 ? atoi(argv[1]) : 2000, right = 0, cases = 0;
    for (unsigned first = argc > 2 ? (unsigned)atoi(argv[2]) : 1; cases < want; ++first) {
        unsigned seed = first * 2654435761u | 1u;
        int ok = check_case(&seed, &seen);
        if (ok < 0)
            continue;
        cases++;
        right += ok;
        if (!ok)
            printf("# seed %u is wrong\n", first);
    }
    CHECK_EQ(right, cases);
    check_coverage(&seen, cases);
    printf("# %d cases: %d even, %d pinned, %d with one input, %d with more than two, %d with "
           "forced double buffers, %d infeasible\n",
           cases, seen.even, seen.pinned, seen.one_input, seen.many_inputs, seen.double_buffered,
           seen.infeasible);
    return test_done();
}
