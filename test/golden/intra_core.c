/* golden-intra-core --rows DIR --inputs DIR [ROW...]: re-evaluates the recorded mapping of every
 * reference row of ZigZag (3.8.5, or 3.9.1 where res.zigzag says so) and repeats its search. Every
 * figure must be equal: doubles bit for bit, word accesses per level, operand and direction, the
 * mapping, and refusals. Prints each mismatch and, last, "N of M equal"; exits 0 only if all are.
 *
 * With --compare-exact before the rows: the exact mode against the reference's winner, priced by
 * the same model, for every objective; prints a table and exits 0 only if the exact mode is never
 * worse. --compact FILE: the same for rows in compact form. --repairs FILE: what each repair of the
 * exact model changes alone, on such rows.
 */

#include "compact.h"
#include "recorded.h"
#include "repairs.h"
#include "winner.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool same_figures(const golden_row *r, const golden_expected *e,
                         const stream_cost_result *f) {
    const stream_mapping_cost *a = &e->cost, *b = &f->cost;
    bool equal = a->total0_cycles == b->total0_cycles && a->total1_cycles == b->total1_cycles &&
                 a->total2_cycles == b->total2_cycles && a->onload_cycles == b->onload_cycles &&
                 a->offload_cycles == b->offload_cycles && a->stall_cycles == b->stall_cycles &&
                 a->temporal_cycles == b->temporal_cycles && a->ideal_cycles == b->ideal_cycles &&
                 a->energy_pj == b->energy_pj && a->mac_energy_pj == b->mac_energy_pj &&
                 a->memory_energy_pj == b->memory_energy_pj;
    for (int32_t o = 0; o < r->nest.n_operands; ++o)
        for (int32_t l = 0; l < f->problem.operands[o].n_levels; ++l) {
            equal &= e->accesses.energy_pj[o][l] == f->accesses.energy_pj[o][l];
            for (int32_t d = 0; d < STREAM_N_DIRECTIONS; ++d)
                equal &= e->accesses.energy_pj[o][l] == 0 ||
                         e->accesses.accesses[o][l][d] == f->accesses.accesses[o][l][d];
        }
    return equal && golden_same_spatial(&e->spatial, &f->spatial) &&
           golden_same_mapping(&f->problem, &e->mapping, &f->mapping);
}

static int check_compact(const char *path) {
    FILE *file = fopen(path, "r");
    int equal = 0, all = 0;
    bool bad = file == NULL;
    while (file) {
        stream_arena *arena = stream_arena_create();
        golden_row row;
        golden_expected expected;
        stream_cost_result found;
        bool more = golden_compact_read(file, arena, &row, &expected, &bad);
        if (more) {
            bool ok = golden_search(&row, row.loma.objective, &found);
            bool same = ok == row.ok && (!ok || same_figures(&row, &expected, &found));
            if (!same)
                printf("row %lld differs\n", (long long)row.id);
            equal += same;
            all++;
        }
        stream_arena_destroy(arena);
        if (more)
            continue;
        fclose(file);
        file = NULL;
    }
    if (bad)
        printf("%s cannot be read behind row %d\n", path, all);
    printf("%d of %d equal\n", equal, all);
    return bad || all == 0 || equal != all;
}

static bool write_compact(const char *path, const char *inputs, FILE *file) {
    stream_arena *arena = stream_arena_create();
    golden_row row;
    stream_cost_result found;
    bool opened =
        golden_check_row(path, inputs, NULL) && golden_row_open(&row, path, inputs, arena);
    if (opened) {
        (void)golden_search(&row, row.loma.objective, &found);
        golden_compact_write(file, &row, &found);
        golden_row_close(&row);
    }
    stream_arena_destroy(arena);
    return opened;
}

static int is_row(const struct dirent *entry) {
    size_t n = strlen(entry->d_name);
    return n > 5 && strcmp(entry->d_name + n - 5, ".json") == 0;
}

static bool wanted(const char *name, char **ids, int n) {
    for (int i = 0; i < n; ++i)
        if (atoi(name) == atoi(ids[i]))
            return true;
    return n == 0;
}

int main(int argc, char **argv) {
    static golden_comparison exact;
    bool compare = argc > 5 && strcmp(argv[5], "--compare-exact") == 0;
    bool compact = argc > 6 && strcmp(argv[5], "--write-compact") == 0;
    if (argc == 3 && strcmp(argv[1], "--compact") == 0)
        return check_compact(argv[2]);
    if (argc == 3 && strcmp(argv[1], "--repairs") == 0)
        return !golden_repairs(argv[2]);
    if (argc < 5 || strcmp(argv[1], "--rows") != 0 || strcmp(argv[3], "--inputs") != 0) {
        fprintf(stderr, "usage: golden-intra-core --rows DIR --inputs DIR [--compare-exact | "
                        "--write-compact FILE] [ROW...]\n"
                        "       golden-intra-core --compact FILE\n"
                        "       golden-intra-core --repairs FILE\n");
        return 2;
    }
    struct dirent **entries;
    int first = compare ? 6 : compact ? 7 : 5;
    FILE *file = compact ? fopen(argv[6], "a") : NULL;
    int n = scandir(argv[2], &entries, is_row, alphasort), equal = 0, all = 0;
    for (int i = 0; i < n; ++i) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", argv[2], entries[i]->d_name);
        if (wanted(entries[i]->d_name, argv + first, argc - first)) {
            equal += file ? write_compact(path, argv[4], file)
                          : golden_check_row(path, argv[4], compare ? &exact : NULL);
            all++;
        }
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    if (file)
        fclose(file);
    if (compare) {
        golden_comparison_print(&exact);
        return all == 0 || exact.worse > 0;
    }
    printf("%d of %d equal\n", equal, all);
    return all == 0 || equal != all;
}
