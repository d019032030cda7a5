#ifndef STREAM_LIB_SCHEDULE_LAYOUT_MOMENTS_H
#define STREAM_LIB_SCHEDULE_LAYOUT_MOMENTS_H

#include "layout.h"

/* Items of a layout and the moments at which they are there. A moment is a time at which no others
 * join what is there before something leaves: what lies apart at all moments does at all times.
 *
 *   moment    0        1     2
 *   item 0    |--------------------|
 *   item 1       |--|
 *   item 2              |------|
 *   item 3                   |-----|
 *
 * Items are known by their rank: by class, then moment. A class holds items that are there for
 * about as long, so that those of a class that are there together with an item have ranks side by
 * side, but for a few. */
typedef struct {
    int32_t longest; /* moments */
    int32_t *begun;  /* [n_moments + 1] the first rank of the class that is there from that moment,
                      * or from a later one; its end, if none is */
} layout_class;

enum {
    LAYOUT_MOST_CLASSES = 16
};

typedef struct {
    int32_t n, n_moments, n_classes;
    int32_t *items;       /* [n] of each rank */
    int32_t *first, *end; /* [n] moments [first, end), by rank */
    layout_class classes[LAYOUT_MOST_CLASSES];
} layout_moments;

/* Times are not negative. O(n log n) */
void stream_layout_moments_open(layout_moments *m, const layout_item *items, int32_t n);
void stream_layout_moments_close(layout_moments *m);

/* Ranks [from, until). */
typedef struct {
    int32_t from, until;
} layout_ranks;

/* All of the class that are there at some of the moments [first, end), and some before them, whose
 * end is not after `first`. */
static inline layout_ranks stream_layout_ranks(const layout_class *c, int32_t first, int32_t end) {
    int32_t from = first - c->longest + 1;
    return (layout_ranks){c->begun[from > 0 ? from : 0], c->begun[end]};
}

#endif
