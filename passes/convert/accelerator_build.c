/* stream_accelerator -> stream.accelerator; see accelerator.h. */

#include "accelerator.h"

#include "ir.h"
#include "loc.h"

#include "stream-c/Dialect.h"
#include "stream/support/vec.h"

#include <stdio.h>
#include <string.h>

enum {
    MAX_ATTRS = 24
};

/* Attributes of one op while they are gathered. */
typedef struct {
    MlirContext context;
    MlirLocation loc;
    MlirNamedAttribute list[MAX_ATTRS];
    intptr_t n;
    bool bad; /* a text was no attribute */
} attrs;

static void put(attrs *a, const char *name, MlirAttribute value) {
    a->list[a->n++] = stream_ir_named(a->context, name, value);
}

static void put_unmodelled(attrs *a, const char *text) {
    if (!text)
        return;
    MlirAttribute attr = mlirAttributeParseGet(a->context, stream_ir_str(text));
    if (mlirAttributeIsNull(attr) || !mlirAttributeIsADictionary(attr))
        a->bad = true;
    else
        put(a, "unmodelled", attr);
}

static attrs start(MlirContext context, stream_loc loc, const char *symbol) {
    attrs a = {.context = context, .loc = stream_loc_mlir(loc, context)};
    if (symbol)
        put(&a, "sym_name", stream_ir_string(context, symbol));
    return a;
}

static MlirBlock add_region(MlirRegion *region) {
    *region = mlirRegionCreate();
    MlirBlock block = mlirBlockCreate(0, NULL, NULL);
    mlirRegionAppendOwnedBlock(*region, block);
    return block;
}

/* Appends the op; false if a text was no attribute or MLIR refused it. */
static bool finish(attrs *a, MlirBlock block, const char *name, MlirRegion *region,
                   MlirOperation *out) {
    stream_ir_op op = {.loc = a->loc,
                       .name = name,
                       .attrs = a->list,
                       .n_attrs = a->n,
                       .regions = region,
                       .n_regions = region ? 1 : 0};
    MlirOperation built = stream_ir_build(&op);
    if (mlirOperationIsNull(built))
        return false;
    if (!mlirBlockIsNull(block))
        mlirBlockAppendOwnedOperation(block, built);
    if (out)
        *out = built;
    return !a->bad;
}

static MlirAttribute array_dims(MlirContext context, uint16_t mask) {
    MlirAttribute names[STREAM_MAX_ARRAY_DIMS];
    intptr_t n = 0;
    for (int32_t d = 0; d < STREAM_MAX_ARRAY_DIMS; ++d)
        if (mask >> d & 1) {
            char name[4] = {'D', (char)('1' + d), '\0', '\0'};
            names[n++] = stream_ir_string(context, name);
        }
    return stream_ir_array(context, n, names);
}

static MlirAttribute build_port(attrs *a, const stream_port *port) {
    static const char *const kinds[] = {"read", "write", "read_write"};
    int64_t serves[STREAM_N_OPERANDS * STREAM_N_DIRECTIONS];
    intptr_t n = 0;
    for (int32_t i = 0; i < port->n_listed; ++i)
        serves[n++] = port->listed[i];
    for (int32_t i = 0; port->n_listed == 0 && i < STREAM_N_OPERANDS * STREAM_N_DIRECTIONS; ++i)
        if (port->serves[i / STREAM_N_DIRECTIONS] >> i % STREAM_N_DIRECTIONS & 1)
            serves[n++] = i;
    stream_port_attr attr = {stream_ir_str(port->name),
                             stream_ir_str(kinds[port->kind]),
                             port->bandwidth_min_bits,
                             port->bandwidth_max_bits,
                             serves,
                             n};
    return stream_port_attr_get(a->loc, &attr);
}

static MlirAttribute build_holds(MlirContext context, const stream_memory *memory) {
    const char *names[STREAM_N_OPERANDS];
    intptr_t n = 0;
    for (int32_t i = 0; i < memory->n_operand_order; ++i)
        names[n++] = stream_operand_class_name((stream_operand_class)memory->operand_order[i]);
    for (int o = 0; memory->n_operand_order == 0 && o < STREAM_N_OPERANDS; ++o)
        if (memory->operands >> o & 1)
            names[n++] = stream_operand_class_name((stream_operand_class)o);
    return stream_ir_strings(context, n, names);
}

static bool build_memory(MlirContext context, MlirBlock block, const stream_memory *memory) {
    attrs a = start(context, memory->loc, memory->name);
    stream_vec ports = STREAM_VEC(MlirAttribute);
    for (int32_t i = 0; i < memory->n_ports; ++i)
        *(MlirAttribute *)stream_vec_push(&ports) = build_port(&a, &memory->ports[i]);
    put(&a, "size_bits", stream_ir_i64(context, memory->size_bits));
    put(&a, "holds", build_holds(context, memory));
    put(&a, "read_pj", stream_ir_f64(context, memory->read_pj));
    put(&a, "write_pj", stream_ir_f64(context, memory->write_pj));
    if (memory->area != 0)
        put(&a, "area", stream_ir_f64(context, memory->area));
    if (memory->latency_cycles != 1)
        put(&a, "latency_cycles", stream_ir_i64(context, memory->latency_cycles));
    if (memory->served_dims)
        put(&a, "shared_by", array_dims(context, memory->served_dims));
    if (strcmp(memory->kind, "sram") != 0)
        put(&a, "kind", stream_ir_string(context, memory->kind));
    if (memory->force_double_buffering)
        put(&a, "double_buffered", stream_ir_unit(context));
    if (memory->auto_cost)
        put(&a, "auto_cost", stream_ir_unit(context));
    put(&a, "ports", stream_ir_array(context, (intptr_t)ports.n, ports.data));
    put_unmodelled(&a, memory->unmodelled);
    stream_vec_free(&ports);
    return finish(&a, block, "stream.memory", NULL, NULL);
}

static MlirAttribute build_dataflows(MlirContext context, const stream_core *core) {
    stream_vec flows = STREAM_VEC(MlirAttribute);
    for (int32_t f = 0; f < core->n_dataflows; ++f) {
        stream_vec unrolls = STREAM_VEC(MlirAttribute);
        for (int32_t u = 0; u < core->dataflows[f].n_unrolls; ++u) {
            const stream_unroll *unroll = &core->dataflows[f].unrolls[u];
            char dim[16];
            snprintf(dim, sizeof dim, "D%d", unroll->array_dim + 1);
            MlirNamedAttribute entry[] = {
                stream_ir_named(context, "dim", stream_ir_string(context, dim)),
                stream_ir_named(context, "loop", stream_ir_string(context, unroll->loop)),
                stream_ir_named(context, "unroll", stream_ir_i64(context, unroll->unroll))};
            *(MlirAttribute *)stream_vec_push(&unrolls) = stream_ir_dictionary(context, 3, entry);
        }
        *(MlirAttribute *)stream_vec_push(&flows) =
            stream_ir_array(context, (intptr_t)unrolls.n, unrolls.data);
        stream_vec_free(&unrolls);
    }
    MlirAttribute all = stream_ir_array(context, (intptr_t)flows.n, flows.data);
    stream_vec_free(&flows);
    return all;
}

static void put_post(attrs *a, const stream_post_processing *post) {
    if (!post)
        return;
    put(a, "post_processing", stream_ir_strings(a->context, post->n_operators, post->operators));
    if (post->ops_per_cycle)
        put(a, "post_ops_per_cycle", stream_ir_i64(a->context, post->ops_per_cycle));
    if (post->op_pj != 0)
        put(a, "post_pj", stream_ir_f64(a->context, post->op_pj));
}

static void put_compute(attrs *a, const stream_core *core) {
    if (core->n_array_dims)
        put(a, "array", stream_ir_i64s(a->context, core->n_array_dims, core->array_sizes));
    if (core->systolic_dims)
        put(a, "systolic", array_dims(a->context, core->systolic_dims));
    if (core->mac_pj != 0)
        put(a, "mac_pj", stream_ir_f64(a->context, core->mac_pj));
    if (core->mac_area != 0)
        put(a, "mac_area", stream_ir_f64(a->context, core->mac_area));
    if (core->n_operators)
        put(a, "operators", stream_ir_strings(a->context, core->n_operators, core->operators));
    put_post(a, core->post);
    if (core->n_dataflows)
        put(a, "dataflows", build_dataflows(a->context, core));
    if (core->utilization != 1)
        put(a, "utilization", stream_ir_f64(a->context, core->utilization));
}

static bool build_core(MlirContext context, MlirBlock block, const stream_core *core) {
    static const char *const kinds[] = {"compute", "memory", "shim", "offchip"};
    attrs a = start(context, core->loc, core->name);
    put(&a, "kind", stream_ir_string(context, kinds[core->kind]));
    if (core->static_pj != 0)
        put(&a, "static_pj", stream_ir_f64(context, core->static_pj));
    if (core->type_name && strcmp(core->type_name, core->name) != 0)
        put(&a, "type_name", stream_ir_string(context, core->type_name));
    if (core->space && strcmp(core->space, "zigzag") != 0)
        put(&a, "space", stream_ir_string(context, core->space));
    put_compute(&a, core);
    if (core->has_coordinates) {
        int64_t at[2] = {core->column, core->row};
        put(&a, "coordinates", stream_ir_i64s(context, 2, at));
    }
    put_unmodelled(&a, core->unmodelled);
    MlirRegion region;
    MlirBlock body = add_region(&region);
    bool ok = true;
    for (int32_t m = 0; m < core->n_memories; ++m)
        ok &= build_memory(context, body, &core->memories[m]);
    return finish(&a, block, "stream.core", &region, NULL) && ok;
}

static MlirAttribute core_symbols(MlirContext context, const stream_accelerator *acc,
                                  const int32_t *cores, int32_t n) {
    stream_vec list = STREAM_VEC(MlirAttribute);
    for (int32_t i = 0; i < n; ++i)
        *(MlirAttribute *)stream_vec_push(&list) =
            stream_ir_symbol(context, acc->cores[cores[i]].name);
    MlirAttribute all = stream_ir_array(context, n, list.data);
    stream_vec_free(&list);
    return all;
}

static bool build_link(MlirContext context, MlirBlock block, const stream_accelerator *acc,
                       const stream_link *link) {
    attrs a = start(context, link->loc, link->name);
    if (link->bus) {
        put(&a, "cores", core_symbols(context, acc, link->cores, link->n_cores));
    } else {
        put(&a, "first", stream_ir_symbol(context, acc->cores[link->cores[0]].name));
        put(&a, "second", stream_ir_symbol(context, acc->cores[link->cores[1]].name));
    }
    put(&a, "bandwidth_bits", stream_ir_i64(context, link->bandwidth_bits));
    if (link->pj_per_bit != 0)
        put(&a, "pj_per_bit", stream_ir_f64(context, link->pj_per_bit));
    if (link->latency_cycles != 0)
        put(&a, "latency_cycles", stream_ir_i64(context, link->latency_cycles));
    put_unmodelled(&a, link->unmodelled);
    return finish(&a, block, link->bus ? "stream.bus" : "stream.link", NULL, NULL);
}

/* "I1 O" for each core. */
static MlirAttribute shared_operands(MlirContext context, const stream_sharing *sharing) {
    MlirAttribute words[STREAM_MAX_CORES];
    for (int32_t i = 0; i < sharing->n_cores; ++i) {
        char text[16] = "";
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            if (sharing->operands[i] >> o & 1) {
                strcat(text, text[0] ? " " : "");
                strcat(text, stream_operand_class_name((stream_operand_class)o));
            }
        words[i] = stream_ir_string(context, text);
    }
    return stream_ir_array(context, sharing->n_cores, words);
}

MlirOperation stream_build_accelerator(MlirContext context, const stream_accelerator *acc) {
    attrs a = start(context, acc->loc, acc->name);
    put_unmodelled(&a, acc->unmodelled);
    MlirRegion region;
    MlirBlock body = add_region(&region);
    bool ok = true;
    for (int32_t c = 0; c < acc->n_cores; ++c)
        ok &= build_core(context, body, &acc->cores[c]);
    for (int32_t l = 0; l < acc->n_links; ++l)
        ok &= build_link(context, body, acc, &acc->links[l]);
    for (int32_t s = 0; s < acc->n_sharings; ++s) {
        attrs share = start(context, acc->loc, NULL);
        put(&share, "cores",
            core_symbols(context, acc, acc->sharings[s].cores, acc->sharings[s].n_cores));
        if (acc->sharings[s].operands)
            put(&share, "operands", shared_operands(context, &acc->sharings[s]));
        ok &= finish(&share, body, "stream.share", NULL, NULL);
    }
    MlirOperation op = {NULL};
    ok &= finish(&a, (MlirBlock){NULL}, "stream.accelerator", &region, &op);
    if (!ok && !mlirOperationIsNull(op))
        mlirOperationDestroy(op);
    return ok ? op : (MlirOperation){NULL};
}

MlirAttribute stream_instance_symbol(MlirContext context, const stream_accelerator *acc,
                                     int32_t instance) {
    const stream_instance *i = &acc->instances[instance];
    const stream_core *core = &acc->cores[i->core];
    return stream_ir_nested_symbol(context, core->name, core->memories[i->level].name);
}
