#include "cost_detail.h"

#include "ir.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"

#include <string.h>

static MlirAttribute integer(MlirContext context, int64_t value) {
    return mlirIntegerAttrGet(mlirIntegerTypeGet(context, 64), value);
}

static MlirAttribute by_class(MlirContext context, const int64_t *values) {
    MlirNamedAttribute entries[STREAM_N_OPERANDS];
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        entries[o] = stream_ir_named(context, stream_operand_class_name((stream_operand_class)o),
                                     integer(context, values[o]));
    return stream_ir_dictionary(context, STREAM_N_OPERANDS, entries);
}

/* {memory = {operand = fJ}}, memories in the order of their first level. */
static MlirAttribute memory_energies(MlirContext context, const stream_kernel_cost *cost) {
    MlirNamedAttribute memories[STREAM_PRICE_MAX_LEVELS];
    bool done[STREAM_PRICE_MAX_LEVELS] = {false};
    intptr_t n = 0;
    for (int32_t i = 0; i < cost->n_levels; ++i) {
        MlirNamedAttribute operands[STREAM_PRICE_MAX_LEVELS];
        intptr_t m = 0;
        for (int32_t k = i; k < cost->n_levels && !done[i]; ++k)
            if (strcmp(cost->levels[k].memory, cost->levels[i].memory) == 0) {
                operands[m++] = stream_ir_named(context, cost->levels[k].operand,
                                                integer(context, cost->levels[k].fj));
                done[k] = k > i;
            }
        if (m > 0)
            memories[n++] = stream_ir_named(context, cost->levels[i].memory,
                                            stream_ir_dictionary(context, m, operands));
    }
    return stream_ir_dictionary(context, n, memories);
}

/* {operand class = {what it exchanges with off-chip}}, of the streamed ones. */
static MlirAttribute streams(MlirContext context, const stream_kernel_cost *cost) {
    MlirNamedAttribute operands[STREAM_N_OPERANDS];
    intptr_t n = 0;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        const stream_operand_stream *s = &cost->streams[o];
        MlirNamedAttribute entries[] = {
            stream_ir_named(context, "buffer_bits", integer(context, s->buffer_bits)),
            stream_ir_named(context, "offchip_energy_fj", integer(context, s->offchip_fj)),
            stream_ir_named(context, "read_bits", integer(context, s->read_bits)),
            stream_ir_named(context, "read_bits_per_cycle",
                            integer(context, s->read_bits_per_cycle)),
            stream_ir_named(context, "write_bits", integer(context, s->write_bits)),
            stream_ir_named(context, "write_bits_per_cycle",
                            integer(context, s->write_bits_per_cycle))};
        if (cost->streamed >> o & 1)
            operands[n++] = stream_ir_named(
                context, stream_operand_class_name((stream_operand_class)o),
                stream_ir_dictionary(context, sizeof entries / sizeof *entries, entries));
    }
    return stream_ir_dictionary(context, n, operands);
}

MlirAttribute stream_save_cost_detail(MlirContext context, const stream_kernel_cost *cost) {
    MlirNamedAttribute entries[7];
    intptr_t n = 0;
    if (!cost->mapping && !cost->streamed)
        return mlirAttributeGetNull();
    if (cost->mapping) {
        entries[n++] =
            stream_ir_named(context, "load_cycles", by_class(context, cost->load_cycles));
        entries[n++] =
            stream_ir_named(context, "mapping", stream_ir_string(context, cost->mapping));
        entries[n++] = stream_ir_named(context, "memory_energy_fj", memory_energies(context, cost));
        entries[n++] = stream_ir_named(context, "proven", mlirBoolAttrGet(context, cost->proven));
    }
    if (cost->streamed)
        entries[n++] = stream_ir_named(context, "streamed", streams(context, cost));
    if (cost->mapping) {
        entries[n++] =
            stream_ir_named(context, "top_read_bits", by_class(context, cost->top_read_bits));
        entries[n++] =
            stream_ir_named(context, "top_write_bits", by_class(context, cost->top_write_bits));
    }
    return stream_ir_dictionary(context, n, entries);
}

static int64_t entry(MlirAttribute dictionary, const char *name) {
    int64_t value = 0;
    return stream_ir_as_i64(stream_ir_entry(dictionary, name), &value) ? value : 0;
}

void stream_load_cost_streams(MlirAttribute detail, uint8_t *out_streamed,
                              stream_operand_stream *out) {
    *out_streamed = 0;
    memset(out, 0, STREAM_N_OPERANDS * sizeof *out);
    MlirAttribute all = stream_ir_entry(detail, "streamed");
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        MlirAttribute one =
            stream_ir_entry(all, stream_operand_class_name((stream_operand_class)o));
        if (mlirAttributeIsNull(one))
            continue;
        *out_streamed |= (uint8_t)(1u << o);
        out[o] = (stream_operand_stream){.read_bits = entry(one, "read_bits"),
                                         .write_bits = entry(one, "write_bits"),
                                         .read_bits_per_cycle = entry(one, "read_bits_per_cycle"),
                                         .write_bits_per_cycle = entry(one, "write_bits_per_cycle"),
                                         .offchip_fj = entry(one, "offchip_energy_fj"),
                                         .buffer_bits = entry(one, "buffer_bits")};
    }
}
