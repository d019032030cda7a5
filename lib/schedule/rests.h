#ifndef STREAM_LIB_SCHEDULE_RESTS_H
#define STREAM_LIB_SCHEDULE_RESTS_H

#include "engine.h"

/* What of a box is not in a memory yet: the box without those that are there, one after the other.
 */

/* More boxes than this are not cut again: all of the box is fetched instead. */
#define STREAM_MOST_RESTS 64

typedef struct {
    stream_box boxes[STREAM_MOST_RESTS + 2 * STREAM_MAX_RANK];
    int32_t n;
} box_rests;

static inline void stream_rests_begin(box_rests *r, const stream_box *box) {
    r->boxes[0] = *box;
    r->n = 1;
}

/* False: too scattered; the rests are then void. */
bool stream_rests_cut(box_rests *r, const stream_box *there);

/* Bits that they take in the memory, each in whole words: together they may need more than the box.
 */
int64_t stream_rests_bits(const engine *e, int32_t tensor, int32_t instance, const box_rests *r);

#endif
