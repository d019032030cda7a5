#ifndef STREAM_LIB_SCHEDULE_LAYOUT_WITNESSES_H
#define STREAM_LIB_SCHEDULE_LAYOUT_WITNESSES_H

#include "layout_moments.h"

/* One item for every moment, of those that are there, and the moments of every item: a list. */
typedef struct {
    int32_t *of_item;     /* [n] by rank: the first moment of its list; -1: none */
    int32_t *most;        /* [n] no moment of its list has more that is still to come */
    int32_t *next, *prev; /* [n_moments] in its list; -1: none */
} layout_lists;

typedef struct {
    const layout_moments *moments;
    const int32_t *left; /* [n_moments] what is still to come, which falls until the next reset */
    layout_lists now, at_first;
} layout_witnesses;

/* The first witness of a moment is one of the items that are there shortest.
 *
 * moments, left  kept
 * held           what is still to come at first */
void stream_layout_witnesses_open(layout_witnesses *w, const layout_moments *moments,
                                  const int32_t *held, const int32_t *left);
void stream_layout_witnesses_close(layout_witnesses *w);

/* The first witnesses again. */
void stream_layout_witnesses_reset(layout_witnesses *w);

void stream_layout_witnesses_change(layout_witnesses *w, int32_t moment, int32_t from, int32_t to);

#endif
