/* Times the intra-core cost model on reference rows in compact form
 * (test/golden/intra_core_rows.txt.gz, unpacked):
 *
 *   bench-cost_rows ROWS [REPEATS [SLOW_MS]]
 *
 * One evaluation of a given mapping, the search of ZigZag at its own settings, and the exact search
 * per objective with spatial mapping as found, without and with the other of latency and energy as
 * tie-break: CPU time, the least of REPEATS (1), median and largest, rows proven. Searches above
 * SLOW_MS have a line each. */

#include "compact.h"
#include "cpu_time.h"
#include "winner.h"

#include <math.h>
#include <stdlib.h>

enum {
    MAX_ROWS = 1024,
    EVALUATIONS = 2000
};

static double now_us(void) {
    return cpu_ms() * 1e3;
}

typedef struct {
    const char *name;
    double us[MAX_ROWS];
    int32_t n, proven;
} series;

static int repeats = 1;
static double slow_ms = INFINITY;

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print(series *s, bool proves) {
    double sum = 0;
    if (s->n == 0)
        return;
    qsort(s->us, (size_t)s->n, sizeof *s->us, ascending);
    for (int32_t i = 0; i < s->n; ++i)
        sum += s->us[i];
    printf("%-28s %5d %12.3f %12.3f %12.3f", s->name, s->n, s->us[s->n / 2] / 1e3,
           s->us[s->n - 1] / 1e3, sum / 1e3);
    if (proves)
        printf("   %d proven", s->proven);
    printf("\n");
}

static void evaluate(const stream_cost_result *found, series *s) {
    stream_mapping_cost cost;
    double start = now_us();
    for (int i = 0; i < EVALUATIONS; ++i)
        stream_mapping_evaluate(&found->problem, &found->mapping, &cost, NULL);
    s->us[s->n++] = (now_us() - start) / EVALUATIONS;
}

static void note(series *s, int row, double us) {
    s->us[s->n++] = us;
    if (us > slow_ms * 1e3)
        printf("row %d, %s: %.2f ms\n", row, s->name, us / 1e3);
}

static bool search(int at, const golden_row *row, stream_cost_result *found, series *s) {
    double least = INFINITY;
    for (int i = 0; i < repeats; ++i) {
        double start = now_us();
        if (!golden_search(row, row->loma.objective, found))
            return false;
        least = fmin(least, now_us() - start);
    }
    note(s, at, least);
    return true;
}

/* On the spatial mapping that ZigZag took. */
static void prove(int at, const golden_row *row, const stream_cost_result *found,
                  stream_mapping_objective objective, bool tie_break, series *s) {
    stream_cost_options options = STREAM_COST_OPTIONS_DEFAULTS;
    stream_cost_result best;
    stream_loop_nest nest = row->nest;
    nest.cycles_per_op = row->cycles_per_op;
    options.objective = objective;
    options.tie_break = tie_break;
    options.spatial_source = STREAM_SPATIAL_AS_ASKED;
    options.offchip = row->offchip;
    options.offchip_operands = row->offchip_operands;
    for (int32_t x = 0; x < row->core->n_array_dims; ++x) {
        options.spatial.given[x] = true;
        options.spatial.unroll[x] = found->spatial.array_dims[x];
    }
    double least = INFINITY;
    for (int i = 0; i < repeats; ++i) {
        double start = now_us();
        if (stream_cost_search(&nest, row->core, &options, NULL, &best) != STREAM_OK)
            return;
        least = fmin(least, now_us() - start);
    }
    note(s, at, least);
    s->proven += best.proven;
}

enum {
    N_PROOFS = 5
};

static const struct {
    stream_mapping_objective objective;
    bool tie_break;
} proofs[N_PROOFS] = {{STREAM_BEST_LATENCY, false},
                      {STREAM_BEST_ENERGY, false},
                      {STREAM_BEST_EDP, false},
                      {STREAM_BEST_LATENCY, true},
                      {STREAM_BEST_ENERGY, true}};

int main(int argc, char **argv) {
    static series one = {.name = "one evaluation"}, zigzag = {.name = "zigzag search"};
    static series exact[N_PROOFS] = {{.name = "exact, latency"},
                                     {.name = "exact, energy"},
                                     {.name = "exact, EDP"},
                                     {.name = "exact, latency, then energy"},
                                     {.name = "exact, energy, then latency"}};
    FILE *file = argc >= 2 && argc <= 4 ? fopen(argv[1], "r") : NULL;
    bool more = file != NULL, bad = false;
    if (!file) {
        fprintf(stderr, "usage: bench-cost_rows ROWS [REPEATS [SLOW_MS]]\n");
        return 2;
    }
    repeats = argc > 2 ? atoi(argv[2]) : 1;
    slow_ms = argc > 3 ? atof(argv[3]) : INFINITY;
    for (int at = 0; more && zigzag.n < MAX_ROWS; ++at) {
        stream_arena *arena = stream_arena_create();
        golden_row row;
        golden_expected expected;
        stream_cost_result found;
        more = golden_compact_read(file, arena, &row, &expected, &bad);
        if (more && row.ok && search(at, &row, &found, &zigzag)) {
            evaluate(&found, &one);
            for (int i = 0; i < N_PROOFS; ++i)
                prove(at, &row, &found, proofs[i].objective, proofs[i].tie_break, &exact[i]);
        }
        stream_arena_destroy(arena);
    }
    fclose(file);
    printf("%-28s %5s %12s %12s %12s   [CPU ms]\n", "", "rows", "median", "largest", "all");
    print(&one, false);
    print(&zigzag, false);
    for (int i = 0; i < N_PROOFS; ++i)
        print(&exact[i], true);
    return bad;
}
