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
    __builtin_prefetch(&e->data[ct], 1);
}

/* It is being placed: what will be written of it, and who reads that. */
static inline void ahead_of_commit(const engine *e, int32_t ct) {
    __builtin_prefetch(&e->data[ct], 1);
    __builtin_prefetch(&e->starts[ct], 1);
    __builtin_prefetch(&e->m->graph->succs[e->m->graph->succ_first[ct]]);
    if (e->spare_buffer >= 0)
        __builtin_prefetch(buffer_at(e, e->spare_buffer), 1);
}

/* One CT is left that reads the datum: it will drop its buffer. */
static inline void ahead_of_last_reader(const engine *e, const datum_state *d) {
    if (d->primary >= 0)
        __builtin_prefetch(buffer_at(e, d->primary), 1);
}

/* A need of it is in the only buffer of the datum, which its last reader drops. */
static inline void ahead_of_release(const engine *e, const datum_state *d, int32_t id) {
    if (d->unread == 1)
        stream_memory_map_ahead(&e->maps[d->only_at], buffer_at(e, id)->segment);
}

/* A need of it must be fetched. */
static inline void ahead_of_fetch(const engine *e, const need *read) {
    if ((int32_t)read->datum < e->m->graph->n_cts)
        __builtin_prefetch(&e->m->graph->cts[read->datum].box);
}

/* It has a start: its successors will have one producer less. */
static inline void ahead_of_successors(const engine *e, int32_t ct) {
    const stream_ct_graph *g = e->m->graph;
    for (int32_t i = g->succ_first[ct]; i < g->succ_first[ct + 1]; ++i)
        __builtin_prefetch(&e->ready.cts[g->succs[i]], 1);
}

#endif
