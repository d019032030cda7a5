/* A row against its record; see recorded.h. */

#include "recorded.h"

#include "winner.h"

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
    if (!golden_same_spatial(&found.spatial, &used)) {
        printf("row %lld: another spatial mapping\n", (long long)r->id);
        c->mismatches++;
    } else if (!golden_same_mapping(&found.problem, &found.mapping, &recorded)) {
        printf("row %lld: another temporal mapping\n", (long long)r->id);
        c->mismatches++;
    }
}

bool golden_check_row(const char *path, const char *inputs, golden_comparison *exact) {
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
