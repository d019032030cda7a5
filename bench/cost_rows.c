/* Times the intra-core cost model on reference rows in compact form
 * (test/golden/intra_core_rows.txt.gz, unpacked):
 *
 *   bench-cost_rows ROWS
 *
 * One evaluation of a given mapping, the search of ZigZag at its own settings, and the exact search
 * per objective with spatial mapping as found: CPU time, median and largest, rows proven. */

#include "compact.h"
#include "cpu_time.h"
#include "winner.h"

#include <stdlib.h>

enum {
    MAX_ROWS = 1024,
    EVALUATIONS = 2000
};

static double now_us(void) {
    return cpu_ms() * 1e3;
}

typedef struct {
    double us[MAX_ROWS];
    int32_t n, proven;
} series;

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print(const char *what, series *s, bool proves) {
    double sum = 0;
    if (s->n == 0)
        return;
    qsort(s->us, (size_t)s->n, sizeof *s->us, ascending);
    for (int32_t i = 0; i < s->n; ++i)
        sum += s->us[i];
    printf("%-28s %5d %12.3f %12.3f %12.3f", what, s->n, s->us[s->n / 2] / 1e3,
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

static void search(const golden_row *row, stream_cost_result *found, series *s) {
    double start = now_us();
    if (golden_search(row, row->loma.objective, found))
        s->us[s->n++] = now_us() - start;
}

/* On the spatial mapping that ZigZag took. */
static void prove(const golden_row *row, const stream_cost_result *found,
                  stream_mapping_objective objective, series *s) {
    stream_cost_options options = STREAM_COST_OPTIONS_DEFAULTS;
    stream_cost_result best;
    stream_loop_nest nest = row->nest;
    nest.cycles_per_op = row->cycles_per_op;
    options.objective = objective;
    options.tie_break = false;
    options.spatial_source = STREAM_SPATIAL_AS_ASKED;
    options.offchip = row->offchip;
    options.offchip_operands = row->offchip_operands;
    for (int32_t x = 0; x < row->core->n_array_dims; ++x) {
        options.spatial.given[x] = true;
        options.spatial.unroll[x] = found->spatial.array_dims[x];
    }
    double start = now_us();
    if (stream_cost_search(&nest, row->core, &options, NULL, &best) != STREAM_OK)
        return;
    s->us[s->n++] = now_us() - start;
    s->proven += best.proven;
}

int main(int argc, char **argv) {
    static series one, zigzag, exact[3];
    FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
    bool more = file != NULL, bad = false;
    if (!file) {
        fprintf(stderr, "usage: bench-cost_rows ROWS\n");
        return 2;
    }
    while (more && zigzag.n < MAX_ROWS) {
        stream_arena *arena = stream_arena_create();
        golden_row row;
        golden_expected expected;
        stream_cost_result found;
        more = golden_compact_read(file, arena, &row, &expected, &bad);
        if (more && row.ok) {
            search(&row, &found, &zigzag);
            evaluate(&found, &one);
            for (int o = 0; o < 3; ++o)
                prove(&row, &found, (stream_mapping_objective)o, &exact[o]);
        }
        stream_arena_destroy(arena);
    }
    fclose(file);
    printf("%-28s %5s %12s %12s %12s   [CPU ms]\n", "", "rows", "median", "largest", "all");
    print("one evaluation", &one, false);
    print("zigzag search", &zigzag, false);
    print("exact, latency", &exact[STREAM_BEST_LATENCY], true);
    print("exact, energy", &exact[STREAM_BEST_ENERGY], true);
    print("exact, EDP", &exact[STREAM_BEST_EDP], true);
    return bad;
}
