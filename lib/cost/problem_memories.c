/* Memories and ports as the operands of a nest see them; see problem_memories.h. */

#include "problem_memories.h"

/* The operand of the nest after `o` that lives in memory operand `memory`, or -1; begins with
 * o = -1. The inputs of an operation with more than two share the places of I1 and I2. */
static int32_t next_linked(const stream_loop_nest *nest, uint8_t memory, int32_t o) {
    for (++o; o < nest->n_operands; ++o)
        if (nest->operands[o].memory == memory)
            return o;
    return -1;
}

static int32_t held(const stream_memory *memory, uint8_t mask, uint8_t *order) {
    int32_t n = 0;
    for (int32_t i = 0; i < memory->n_operand_order; ++i)
        if (mask >> memory->operand_order[i] & 1)
            order[n++] = memory->operand_order[i];
    if (memory->n_operand_order == 0)
        for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
            if (memory->operands & mask & 1u << o)
                order[n++] = o;
    return n;
}

/* (operand, direction) pairs of a memory in the order in which its ports list them, with the port
 * that serves each: the last that lists it. */
static int32_t functions_of(const stream_memory *memory, uint8_t operand, uint8_t *direction,
                            int32_t *port) {
    int32_t n = 0;
    for (int32_t p = 0; p < memory->n_ports; ++p) {
        const stream_port *q = &memory->ports[p];
        int32_t listed = q->n_listed ? q->n_listed : STREAM_N_OPERANDS * STREAM_N_DIRECTIONS;
        for (int32_t i = 0; i < listed; ++i) {
            int32_t code = q->n_listed ? q->listed[i] : i;
            uint8_t d = (uint8_t)(code % STREAM_N_DIRECTIONS);
            if (code / STREAM_N_DIRECTIONS != operand || !(q->serves[operand] >> d & 1))
                continue;
            int32_t at = 0;
            while (at < n && direction[at] != d)
                ++at;
            direction[at] = d;
            port[at] = p;
            n += at == n;
        }
    }
    return n;
}

static void add_function(stream_problem_builder *b, int32_t o, uint8_t direction,
                         const stream_port *port, stream_map_port *to) {
    stream_map_operand *operand = &b->problem->operands[o];
    int32_t level = operand->n_levels - 1;
    operand->bw_min[level][direction] = port->bandwidth_min_bits;
    operand->bw_max[level][direction] = port->bandwidth_max_bits;
    operand->word_bits[level][direction] =
        port->energy_word_bits ? port->energy_word_bits : port->bandwidth_max_bits;
    to->functions[to->n_functions++] =
        (stream_port_function){o, level, (stream_direction)direction};
}

/* Do transfers of more than one input meet on the port? The reference asks for memory operands,
 * whether or not the layer has them. */
static bool carries_inputs(const stream_problem_builder *b, const stream_map_port *port,
                           uint8_t serves) {
    if (b->problem->quirks & STREAM_QUIRK_LAST_LINK)
        return (serves & 1u << STREAM_I1) && (serves & 1u << STREAM_I2);
    int32_t first = 0;
    for (int32_t f = 0; f < port->n_functions; ++f) {
        int32_t o = port->functions[f].operand;
        if (o > 0 && first > 0 && o != first)
            return true;
        first = o > 0 ? o : first;
    }
    return false;
}

static stream_status describe_port(const stream_problem_builder *b, const stream_memory *memory,
                                   int32_t index, uint8_t serves, stream_map_port *out) {
    const stream_port *port = &memory->ports[index];
    out->name = port->name;
    out->kind = port->kind;
    out->index = index;
    out->bw_min = port->bandwidth_min_bits;
    out->bw_max = port->bandwidth_max_bits;
    out->both_inputs = carries_inputs(b, out, serves);
    if (out->bw_min <= 0 || out->bw_max < out->bw_min)
        return stream_error(b->diag, STREAM_INVALID, memory->loc,
                            "port '%s' of memory '%s' has a bandwidth of %lld to %lld bits per "
                            "cycle; it needs at least 1",
                            port->name ? port->name : "", memory->name, (long long)out->bw_min,
                            (long long)out->bw_max);
    return STREAM_OK;
}

static stream_status add_ports(stream_problem_builder *b, const stream_memory *memory,
                               const uint8_t *order, int32_t n, stream_map_memory *out) {
    stream_map_port ports[STREAM_MAP_MAX_PORTS] = {{0}};
    uint8_t serves[STREAM_MAP_MAX_PORTS] = {0};
    if (memory->n_ports > STREAM_MAP_MAX_PORTS)
        return stream_error(b->diag, STREAM_UNSUPPORTED, memory->loc,
                            "memory '%s' has %d ports; the cost model takes %d", memory->name,
                            memory->n_ports, STREAM_MAP_MAX_PORTS);
    for (int32_t k = 0; k < n; ++k) {
        uint8_t direction[STREAM_N_DIRECTIONS];
        int32_t port[STREAM_N_DIRECTIONS];
        int32_t count = functions_of(memory, order[k], direction, port);
        for (int32_t f = 0; f < count; ++f)
            serves[port[f]] |= (uint8_t)(1u << order[k]);
        for (int32_t o = -1; (o = next_linked(b->nest, order[k], o)) >= 0;)
            for (int32_t f = 0; f < count; ++f)
                add_function(b, o, direction[f], &memory->ports[port[f]], &ports[port[f]]);
    }
    for (int32_t p = 0; p < memory->n_ports; ++p)
        if (serves[p]) {
            STREAM_TRY(describe_port(b, memory, p, serves[p], &ports[p]));
            out->ports[out->n_ports++] = ports[p];
        }
    return STREAM_OK;
}

static stream_status add_level(stream_problem_builder *b, const stream_memory *memory, int32_t o,
                               stream_map_memory *out) {
    stream_map_operand *operand = &b->problem->operands[o];
    if (operand->n_levels == STREAM_MAP_MAX_LEVELS)
        return stream_error(b->diag, STREAM_UNSUPPORTED, memory->loc,
                            "operand '%s' passes through more than %d memories",
                            b->nest->operands[o].name, STREAM_MAP_MAX_LEVELS);
    b->served[o][operand->n_levels] = memory->served_dims;
    operand->memory[operand->n_levels] = b->problem->n_memories;
    out->operand[out->n_operands] = o;
    out->level[out->n_operands++] = operand->n_levels++;
    return STREAM_OK;
}

stream_status stream_problem_check_energy(const stream_problem_builder *b, stream_loc loc,
                                          const char *what, const char *owner, double pj) {
    static const double most = 1e18;
    if (pj >= 0 && pj <= most)
        return STREAM_OK;
    return stream_error(b->diag, STREAM_INVALID, loc,
                        "%s of '%s' takes %g pJ; the cost model counts 0 to %g pJ", what, owner, pj,
                        most);
}

stream_status stream_problem_add_memory(stream_problem_builder *b, const stream_memory *memory,
                                        uint8_t mask) {
    stream_mapping_problem *problem = b->problem;
    uint8_t order[STREAM_N_OPERANDS];
    int32_t n = held(memory, mask, order);
    if (problem->n_memories == STREAM_MAP_MAX_MEMORIES)
        return stream_error(b->diag, STREAM_UNSUPPORTED, memory->loc,
                            "more than %d memories in one core", STREAM_MAP_MAX_MEMORIES);
    STREAM_TRY(
        stream_problem_check_energy(b, memory->loc, "a read", memory->name, memory->read_pj));
    STREAM_TRY(
        stream_problem_check_energy(b, memory->loc, "a write", memory->name, memory->write_pj));
    stream_map_memory *out = &problem->memories[problem->n_memories];
    *out = (stream_map_memory){.name = memory->name,
                               .size_bits = memory->size_bits,
                               .read_pj = memory->read_pj,
                               .write_pj = memory->write_pj,
                               .shared = n > 1,
                               .double_buffered = memory->force_double_buffering &&
                                                  problem->model != STREAM_MODEL_ZIGZAG_3_8_5};
    for (int32_t k = 0; k < n; ++k)
        for (int32_t o = -1; (o = next_linked(b->nest, order[k], o)) >= 0;)
            STREAM_TRY(add_level(b, memory, o, out));
    problem->n_memories++;
    return add_ports(b, memory, order, n, out);
}
