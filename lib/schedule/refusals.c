/* CTs that were refused room in a pooled memory, and would be refused it again; see engine.h.
 *
 * What a CT needs there may have come since, but that took as much room. So while the bits that are
 * free and those taken since are fewer than it needed, it is refused: until that many are released.
 * A memory with addresses is tried again: it may have room, but not side by side. */

#include "engine.h"

void stream_engine_note_refusal(engine *e, int32_t ct) {
    refusal *last = &e->refusals[e->cores[ct] * STREAM_REFUSALS];
    const memory_map *map = &e->maps[e->failure.instance];
    if (!map->pooled)
        return;
    if (last[0].ct != ct)
        last[1] = last[0];
    last[0] = (refusal){ct, e->failure.instance, map->released + e->failure.missing};
}
