/* Memories and ports of ZigZag cores; see core.h. */

#include "core.h"

#include <string.h>

static const char *const directions[] = {"fh", "fl", "th", "tl"};

static int32_t find_operand(const char *text, size_t n) {
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        const char *name = stream_operand_class_name((stream_operand_class)o);
        if (strlen(name) == n && !strncmp(text, name, n))
            return o;
    }
    return -1;
}

/* "I1, tl" */
static stream_status read_allocation(const stream_yaml *node, const stream_memory *memory,
                                     const stream_diag *diag, stream_port *out) {
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_SCALAR, "an allocation of a port", diag));
    size_t n = strcspn(node->text, ", ");
    const char *rest = node->text + n + strspn(node->text + n, ", ");
    int32_t operand = find_operand(node->text, n), direction = 0;
    while (direction < STREAM_N_DIRECTIONS && strcmp(rest, directions[direction]) != 0)
        ++direction;
    if (operand < 0 || direction == STREAM_N_DIRECTIONS)
        return stream_error(diag, STREAM_INVALID, node->loc,
                            "'%s' is no allocation of a port; write an operand (I1, I2, O) and a "
                            "direction (fh, fl, th, tl), for example 'I1, tl'",
                            node->text);
    if (!(memory->operands >> operand & 1))
        return stream_error(diag, STREAM_INVALID, node->loc,
                            "a port carries %s, which memory '%s' does not hold",
                            stream_operand_class_name((stream_operand_class)operand), memory->name);
    bool reads = direction == STREAM_TO_HIGH || direction == STREAM_TO_LOW;
    if (out->kind == (reads ? STREAM_PORT_WRITE : STREAM_PORT_READ))
        return stream_error(diag, STREAM_INVALID, node->loc,
                            "'%s' %s memory '%s', but port '%s' only %s", node->text,
                            reads ? "reads" : "writes", memory->name, out->name,
                            reads ? "writes" : "reads");
    if (out->serves[operand] >> direction & 1)
        return stream_error(diag, STREAM_INVALID, node->loc, "port '%s' lists '%s' twice",
                            out->name, node->text);
    out->serves[operand] |= (uint8_t)(1u << direction);
    out->listed[out->n_listed++] = (uint8_t)(operand * STREAM_N_DIRECTIONS + direction);
    return STREAM_OK;
}

static stream_status read_port_kind(const stream_yaml *node, const stream_diag *diag,
                                    stream_port *out) {
    static const char *const kinds[] = {"read", "write", "read_write"};
    const char *text;
    STREAM_TRY(stream_yaml_string(node, "the type of a port", diag, &text));
    for (int k = 0; k < 3; ++k)
        if (!strcmp(text, kinds[k])) {
            out->kind = (stream_port_kind)k;
            return STREAM_OK;
        }
    return stream_error(diag, STREAM_INVALID, node->loc,
                        "unknown port type '%s'; known: read, write, read_write", text);
}

static stream_status read_port(const stream_yaml *node, const stream_memory *memory,
                               const stream_diag *diag, stream_port *out) {
    static const char *const known[] = {"name",          "type",       "bandwidth_min",
                                        "bandwidth_max", "allocation", NULL};
    const stream_yaml *value[5];
    STREAM_TRY(stream_yaml_keys(node, known, "a port", diag));
    for (int i = 0; i < 5; ++i)
        STREAM_TRY(stream_yaml_need(node, known[i], "a port", diag, &value[i]));
    STREAM_TRY(stream_yaml_string(value[0], "the name of a port", diag, &out->name));
    STREAM_TRY(read_port_kind(value[1], diag, out));
    STREAM_TRY(stream_yaml_integer(value[2], known[2], 1, STREAM_MAX_BANDWIDTH_BITS, diag,
                                   &out->bandwidth_min_bits));
    STREAM_TRY(stream_yaml_integer(value[3], known[3], 1, STREAM_MAX_BANDWIDTH_BITS, diag,
                                   &out->bandwidth_max_bits));
    if (out->bandwidth_min_bits > out->bandwidth_max_bits)
        return stream_error(diag, STREAM_INVALID, value[2]->loc,
                            "bandwidth_min %lld of port '%s' is larger than bandwidth_max %lld",
                            (long long)out->bandwidth_min_bits, out->name,
                            (long long)out->bandwidth_max_bits);
    STREAM_TRY(stream_yaml_expect(value[4], STREAM_YAML_LIST, "allocation", diag));
    for (int32_t i = 0; i < value[4]->n; ++i)
        STREAM_TRY(read_allocation(value[4]->items[i], memory, diag, out));
    return STREAM_OK;
}

/* What an earlier port serves, too, is not an error: cores of ZigZag do it. */
static void warn_served(const stream_yaml *node, const stream_memory *memory,
                        const stream_port *ports, int32_t n, const stream_diag *diag) {
    for (int32_t k = 0; k < n; ++k)
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            for (int32_t d = 0; d < STREAM_N_DIRECTIONS; ++d)
                if (ports[k].serves[o] & ports[n].serves[o] & 1u << d)
                    stream_warn(diag, node->loc,
                                "ports '%s' and '%s' of memory '%s' both serve %s, %s; the last "
                                "one counts, as in ZigZag",
                                ports[k].name, ports[n].name, memory->name,
                                stream_operand_class_name((stream_operand_class)o), directions[d]);
}

static stream_status read_ports(const stream_yaml *list, stream_arena *arena,
                                const stream_diag *diag, stream_memory *out) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, "ports", diag));
    if (list->n < 1 || list->n > STREAM_MAX_PORTS)
        return stream_error(diag, STREAM_INVALID, list->loc,
                            "memory '%s' has %d ports; it must have 1 to %d", out->name, list->n,
                            STREAM_MAX_PORTS);
    stream_port *ports = STREAM_NEW(arena, stream_port, (size_t)list->n);
    for (int32_t i = 0; i < list->n; ++i) {
        STREAM_TRY(read_port(list->items[i], out, diag, &ports[i]));
        for (int32_t k = 0; k < i; ++k)
            if (!strcmp(ports[k].name, ports[i].name))
                return stream_error(diag, STREAM_INVALID, list->items[i]->loc,
                                    "memory '%s' has two ports named '%s'", out->name,
                                    ports[i].name);
        warn_served(list->items[i], out, ports, i, diag);
    }
    out->ports = ports;
    out->n_ports = list->n;
    return STREAM_OK;
}

static stream_status read_operands(const stream_yaml *list, const stream_diag *diag,
                                   stream_memory *out) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, "operands", diag));
    for (int32_t i = 0; i < list->n; ++i) {
        const stream_yaml *node = list->items[i];
        STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_SCALAR, "an operand", diag));
        int32_t operand = find_operand(node->text, strlen(node->text));
        if (operand < 0 || (out->operands >> operand & 1))
            return stream_error(diag, STREAM_INVALID, node->loc, "operand '%s' of memory '%s' %s",
                                node->text, out->name,
                                operand < 0 ? "is unknown; known: I1, I2, O" : "is listed twice");
        out->operands |= (uint8_t)(1u << operand);
        out->operand_order[out->n_operand_order++] = (uint8_t)operand;
    }
    if (!out->operands)
        return stream_error(diag, STREAM_INVALID, list->loc, "memory '%s' holds no operand",
                            out->name);
    return STREAM_OK;
}

static stream_status read_cost(const stream_yaml *node, const char *key, const stream_diag *diag,
                               const stream_memory *memory, double *out) {
    const stream_yaml *value = stream_yaml_find(node, key);
    if (value)
        return stream_yaml_number(value, key, 0, STREAM_MAX_PJ, diag, out);
    return stream_error(diag, STREAM_INVALID, node->loc,
                        "memory '%s' has no '%s'%s; give the numbers", memory->name, key,
                        memory->auto_cost ? " and costs are not extracted here" : "");
}

static stream_status read_numbers(const stream_yaml *node, const stream_diag *diag,
                                  stream_memory *out) {
    const stream_yaml *value;
    STREAM_TRY(stream_yaml_need(node, "size", "a memory", diag, &value));
    STREAM_TRY(stream_yaml_integer(value, "size", 1, INT64_MAX, diag, &out->size_bits));
    if ((value = stream_yaml_find(node, "auto_cost_extraction")))
        STREAM_TRY(stream_yaml_flag(value, "auto_cost_extraction", diag, &out->auto_cost));
    STREAM_TRY(read_cost(node, "r_cost", diag, out, &out->read_pj));
    STREAM_TRY(read_cost(node, "w_cost", diag, out, &out->write_pj));
    if (out->auto_cost)
        stream_warn(diag, out->loc,
                    "costs of memory '%s' are not extracted: r_cost and w_cost are used as written",
                    out->name);
    if ((value = stream_yaml_find(node, "area")))
        STREAM_TRY(stream_yaml_number(value, "area", 0, STREAM_YAML_ANY, diag, &out->area));
    out->latency_cycles = 1;
    if ((value = stream_yaml_find(node, "latency")))
        STREAM_TRY(stream_yaml_integer(value, "latency", 0, INT32_MAX, diag, &out->latency_cycles));
    if ((value = stream_yaml_find(node, "mem_type")))
        STREAM_TRY(stream_yaml_string(value, "mem_type", diag, &out->kind));
    if ((value = stream_yaml_find(node, "force_double_buffering")))
        STREAM_TRY(
            stream_yaml_flag(value, "force_double_buffering", diag, &out->force_double_buffering));
    return STREAM_OK;
}

static stream_status read_memory(const stream_yaml *key, const stream_yaml *node,
                                 const stream_core *core, stream_arena *arena,
                                 const stream_diag *diag, stream_memory *out) {
    static const char *const known[] = {"size",
                                        "r_cost",
                                        "w_cost",
                                        "area",
                                        "latency",
                                        "operands",
                                        "ports",
                                        "served_dimensions",
                                        "mem_type",
                                        "auto_cost_extraction",
                                        "force_double_buffering",
                                        NULL};
    const stream_yaml *value;
    *out = (stream_memory){.name = key->text, .kind = "sram", .loc = key->loc};
    STREAM_TRY(stream_yaml_keys(node, known, "a memory", diag));
    STREAM_TRY(read_numbers(node, diag, out));
    STREAM_TRY(stream_yaml_need(node, "operands", "a memory", diag, &value));
    STREAM_TRY(read_operands(value, diag, out));
    STREAM_TRY(stream_yaml_need(node, "ports", "a memory", diag, &value));
    STREAM_TRY(read_ports(value, arena, diag, out));
    STREAM_TRY(stream_yaml_need(node, "served_dimensions", "a memory", diag, &value));
    return stream_core_read_dims(value, core->n_array_dims, "served_dimensions", diag,
                                 &out->served_dims);
}

stream_status stream_core_read_memories(const stream_yaml *list, stream_arena *arena,
                                        const stream_diag *diag, stream_core *out) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_MAP, "memories", diag));
    if (list->n < 1 || list->n > STREAM_MAX_MEMORIES)
        return stream_error(diag, STREAM_INVALID, list->loc,
                            "the core has %d memories; it must have 1 to %d", list->n,
                            STREAM_MAX_MEMORIES);
    stream_memory *memories = STREAM_NEW(arena, stream_memory, (size_t)list->n);
    for (int32_t i = 0; i < list->n; ++i)
        STREAM_TRY(read_memory(list->keys[i], list->items[i], out, arena, diag, &memories[i]));
    out->memories = memories;
    out->n_memories = list->n;
    return STREAM_OK;
}
