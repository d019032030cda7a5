/* stream.accelerator -> stream_accelerator; see accelerator.h. */

#include "accelerator.h"

#include "ct_graph.h"
#include "ir.h"
#include "loc.h"

#include "stream-c/Dialect.h"
#include "stream/support/vec.h"

#include <string.h>

typedef struct {
    stream_arena *arena;
    const stream_diag *diag;
} reader;

static const char *text(const reader *r, MlirOperation op, const char *name,
                        const char *otherwise) {
    MlirStringRef s;
    return stream_ir_get_string(op, name, &s) ? stream_ir_strdup(r->arena, s) : otherwise;
}

static double number(MlirOperation op, const char *name, double otherwise) {
    double value = otherwise;
    stream_ir_get_f64(op, name, &value);
    return value;
}

static int64_t integer(MlirOperation op, const char *name, int64_t otherwise) {
    int64_t value = otherwise;
    stream_ir_get_i64(op, name, &value);
    return value;
}

static const char *unmodelled(const reader *r, MlirOperation op) {
    MlirAttribute attr = stream_ir_attr(op, "unmodelled");
    return mlirAttributeIsNull(attr) ? NULL : stream_ir_attr_text(attr, r->arena);
}

/* "D3" -> 2, anything else -> -1. */
static int32_t array_dim(MlirAttribute attr) {
    MlirStringRef s;
    if (!stream_ir_as_string(attr, &s) || s.length != 2 || s.data[0] != 'D' || s.data[1] < '1' ||
        s.data[1] > '9')
        return -1;
    return s.data[1] - '1';
}

static uint16_t array_dims(MlirOperation op, const char *name) {
    MlirAttribute list = stream_ir_attr(op, name);
    uint16_t mask = 0;
    for (intptr_t i = 0; i < stream_ir_length(list); ++i) {
        int32_t dim = array_dim(mlirArrayAttrGetElement(list, i));
        if (dim >= 0)
            mask |= (uint16_t)(1u << dim);
    }
    return mask;
}

static void read_port(const reader *r, MlirAttribute attr, stream_port *out) {
    stream_port_attr port = stream_port_attr_value(attr);
    *out = (stream_port){.name = stream_ir_strdup(r->arena, port.name),
                         .kind = stream_ir_str_is(port.kind, "read")    ? STREAM_PORT_READ
                                 : stream_ir_str_is(port.kind, "write") ? STREAM_PORT_WRITE
                                                                        : STREAM_PORT_READ_WRITE,
                         .bandwidth_min_bits = port.min_bits,
                         .bandwidth_max_bits = port.max_bits};
    for (intptr_t i = 0; i < port.n_serves; ++i) {
        uint8_t code = (uint8_t)port.serves[i];
        uint8_t bit = (uint8_t)(1u << code % STREAM_N_DIRECTIONS);
        if (out->serves[code / STREAM_N_DIRECTIONS] & bit)
            continue;
        out->serves[code / STREAM_N_DIRECTIONS] |= bit;
        out->listed[out->n_listed++] = code;
    }
}

static int32_t operand_of(MlirAttribute attr) {
    MlirStringRef s;
    for (int o = 0; stream_ir_as_string(attr, &s) && o < STREAM_N_OPERANDS; ++o)
        if (stream_ir_str_is(s, stream_operand_class_name((stream_operand_class)o)))
            return o;
    return -1;
}

static void read_memory(const reader *r, MlirOperation op, stream_memory *out) {
    MlirAttribute holds = stream_ir_attr(op, "holds"), ports = stream_ir_attr(op, "ports");
    *out = (stream_memory){.name = stream_ir_strdup(r->arena, stream_ir_symbol_name(op)),
                           .size_bits = integer(op, "size_bits", 0),
                           .read_pj = number(op, "read_pj", 0),
                           .write_pj = number(op, "write_pj", 0),
                           .area = number(op, "area", 0),
                           .latency_cycles = integer(op, "latency_cycles", 1),
                           .served_dims = array_dims(op, "shared_by"),
                           .force_double_buffering = stream_ir_has(op, "double_buffered"),
                           .auto_cost = stream_ir_has(op, "auto_cost"),
                           .kind = text(r, op, "kind", "sram"),
                           .unmodelled = unmodelled(r, op),
                           .loc = stream_loc_of(op)};
    for (intptr_t i = 0; i < stream_ir_length(holds); ++i) {
        int32_t o = operand_of(mlirArrayAttrGetElement(holds, i));
        if (o < 0 || (out->operands >> o & 1))
            continue;
        out->operands |= (uint8_t)(1u << o);
        out->operand_order[out->n_operand_order++] = (uint8_t)o;
    }
    stream_port *list = STREAM_NEW(r->arena, stream_port, (size_t)stream_ir_length(ports));
    for (intptr_t i = 0; i < stream_ir_length(ports); ++i)
        read_port(r, mlirArrayAttrGetElement(ports, i), &list[out->n_ports++]);
    out->ports = list;
}

/* [{dim = "D1", loop = "K", unroll = 32}, ...]: one entry per unrolling. */
static void read_dataflow(const reader *r, MlirAttribute list, stream_dataflow *out) {
    stream_unroll *unrolls = STREAM_NEW(r->arena, stream_unroll, (size_t)stream_ir_length(list));
    for (intptr_t i = 0; i < stream_ir_length(list); ++i) {
        MlirAttribute entry = mlirArrayAttrGetElement(list, i);
        MlirStringRef loop;
        int64_t unroll;
        if (!stream_ir_as_string(stream_ir_entry(entry, "loop"), &loop) ||
            !stream_ir_as_i64(stream_ir_entry(entry, "unroll"), &unroll))
            continue;
        unrolls[out->n_unrolls++] = (stream_unroll){array_dim(stream_ir_entry(entry, "dim")),
                                                    stream_ir_strdup(r->arena, loop), unroll};
    }
    out->unrolls = unrolls;
}

static void read_dataflows(const reader *r, MlirOperation op, stream_core *out) {
    MlirAttribute list = stream_ir_attr(op, "dataflows");
    stream_dataflow *flows = STREAM_NEW(r->arena, stream_dataflow, (size_t)stream_ir_length(list));
    for (intptr_t i = 0; i < stream_ir_length(list); ++i)
        read_dataflow(r, mlirArrayAttrGetElement(list, i), &flows[out->n_dataflows++]);
    out->dataflows = flows;
}

static const char *const *read_names(const reader *r, MlirAttribute list, int32_t *out_n) {
    const char **names = STREAM_NEW(r->arena, const char *, (size_t)stream_ir_length(list));
    for (intptr_t i = 0; i < stream_ir_length(list); ++i) {
        MlirStringRef s;
        if (stream_ir_as_string(mlirArrayAttrGetElement(list, i), &s))
            names[(*out_n)++] = stream_ir_strdup(r->arena, s);
    }
    return names;
}

static const stream_post_processing *read_post(const reader *r, MlirOperation op) {
    MlirAttribute list = stream_ir_attr(op, "post_processing");
    if (mlirAttributeIsNull(list))
        return NULL;
    stream_post_processing *post = STREAM_NEW(r->arena, stream_post_processing, 1);
    post->operators = read_names(r, list, &post->n_operators);
    post->ops_per_cycle = integer(op, "post_ops_per_cycle", 0);
    post->op_pj = number(op, "post_pj", 0);
    return post;
}

static void read_memories(const reader *r, MlirOperation op, stream_core *out) {
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(op), r->arena);
    stream_memory *memories = STREAM_NEW(r->arena, stream_memory, (size_t)ops.n);
    for (int32_t i = 0; i < ops.n; ++i)
        if (stream_ir_is(ops.ops[i], "stream.memory"))
            read_memory(r, ops.ops[i], &memories[out->n_memories++]);
    out->memories = memories;
}

static stream_core_kind kind_of(MlirOperation op) {
    MlirStringRef s = {NULL, 0};
    stream_ir_get_string(op, "kind", &s);
    return stream_ir_str_is(s, "memory")    ? STREAM_CORE_MEMORY
           : stream_ir_str_is(s, "shim")    ? STREAM_CORE_SHIM
           : stream_ir_str_is(s, "offchip") ? STREAM_CORE_OFFCHIP
                                            : STREAM_CORE_COMPUTE;
}

static void read_core(const reader *r, MlirOperation op, stream_core *out) {
    int64_t at[2] = {0, 0};
    const char *name = stream_ir_strdup(r->arena, stream_ir_symbol_name(op));
    *out = (stream_core){.name = name,
                         .type_name = text(r, op, "type_name", name),
                         .kind = kind_of(op),
                         .space = text(r, op, "space", "zigzag"),
                         .systolic_dims = array_dims(op, "systolic"),
                         .mac_pj = number(op, "mac_pj", 0),
                         .mac_area = number(op, "mac_area", 0),
                         .static_pj = number(op, "static_pj", 0),
                         .utilization = number(op, "utilization", 1),
                         .unmodelled = unmodelled(r, op),
                         .loc = stream_loc_of(op),
                         .place = stream_loc_of(op)};
    intptr_t dims =
        stream_ir_as_i64s(stream_ir_attr(op, "array"), out->array_sizes, STREAM_MAX_ARRAY_DIMS);
    out->n_array_dims = dims < 0                       ? 0
                        : dims > STREAM_MAX_ARRAY_DIMS ? STREAM_MAX_ARRAY_DIMS
                                                       : (int32_t)dims;
    out->has_coordinates = stream_ir_as_i64s(stream_ir_attr(op, "coordinates"), at, 2) == 2;
    out->column = (int32_t)at[0];
    out->row = (int32_t)at[1];
    out->operators = read_names(r, stream_ir_attr(op, "operators"), &out->n_operators);
    out->post = read_post(r, op);
    read_dataflows(r, op, out);
    read_memories(r, op, out);
}

static stream_status read_core_list(const reader *r, MlirOperation op, MlirAttribute list,
                                    const stream_accelerator *acc, int32_t *cores, int32_t *n) {
    for (intptr_t i = 0; i < stream_ir_length(list); ++i) {
        MlirStringRef name = {NULL, 0};
        stream_ir_as_symbol(mlirArrayAttrGetElement(list, i), &name);
        cores[*n] = stream_core_by_name(acc, name);
        if (cores[(*n)++] < 0)
            return stream_error(r->diag, STREAM_INVALID, stream_loc_of(op),
                                "'%.*s' is no core of '%s'", (int)name.length, name.data,
                                acc->name);
    }
    return STREAM_OK;
}

static stream_status read_link(const reader *r, MlirOperation op, const stream_accelerator *acc,
                               stream_link *out) {
    bool bus = stream_ir_is(op, "stream.bus");
    MlirAttribute list = stream_ir_attr(op, "cores");
    int32_t *cores = STREAM_NEW(r->arena, int32_t, bus ? (size_t)stream_ir_length(list) : 2);
    *out = (stream_link){.name = stream_ir_strdup(r->arena, stream_ir_symbol_name(op)),
                         .bus = bus,
                         .cores = cores,
                         .bandwidth_bits = integer(op, "bandwidth_bits", 0),
                         .pj_per_bit = number(op, "pj_per_bit", 0),
                         .latency_cycles = integer(op, "latency_cycles", 0),
                         .unmodelled = unmodelled(r, op),
                         .loc = stream_loc_of(op)};
    if (bus)
        return read_core_list(r, op, list, acc, cores, &out->n_cores);
    MlirAttribute ends[2] = {stream_ir_attr(op, "first"), stream_ir_attr(op, "second")};
    return read_core_list(r, op, stream_ir_array(mlirOperationGetContext(op), 2, ends), acc, cores,
                          &out->n_cores);
}

/* NULL: it says none. The verifier knows that the words are good. */
static const uint8_t *read_shared_operands(const reader *r, MlirOperation op) {
    MlirAttribute list = stream_ir_attr(op, "operands");
    intptr_t n = stream_ir_length(list);
    uint8_t *masks = n ? STREAM_NEW(r->arena, uint8_t, (size_t)n) : NULL;
    for (intptr_t i = 0; i < n; ++i) {
        MlirStringRef words = {0};
        stream_ir_as_string(mlirArrayAttrGetElement(list, i), &words);
        const char *text = stream_ir_strdup(r->arena, words);
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            if (strstr(text, stream_operand_class_name((stream_operand_class)o)))
                masks[i] |= (uint8_t)(1u << o);
    }
    return masks;
}

static stream_status read_body(const reader *r, MlirOperation op, stream_accelerator *out) {
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(op), r->arena);
    stream_core *cores = STREAM_NEW(r->arena, stream_core, (size_t)ops.n);
    stream_link *links = STREAM_NEW(r->arena, stream_link, (size_t)ops.n);
    stream_sharing *sharings = STREAM_NEW(r->arena, stream_sharing, (size_t)ops.n);
    out->cores = cores;
    out->links = links;
    out->sharings = sharings;
    out->offchip_core = -1;
    for (int32_t i = 0; i < ops.n; ++i)
        if (stream_ir_is(ops.ops[i], "stream.core")) {
            read_core(r, ops.ops[i], &cores[out->n_cores]);
            if (cores[out->n_cores].kind == STREAM_CORE_OFFCHIP)
                out->offchip_core = out->n_cores;
            out->n_cores++;
        }
    for (int32_t i = 0; i < ops.n; ++i) {
        if (stream_ir_is(ops.ops[i], "stream.link") || stream_ir_is(ops.ops[i], "stream.bus"))
            STREAM_TRY(read_link(r, ops.ops[i], out, &links[out->n_links++]));
        if (!stream_ir_is(ops.ops[i], "stream.share"))
            continue;
        MlirAttribute list = stream_ir_attr(ops.ops[i], "cores");
        stream_sharing *s = &sharings[out->n_sharings++];
        int32_t *ids = STREAM_NEW(r->arena, int32_t, (size_t)stream_ir_length(list));
        s->cores = ids;
        STREAM_TRY(read_core_list(r, ops.ops[i], list, out, ids, &s->n_cores));
        s->operands = read_shared_operands(r, ops.ops[i]);
    }
    return STREAM_OK;
}

stream_status stream_read_accelerator(MlirOperation op, stream_arena *arena,
                                      const stream_diag *diag, stream_accelerator *out) {
    reader r = {arena, diag};
    *out = (stream_accelerator){.name = stream_ir_strdup(arena, stream_ir_symbol_name(op)),
                                .unmodelled = unmodelled(&r, op),
                                .loc = stream_loc_of(op)};
    STREAM_TRY(read_body(&r, op, out));
    return stream_accelerator_finish(out, arena, diag);
}

stream_status stream_load_accelerator(stream_pass *pass, MlirOperation module,
                                      const stream_accelerator **out) {
    MlirOperation found = {NULL};
    int32_t n = 0;
    MlirBlock body = stream_ir_body(module);
    for (MlirOperation op = mlirBlockGetFirstOperation(body); !mlirOperationIsNull(op);
         op = mlirOperationGetNextInBlock(op))
        if (stream_ir_is(op, "stream.accelerator")) {
            found = op;
            ++n;
        }
    if (n != 1)
        return stream_error(
            pass->diag, STREAM_INVALID, n ? stream_loc_of(found) : stream_loc_of_module(module),
            "the module has %d stream.accelerator ops; a schedule needs exactly one", n);
    stream_accelerator *acc = STREAM_NEW(pass->arena, stream_accelerator, 1);
    *out = acc;
    return stream_read_accelerator(found, pass->arena, pass->diag, acc);
}

int32_t stream_instance_by_symbol(const stream_accelerator *acc, MlirAttribute symbol) {
    MlirStringRef root, leaf;
    if (mlirAttributeIsNull(symbol) || !stream_ir_as_nested_symbol(symbol, &root, &leaf))
        return -1;
    int32_t core = stream_core_by_name(acc, root);
    for (int32_t o = 0; core >= 0 && o < STREAM_N_OPERANDS; ++o) {
        int32_t instance = acc->top[core * STREAM_N_OPERANDS + o];
        const stream_core *c = &acc->cores[core];
        for (int32_t m = c->n_memories - 1; instance >= 0 && m >= 0; --m)
            if (c->memories[m].operands >> o & 1) {
                if (stream_ir_str_is(leaf, c->memories[m].name))
                    return instance;
                break;
            }
    }
    return -1;
}
