/* Off-chip memory is joined to every core; see internal.h. */

#include "internal.h"
#include "ways.h"

static bool sees(const stream_accelerator *acc, int32_t core, int32_t instance) {
    const int32_t *top = &acc->top[core * STREAM_N_OPERANDS];
    return top[STREAM_I1] == instance || top[STREAM_I2] == instance || top[STREAM_O] == instance;
}

static bool joined(const stream_accelerator *acc, const hop *way, int32_t instance) {
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if ((way[c].resource >= 0 || c == acc->offchip_core) && sees(acc, c, instance))
            return true;
    return false;
}

stream_status stream_hardware_reachable(const stream_accelerator *acc, stream_arena *arena,
                                        const stream_diag *diag) {
    hop *way = STREAM_NEW(arena, hop, (size_t)acc->n_cores);
    stream_way_search_run(stream_way_search_create(acc, false, WAY_SOONEST, arena),
                          acc->offchip_core, -1, way);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        for (int32_t o = 0; o < STREAM_N_OPERANDS && acc->cores[c].kind == STREAM_CORE_COMPUTE; ++o)
            if (!joined(acc, way, acc->top[c * STREAM_N_OPERANDS + o]))
                return stream_error(diag, STREAM_INVALID, acc->cores[c].place,
                                    "no links or buses lead from the off-chip core '%s' to compute "
                                    "core %d ('%s') or to a core that shares its memory",
                                    acc->cores[acc->offchip_core].name, c, acc->cores[c].name);
    return STREAM_OK;
}
