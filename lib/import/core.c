/* Core files; see stream/import/core.h. */

#include "core.h"

#include "stream/import/core.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* bf16 operations per cycle of an AIE2 tile at its peak: Stream's AIE cost model. */
#define AIE2_UNITS 32

char *stream_import_identifier(const char *text, stream_arena *arena) {
    char *out = STREAM_NEW(arena, char, strlen(text) + 2), *to = out;
    if (isdigit((unsigned char)*text))
        *to++ = '_';
    for (; *text; ++text)
        *to++ = isalnum((unsigned char)*text) ? *text : '_';
    return out;
}

static stream_status read_type(const stream_yaml *root, const stream_diag *diag, stream_core *out) {
    static const char *const kinds[] = {"compute", "memory", "shim", "offchip"};
    const stream_yaml *type = stream_yaml_find(root, "type");
    const char *text = "zigzag.compute";
    if (type)
        STREAM_TRY(stream_yaml_string(type, "type", diag, &text));
    const char *dot = strchr(text, '.'), *kind = dot ? dot + 1 : text;
    bool aie2 = dot && dot - text == 4 && !strncmp(text, "aie2", 4);
    bool zigzag = !dot || (dot - text == 6 && !strncmp(text, "zigzag", 6));
    out->space = aie2 ? "aie2" : "zigzag";
    for (size_t k = 0; (aie2 || zigzag) && k < sizeof kinds / sizeof *kinds; ++k)
        if (!strcmp(kind, kinds[k])) {
            out->kind = (stream_core_kind)k;
            return STREAM_OK;
        }
    return stream_error(diag, STREAM_INVALID, type->loc,
                        "unknown core type '%s'; known: zigzag.* and aie2.* with compute, memory, "
                        "shim and offchip",
                        text);
}

stream_status stream_core_read_dim(const stream_yaml *node, int32_t n_dims, const char *what,
                                   const stream_diag *diag, int32_t *out) {
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_SCALAR, what, diag));
    const char *text = node->text;
    if (text[0] == 'D' && text[1] >= '1' && text[1] < '1' + n_dims && !text[2]) {
        *out = text[1] - '1';
        return STREAM_OK;
    }
    return stream_error(diag, STREAM_INVALID, node->loc,
                        "'%s' in %s is no array dimension; the array has D1 to D%d", text, what,
                        n_dims);
}

stream_status stream_core_read_dims(const stream_yaml *list, int32_t n_dims, const char *what,
                                    const stream_diag *diag, uint16_t *out) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, what, diag));
    for (int32_t i = 0; i < list->n; ++i) {
        int32_t dim = 0;
        STREAM_TRY(stream_core_read_dim(list->items[i], n_dims, what, diag, &dim));
        if (*out >> dim & 1)
            return stream_error(diag, STREAM_INVALID, list->items[i]->loc, "%s names D%d twice",
                                what, dim + 1);
        *out |= (uint16_t)(1u << dim);
    }
    return STREAM_OK;
}

static stream_status read_sizes(const stream_yaml *array, const stream_diag *diag,
                                stream_core *out) {
    const stream_yaml *dims, *sizes;
    uint16_t seen = 0;
    STREAM_TRY(stream_yaml_need(array, "dimensions", "operational_array", diag, &dims));
    STREAM_TRY(stream_yaml_need(array, "sizes", "operational_array", diag, &sizes));
    STREAM_TRY(stream_yaml_expect(dims, STREAM_YAML_LIST, "dimensions", diag));
    STREAM_TRY(stream_yaml_expect(sizes, STREAM_YAML_LIST, "sizes", diag));
    if (dims->n != sizes->n)
        return stream_error(diag, STREAM_INVALID, sizes->loc,
                            "the array has %d dimensions but %d sizes", dims->n, sizes->n);
    if (dims->n < 1 || dims->n > STREAM_MAX_ARRAY_DIMS)
        return stream_error(diag, STREAM_INVALID, dims->loc,
                            "the array has %d dimensions; it must have 1 to %d", dims->n,
                            STREAM_MAX_ARRAY_DIMS);
    out->n_array_dims = dims->n;
    STREAM_TRY(stream_core_read_dims(dims, dims->n, "dimensions", diag, &seen));
    for (int32_t i = 0; i < dims->n; ++i)
        STREAM_TRY(stream_yaml_integer(sizes->items[i], "an array size",
                                       out->kind == STREAM_CORE_COMPUTE, INT32_MAX, diag,
                                       &out->array_sizes[dims->items[i]->text[1] - '1']));
    return STREAM_OK;
}

static const char *const array_extras[] = {
    "input_precision",      "is_imc",     "imc_type",   "adc_resolution",
    "bit_serial_precision", "cells_size", "cells_area", NULL};

static stream_status read_array(const stream_yaml *array, stream_text *extras,
                                const stream_diag *diag, stream_core *out) {
    static const char *const known[] = {
        "dimensions",      "sizes",      "unit_energy", "unit_area",      "systolic_dimensions",
        "input_precision", "is_imc",     "imc_type",    "adc_resolution", "bit_serial_precision",
        "cells_size",      "cells_area", NULL};
    const stream_yaml *value;
    STREAM_TRY(stream_yaml_keys(array, known, "operational_array", diag));
    STREAM_TRY(read_sizes(array, diag, out));
    if ((value = stream_yaml_find(array, "unit_energy")))
        STREAM_TRY(stream_yaml_number(value, "unit_energy", 0, STREAM_MAX_PJ, diag, &out->mac_pj));
    if ((value = stream_yaml_find(array, "unit_area")))
        STREAM_TRY(
            stream_yaml_number(value, "unit_area", 0, STREAM_YAML_ANY, diag, &out->mac_area));
    if ((value = stream_yaml_find(array, "systolic_dimensions")))
        STREAM_TRY(stream_core_read_dims(value, out->n_array_dims, "systolic_dimensions", diag,
                                         &out->systolic_dims));
    stream_text inner = {0};
    stream_yaml_entries(array, array_extras, &inner);
    if (inner.length)
        stream_text_print(extras, "%soperational_array = {%s}", extras->length ? ", " : "",
                          inner.data);
    stream_text_free(&inner);
    return STREAM_OK;
}

/* "K, 32" */
static stream_status read_unroll(const stream_yaml *node, stream_arena *arena,
                                 const stream_diag *diag, stream_unroll *out) {
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_SCALAR, "a loop of a dataflow", diag));
    char loop[16] = "", rest;
    long long unroll;
    if (sscanf(node->text, " %15[A-Za-z0-9_] , %9lld %c", loop, &unroll, &rest) != 2 || unroll < 1)
        return stream_error(diag, STREAM_INVALID, node->loc,
                            "'%s' is no loop of a dataflow; write for example 'K, 32'", node->text);
    out->loop = stream_arena_strdup(arena, loop);
    out->unroll = unroll;
    return STREAM_OK;
}

static stream_status read_dataflow(const stream_yaml *map, stream_arena *arena,
                                   const stream_diag *diag, stream_core *out) {
    STREAM_TRY(stream_yaml_expect(map, STREAM_YAML_MAP, "dataflows", diag));
    int32_t total = 0;
    for (int32_t d = 0; d < map->n; ++d) {
        STREAM_TRY(stream_yaml_expect(map->items[d], STREAM_YAML_LIST,
                                      "an array dimension of dataflows", diag));
        total += map->items[d]->n;
    }
    stream_unroll *unrolls = STREAM_NEW(arena, stream_unroll, (size_t)total);
    int32_t n = 0;
    for (int32_t d = 0; d < map->n; ++d) {
        int32_t dim = 0;
        STREAM_TRY(stream_core_read_dim(map->keys[d], out->n_array_dims, "dataflows", diag, &dim));
        for (int32_t i = 0; i < map->items[d]->n; ++i, ++n) {
            unrolls[n].array_dim = dim;
            STREAM_TRY(read_unroll(map->items[d]->items[i], arena, diag, &unrolls[n]));
        }
    }
    stream_dataflow *flow = STREAM_NEW(arena, stream_dataflow, 1);
    *flow = (stream_dataflow){.unrolls = unrolls, .n_unrolls = n};
    out->dataflows = flow;
    out->n_dataflows = 1;
    return STREAM_OK;
}

static const char *const core_extras[] = {"operand_precision", "banks", "dma",
                                          "max_object_fifo_depth", NULL};

static stream_status read_zigzag(const stream_yaml *root, stream_text *extras, stream_arena *arena,
                                 const stream_diag *diag, stream_core *out) {
    static const char *const known[] = {"name",
                                        "type",
                                        "memories",
                                        "dataflows",
                                        "operator_types",
                                        "post_processing",
                                        "operational_array",
                                        "static_energy",
                                        "banks",
                                        "operand_precision",
                                        NULL};
    const stream_yaml *array = stream_yaml_find(root, "operational_array"), *value;
    STREAM_TRY(stream_yaml_keys(root, known, "a core", diag));
    if (!array && out->kind == STREAM_CORE_COMPUTE)
        STREAM_TRY(stream_yaml_need(root, "operational_array", "a compute core", diag, &array));
    if (array)
        STREAM_TRY(read_array(array, extras, diag, out));
    if ((value = stream_yaml_find(root, "static_energy")))
        STREAM_TRY(
            stream_yaml_number(value, "static_energy", 0, STREAM_MAX_PJ, diag, &out->static_pj));
    if ((value = stream_yaml_find(root, "dataflows")))
        STREAM_TRY(read_dataflow(value, arena, diag, out));
    STREAM_TRY(stream_yaml_need(root, "memories", "a core", diag, &value));
    return stream_core_read_memories(value, arena, diag, out);
}

/* All operands in one memory behind one port, in every direction. */
static void aie2_memory(const stream_yaml *loc, int64_t size, int64_t min, int64_t max,
                        stream_arena *arena, stream_core *out) {
    stream_port *port = STREAM_NEW(arena, stream_port, 1);
    stream_memory *memory = STREAM_NEW(arena, stream_memory, 1);
    *port = (stream_port){.name = "rw_port_1",
                          .kind = STREAM_PORT_READ_WRITE,
                          .bandwidth_min_bits = min,
                          .bandwidth_max_bits = max};
    for (int o = 0; o < STREAM_N_OPERANDS; ++o)
        port->serves[o] = (1u << STREAM_N_DIRECTIONS) - 1;
    *memory = (stream_memory){.name = "memory",
                              .size_bits = size,
                              .latency_cycles = 1,
                              .operands = (1u << STREAM_N_OPERANDS) - 1,
                              .ports = port,
                              .n_ports = 1,
                              .served_dims = out->n_array_dims ? 1 : 0,
                              .kind = "sram",
                              .loc = loc->loc};
    out->memories = memory;
    out->n_memories = 1;
}

static stream_status read_aie2(const stream_yaml *root, stream_arena *arena,
                               const stream_diag *diag, stream_core *out) {
    static const char *const known[] = {"name",
                                        "type",
                                        "memory",
                                        "max_object_fifo_depth",
                                        "utilization",
                                        "operator_types",
                                        "banks",
                                        "dma",
                                        "operand_precision",
                                        "post_processing",
                                        NULL};
    static const char *const memory_known[] = {"capacity", "bandwidth_min", "bandwidth_max", NULL};
    static const int64_t most[] = {INT64_MAX, STREAM_MAX_BANDWIDTH_BITS, STREAM_MAX_BANDWIDTH_BITS};
    const stream_yaml *memory, *value;
    int64_t depth, number[3];
    STREAM_TRY(stream_yaml_keys(root, known, "an aie2 core", diag));
    STREAM_TRY(stream_yaml_need(root, "max_object_fifo_depth", "an aie2 core", diag, &value));
    STREAM_TRY(stream_yaml_integer(value, "max_object_fifo_depth", 1, INT32_MAX, diag, &depth));
    STREAM_TRY(stream_yaml_need(root, "memory", "an aie2 core", diag, &memory));
    STREAM_TRY(stream_yaml_keys(memory, memory_known, "the memory of an aie2 core", diag));
    for (int i = 0; i < 3; ++i) {
        STREAM_TRY(stream_yaml_need(memory, memory_known[i], "the memory", diag, &value));
        STREAM_TRY(stream_yaml_integer(value, memory_known[i], 1, most[i], diag, &number[i]));
    }
    if (number[1] > number[2])
        return stream_error(diag, STREAM_INVALID, value->loc,
                            "bandwidth_min %lld is larger than bandwidth_max %lld",
                            (long long)number[1], (long long)number[2]);
    if ((value = stream_yaml_find(root, "utilization"))) {
        double percent;
        STREAM_TRY(stream_yaml_number(value, "utilization", 0, 100, diag, &percent));
        if (out->kind != STREAM_CORE_COMPUTE || percent == 0)
            return stream_error(diag, STREAM_INVALID, value->loc,
                                "utilization is %g; it is a percentage above 0, of compute cores",
                                percent);
        out->utilization = percent / 100;
    }
    if (out->kind == STREAM_CORE_COMPUTE) {
        out->n_array_dims = 1;
        out->array_sizes[0] = AIE2_UNITS;
    }
    aie2_memory(memory, number[0], number[1], number[2], arena, out);
    return STREAM_OK;
}

static stream_status read_parts(const stream_yaml *root, stream_text *extras, stream_arena *arena,
                                const stream_diag *diag, stream_core *out) {
    const stream_yaml *value;
    stream_yaml_entries(root, core_extras, extras);
    STREAM_TRY(!strcmp(out->space, "aie2") ? read_aie2(root, arena, diag, out)
                                           : read_zigzag(root, extras, arena, diag, out));
    if ((value = stream_yaml_find(root, "operator_types")))
        STREAM_TRY(stream_core_read_operators(value, arena, diag, out));
    if ((value = stream_yaml_find(root, "post_processing")))
        STREAM_TRY(stream_core_read_post(value, arena, diag, out));
    STREAM_TRY(stream_yaml_need(root, "name", "a core", diag, &value));
    return stream_yaml_string(value, "name", diag, &out->type_name);
}

stream_status stream_core_read(const stream_yaml *root, stream_arena *arena,
                               const stream_diag *diag, stream_core *out) {
    stream_text extras = {0};
    *out = (stream_core){.utilization = 1, .loc = root->loc};
    STREAM_TRY(stream_yaml_expect(root, STREAM_YAML_MAP, "a core", diag));
    STREAM_TRY(read_type(root, diag, out));
    stream_status status = read_parts(root, &extras, arena, diag, out);
    out->unmodelled = stream_yaml_dictionary(&extras, arena);
    if (status == STREAM_OK)
        out->name = stream_import_identifier(out->type_name, arena);
    return status;
}

stream_status stream_core_import(const char *path, const void *bytes, size_t n, stream_arena *arena,
                                 const stream_diag *diag, stream_core *out) {
    const stream_yaml *root;
    const char *kept = path ? stream_arena_strdup(arena, path) : NULL;
    STREAM_TRY(stream_yaml_parse_last(kept, bytes, n, arena, diag, &root));
    return stream_core_read(root, arena, diag, out);
}
