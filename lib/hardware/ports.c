/* What the ports of a core's memories must carry; see stream/hardware/accelerator.h. */

#include "internal.h"

#include <inttypes.h>

static bool holds(const stream_memory *memory, int32_t operand) {
    return memory->operands >> operand & 1;
}

static bool is_top(const stream_core *core, int32_t level, int32_t operand) {
    for (int32_t m = level + 1; m < core->n_memories; ++m)
        if (holds(&core->memories[m], operand))
            return false;
    return true;
}

static bool carries(const stream_memory *memory, int32_t operand, stream_direction direction) {
    bool reads = direction == STREAM_TO_HIGH || direction == STREAM_TO_LOW;
    for (int32_t p = 0; p < memory->n_ports; ++p)
        if (memory->ports[p].serves[operand] >> direction & 1 &&
            memory->ports[p].kind != (reads ? STREAM_PORT_WRITE : STREAM_PORT_READ))
            return true;
    return false;
}

static stream_status need(const stream_core *core, const stream_memory *memory, int32_t operand,
                          stream_direction direction, const stream_diag *diag) {
    static const char *const moves[] = {
        [STREAM_FROM_HIGH] = "writes from the memory above it, or from outside the core",
        [STREAM_FROM_LOW] = "writes from the array or the memory below it",
        [STREAM_TO_HIGH] = "reads for the memory above it, or from outside the core",
        [STREAM_TO_LOW] = "reads for the array or the memory below it"};
    static const char *const names[] = {"fh", "fl", "th", "tl"};
    if (carries(memory, operand, direction))
        return STREAM_OK;
    return stream_error(
        diag, STREAM_INVALID, memory->loc,
        "memory '%s' of core '%s' holds %s, but none of its ports carries '%s, %s' (%s)",
        memory->name, core->name, stream_operand_class_name((stream_operand_class)operand),
        stream_operand_class_name((stream_operand_class)operand), names[direction],
        moves[direction]);
}

stream_status stream_core_check_ports(const stream_core *core, uint8_t exchanged,
                                      const stream_diag *diag) {
    for (int32_t m = 0; m < core->n_memories; ++m)
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
            const stream_memory *memory = &core->memories[m];
            bool output = o == STREAM_O, above = exchanged >> o & 1 || !is_top(core, m, o);
            if (!holds(memory, o))
                continue;
            STREAM_TRY(need(core, memory, o, output ? STREAM_FROM_LOW : STREAM_TO_LOW, diag));
            if (above)
                STREAM_TRY(need(core, memory, o, output ? STREAM_TO_HIGH : STREAM_FROM_HIGH, diag));
        }
    return STREAM_OK;
}
