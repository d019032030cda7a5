#ifndef STREAM_LIB_SCHEDULE_AHEAD_H
#define STREAM_LIB_SCHEDULE_AHEAD_H

#include "engine.h"

/* Asks for records of a CT that are not in a cache, one step before they are read: of large graphs
 * hardly any is. Nothing depends on it but time. */

/* All but one of its producers are placed. */
static inline void ahead_of_last_producer(const engine *e, int32_t ct) {
    __builtin_prefetch(&e->m->facts[ct]);
    __builtin_prefetch(&e->m->need_first[ct]);
}

/* It is ready: among the next ones to be placed where the deepest come first. */
static inline void ahead_of_turn(const engine *e, int32_t ct) {
    const need *needs = &e->m->needs[e->m->need_first[ct]];
    __builtin_prefetch(needs);
    __builtin_prefetch(needs + 64 / sizeof *needs);
    __builtin_prefetch(&e->m->graph->succ_first[ct]);
}

/* It is being placed: what will be written of it, and who reads that. */
static inline void ahead_of_commit(const engine *e, int32_t ct) {
    int32_t instance = place_of(e->m, ct, e->cores[ct], STREAM_O);
    __builtin_prefetch(&e->heads[stream_engine_list(e, ct, instance)], 1);
    __builtin_prefetch(&e->data[ct], 1);
    __builtin_prefetch(&e->slots[ct], 1);
    __builtin_prefetch(&e->m->tail[ct]);
    __builtin_prefetch(&e->m->graph->succs[e->m->graph->succ_first[ct]]);
    if (e->spare_buffer >= 0)
        __builtin_prefetch(buffer_at(e, e->spare_buffer), 1);
}

#endif
