#ifndef STREAM_LIB_SCHEDULE_LAYOUT_EJECT_H
#define STREAM_LIB_SCHEDULE_LAYOUT_EJECT_H

#include "layout_space.h"

/* Places all items below `size`: first, one after the other in `order`, those that find a gap, each
 * in the smallest. Of the others, the largest first, each gets the place where what it overlaps
 * costs least: that is taken out and waits in its turn (guided ejection, Nagata and Braysy 2009).
 * What costs most is large, or found no gap often before. Of equally good places one is taken by a
 * fixed sequence of random numbers.
 *
 * True: all are placed, in s->addresses. False: not within `work` items looked at. */
bool stream_layout_eject(layout_space *s, const int32_t *order, int64_t size, int64_t work);

#endif
