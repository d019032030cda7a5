/* CTs that were refused room and would be refused it again; see engine.h. */

#include "engine.h"

/* Rises with every change of one of the core's memories. */
static int64_t changes_at(const engine *e, int32_t core) {
    int64_t changes = 0;
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int32_t instance = instance_of(e->m, core, o);
        changes += instance < 0 ? 0 : e->maps[instance].changes;
    }
    return changes;
}

bool stream_engine_was_refused(const engine *e, int32_t ct) {
    int32_t core = e->cores[ct];
    const refusal *last = &e->refusals[core * STREAM_REFUSALS];
    if (last->ct != ct && (++last)->ct != ct)
        return false;
    return e->maps[last->instance].released < last->enough || last->changes == changes_at(e, core);
}

void stream_engine_note_refusal(engine *e, int32_t ct) {
    int32_t core = e->cores[ct], instance = e->failure.instance;
    refusal *last = &e->refusals[core * STREAM_REFUSALS];
    if (instance == e->m->acc->offchip_instance) /* which all cores change */
        return;
    if (last[0].ct != ct)
        last[1] = last[0];
    last[0] = (refusal){ct, instance, changes_at(e, core),
                        e->maps[instance].released + e->failure.missing};
}
