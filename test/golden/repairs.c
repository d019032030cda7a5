/* Effects of single repairs; see repairs.h. */

#include "repairs.h"
#include "compact.h"
#include "winner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_ROWS = 1024,
    ALL_REPAIRS = STREAM_N_QUIRKS /* the last line: all together */
};

/* Changes of one figure in per cent, of the rows where it changes. */
typedef struct {
    int n;
    double percent[MAX_ROWS];
} changes;

typedef struct {
    int rows, other_loops; /* the repaired spatial mapping leaves other loops for time */
    changes latency, energy;
} effect;

static bool covers(const stream_mapping_problem *p, const stream_temporal_mapping *m) {
    double left[STREAM_NEST_MAX_DIMS];
    for (int32_t d = 0; d < p->nest.n_dims; ++d)
        left[d] = 1;
    for (int32_t i = 0; i < p->n_loops; ++i)
        left[p->loops[i].dim] = (double)p->loops[i].size;
    for (int32_t i = 0; i < m->n; ++i)
        left[m->order[i].dim] /= (double)m->order[i].size;
    bool equal = true;
    for (int32_t d = 0; d < p->nest.n_dims; ++d)
        equal &= left[d] == 1;
    return equal;
}

static bool price(const golden_row *r, const golden_expected *e, uint32_t quirks,
                  stream_mapping_cost *out) {
    stream_mapping_problem p;
    stream_loop_nest nest = r->nest;
    stream_spatial_mapping spatial = e->spatial;
    nest.cycles_per_op = r->cycles_per_op;
    for (int32_t x = 0; x < spatial.n_array_dims; ++x) /* as the generator leaves them */
        spatial.used[x] = true;
    if (stream_mapping_problem_build_with(&nest, r->core, r->offchip, r->offchip_operands, &spatial,
                                          r->model, quirks, NULL, &p) != STREAM_OK ||
        !covers(&p, &e->mapping))
        return false;
    stream_mapping_evaluate(&p, &e->mapping, out, NULL);
    return true;
}

static void note(changes *c, double from, double to) {
    if (fabs(to - from) > 1e-9 * fabs(from) && c->n < MAX_ROWS)
        c->percent[c->n++] = 100 * (to / from - 1);
}

static void add_row(const golden_row *r, const golden_expected *e, effect *effects) {
    stream_mapping_cost base, repaired;
    if (!price(r, e, STREAM_ALL_QUIRKS, &base))
        return;
    for (uint32_t q = 0; q <= ALL_REPAIRS; ++q) {
        uint32_t quirks = q == ALL_REPAIRS ? 0 : STREAM_ALL_QUIRKS & ~(1u << q);
        effects[q].rows++;
        if (!price(r, e, quirks, &repaired)) {
            effects[q].other_loops++;
            continue;
        }
        note(&effects[q].latency, base.total2_cycles, repaired.total2_cycles);
        note(&effects[q].energy, base.energy_pj, repaired.energy_pj);
    }
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_changes(changes *c) {
    qsort(c->percent, (size_t)c->n, sizeof *c->percent, ascending);
    if (c->n == 0)
        printf(" | 0 rows");
    else
        printf(" | %d rows, %+.3g to %+.3g %%, median %+.3g %%", c->n, c->percent[0],
               c->percent[c->n - 1], c->percent[c->n / 2]);
}

static void print(effect *effects) {
    printf("%d rows\n| repaired | latency | energy | other loops |\n|---|---|---|---|\n",
           effects[0].rows);
    for (int q = 0; q <= ALL_REPAIRS; ++q) {
        printf("| %s", q == ALL_REPAIRS ? "all" : stream_quirk_text((stream_quirk_bit)q));
        print_changes(&effects[q].latency);
        print_changes(&effects[q].energy);
        printf(" | %d rows |\n", effects[q].other_loops);
    }
}

bool golden_repairs(const char *path) {
    static effect effects[ALL_REPAIRS + 1];
    FILE *file = fopen(path, "r");
    bool more = file != NULL, bad = file == NULL;
    while (more) {
        stream_arena *arena = stream_arena_create();
        golden_row row;
        golden_expected expected;
        more = golden_compact_read(file, arena, &row, &expected, &bad);
        if (more && row.ok && row.model == STREAM_MODEL_ZIGZAG_3_8_5)
            add_row(&row, &expected, effects);
        stream_arena_destroy(arena);
    }
    if (file)
        fclose(file);
    if (!bad)
        print(effects);
    return !bad;
}
