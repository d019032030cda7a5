/* The exact mode against the reference's winners; see compare.h. */

#include "compare.h"
#include "cpu_time.h"
#include "winner.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const objective_names[GOLDEN_OBJECTIVES] = {"latency", "energy", "EDP"};

static const char *core_name(golden_row *r) {
    const char *path = text(member(&r->doc, r->row, "core"));
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static golden_ratio *ratio_of(golden_comparison *c, golden_row *r, int objective) {
    int i = 0;
    while (i < c->n_cores && strcmp(c->core[i], core_name(r)) != 0)
        ++i;
    if (i == c->n_cores) {
        if (i == GOLDEN_MAX_CORES)
            return NULL;
        snprintf(c->core[i], sizeof c->core[i], "%s", core_name(r));
        c->n_cores++;
    }
    return &c->ratio[i][objective];
}

static void add(golden_ratio *q, int64_t row, double ratio, bool proven, double ms) {
    q->log_sum += log(ratio);
    q->better += ratio > 1 + 1e-9;
    q->worse += ratio < 1 - 1e-9;
    q->proven += proven;
    q->ms[q->rows++] = ms;
    if (ratio > q->best) {
        q->best = ratio;
        q->best_row = row;
    }
}

static void compare_one(golden_row *r, int objective, golden_comparison *out) {
    stream_cost_result w;
    golden_ratio *q = ratio_of(out, r, objective);
    if (!golden_search(r, (stream_mapping_objective)objective, &w) || !q ||
        q->rows == GOLDEN_MAX_ROWS)
        return;
    stream_mapping_problem p;
    stream_exact_options options = STREAM_EXACT_OPTIONS_DEFAULTS;
    stream_exact_result exact;
    stream_mapping_cost reference;
    double bits;
    int32_t memory = 0;
    options.objective = (stream_mapping_objective)objective;
    options.tie_break = false;
    options.even = r->loma.even;
    options.inner = r->loma.inner;
    options.n_inner = r->loma.n_inner;
    if (!golden_build(r, &w.spatial, STREAM_MODEL_EXACT, &p)) {
        printf("row %lld: the exact model refuses it\n", (long long)r->id);
        out->worse++;
        return;
    }
    double start = cpu_ms();
    stream_status status = stream_exact_search(&p, &options, NULL, NULL, &exact);
    double ms = cpu_ms() - start;
    bool fits = stream_mapping_fits(&p, &w.mapping, &memory, &bits);
    if (status != STREAM_OK || !exact.found) {
        printf("row %lld, %s: %s\n", (long long)r->id, objective_names[objective],
               fits ? "the exact search finds nothing" : "does not fit in the exact model");
        out->worse += fits;
        return;
    }
    stream_mapping_evaluate(&p, &w.mapping, &reference, NULL);
    double ours = stream_mapping_value(options.objective, &exact.cost);
    double theirs = stream_mapping_value(options.objective, &reference);
    if (!fits)
        q->unfit++;
    add(q, r->id, fits ? theirs / ours : 1, exact.proven, ms);
    printf(
        "row %lld %s %s: exact %.17g, bound %.17g, reference %.17g, ratio %.4f, %s, states %lld, "
        "labels %lld, chains %lld, %.2f ms%s\n",
        (long long)r->id, core_name(r), objective_names[objective], ours, exact.bound, theirs,
        theirs / ours, exact.proven ? "proven" : "NOT PROVEN", (long long)exact.states,
        (long long)exact.labels, (long long)exact.chain_nodes, ms,
        fits ? "" : ", the reference's winner does not fit");
    if (fits && theirs < ours * (1 - 1e-9))
        out->worse++;
}

void golden_compare(golden_row *row, golden_comparison *out) {
    for (int i = 0; row->ok && i < GOLDEN_OBJECTIVES; ++i)
        compare_one(row, i, out);
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_ratio(const char *core, const char *objective, golden_ratio *q) {
    if (q->rows == 0)
        return;
    qsort(q->ms, (size_t)q->rows, sizeof q->ms[0], ascending);
    printf("| %s | %s | %d | %d | %.3f | %.3f (%lld) | %d | %.2f | %.1f |\n", core, objective,
           q->rows, q->better, exp(q->log_sum / q->rows), q->best, (long long)q->best_row,
           q->proven, q->ms[q->rows / 2], q->ms[q->rows - 1]);
}

static void merge(golden_ratio *all, const golden_ratio *q) {
    all->log_sum += q->log_sum;
    all->better += q->better;
    all->proven += q->proven;
    for (int i = 0; i < q->rows && all->rows < GOLDEN_MAX_ROWS; ++i)
        all->ms[all->rows++] = q->ms[i];
    if (q->best > all->best) {
        all->best = q->best;
        all->best_row = q->best_row;
    }
}

void golden_comparison_print(golden_comparison *c) {
    printf(
        "| core | objective | rows | better | geometric mean | best (row) | proven | ms median | "
        "ms max |\n|---|---|---|---|---|---|---|---|---|\n");
    for (int o = 0; o < GOLDEN_OBJECTIVES; ++o) {
        static golden_ratio all;
        memset(&all, 0, sizeof all);
        for (int i = 0; i < c->n_cores; ++i) {
            merge(&all, &c->ratio[i][o]);
            print_ratio(c->core[i], objective_names[o], &c->ratio[i][o]);
        }
        print_ratio("all", objective_names[o], &all);
    }
    printf("%d worse than the reference's winner\n", c->worse);
}
