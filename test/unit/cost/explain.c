// RUN: unit-cost-explain

/* What bounds a layer and what helps, against the hand analyses of bottleneck.h. */

#include "cost/bottleneck.h"
#include "cost/random_problem.h"

#include <math.h>
#include <string.h>

typedef struct {
    bottleneck layer;
    stream_cost_options options;
    stream_cost_result result;
    stream_cost_explanation why;
    stream_change changes[STREAM_COST_MAX_CHANGES];
    int32_t n_changes;
} analysis;

static void analyse(void (*make)(bottleneck *), int32_t n_threads, analysis *a) {
    memset(a, 0, sizeof *a);
    make(&a->layer);
    a->options = STREAM_COST_OPTIONS_DEFAULTS;
    CHECK(stream_cost_search(&a->layer.nest, &a->layer.core, &a->options, NULL, &a->result) ==
          STREAM_OK);
    CHECK(a->result.proven);
    stream_cost_explain(&a->result, &a->why);
    CHECK(stream_cost_changes(&a->layer.nest, &a->layer.core, &a->options, &a->result, n_threads,
                              NULL, a->changes, &a->n_changes) == STREAM_OK);
}

static bool near(double got, double want) {
    bool right = fabs(got - want) <= 1e-9 * fabs(want);
    if (!right)
        printf("# got %.17g, want %.17g\n", got, want);
    return right;
}

static const stream_change *find(const analysis *a, stream_change_kind kind, const char *memory,
                                 const char *port, int32_t array_dim) {
    for (int32_t i = 0; i < a->n_changes; ++i) {
        const stream_change *c = &a->changes[i];
        if (c->kind == kind && (!memory || !strcmp(c->memory_name, memory)) &&
            (!port || !strcmp(c->port_name, port)) && c->array_dim == array_dim)
            return c;
    }
    return NULL;
}

/* Latency with the change, or -1: it was not measured. */
static double changed(const analysis *a, stream_change_kind kind, const char *memory,
                      const char *port, int32_t array_dim) {
    const stream_change *c = find(a, kind, memory, port, array_dim);
    return c && c->proven ? c->cost.total2_cycles : -1;
}

static void compute_bound(void) {
    static analysis a;
    analyse(bottleneck_compute, 1, &a);
    CHECK_EQ(a.why.bound, STREAM_LAYER_COMPUTE);
    CHECK(near(a.why.cycles, 257));
    CHECK(near(a.why.ideal_percent, 100.0 * 256 / 257));
    CHECK(a.why.idle_percent == 0 && a.why.stall_percent == 0 && a.why.onload_percent == 0);
    CHECK(near(a.why.offload_percent, 100.0 / 257));
    CHECK_EQ(a.why.worst_port, -1);
    CHECK(changed(&a, STREAM_CHANGE_ARRAY_DIM, NULL, NULL, 0) == 129);
    CHECK(changed(&a, STREAM_CHANGE_ARRAY_DIM, NULL, NULL, 1) == 129);
    CHECK(!strcmp(find(&a, STREAM_CHANGE_ARRAY_DIM, NULL, NULL, 0)->loop, "K"));
    CHECK(near(a.changes[0].latency_percent, 100.0 * (129 - 257) / 257));
    CHECK(a.changes[0].edp_percent <= a.changes[1].edp_percent);
    CHECK(a.changes[2].latency_percent == 0);
    CHECK_EQ(a.n_changes, 8 + 2 + 2); /* ports, memories, array dims */
}

static void port_bound(void) {
    static analysis a;
    analyse(bottleneck_narrow_port, 1, &a);
    CHECK_EQ(a.why.bound, STREAM_LAYER_PORT);
    CHECK(near(a.why.cycles, 511));
    CHECK(near(a.why.stall_percent, 100.0 * 254 / 511));
    const stream_port_use *port = &a.why.use.ports[a.why.worst_port];
    CHECK(!strcmp(a.result.problem.memories[port->memory].ports[port->port].name, "r_i"));
    CHECK_EQ(port->stall_cycles, 254);
    CHECK_EQ(port->busy_cycles, 512);
    CHECK_EQ(port->n_loads, 1);
    const stream_port_load *load = &a.why.use.loads[port->first_load];
    CHECK_EQ(load->operand, 1);
    CHECK_EQ(load->direction, STREAM_TO_LOW);
    CHECK_EQ(load->bits, 32);
    CHECK_EQ(load->cycles, 4);
    CHECK_EQ(load->allowed_cycles, 2);
    CHECK_EQ(load->count, 128);
    CHECK_EQ(a.changes[0].kind, STREAM_CHANGE_PORT);
    CHECK(!strcmp(a.changes[0].port_name, "r_i"));
    CHECK_EQ(a.changes[0].to, 16);
    CHECK(a.changes[0].cost.total2_cycles == 257 && a.changes[0].proven);
    CHECK(near(a.changes[0].energy_percent + 100, 100)); /* the same energy per bit */
    CHECK(changed(&a, STREAM_CHANGE_ARRAY_DIM, NULL, NULL, 0) == 510);
    CHECK(changed(&a, STREAM_CHANGE_ARRAY_DIM, NULL, NULL, 1) == 507);
}

static void loading_bound(void) {
    static analysis a;
    analyse(bottleneck_loading, 1, &a);
    CHECK_EQ(a.why.bound, STREAM_LAYER_LOADING);
    CHECK(near(a.why.cycles, 34));
    CHECK(near(a.why.onload_percent, 100.0 * 31 / 34));
    CHECK(near(a.why.offload_percent, 100.0 * 2 / 34));
    const stream_link_use *in = &a.why.use.links[a.why.onload_link];
    CHECK_EQ(in->operand, 2);
    CHECK(in->cycles == 31 && in->transfer_cycles == 32);
    CHECK(!strcmp(a.result.problem.memories[in->memory].name, "dram"));
    const stream_link_use *out = &a.why.use.links[a.why.offload_link];
    CHECK(out->operand == 0 && out->cycles == 2);
    CHECK(near(a.result.cost.energy_pj, 4408));
    CHECK(near(a.why.shares[0].energy_pj, 3200));
    CHECK(a.why.shares[0].operand == 2 && a.why.shares[0].level == 1);
    CHECK(near(a.why.shares[1].percent, 100.0 * 512 / 4408));
    CHECK(a.why.shares[2].operand == -1 && near(a.why.shares[2].energy_pj, 256));
    CHECK(changed(&a, STREAM_CHANGE_PORT, "dram", "rw", 0) == 17);
    CHECK(near(a.changes[0].latency_percent, -50));
    CHECK(a.changes[1].latency_percent == 0);
}

static bool same(const stream_change *a, const stream_change *b) {
    return a->kind == b->kind && a->memory == b->memory && a->port == b->port &&
           a->array_dim == b->array_dim && a->status == b->status && a->proven == b->proven &&
           a->latency_percent == b->latency_percent && a->energy_percent == b->energy_percent;
}

static void any_number_of_threads(void) {
    static analysis one, many;
    int different = 0;
    analyse(bottleneck_narrow_port, 1, &one);
    analyse(bottleneck_narrow_port, 7, &many);
    CHECK_EQ(one.n_changes, many.n_changes);
    for (int32_t i = 0; i < one.n_changes; ++i)
        different += !same(&one.changes[i], &many.changes[i]);
    CHECK_EQ(different, 0);
}

/* A change is what a search on the changed core says. */
static void measured_again(void) {
    static analysis a;
    static stream_cost_result r;
    analyse(bottleneck_loading, 1, &a);
    for (int32_t i = 0; i < a.n_changes; ++i) {
        const stream_change *c = &a.changes[i];
        static bottleneck b;
        bottleneck_loading(&b);
        if (c->kind == STREAM_CHANGE_PORT) {
            b.ports[c->memory][c->port].bandwidth_max_bits *= 2;
            b.ports[c->memory][c->port].energy_word_bits = c->from;
        } else if (c->kind == STREAM_CHANGE_MEMORY) {
            b.memories[c->memory].size_bits *= 2;
        } else {
            b.core.array_sizes[c->array_dim] *= 2;
            b.unrolls[c->array_dim].unroll *= 2;
        }
        CHECK(stream_cost_search(&b.nest, &b.core, &a.options, NULL, &r) == STREAM_OK);
        CHECK(r.cost.total2_cycles == c->cost.total2_cycles);
        CHECK(r.cost.energy_pj == c->cost.energy_pj);
    }
}

/* The off-chip memory and a request's own unrolling are doubled, too. */
static void options_change_too(void) {
    static analysis a;
    static bottleneck b;
    memset(&a, 0, sizeof a);
    bottleneck_loading(&a.layer);
    b = a.layer;
    a.layer.core.n_memories = 2;
    a.layer.core.n_dataflows = 0;
    a.options = STREAM_COST_OPTIONS_DEFAULTS;
    a.options.offchip = &b.memories[2];
    a.options.offchip_operands = 7;
    a.options.spatial_source = STREAM_SPATIAL_AS_ASKED;
    a.options.spatial.given[0] = a.options.spatial.given[1] = true;
    a.options.spatial.unroll[0] = (stream_unrolled_level){1, {{0, 8}}};
    a.options.spatial.unroll[1] = (stream_unrolled_level){1, {{1, 16}}};
    b.memories[2].ports = b.ports[2];
    CHECK(stream_cost_search(&a.layer.nest, &a.layer.core, &a.options, NULL, &a.result) ==
          STREAM_OK);
    CHECK(stream_cost_changes(&a.layer.nest, &a.layer.core, &a.options, &a.result, 1, NULL,
                              a.changes, &a.n_changes) == STREAM_OK);
    const stream_change *dram = find(&a, STREAM_CHANGE_PORT, "dram", "rw", 0);
    CHECK(dram && dram->memory == 2 && dram->latency_percent < -40);
    const stream_change *k = find(&a, STREAM_CHANGE_ARRAY_DIM, NULL, NULL, 0);
    CHECK(k && !strcmp(k->loop, "K"));
    CHECK_EQ(k->cost.temporal_cycles, 1);
    CHECK_EQ(a.result.cost.temporal_cycles, 2);
}

/* Parts add up, and the figures are those of the evaluator. */
static int wrong_explanation(const stream_cost_result *r) {
    static stream_cost_explanation why;
    const stream_mapping_cost *c = &r->cost;
    int64_t worst = 0;
    double percents, pj = 0;
    int wrong = 0;
    stream_cost_explain(r, &why);
    percents = why.ideal_percent + why.idle_percent + why.stall_percent + why.onload_percent +
               why.offload_percent + why.drain_percent;
    wrong += fabs(percents - 100) > 1e-9;
    for (int32_t i = 0; i < why.use.n_ports; ++i)
        if (why.use.ports[i].stall_cycles > worst)
            worst = why.use.ports[i].stall_cycles;
    wrong += worst != c->stall_cycles;
    for (int32_t i = 0; i < why.n_shares; ++i)
        pj += why.shares[i].energy_pj;
    wrong += fabs(pj - c->energy_pj) > 1e-9 * c->energy_pj;
    double offload = 0;
    for (int32_t i = 0; i < why.use.n_links; ++i)
        offload += why.use.links[i].operand == 0 ? why.use.links[i].cycles : 0;
    wrong += offload != c->offload_cycles;
    for (int32_t o = 0; o < r->problem.n_operands; ++o)
        for (int32_t l = 0; l < r->problem.operands[o].n_levels; ++l)
            wrong += why.use.content_bits[o][l] <= 0;
    return wrong;
}

static void parts_add_up(void) {
    int wrong = 0, n = 0;
    for (unsigned first = 1; first <= 200; ++first) {
        unsigned seed = first * 2654435761u | 1u;
        static random_problem p;
        static stream_cost_result r;
        stream_cost_options options = STREAM_COST_OPTIONS_DEFAULTS;
        random_problem_make(&seed, &p);
        if (stream_cost_search(&p.nest, &p.core, &options, NULL, &r) != STREAM_OK)
            continue;
        wrong += wrong_explanation(&r);
        ++n;
    }
    CHECK_EQ(wrong, 0);
    CHECK(n >= 50);
}

int main(void) {
    compute_bound();
    port_bound();
    loading_bound();
    any_number_of_threads();
    measured_again();
    options_change_too();
    parts_add_up();
    return test_done();
}
