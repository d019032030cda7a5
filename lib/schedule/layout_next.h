#ifndef STREAM_LIB_SCHEDULE_LAYOUT_NEXT_H
#define STREAM_LIB_SCHEDULE_LAYOUT_NEXT_H

#include <stdbool.h>
#include <stdint.h>

/* The item that would lie lowest, of several the one of the highest priority: the best of each
 * block of ranks is known, and of those the best in a tree. */

enum {
    LAYOUT_BLOCK = 64, /* ranks */
    LAYOUT_LIES = INT32_MAX
};

/* Where an item would lie, and its priority, which is not negative. */
typedef struct {
    int32_t lowest, priority;
} layout_least;

static inline bool stream_layout_is_before(const layout_least *a, const layout_least *b) {
    return a->lowest != b->lowest ? a->lowest < b->lowest : a->priority > b->priority;
}

typedef struct {
    int32_t n_blocks, n_leaves;
    layout_least *blocks; /* [n_blocks] */
    int32_t *winners;     /* [2 n_leaves] node k: the best block of nodes 2k and 2k + 1; -1: none */
} layout_next;

void stream_layout_next_open(layout_next *next, int32_t n);
void stream_layout_next_close(layout_next *next);

/* [n] by rank, in whole blocks, all 0 */
int32_t *stream_layout_next_new_ranks(const layout_next *next);

/* Where items of the ranks [from, until), which are some, would lie has changed, or they lie.
 *
 * lowest      in whole blocks: where each would lie; LAYOUT_LIES: it lies, or there is none
 * priorities  in whole blocks */
void stream_layout_next_update(layout_next *next, const int32_t *lowest, const int32_t *priorities,
                               int32_t from, int32_t until);

/* Of equal ones the first; not all lie. */
int32_t stream_layout_next_find(const layout_next *next, const int32_t *lowest,
                                const int32_t *priorities);

#endif
