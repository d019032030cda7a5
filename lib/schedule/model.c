/* Ports, tails and outputs; see model.h. */

#include "model.h"

#include "stream/support/integer.h"
#include "stream/support/sort.h"
#include "stream/support/vec.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Every accumulating CT must have found what it accumulates onto. */
static stream_status check_accumulations(const model *m, const stream_diag *diag) {
    for (int32_t i = 0; i < m->graph->n_cts; ++i) {
        int32_t n = m->need_first[i], last = m->need_first[i + 1];
        while (n < last && !m->needs[n].accumulates)
            ++n;
        if (m->graph->cts[i].accumulates && n == last)
            return stream_error(diag, STREAM_INVALID, m->graph->cts[i].loc,
                                "CT %d accumulates onto a box that no CT before it wrote", i);
    }
    return STREAM_OK;
}

int32_t *stream_schedule_next_versions(const stream_ct_graph *g, stream_arena *arena) {
    int32_t *next = STREAM_NEW(arena, int32_t, (size_t)g->n_cts);
    for (int32_t i = 0; i < g->n_cts; ++i)
        next[i] = -1;
    for (int32_t i = 0; i < g->n_cts; ++i)
        for (int32_t p = g->pred_first[i]; g->cts[i].accumulates && p < g->pred_first[i + 1]; ++p) {
            int32_t pred = g->preds[p];
            if (g->cts[pred].tensor == g->cts[i].tensor && next[pred] < 0 &&
                stream_box_equal(&g->cts[pred].box, &g->cts[i].box))
                next[pred] = i;
        }
    return next;
}

int32_t stream_schedule_model_most_needs(const model *m) {
    int32_t most = 0;
    for (int32_t i = 0; i < m->graph->n_cts; ++i) {
        int32_t n = m->need_first[i + 1] - m->need_first[i];
        most = n > most ? n : most;
    }
    return most;
}

static const bool *find_outputs(const model *m, stream_arena *arena) {
    bool *is_output = STREAM_NEW(arena, bool, (size_t)m->n_data);
    stream_box part;
    for (int32_t d = 0; d < m->n_data; ++d) {
        const stream_tensor *tensor = &m->graph->tensors[datum_tensor(m, d)];
        is_output[d] = d >= m->graph->n_cts
                           ? tensor->is_output
                           : m->next_version[d] < 0 &&
                                 stream_tensor_output_box(tensor, &m->graph->cts[d].box, &part);
    }
    return is_output;
}

static int64_t least_cycles(const model *m, int32_t ct) {
    int64_t least = INT64_MAX, n = m->acc->n_cores;
    for (int32_t c = 0; c < n; ++c) {
        int64_t cycles = m->cycles[m->graph->cts[ct].kernel * n + c];
        least = cycles > 0 ? stream_min_i64(least, cycles) : least;
    }
    return least == INT64_MAX ? 0 : least;
}

static void find_tails(const model *m, ct_facts *facts) {
    const stream_ct_graph *g = m->graph;
    for (int32_t i = g->n_cts; i-- > 0;) {
        int64_t through = facts[i].tail + least_cycles(m, i);
        for (int32_t p = g->pred_first[i]; p < g->pred_first[i + 1]; ++p)
            facts[g->preds[p]].tail = stream_max_i64(facts[g->preds[p]].tail, through);
    }
}

/* Equal ones have the same rank. */
static const int32_t *rank_tails(const model *m, stream_arena *arena) {
    size_t n = (size_t)m->graph->n_cts;
    stream_arena *scratch = stream_arena_create();
    int32_t *ranks = STREAM_NEW(arena, int32_t, n), rank = 0;
    int64_t longest = 0;
    stream_keyed *items = STREAM_NEW(scratch, stream_keyed, n);
    stream_keyed *spare = STREAM_NEW(scratch, stream_keyed, n);
    for (size_t i = 0; i < n; ++i)
        items[i] = (stream_keyed){(uint64_t)m->facts[i].stack, (int64_t)i};
    for (size_t i = 0; i < n; ++i)
        longest = stream_max_i64(longest, m->facts[i].tail);
    stream_sort_keyed(items, n, spare);
    for (size_t i = 0; i < n; ++i)
        items[i].key = (uint64_t)(longest - m->facts[items[i].value].tail);
    stream_sort_keyed(items, n, spare);
    for (size_t i = 0; i < n; ++i) {
        rank += i > 0 && (items[i].key != items[i - 1].key ||
                          m->facts[items[i].value].stack != m->facts[items[i - 1].value].stack);
        ranks[items[i].value] = rank;
    }
    stream_arena_destroy(scratch);
    return ranks;
}

static const ct_facts *find_facts(const model *m, stream_arena *arena) {
    const stream_ct_graph *g = m->graph;
    ct_facts *facts = STREAM_NEW(arena, ct_facts, (size_t)g->n_cts);
    for (int32_t i = 0; i < g->n_cts; ++i) {
        const stream_ct *ct = &g->cts[i];
        facts[i] = (ct_facts){.kernel = ct->kernel,
                              .layer = ct->layer,
                              .stack = ct->stack,
                              .tensor = (uint32_t)ct->tensor & STREAM_ID_MASK,
                              .bits = stream_ct_graph_bits(g, ct->tensor, &ct->box),
                              .accumulates = ct->accumulates};
    }
    find_tails(m, facts);
    return facts;
}

static const int32_t *find_ports(const model *m, stream_arena *arena) {
    int32_t n = m->acc->n_instances;
    int32_t *ports = STREAM_NEW(arena, int32_t, (size_t)n * STREAM_N_OPERANDS * 2);
    for (int32_t i = 0; i < n; ++i)
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            for (int32_t write = 0; write < 2; ++write)
                ports[(i * STREAM_N_OPERANDS + o) * 2 + write] =
                    stream_accelerator_port(m->acc, i, (stream_operand_class)o, write);
    return ports;
}

static stream_status check_price(const stream_schedule_problem *p, int64_t kernel, int32_t core,
                                 const stream_diag *diag) {
    const stream_kernel *k = &p->graph->kernels[kernel];
    int64_t cycles = p->cycles[kernel * p->acc->n_cores + core];
    int64_t energy = p->energy_fj[kernel * p->acc->n_cores + core];
    if (cycles == 0 || cycles < -1)
        return stream_error(diag, STREAM_INVALID, k->loc,
                            "kernel '%s' takes %" PRId64
                            " cycles on core '%s'; it must be at least 1",
                            k->name, cycles, p->acc->cores[core].name);
    if (cycles > 0 && energy < 0)
        return stream_error(diag, STREAM_INVALID, k->loc,
                            "kernel '%s' takes %" PRId64 " fJ on core '%s'; it must be at least 0",
                            k->name, energy, p->acc->cores[core].name);
    return STREAM_OK;
}

/* Every core's price of a CT, so that no sum of them can overflow. */
static stream_status check_prices(const stream_schedule_problem *p, const stream_diag *diag) {
    int64_t cycles = 0, energy = 0;
    for (int32_t i = 0; i < p->graph->n_cts; ++i) {
        int64_t most = 0, dearest = 0, kernel = p->graph->cts[i].kernel;
        for (int32_t c = 0; c < p->acc->n_cores; ++c) {
            int64_t price = p->cycles[(int64_t)kernel * p->acc->n_cores + c];
            STREAM_TRY(check_price(p, kernel, c, diag));
            most = stream_max_i64(most, price);
            if (price > 0)
                dearest =
                    stream_max_i64(dearest, p->energy_fj[(int64_t)kernel * p->acc->n_cores + c]);
        }
        if (!stream_add_i64(cycles, most, &cycles) || cycles > INT64_MAX / 8 ||
            !stream_add_i64(energy, dearest, &energy) || energy > INT64_MAX / 4)
            return stream_error(diag, STREAM_INVALID, p->graph->cts[i].loc,
                                "the cycles or the energy of the first %d CTs do not fit 60 bits",
                                i + 1);
    }
    return STREAM_OK;
}

stream_status stream_schedule_model_build(const stream_schedule_problem *p, stream_arena *arena,
                                          const stream_diag *diag,
                                          const stream_schedule_model **out) {
    if ((int64_t)p->graph->n_cts + p->graph->n_tensors >= INT64_C(1) << STREAM_ID_BITS)
        return stream_error(diag, STREAM_INVALID, (stream_loc){0},
                            "%d CTs and %d tensors are too many to be scheduled; at most %d",
                            p->graph->n_cts, p->graph->n_tensors, 1 << STREAM_ID_BITS);
    STREAM_TRY(check_prices(p, diag));
    model *m = STREAM_NEW(arena, model, 1);
    m->acc = p->acc;
    m->graph = p->graph;
    m->cycles = p->cycles;
    m->energy_fj = p->energy_fj;
    m->n_data = p->graph->n_cts + p->graph->n_tensors;
    m->facts = find_facts(m, arena);
    m->next_version = stream_schedule_next_versions(p->graph, arena);
    STREAM_TRY(stream_schedule_model_needs(m, arena, diag));
    STREAM_TRY(check_accumulations(m, diag));
    m->is_output = find_outputs(m, arena);
    m->ports = find_ports(m, arena);
    m->is_ample = stream_schedule_ample(m, arena);
    STREAM_TRY(stream_schedule_model_streams(m, p, arena, diag));
    m->ahead = rank_tails(m, arena);
    m->demand = stream_schedule_demand(m->graph, arena);
    *out = m;
    return STREAM_OK;
}
