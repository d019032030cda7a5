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

MlirAttribute stream_save_cost_detail(MlirContext context, const stream_kernel_cost *cost) {
    if (!cost->mapping)
        return mlirAttributeGetNull();
    MlirNamedAttribute entries[] = {
        stream_ir_named(context, "load_cycles", by_class(context, cost->load_cycles)),
        stream_ir_named(context, "mapping", stream_ir_string(context, cost->mapping)),
        stream_ir_named(context, "memory_energy_fj", memory_energies(context, cost)),
        stream_ir_named(context, "proven", mlirBoolAttrGet(context, cost->proven)),
        stream_ir_named(context, "top_read_bits", by_class(context, cost->top_read_bits)),
        stream_ir_named(context, "top_write_bits", by_class(context, cost->top_write_bits))};
    return stream_ir_dictionary(context, sizeof entries / sizeof *entries, entries);
}
