#ifndef STREAM_LIB_SCHEDULE_LAYOUT_STACKS_H
#define STREAM_LIB_SCHEDULE_LAYOUT_STACKS_H

#include "layout_stack.h"

/* Looks for a layout in [0, size), which holds s->most: one stack after the other, of each of the
 * priorities in turns. Of many items, once s->n_whole stacks have failed, those that are there
 * about when one did are stacked for themselves before the next one, which costs little: it is
 * mostly there that priorities must change. False: not within about `work` items and moments looked
 * at; the next call goes on with the priorities of this one. */
bool stream_layout_stacks_find(layout_stack *s, int64_t size, int64_t work);

#endif
