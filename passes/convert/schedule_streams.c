/* What a CT streams (rule R9) <-> `streaming` of stream.ct:
 *
 *   {I2 = {address = 0 : i64, read_over = [@bus], read_rate = 64 : i64},
 *    O = {address = 4096 : i64, write_over = [@bus], write_rate = 8 : i64}} */

#include "schedule_route.h"

static int32_t save_flow(MlirContext context, const stream_accelerator *acc,
                         const stream_flow *flow, const char *over, const char *rate,
                         stream_arena *arena, MlirNamedAttribute *out) {
    if (flow->rate_bits == 0)
        return 0;
    MlirAttribute *names = STREAM_NEW(arena, MlirAttribute, (size_t)flow->n_resources);
    for (int32_t i = 0; i < flow->n_resources; ++i)
        names[i] =
            stream_ir_symbol(context, acc->links[acc->resources[flow->resources[i]].link].name);
    out[0] = stream_ir_named(context, over, stream_ir_array(context, flow->n_resources, names));
    out[1] = stream_ir_named(context, rate, stream_ir_i64(context, flow->rate_bits));
    return 2;
}

MlirAttribute stream_save_streaming(MlirContext context, const stream_accelerator *acc,
                                    const stream_ct_stream *streams, int32_t n,
                                    stream_arena *arena) {
    MlirNamedAttribute operands[STREAM_N_OPERANDS];
    for (int32_t i = 0; i < n; ++i) {
        const stream_ct_stream *s = &streams[i];
        MlirNamedAttribute entries[5];
        int32_t k = 0;
        entries[k++] = stream_ir_named(context, "address", stream_ir_i64(context, s->address));
        k += save_flow(context, acc, &s->read, "read_over", "read_rate", arena, entries + k);
        k += save_flow(context, acc, &s->write, "write_over", "write_rate", arena, entries + k);
        operands[i] =
            stream_ir_named(context, stream_operand_class_name((stream_operand_class)s->operand),
                            stream_ir_dictionary(context, k, entries));
    }
    return stream_ir_dictionary(context, n, operands);
}

static int64_t integer(MlirAttribute entry, const char *name) {
    int64_t value = 0;
    return stream_ir_as_i64(stream_ir_entry(entry, name), &value) ? value : 0;
}

static bool load_flow(stream_route_reader *r, MlirAttribute entry, const char *over,
                      const char *rate, int32_t source, stream_flow *out) {
    stream_read_route route;
    if (!stream_route_read(r, source, stream_ir_entry(entry, over), &route))
        return false;
    *out = (stream_flow){route.resources, route.n, integer(entry, rate)};
    return true;
}

bool stream_load_streaming(stream_route_reader *r, MlirAttribute streaming, int32_t ct,
                           int32_t core, stream_vec *out) {
    for (uint8_t o = 0; !mlirAttributeIsNull(streaming) && o < STREAM_N_OPERANDS; ++o) {
        MlirAttribute entry =
            stream_ir_entry(streaming, stream_operand_class_name((stream_operand_class)o));
        if (mlirAttributeIsNull(entry))
            continue;
        stream_ct_stream s = {.ct = ct, .operand = o, .address = integer(entry, "address")};
        int32_t top = r->acc->top[core * STREAM_N_OPERANDS + o];
        if (!load_flow(r, entry, "read_over", "read_rate", r->acc->offchip_instance, &s.read) ||
            !load_flow(r, entry, "write_over", "write_rate", top, &s.write))
            return false;
        *(stream_ct_stream *)stream_vec_push(out) = s;
    }
    return true;
}
