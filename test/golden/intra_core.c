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
#include "compare.h"
#include "repairs.h"
#include "winner.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    golden_row *row;
    int mismatches;
} comparison;

static void differ(comparison *c, const char *what, double got, double want) {
    printf("row %lld: %s is %.17g, reference %.17g\n", (long long)c->row->id, what, got, want);
    c->mismatches++;
}

static void same(comparison *c, const char *stage, const char *key, double got) {
    yaml_node_t *want = member(&c->row->doc, c->row->result, key);
    if (want && number(want) != got) {
        char what[128];
        snprintf(what, sizeof what, "%s %s", stage, key);
        differ(c, what, got, number(want));
    }
}

static void compare_accesses(comparison *c, const char *stage, const stream_mapping_problem *p,
                             const stream_mapping_accesses *a) {
    static const stream_direction order[4] = {STREAM_TO_HIGH, STREAM_FROM_HIGH, STREAM_TO_LOW,
                                              STREAM_FROM_LOW};
    document *doc = &c->row->doc;
    yaml_node_t *words = member(doc, c->row->result, "word_access");
    yaml_node_t *energy = member(doc, c->row->result, "mem_energy_per_level");
    for (int32_t o = 0; o < p->n_operands; ++o)
        for (int32_t l = 0; l < p->operands[o].n_levels; ++l) {
            const char *name = p->nest.operands[o].name;
            char what[128];
            double want = number(item(doc, member(doc, energy, name), l));
            snprintf(what, sizeof what, "%s energy of %s at level %d", stage, name, l);
            if (want != a->energy_pj[o][l])
                differ(c, what, a->energy_pj[o][l], want);
            for (int32_t d = 0; d < 4; ++d) {
                want = number(item(doc, item(doc, member(doc, words, name), l), d));
                snprintf(what, sizeof what, "%s accesses of %s at level %d, direction %d", stage,
                         name, l, d);
                if (want != a->accesses[o][l][order[d]])
                    differ(c, what, a->accesses[o][l][order[d]], want);
            }
        }
}

static void compare_cost(comparison *c, const char *stage, const stream_mapping_problem *p,
                         const stream_mapping_cost *cost, const stream_mapping_accesses *accesses) {
    same(c, stage, "latency_total0", cost->total0_cycles);
    same(c, stage, "latency_total1", cost->total1_cycles);
    same(c, stage, "latency_total2", cost->total2_cycles);
    same(c, stage, "ideal_cycle", (double)cost->ideal_cycles);
    same(c, stage, "ideal_temporal_cycle", (double)cost->temporal_cycles);
    same(c, stage, "stall_slack_comb", (double)cost->stall_cycles);
    same(c, stage, "onload", cost->onload_cycles);
    same(c, stage, "offload", cost->offload_cycles);
    same(c, stage, "mac_energy", cost->mac_energy_pj);
    same(c, stage, "mem_energy", cost->memory_energy_pj);
    same(c, stage, "energy_total", cost->energy_pj);
    same(c, stage, "total_macs", p->macs);
    if (p->model == STREAM_MODEL_ZIGZAG_3_9_1)
        same(c, stage, "systolic_drain", (double)p->drain_cycles);
    compare_accesses(c, stage, p, accesses);
    for (int32_t o = 0; o < p->n_operands; ++o) {
        yaml_node_t *sizes = member(&c->row->doc, c->row->result, "operand_size_elem");
        yaml_node_t *want = member(&c->row->doc, sizes, p->nest.operands[o].name);
        if (want && number(want) != p->operands[o].size)
            differ(c, "operand size", p->operands[o].size, number(want));
    }
}

static void read_used_spatial(golden_row *r, stream_spatial_mapping *out) {
    yaml_node_t *used = member(&r->doc, r->result, "spatial_used");
    *out = (stream_spatial_mapping){.n_array_dims = r->core->n_array_dims};
    for (int32_t x = 0; x < r->core->n_array_dims; ++x) {
        char name[16];
        snprintf(name, sizeof name, "D%d", x + 1);
        yaml_node_t *dims = member(&r->doc, used, name);
        out->used[x] = dims != NULL;
        for (int32_t i = 0; i < length(dims); ++i) {
            const char *key = key_at(&r->doc, dims, i);
            int32_t d = golden_dim(&r->nest, key, strlen(key));
            if (d >= 0)
                out->array_dims[x].at[out->array_dims[x].n++] =
                    (stream_unrolled_dim){d, number(value_at(&r->doc, dims, i))};
        }
    }
}

/* The common order is that of the first operand, cut points are the level sizes. */
static void read_temporal(golden_row *r, const stream_mapping_problem *p,
                          stream_temporal_mapping *out) {
    yaml_node_t *origin = member(&r->doc, r->result, "temporal_origin");
    memset(out, 0, sizeof *out);
    for (int32_t o = 0; o < p->n_operands; ++o) {
        yaml_node_t *levels = member(&r->doc, origin, p->nest.operands[o].name);
        int32_t n = 0;
        for (int32_t l = 0; l < length(levels); ++l) {
            yaml_node_t *loops = item(&r->doc, levels, l);
            for (int32_t i = 0; i < length(loops); ++i, ++n) {
                const char *name = text(item(&r->doc, item(&r->doc, loops, i), 0));
                out->order[n] =
                    (stream_temporal_loop){golden_dim(&r->nest, name, strlen(name)),
                                           integer(item(&r->doc, item(&r->doc, loops, i), 1))};
            }
            out->cut[o][l] = n;
        }
        out->n = n;
    }
}

static void check_recorded(comparison *c) {
    golden_row *r = c->row;
    stream_spatial_mapping spatial;
    stream_mapping_problem p;
    stream_temporal_mapping mapping;
    stream_mapping_cost cost;
    stream_mapping_accesses accesses;
    read_used_spatial(r, &spatial);
    if (!golden_build(r, &spatial, r->model, &p)) {
        printf("row %lld: the recorded mapping is refused\n", (long long)r->id);
        c->mismatches++;
        return;
    }
    p.nest.cycles_per_op = r->cycles_per_op;
    read_temporal(r, &p, &mapping);
    stream_mapping_evaluate(&p, &mapping, &cost, &accesses);
    compare_cost(c, "recorded", &p, &cost, &accesses);
}

/* Without loops of one iteration: the reference does not record the one that stands for no loop. */
static stream_temporal_mapping without_ones(const stream_mapping_problem *p,
                                            const stream_temporal_mapping *mapping) {
    stream_temporal_mapping out = {.n = 0};
    for (int32_t i = 0; i < mapping->n; ++i) {
        if (mapping->order[i].size == 1)
            continue;
        out.order[out.n++] = mapping->order[i];
        for (int32_t o = 0; o < p->n_operands; ++o)
            for (int32_t l = 0; l < p->operands[o].n_levels; ++l)
                out.cut[o][l] += i < mapping->cut[o][l];
    }
    return out;
}

static bool same_mapping(const stream_mapping_problem *p, const stream_temporal_mapping *ours,
                         const stream_temporal_mapping *recorded) {
    stream_temporal_mapping kept[2] = {without_ones(p, ours), without_ones(p, recorded)};
    const stream_temporal_mapping *a = &kept[0], *b = &kept[1];
    bool equal = a->n == b->n;
    for (int32_t i = 0; equal && i < a->n; ++i)
        equal = a->order[i].dim == b->order[i].dim && a->order[i].size == b->order[i].size;
    for (int32_t o = 0; equal && o < p->n_operands; ++o)
        for (int32_t l = 0; equal && l < p->operands[o].n_levels; ++l)
            equal = a->cut[o][l] == b->cut[o][l];
    return equal;
}

static bool same_spatial(const stream_spatial_mapping *a, const stream_spatial_mapping *b) {
    for (int32_t x = 0; x < a->n_array_dims; ++x) {
        bool equal = a->array_dims[x].n == b->array_dims[x].n;
        for (int32_t i = 0; equal && i < a->array_dims[x].n; ++i)
            equal = a->array_dims[x].at[i].dim == b->array_dims[x].at[i].dim &&
                    a->array_dims[x].at[i].factor == b->array_dims[x].at[i].factor;
        if (!equal)
            return false;
    }
    return true;
}

static void check_search(comparison *c) {
    golden_row *r = c->row;
    stream_cost_result found;
    if (golden_search(r, r->loma.objective, &found) != r->ok) {
        printf("row %lld: %s, the reference %s (%.60s)\n", (long long)r->id,
               r->ok ? "refused" : "costed", r->ok ? "costs it" : "refuses it",
               text(member(&r->doc, r->result, "status")));
        c->mismatches++;
        return;
    }
    if (!r->ok)
        return;
    stream_spatial_mapping used;
    stream_temporal_mapping recorded;
    compare_cost(c, "searched", &found.problem, &found.cost, &found.accesses);
    read_used_spatial(r, &used);
    read_temporal(r, &found.problem, &recorded);
    if (!same_spatial(&found.spatial, &used)) {
        printf("row %lld: another spatial mapping\n", (long long)r->id);
        c->mismatches++;
    } else if (!same_mapping(&found.problem, &found.mapping, &recorded)) {
        printf("row %lld: another temporal mapping\n", (long long)r->id);
        c->mismatches++;
    }
}

static bool check_row(const char *path, const char *inputs, golden_comparison *exact) {
    stream_arena *arena = stream_arena_create();
    golden_row row;
    comparison c = {&row, 0};
    bool opened = golden_row_open(&row, path, inputs, arena);
    if (opened && exact) {
        golden_compare(&row, exact);
        golden_row_close(&row);
    } else if (opened) {
        if (row.ok)
            check_recorded(&c);
        check_search(&c);
        golden_row_close(&row);
    }
    stream_arena_destroy(arena);
    return opened && c.mismatches == 0;
}

/* ---- the compact form */

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
    return equal && same_spatial(&e->spatial, &f->spatial) &&
           same_mapping(&f->problem, &e->mapping, &f->mapping);
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
    bool opened = check_row(path, inputs, NULL) && golden_row_open(&row, path, inputs, arena);
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
                          : check_row(path, argv[4], compare ? &exact : NULL);
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
