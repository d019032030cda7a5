/* What a problem of the compatible mode must be; see coala_v0.h. */

#include "v0_engine.h"

#include "stream/support/integer.h"

#include <inttypes.h>
#include <math.h>

static const stream_loc nowhere = {0};

/* Times and energies stay exact, and sums of bits in 62 bits. */
#define MOST_AMOUNT 1e15
#define MOST_BITS   (INT64_C(1) << 62)

static bool amount(double x) {
    return isfinite(x) && x >= 0 && x <= MOST_AMOUNT;
}

/* The memories that a core is the first to see follow those that others saw. */
static stream_status check_core(const stream_coala_v0_hardware *hw, int32_t c, int32_t *seen,
                                const stream_diag *diag) {
    const int32_t *of = &hw->memory_of[c * STREAM_N_OPERANDS];
    int32_t added = 0;
    for (int32_t i = 0; i < STREAM_N_OPERANDS; ++i) {
        bool first = of[i] >= *seen;
        for (int32_t k = 0; k < i; ++k)
            first &= of[k] != of[i];
        added += first;
    }
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (of[o] < 0 || of[o] >= hw->n_memories || of[o] >= *seen + added)
            return stream_error(diag, STREAM_INVALID, nowhere,
                                "core %d keeps %s in memory %d of %d, but memories are numbered by "
                                "the first core that sees them",
                                c, stream_operand_class_name((stream_operand_class)o), of[o],
                                hw->n_memories);
    *seen += added;
    return STREAM_OK;
}

static stream_status check_memories(const stream_coala_v0_hardware *hw, const stream_diag *diag) {
    for (int32_t m = 0; m < hw->n_memories; ++m) {
        const stream_coala_v0_memory *mem = &hw->memories[m];
        if (mem->size_bits <= 0 || mem->size_bits > MOST_BITS || mem->read_bits <= 0 ||
            mem->write_bits <= 0 || !amount(mem->read_pj) || !amount(mem->write_pj))
            return stream_error(diag, STREAM_INVALID, nowhere,
                                "memory %s: %" PRId64 " bits, %" PRId64 " and %" PRId64
                                " bits per cycle, %g and %g pJ per access; bits must be above 0, "
                                "energies 0 to %g",
                                mem->name, mem->size_bits, mem->read_bits, mem->write_bits,
                                mem->read_pj, mem->write_pj, MOST_AMOUNT);
    }
    int32_t seen = 0;
    for (int32_t c = 0; c < hw->n_cores; ++c)
        STREAM_TRY(check_core(hw, c, &seen, diag));
    if (seen != hw->n_memories)
        return stream_error(diag, STREAM_INVALID, nowhere, "no core sees memory %s",
                            hw->memories[seen].name);
    return STREAM_OK;
}

static stream_status check_links(const stream_coala_v0_hardware *hw, const stream_diag *diag) {
    for (int32_t l = 0; l < hw->n_links; ++l)
        if (!(hw->links[l].bits_per_cycle > 0) || !amount(hw->links[l].pj_per_cycle))
            return stream_error(
                diag, STREAM_INVALID, nowhere,
                "link %d: %g bits per cycle, %g pJ per cycle; bits must be above 0, the "
                "energy 0 to %g",
                l, hw->links[l].bits_per_cycle, hw->links[l].pj_per_cycle, MOST_AMOUNT);
    int32_t pairs = hw->n_cores * hw->n_cores, n = hw->route_first[pairs];
    for (int32_t i = 0; i < pairs; ++i)
        if (hw->route_first[0] != 0 || hw->route_first[i] > hw->route_first[i + 1])
            return stream_error(diag, STREAM_INVALID, nowhere,
                                "the routes of core %d do not follow one another", i / hw->n_cores);
    for (int32_t i = 0; i < n; ++i)
        if (hw->route_links[i] < 0 || hw->route_links[i] >= hw->n_links)
            return stream_error(diag, STREAM_INVALID, nowhere, "a route has link %d of %d",
                                hw->route_links[i], hw->n_links);
    return STREAM_OK;
}

static stream_status check_ct(const stream_coala_v0_problem *p, int32_t i, int64_t *sum,
                              const stream_diag *diag) {
    const stream_coala_v0_ct *ct = &p->cts[i];
    if (ct->core < 0 || ct->core >= p->hardware->n_cores || ct->core == p->hardware->offchip_core)
        return stream_error(diag, STREAM_INVALID, nowhere, "CT %d is on core %d", i, ct->core);
    const int32_t *out =
        &p->hardware->route_first[ct->core * p->hardware->n_cores + p->hardware->offchip_core];
    const int32_t *in =
        &p->hardware->route_first[p->hardware->offchip_core * p->hardware->n_cores + ct->core];
    if (out[0] == out[1] || in[0] == in[1])
        return stream_error(diag, STREAM_INVALID, nowhere,
                            "CT %d is on core %d, which has no route %s off-chip memory", i,
                            ct->core, out[0] == out[1] ? "to" : "from");
    if (i > 0 && ct->layer < p->cts[i - 1].layer)
        return stream_error(diag, STREAM_INVALID, nowhere,
                            "CT %d of layer %d comes after one of layer %d", i, ct->layer,
                            p->cts[i - 1].layer);
    if (!amount(ct->cycles) || !amount(ct->energy_pj) || !amount(ct->offchip_pj))
        return stream_error(diag, STREAM_INVALID, nowhere,
                            "CT %d: %g cycles, %g and %g pJ; each must be 0 to %g", i, ct->cycles,
                            ct->energy_pj, ct->offchip_pj, MOST_AMOUNT);
    if (ct->output_data < 0 || ct->output_data >= p->n_data || ct->output_bits < 0)
        return stream_error(diag, STREAM_INVALID, nowhere,
                            "CT %d makes data %d of %d with %" PRId64 " bits", i, ct->output_data,
                            p->n_data, ct->output_bits);
    for (uint8_t o = 0; o < ct->n_too_large; ++o)
        if (ct->n_too_large > STREAM_N_OPERANDS || ct->too_large[o] >= STREAM_N_OPERANDS)
            return stream_error(diag, STREAM_INVALID, nowhere,
                                "CT %d: too-large operand %d of %d is %d", i, o, ct->n_too_large,
                                ct->too_large[o]);
    if (p->constant_first[i] > p->constant_first[i + 1])
        return stream_error(diag, STREAM_INVALID, nowhere,
                            "the constants of CT %d end before they begin", i);
    if (!stream_add_i64(*sum, ct->output_bits, sum) || *sum > MOST_BITS)
        return stream_error(diag, STREAM_LIMIT, nowhere, "the outputs are beyond 2^62 bits");
    return STREAM_OK;
}

static stream_status check_constant(const stream_coala_v0_problem *p, int32_t k, int64_t *sum,
                                    const stream_diag *diag) {
    const stream_coala_v0_constant *c = &p->constants[k];
    if (c->data < 0 || c->data >= p->n_data || c->bits < 0 || c->uses < 0 ||
        c->operand >= STREAM_N_OPERANDS)
        return stream_error(diag, STREAM_INVALID, nowhere,
                            "constant %d is data %d of %d with %" PRId64 " bits, %" PRId64
                            " uses, operand %d",
                            k, c->data, p->n_data, c->bits, c->uses, c->operand);
    if (!stream_add_i64(*sum, c->bits, sum) || *sum > MOST_BITS)
        return stream_error(diag, STREAM_LIMIT, nowhere, "the constants are beyond 2^62 bits");
    return STREAM_OK;
}

stream_status stream_v0_check(const stream_coala_v0_problem *p, const stream_diag *diag) {
    const stream_coala_v0_hardware *hw = p->hardware;
    int64_t sum = 0;
    if (hw->n_cores <= 0 || hw->n_cores > STREAM_MAX_CORES || hw->offchip_core < 0 ||
        hw->offchip_core >= hw->n_cores || p->n_cts < 0)
        return stream_error(diag, STREAM_INVALID, nowhere, "%d cores, off-chip is core %d, %d CTs",
                            hw->n_cores, hw->offchip_core, p->n_cts);
    STREAM_TRY(check_memories(hw, diag));
    STREAM_TRY(check_links(hw, diag));
    if (p->constant_first[0] != 0)
        return stream_error(diag, STREAM_INVALID, nowhere, "constants begin at %d",
                            p->constant_first[0]);
    for (int32_t i = 0; i < p->n_cts; ++i)
        STREAM_TRY(check_ct(p, i, &sum, diag));
    for (int32_t k = 0; k < p->constant_first[p->n_cts]; ++k)
        STREAM_TRY(check_constant(p, k, &sum, diag));
    for (int32_t e = 0; e < p->n_edges; ++e) {
        const stream_coala_v0_edge *edge = &p->edges[e];
        if (edge->from < 0 || edge->from >= p->n_cts || edge->to < 0 || edge->to >= p->n_cts ||
            edge->operand >= STREAM_N_OPERANDS)
            return stream_error(diag, STREAM_INVALID, nowhere,
                                "edge %d goes from CT %d to CT %d of %d, as operand %d", e,
                                edge->from, edge->to, p->n_cts, edge->operand);
    }
    return STREAM_OK;
}
