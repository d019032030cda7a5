#ifndef STREAM_LIB_SCHEDULE_READY_H
#define STREAM_LIB_SCHEDULE_READY_H

#include "model.h"
#include "ready_heap.h"

/* CTs whose producers are placed, per core, in two heaps: those whose data exists by the time the
 * core is free (`now`), in the order in which they should run, and the others (`later`), by the
 * time at which their data exists. */

typedef struct {
    int64_t time;    /* end of the last producer */
    int32_t missing; /* producers not placed */
    bool placed;     /* leaves its heaps when it comes to their top */
} ready_ct;

/* 64 bits of rank, then the start. */
typedef unsigned __int128 candidate_key;

/* What a core should run next. */
typedef struct {
    candidate_key key; /* of several cores the candidate of the least is tried first */
    int64_t start;
    int32_t ct;   /* -1: nothing is ready, and the key is the largest */
    bool known;   /* nothing has changed since it was found */
    bool blocked; /* the core was refused it since the last placement */
} ready_candidate;

typedef struct {
    const model *m;
    stream_priority priority;
    int32_t n_cores;
    ready_heap *now, *later; /* [n_cores] */
    ready_heap *deep;        /* [n_cores] those of both, deepest first; sorted when asked for */
    bool deep_known;         /* they have been asked for */
    ready_candidate *next;   /* [n_cores] */
    ready_ct *cts;           /* [n_cts] */
    int32_t n_blocked;       /* cores */
} ready_queue;

/* All but the heaps, which grow, is in the arena. */
void stream_ready_open(ready_queue *q, const model *m, stream_arena *arena);
void stream_ready_close(ready_queue *q);
void stream_ready_reset(ready_queue *q, const int32_t *cores, stream_priority priority);

/* A producer of `ct` was placed and ends at `end`. True: it was the last, and the CT is to be
 * added. */
static inline bool stream_ready_produced(ready_queue *q, int32_t ct, int64_t end) {
    ready_ct *state = &q->cts[ct];
    state->time = end > state->time ? end : state->time;
    return --state->missing == 0;
}

/* All producers of `ct`, which runs on `core`, are placed. */
void stream_ready_add(ready_queue *q, int32_t ct, int32_t core, int64_t core_free);

/* The core whose candidate is to be tried next, and that candidate; -1: all are blocked or done.
 * core_free [n_cores] */
int32_t stream_ready_pick(ready_queue *q, const int64_t *core_free, int32_t *out_core);

/* A blocked core that has waited too long compared with `other`, the candidate of another core, and
 * its own candidate; -1: none. Its data may be what only it can use up. */
int32_t stream_ready_find_starved(ready_queue *q, const int32_t *cores, const int64_t *core_free,
                                  int32_t other, int32_t *out_core);
static inline int32_t stream_ready_starved(ready_queue *q, const int32_t *cores,
                                           const int64_t *core_free, int32_t other,
                                           int32_t *out_core) {
    return q->n_blocked == 0 ? -1 : stream_ready_find_starved(q, cores, core_free, other, out_core);
}

/* The deepest CT among all that are ready (of `core`, or of every core if -1); -1: none. It
 * consumes what others wait to get rid of. */
int32_t stream_ready_deepest(ready_queue *q, int32_t core, int32_t *out_core);

/* The CT was placed on the core, which is free later now. */
static inline void stream_ready_place(ready_queue *q, int32_t ct, int32_t core) {
    q->cts[ct].placed = true;
    q->next[core].known = false;
}

/* What the core should run next was refused; a CT was placed, so that it may be tried again. */
void stream_ready_block(ready_queue *q, int32_t core);
void stream_ready_unblock_all(ready_queue *q);
static inline void stream_ready_unblock(ready_queue *q) {
    if (q->n_blocked > 0)
        stream_ready_unblock_all(q);
}

#endif
