// RUN: unit-cost-budget

/* Searches that may not run to their end: there is a mapping if one exists, the bound holds, and
 * nothing takes longer than it may. */

#include "random_problem.h"
#include "stream/cost/search.h"

#include <math.h>

static bool build(const random_problem *r, stream_mapping_problem *out) {
    return stream_mapping_problem_build(&r->nest, &r->core, NULL, 0, &r->spatial,
                                        STREAM_MODEL_EXACT, NULL, out) == STREAM_OK;
}

static stream_exact_options options_of(int32_t objective) {
    stream_exact_options options = STREAM_EXACT_OPTIONS_DEFAULTS;
    options.objective = (stream_mapping_objective)objective;
    options.tie_break = false;
    return options;
}

/* One label: no more than a mapping to show. */
static bool ends_early(const stream_mapping_problem *p, const stream_exact_result *best,
                       int32_t objective) {
    stream_exact_options options = options_of(objective);
    stream_exact_result one;
    options.max_labels = 1;
    if (stream_exact_search(p, &options, NULL, NULL, &one) != STREAM_OK)
        return false;
    double value = stream_mapping_value(options.objective, &one.cost);
    double optimum = stream_mapping_value(options.objective, &best->cost);
    return one.found && value >= optimum * (1 - 1e-9) && one.bound <= optimum * (1 + 1e-9) &&
           one.labels < 64 && (!one.proven || value <= optimum * (1 + 1e-9));
}

/* With a cutoff: a better mapping or the proof that there is none. */
static bool cuts_off(const stream_mapping_problem *p, const stream_exact_result *best,
                     int32_t objective) {
    stream_exact_options options = options_of(objective);
    stream_exact_result below, above;
    double optimum = stream_mapping_value(options.objective, &best->cost);
    options.cutoff = optimum * (1 - 1e-6);
    if (stream_exact_search(p, &options, NULL, NULL, &below) != STREAM_OK)
        return false;
    options.cutoff = optimum * (1 + 1e-6);
    if (stream_exact_search(p, &options, NULL, NULL, &above) != STREAM_OK)
        return false;
    return !below.found && below.proven && above.found && above.proven &&
           fabs(stream_mapping_value(options.objective, &above.cost) - optimum) <= 1e-9 * optimum;
}

static void test_small_layers(void) {
    int right = 0, cases = 0;
    for (unsigned first = 1; cases < 300; ++first) {
        unsigned seed = first * 2654435761u | 1u;
        random_problem r;
        stream_mapping_problem p;
        stream_exact_result best;
        int32_t objective = (int32_t)(first % 3);
        stream_exact_options options = options_of(objective);
        random_problem_make(&seed, &r);
        if (!build(&r, &p) || stream_exact_search(&p, &options, NULL, NULL, &best) != STREAM_OK)
            continue;
        bool ok = best.proven && ends_early(&p, &best, objective) && cuts_off(&p, &best, objective);
        if (!ok)
            printf("# seed %u is wrong\n", first);
        right += ok;
        cases++;
    }
    CHECK_EQ(right, cases);
}

/* A layer with far more combinations of primes than tables hold, on a core that has room. */
static void test_many_primes(void) {
    unsigned seed = 7;
    random_problem r;
    stream_mapping_problem p;
    random_problem_make(&seed, &r);
    for (int32_t d = 0; d < 4; ++d)
        r.nest.dims[d].size = 5040;
    stream_nest_relation *ix = &r.nest.relations[0];
    ix->clip = stream_nest_extent(ix->a_factor, r.nest.dims[2].size, 1, r.nest.dims[3].size, true);
    r.memories[r.core.n_memories - 1].size_bits = (int64_t)1 << 52;
    bool built = build(&r, &p);
    CHECK(built);
    for (int32_t o = 0; built && o < 3; ++o) {
        stream_exact_options options = options_of(o);
        stream_exact_result result;
        options.max_labels = 500;
        CHECK_EQ((int)stream_exact_search(&p, &options, NULL, NULL, &result), (int)STREAM_OK);
        double value = stream_mapping_value(options.objective, &result.cost);
        CHECK(result.found && !result.proven);
        CHECK(isfinite(value) && isfinite(result.bound) && result.bound > 0);
        CHECK(result.bound <= value);
        CHECK(result.states <= 65536);
        CHECK(result.work < 10 * 500); /* tables are not kept waiting */
    }
}

static void keep_message(void *user, stream_severity severity, stream_loc loc, const char *text) {
    (void)loc;
    if (severity == STREAM_ERROR)
        snprintf(user, 256, "%s", text);
}

/* Fourteen loops: 14! orders are too many to look at; the exact model takes them. */
static void test_many_loops(void) {
    static const char *const names[] = {"A", "B", "C", "D", "E", "F", "G",
                                        "H", "I", "J", "K", "L", "M", "N"};
    unsigned seed = 7;
    random_problem r;
    stream_cost_result result;
    char message[256] = "";
    stream_diag diag = {keep_message, message};
    stream_cost_options options = STREAM_COST_OPTIONS_DEFAULTS;
    random_problem_make(&seed, &r);
    r.nest = (stream_loop_nest){.n_dims = 14, .n_operands = 3, .cycles_per_op = 1};
    r.nest.operands[0] = (stream_nest_operand){"O", STREAM_O, 8, 8, {0}, 0};
    r.nest.operands[1] = (stream_nest_operand){"I", STREAM_I1, 8, 8, {0}, 0};
    r.nest.operands[2] = (stream_nest_operand){"W", STREAM_I2, 8, 8, {0}, 0};
    for (int32_t d = 0; d < 14; ++d) {
        stream_nest_operand *o = &r.nest.operands[d % 3];
        r.nest.dims[d] = (stream_nest_dim){names[d], 2 + d % 3};
        o->index[o->n_index++] = d;
    }
    r.memories[r.core.n_memories - 1].size_bits = (int64_t)1 << 40;
    options.model = STREAM_MODEL_ZIGZAG_3_9_1;
    CHECK_EQ((int)stream_cost_search(&r.nest, &r.core, &options, &diag, &result),
             (int)STREAM_LIMIT);
    CHECK(strstr(message, "orders of 1") != NULL);
    options.model = STREAM_MODEL_EXACT;
    options.max_labels = 200;
    CHECK_EQ((int)stream_cost_search(&r.nest, &r.core, &options, &diag, &result), (int)STREAM_OK);
    CHECK(isfinite(result.cost.total2_cycles) && result.bound <= result.cost.total2_cycles);
}

int main(void) {
    test_small_layers();
    test_many_primes();
    test_many_loops();
    return test_done();
}
