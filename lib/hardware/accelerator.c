/* Checking and completing an accelerator; see stream/hardware/accelerator.h. */

#include "internal.h"

#include <string.h>
#include <strings.h>

const char *stream_operand_class_name(stream_operand_class operand) {
    switch (operand) {
    case STREAM_I1:
        return "I1";
    case STREAM_I2:
        return "I2";
    case STREAM_O:
        return "O";
    case STREAM_N_OPERANDS:
        break;
    }
    return "?";
}

stream_status stream_accelerator_finish(stream_accelerator *acc, stream_arena *arena,
                                        const stream_diag *diag) {
    STREAM_TRY(stream_hardware_check(acc, diag));
    STREAM_TRY(stream_hardware_instances(acc, arena, diag));
    stream_hardware_resources(acc, arena);
    stream_hardware_classes(acc, arena);
    return stream_hardware_reachable(acc, arena, diag);
}

/* Matrix products under their several ONNX names are one operator. */
static const char *family(const char *op) {
    return !strcasecmp(op, "Gemm") || !strcasecmp(op, "BatchMatMul") ? "MatMul" : op;
}

static bool lists(const char *const *operators, int32_t n, const char *op) {
    for (int32_t i = 0; i < n; ++i)
        if (!strcasecmp(family(operators[i]), family(op)))
            return true;
    return false;
}

bool stream_core_runs(const stream_core *core, const char *op) {
    return core->kind == STREAM_CORE_COMPUTE &&
           (core->n_operators == 0 || lists(core->operators, core->n_operators, op));
}

bool stream_core_post_processes(const stream_core *core, const char *op) {
    return core->post ? lists(core->post->operators, core->post->n_operators, op)
                      : stream_core_runs(core, op);
}
