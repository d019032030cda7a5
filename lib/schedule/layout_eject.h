#ifndef STREAM_LIB_SCHEDULE_LAYOUT_EJECT_H
#define STREAM_LIB_SCHEDULE_LAYOUT_EJECT_H

#include "layout_space.h"

/* Places all items in [0, size), of which none is larger: those that are placed already, all below
 * it, keep their places at first, and of the others, in `order`, those that find a gap take the
 * smallest. Of what is left, the largest first, each gets the place where what it overlaps costs
 * least: that is taken out and waits in its turn (guided ejection, Nagata and Braysy 2009). What
 * costs most is large, or found no gap often of late. Of equally good places one is taken at
 * random.
 *
 * True: all are placed, in s->addresses. False: not within `work` items looked at. */
bool stream_layout_eject(layout_space *s, const int32_t *order, int64_t size, uint64_t *random,
                         int64_t work);

#endif
