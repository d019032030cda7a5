/* Off-chip memory that is enough for a run that failed for want of it; see engine.h. */

#include "engine.h"

#include "stream/support/integer.h"

/* Runs that are made; their memories lie so many halvings close. */
#define MOST_RUNS 8

/* Of refused_ct. */
static int64_t offchip_bits(const engine *e, bool complete) {
    int32_t offchip = e->m->acc->offchip_instance;
    const memory_map *map = &e->maps[offchip];
    if (!complete)
        return e->failure.instance == offchip ? stream_sum_i64(map->live, e->failed_bits) : 0;
    const segment *last = map->pooled ? NULL : &map->segments[map->tail];
    return last && last->free_from == 0 ? last->address : map->size;
}

bool stream_engine_fits_offchip(const engine *failed, int64_t bits, refused_ct *out) {
    const stream_accelerator *acc = failed->m->acc;
    stream_arena *arena = stream_arena_create();
    memory_limit *limits = STREAM_NEW(arena, memory_limit, (size_t)acc->n_instances);
    for (int32_t i = 0; i < acc->n_instances; ++i)
        limits[i] = (memory_limit){acc->instances[i].size_bits, !failed->pooled};
    limits[acc->offchip_instance].bits = bits;
    engine *e = stream_engine_create(failed->m, NULL);
    e->limits = limits;
    stream_schedule_request request = {.cores = failed->cores,
                                       .order = failed->given,
                                       .priority = failed->priority,
                                       .cutoff = INT64_MAX,
                                       .much_slack = failed->much_slack,
                                       .without_addresses = failed->pooled};
    stream_status status = stream_engine_run(e, &request, NULL);
    bool complete = status == STREAM_OK && e->score.complete;
    bool refused = status == STREAM_INFEASIBLE && e->ct >= 0 && !e->failure.no_route;
    *out = (refused_ct){e->ct, refused ? e->failure.instance : -1, offchip_bits(e, complete)};
    stream_schedule_workspace_destroy(e);
    stream_arena_destroy(arena);
    return complete;
}

int64_t stream_engine_enough_offchip(const engine *failed, int64_t low, int64_t high) {
    const stream_accelerator *acc = failed->m->acc;
    int64_t word_bits = acc->instances[acc->offchip_instance].word_bits, found = -1;
    refused_ct refused;
    low = stream_round_up(low, word_bits);
    for (int32_t i = 0; i < MOST_RUNS && low < high; ++i) {
        int64_t bits = low + (high - low) / 2 / word_bits * word_bits;
        if (stream_engine_fits_offchip(failed, bits, &refused))
            found = high = refused.offchip_bits;
        else
            low = stream_max_i64(bits + word_bits, refused.offchip_bits);
    }
    return found;
}
