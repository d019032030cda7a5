#ifndef STREAM_LIB_SCHEDULE_PROFILE_H
#define STREAM_LIB_SCHEDULE_PROFILE_H

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>

/* How much of one bandwidth resource is in use over time, as a step function.
 *
 *   used
 *    64 |      ____
 *    32 |  ___|    |_______          steps: (0,0) (10,32) (20,64) (30,32) (60,0)
 *     0 |_|                |____     the last step lasts for ever and uses nothing
 *        0 10  20  30      60
 *
 * Neighbouring steps differ, so a saturated link is one step however many transfers make it. Steps
 * are in blocks, which an index lists in the order of time: a step is put between others by moving
 * those of one block, and a block in which everything fits, or nothing, is passed at once. */
enum {
    PROFILE_BLOCK = 64, /* steps */
    PROFILE_LINE = 8    /* of them side by side: 64 bytes */
};

typedef struct {
    alignas(PROFILE_LINE * sizeof(int64_t)) int64_t times[PROFILE_BLOCK];
    int64_t used[PROFILE_BLOCK]; /* of its steps; behind the last: INT64_MAX */
    int32_t n;                   /* >= 1 where the index lists it */
    int32_t next_spare;
    int64_t least, most; /* used: the least, and no step uses more than the most */
    int32_t n_least;     /* steps that use the least */
} profile_block;

typedef struct {
    int64_t time; /* of the block's first step */
    int32_t block;
} profile_entry;

/* A step: its place in the index, and in the block there. */
typedef struct {
    int32_t k, i;
} profile_place;

typedef struct {
    profile_block *blocks;
    int32_t n_blocks, blocks_capacity;
    int32_t spare; /* list of unused blocks */
    profile_entry *index;
    int32_t n_index, index_capacity;
    int32_t n;            /* steps */
    int64_t end;          /* nothing is used from then on */
    profile_place recent; /* where a start was found last, */
    profile_place asked;  /* and looked for; there may be other steps by now */
    int64_t bandwidth;
} profile;

void stream_profile_reset(profile *p, int64_t bandwidth); /* keeps the memory */
void stream_profile_free(profile *p);

/* Earliest start >= from such that `rate` more fits over [start, start + duration).
 * from >= 0, duration >= 1, 1 <= rate <= bandwidth. O(log n + blocks passed + steps looked at). */
int64_t stream_profile_fit(profile *p, int64_t from, int64_t duration, int64_t rate);

/* The same of *start, which becomes the start, or one behind `last`, if few steps say so; else
 * false, and nothing of the kind starts before what it becomes. O(log n) */
bool stream_profile_fit_soon(profile *p, int64_t *start, int64_t last, int64_t duration,
                             int64_t rate);

/* Does it fit there? */
bool stream_profile_fits(profile *p, int64_t start, int64_t duration, int64_t rate);

/* Adds `rate` over [start, end), or takes that much of what was added away (rate < 0). O(log n +
 * steps in it). */
void stream_profile_use(profile *p, int64_t start, int64_t end, int64_t rate);

#endif
