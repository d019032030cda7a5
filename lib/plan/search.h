#ifndef STREAM_LIB_PLAN_SEARCH_H
#define STREAM_LIB_PLAN_SEARCH_H

#include "shrink.h"

/* Searches over the sizes that a few loops get when they are halved again and again. */

#define STREAM_SEARCH_LOOPS 3

/* Every loop of `loops` from its whole size down to 1, the last loop fastest. */
typedef struct {
    const int32_t *loops;
    int32_t n;
    int64_t whole[STREAM_MAX_LOOPS]; /* of all loops of the layer */
    int64_t tile[STREAM_MAX_LOOPS];
} stream_odometer;

/* tile[] is as given, but for `loops`, which are whole. */
stream_odometer stream_odometer_begin(const stream_layer *layer, const int32_t *loops, int32_t n,
                                      const int64_t *whole, const int64_t *tile);
bool stream_odometer_step(stream_odometer *o); /* false: all sizes were there */

bool stream_search_fits(const stream_shrink_task *task, const int64_t *tile);

/* Of the sizes of `loops` [n <= STREAM_SEARCH_LOOPS], halved from tile[], those that fit in the
 * fewest CTs; among equals, with `by_bits`, those whose CTs read the fewest bits (the least halo),
 * then those of the largest first loop, then second ... False, with `tile` unchanged, if none fits
 * in fewer than `below` CTs. */
bool stream_search_fewest(const stream_shrink_task *task, const int32_t *loops, int32_t n,
                          int64_t below, bool by_bits, int64_t *tile);

/* Of the sizes of `loops` halved from whole[] that fit in no more CTs than tile[] and in more than
 * half as many: those whose CTs together read the fewest pieces of what other layers wrote. `tile`
 * is unchanged where nothing is better. */
void stream_search_align(const stream_shrink_task *task, const int32_t *loops, int32_t n,
                         const int64_t *whole, int64_t *tile);

#endif
