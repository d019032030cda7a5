/* What a core, memory, port or link must say by itself; see stream/hardware/accelerator.h. */

#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define ALL_OPERANDS ((1u << STREAM_N_OPERANDS) - 1)

static bool is_energy(double pj) {
    return isfinite(pj) && pj >= 0 && pj <= STREAM_MAX_PJ;
}

static stream_status check_port(const stream_core *core, const stream_memory *memory,
                                const stream_port *port, const stream_diag *diag) {
    if (port->bandwidth_min_bits <= 0)
        return stream_error(
            diag, STREAM_INVALID, memory->loc,
            "port '%s' of memory '%s' of core '%s' has a smallest access of %" PRId64
            " bits; it must be at least 1",
            port->name, memory->name, core->name, port->bandwidth_min_bits);
    if (port->bandwidth_max_bits < port->bandwidth_min_bits)
        return stream_error(diag, STREAM_INVALID, memory->loc,
                            "port '%s' of memory '%s' of core '%s': bandwidth_max %" PRId64
                            " is less than bandwidth_min %" PRId64,
                            port->name, memory->name, core->name, port->bandwidth_max_bits,
                            port->bandwidth_min_bits);
    if (port->bandwidth_max_bits > STREAM_MAX_BANDWIDTH_BITS)
        return stream_error(diag, STREAM_LIMIT, memory->loc,
                            "port '%s' of memory '%s' of core '%s' moves %" PRId64
                            " bits per cycle; the limit is %" PRId64,
                            port->name, memory->name, core->name, port->bandwidth_max_bits,
                            STREAM_MAX_BANDWIDTH_BITS);
    if (port->n_listed < 0 || port->n_listed > STREAM_N_OPERANDS * STREAM_N_DIRECTIONS)
        return stream_error(diag, STREAM_INVALID, memory->loc,
                            "port '%s' of memory '%s' of core '%s' lists %d allocations; there are "
                            "%d",
                            port->name, memory->name, core->name, port->n_listed,
                            STREAM_N_OPERANDS * STREAM_N_DIRECTIONS);
    return STREAM_OK;
}

static stream_status check_memory(const stream_core *core, const stream_memory *memory,
                                  const stream_diag *diag) {
    if (!memory->name || !*memory->name)
        return stream_error(diag, STREAM_INVALID, memory->loc, "a memory of core '%s' has no name",
                            core->name);
    if (memory->size_bits <= 0)
        return stream_error(diag, STREAM_INVALID, memory->loc,
                            "memory '%s' of core '%s' has %" PRId64
                            " bits; a size must be at least 1",
                            memory->name, core->name, memory->size_bits);
    if (!is_energy(memory->read_pj) || !is_energy(memory->write_pj))
        return stream_error(
            diag, STREAM_INVALID, memory->loc,
            "memory '%s' of core '%s' costs %g pJ per read and %g pJ per write; both "
            "must be between 0 and %g",
            memory->name, core->name, memory->read_pj, memory->write_pj, STREAM_MAX_PJ);
    if (memory->latency_cycles < 0)
        return stream_error(diag, STREAM_INVALID, memory->loc,
                            "memory '%s' of core '%s' has a latency of %" PRId64
                            " cycles; it must not be negative",
                            memory->name, core->name, memory->latency_cycles);
    if (!(memory->operands & ALL_OPERANDS) || memory->operands & ~ALL_OPERANDS)
        return stream_error(diag, STREAM_INVALID, memory->loc,
                            "memory '%s' of core '%s' must hold at least one of I1, I2 and O",
                            memory->name, core->name);
    if (memory->n_operand_order < 0 || memory->n_operand_order > STREAM_N_OPERANDS)
        return stream_error(diag, STREAM_INVALID, memory->loc,
                            "memory '%s' of core '%s' lists %d operands; there are %d",
                            memory->name, core->name, memory->n_operand_order, STREAM_N_OPERANDS);
    if (memory->n_ports <= 0)
        return stream_error(diag, STREAM_INVALID, memory->loc,
                            "memory '%s' of core '%s' has no port", memory->name, core->name);
    if (memory->n_ports > STREAM_MAX_PORTS)
        return stream_error(diag, STREAM_LIMIT, memory->loc,
                            "memory '%s' of core '%s' has %d ports; the limit is %d", memory->name,
                            core->name, memory->n_ports, STREAM_MAX_PORTS);
    for (int32_t p = 0; p < memory->n_ports; ++p)
        STREAM_TRY(check_port(core, memory, &memory->ports[p], diag));
    return STREAM_OK;
}

static stream_status check_names_differ(const stream_core *core, const stream_diag *diag) {
    for (int32_t m = 0; m < core->n_memories; ++m)
        for (int32_t k = 0; k < m; ++k)
            if (!strcmp(core->memories[m].name, core->memories[k].name))
                return stream_error(diag, STREAM_INVALID, core->memories[m].loc,
                                    "core '%s' has two memories named '%s'", core->name,
                                    core->memories[m].name);
    return STREAM_OK;
}

static stream_status check_dataflow(const stream_core *core, const stream_dataflow *dataflow,
                                    const stream_diag *diag) {
    int64_t used[STREAM_MAX_ARRAY_DIMS];
    for (int32_t d = 0; d < STREAM_MAX_ARRAY_DIMS; ++d)
        used[d] = 1;
    for (int32_t u = 0; u < dataflow->n_unrolls; ++u) {
        const stream_unroll *unroll = &dataflow->unrolls[u];
        int32_t d = unroll->array_dim;
        if (d < 0 || d >= core->n_array_dims)
            return stream_error(
                diag, STREAM_INVALID, core->loc,
                "a dataflow of core '%s' names array dimension D%d; the array has %d", core->name,
                d + 1, core->n_array_dims);
        if (unroll->unroll <= 0 || unroll->unroll > core->array_sizes[d] / used[d])
            return stream_error(
                diag, STREAM_INVALID, core->loc,
                "core '%s' unrolls %s by %" PRId64 " over D%d, which has %" PRId64 " units%s",
                core->name, unroll->loop, unroll->unroll, d + 1, core->array_sizes[d],
                used[d] > 1 ? " shared by several loops" : "");
        used[d] *= unroll->unroll;
    }
    return STREAM_OK;
}

static stream_status check_array(const stream_core *core, const stream_diag *diag) {
    if (core->n_array_dims <= 0 || core->n_array_dims > STREAM_MAX_ARRAY_DIMS)
        return stream_error(diag, STREAM_INVALID, core->loc,
                            "compute core '%s' has an array of %d dimensions; it must have 1 to %d",
                            core->name, core->n_array_dims, STREAM_MAX_ARRAY_DIMS);
    int64_t units = 1;
    for (int32_t d = 0; d < core->n_array_dims; ++d) {
        if (core->array_sizes[d] <= 0)
            return stream_error(diag, STREAM_INVALID, core->loc,
                                "array dimension D%d of compute core '%s' has size %" PRId64
                                "; it must be at least 1",
                                d + 1, core->name, core->array_sizes[d]);
        if (core->array_sizes[d] > INT32_MAX / units)
            return stream_error(diag, STREAM_LIMIT, core->loc,
                                "the array of core '%s' has more than %d units", core->name,
                                INT32_MAX);
        units *= core->array_sizes[d];
    }
    for (int32_t i = 0; i < core->n_dataflows; ++i)
        STREAM_TRY(check_dataflow(core, &core->dataflows[i], diag));
    if (!(core->utilization > 0 && core->utilization <= 1))
        return stream_error(diag, STREAM_INVALID, core->loc,
                            "core '%s' has utilization %g; it must be above 0 and at most 1",
                            core->name, core->utilization);
    if (core->post && (!is_energy(core->post->op_pj) || core->post->ops_per_cycle < 0))
        return stream_error(diag, STREAM_INVALID, core->loc,
                            "post-processing of core '%s': %g pJ per operation must be between 0 "
                            "and %g, and %" PRId64 " operations per cycle not negative",
                            core->name, core->post->op_pj, STREAM_MAX_PJ,
                            core->post->ops_per_cycle);
    if (!is_energy(core->mac_pj))
        return stream_error(diag, STREAM_INVALID, core->loc,
                            "core '%s' costs %g pJ per operation; it must be between 0 and %g",
                            core->name, core->mac_pj, STREAM_MAX_PJ);
    return STREAM_OK;
}

static stream_status check_core(const stream_core *core, int32_t id, const stream_diag *diag) {
    if (!core->name || !*core->name)
        return stream_error(diag, STREAM_INVALID, core->loc, "core %d has no name", id);
    if (core->n_memories > STREAM_MAX_MEMORIES)
        return stream_error(diag, STREAM_LIMIT, core->loc,
                            "core '%s' has %d memories; the limit is %d", core->name,
                            core->n_memories, STREAM_MAX_MEMORIES);
    for (int32_t m = 0; m < core->n_memories; ++m)
        STREAM_TRY(check_memory(core, &core->memories[m], diag));
    STREAM_TRY(check_names_differ(core, diag));
    STREAM_TRY(
        stream_core_check_ports(core, core->kind == STREAM_CORE_OFFCHIP ? 0 : ALL_OPERANDS, diag));
    if (!is_energy(core->static_pj))
        return stream_error(diag, STREAM_INVALID, core->loc,
                            "core '%s' costs %g pJ per cycle; it must be between 0 and %g",
                            core->name, core->static_pj, STREAM_MAX_PJ);
    return core->kind == STREAM_CORE_COMPUTE ? check_array(core, diag) : STREAM_OK;
}

static stream_status check_member_ids(const int32_t *cores, int32_t n, int32_t n_cores,
                                      const char *what, const char *name, stream_loc loc,
                                      const stream_diag *diag) {
    for (int32_t i = 0; i < n; ++i) {
        if (cores[i] < 0 || cores[i] >= n_cores)
            return stream_error(diag, STREAM_INVALID, loc,
                                "%s '%s' names core %d; there are cores 0 to %d", what, name,
                                cores[i], n_cores - 1);
        for (int32_t k = 0; k < i; ++k)
            if (cores[k] == cores[i])
                return stream_error(diag, STREAM_INVALID, loc, "%s '%s' names core %d twice", what,
                                    name, cores[i]);
    }
    return STREAM_OK;
}

static stream_status check_link(const stream_accelerator *acc, const stream_link *link,
                                const stream_diag *diag) {
    const char *what = link->bus ? "bus" : "link";
    if (link->bus ? link->n_cores < 2 : link->n_cores != 2)
        return stream_error(diag, STREAM_INVALID, link->loc, "%s '%s' joins %d cores; it needs %s",
                            what, link->name, link->n_cores,
                            link->bus ? "at least 2" : "exactly 2");
    STREAM_TRY(check_member_ids(link->cores, link->n_cores, acc->n_cores, what, link->name,
                                link->loc, diag));
    if (link->bandwidth_bits <= 0)
        return stream_error(diag, STREAM_INVALID, link->loc,
                            "%s '%s' carries %" PRId64 " bits per cycle; it must carry at least 1",
                            what, link->name, link->bandwidth_bits);
    if (link->bandwidth_bits > STREAM_MAX_BANDWIDTH_BITS)
        return stream_error(diag, STREAM_LIMIT, link->loc,
                            "%s '%s' carries %" PRId64 " bits per cycle; the limit is %" PRId64,
                            what, link->name, link->bandwidth_bits, STREAM_MAX_BANDWIDTH_BITS);
    if (!is_energy(link->pj_per_bit))
        return stream_error(diag, STREAM_INVALID, link->loc,
                            "%s '%s' costs %g pJ per bit; it must be between 0 and %g", what,
                            link->name, link->pj_per_bit, STREAM_MAX_PJ);
    if (link->latency_cycles < 0 || link->latency_cycles > INT32_MAX)
        return stream_error(diag, STREAM_INVALID, link->loc,
                            "%s '%s' has a latency of %" PRId64 " cycles; it must be 0 to %d", what,
                            link->name, link->latency_cycles, INT32_MAX);
    return STREAM_OK;
}

static stream_status check_core_names(const stream_accelerator *acc, const stream_diag *diag) {
    for (int32_t c = 0; c < acc->n_cores; ++c)
        for (int32_t k = 0; k < c; ++k)
            if (!strcmp(acc->cores[c].name, acc->cores[k].name))
                return stream_error(diag, STREAM_INVALID, acc->cores[c].loc,
                                    "cores %d and %d are both named '%s'", k, c,
                                    acc->cores[c].name);
    return STREAM_OK;
}

static stream_status check_counts(const stream_accelerator *acc, const stream_diag *diag) {
    if (acc->n_cores <= 0)
        return stream_error(diag, STREAM_INVALID, acc->loc, "accelerator '%s' has no core",
                            acc->name);
    if (acc->n_cores > STREAM_MAX_CORES)
        return stream_error(diag, STREAM_LIMIT, acc->loc,
                            "accelerator '%s' has %d cores; the limit is %d", acc->name,
                            acc->n_cores, STREAM_MAX_CORES);
    if (acc->n_links > STREAM_MAX_LINKS)
        return stream_error(diag, STREAM_LIMIT, acc->loc,
                            "accelerator '%s' has %d links; the limit is %d", acc->name,
                            acc->n_links, STREAM_MAX_LINKS);
    if (acc->offchip_core < 0 || acc->offchip_core >= acc->n_cores)
        return stream_error(diag, STREAM_INVALID, acc->loc,
                            "the off-chip core of accelerator '%s' is %d; there are cores 0 to %d",
                            acc->name, acc->offchip_core, acc->n_cores - 1);
    return STREAM_OK;
}

/* Exactly one core is off-chip, and it is the one that `offchip_core` names. */
static stream_status check_offchip(const stream_accelerator *acc, const stream_diag *diag) {
    const stream_core *offchip = &acc->cores[acc->offchip_core];
    if (offchip->kind != STREAM_CORE_OFFCHIP)
        return stream_error(diag, STREAM_INVALID, offchip->place,
                            "core %d ('%s') is named as the off-chip core but is not of that kind",
                            acc->offchip_core, offchip->name);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (c != acc->offchip_core && acc->cores[c].kind == STREAM_CORE_OFFCHIP)
            return stream_error(diag, STREAM_INVALID, acc->cores[c].place,
                                "cores %d and %d are both off-chip; there must be one",
                                acc->offchip_core, c);
    return STREAM_OK;
}

static stream_status check_sharings(const stream_accelerator *acc, const stream_diag *diag) {
    for (int32_t s = 0; s < acc->n_sharings; ++s) {
        const stream_sharing *sharing = &acc->sharings[s];
        if (sharing->n_cores < 2)
            return stream_error(diag, STREAM_INVALID, acc->loc,
                                "memory sharing %d has %d cores; it needs at least 2", s,
                                sharing->n_cores);
        STREAM_TRY(check_member_ids(sharing->cores, sharing->n_cores, acc->n_cores,
                                    "memory sharing", "core_memory_sharing", acc->loc, diag));
    }
    return STREAM_OK;
}

stream_status stream_hardware_check(const stream_accelerator *acc, const stream_diag *diag) {
    STREAM_TRY(check_counts(acc, diag));
    for (int32_t c = 0; c < acc->n_cores; ++c)
        STREAM_TRY(check_core(&acc->cores[c], c, diag));
    STREAM_TRY(check_core_names(acc, diag));
    STREAM_TRY(check_offchip(acc, diag));
    for (int32_t l = 0; l < acc->n_links; ++l)
        STREAM_TRY(check_link(acc, &acc->links[l], diag));
    return check_sharings(acc, diag);
}
