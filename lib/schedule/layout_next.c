/* The lowest item; see layout_next.h. */

#include "layout_next.h"

#include "stream/support/alloc.h"

#include <stdlib.h>

static void find_least(layout_next *next, const int32_t *lowest, const int32_t *priorities,
                       int32_t block) {
    layout_least least = {LAYOUT_LIES, 0};
    lowest += block * LAYOUT_BLOCK;
    priorities += block * LAYOUT_BLOCK;
    for (int32_t i = 0; i < LAYOUT_BLOCK; ++i)
        least.lowest = lowest[i] < least.lowest ? lowest[i] : least.lowest;
    for (int32_t i = 0; i < LAYOUT_BLOCK; ++i) {
        int32_t p = priorities[i], of_lowest = lowest[i] == least.lowest ? p : 0;
        least.priority = of_lowest > least.priority ? of_lowest : least.priority;
    }
    next->blocks[block] = least;
}

static void find_winner(layout_next *next, int32_t node) {
    int32_t a = next->winners[2 * node], b = next->winners[2 * node + 1];
    next->winners[node] =
        b >= 0 && stream_layout_is_before(&next->blocks[b], &next->blocks[a]) ? b : a;
}

void stream_layout_next_update(layout_next *next, const int32_t *lowest, const int32_t *priorities,
                               int32_t from, int32_t until) {
    int32_t first = from / LAYOUT_BLOCK, last = (until - 1) / LAYOUT_BLOCK;
    for (int32_t k = first; k <= last; ++k)
        find_least(next, lowest, priorities, k);
    int32_t a = (next->n_leaves + first) / 2, b = (next->n_leaves + last) / 2;
    for (; a > 0; a /= 2, b /= 2)
        for (int32_t node = a; node <= b; ++node)
            find_winner(next, node);
}

int32_t stream_layout_next_find(const layout_next *next, const int32_t *lowest,
                                const int32_t *priorities) {
    int32_t block = next->winners[1], i = block * LAYOUT_BLOCK;
    const layout_least *least = &next->blocks[block];
    while (lowest[i] != least->lowest || priorities[i] != least->priority)
        ++i;
    return i;
}

int32_t *stream_layout_next_new_ranks(const layout_next *next) {
    return stream_alloc_zeroed((size_t)next->n_blocks * LAYOUT_BLOCK, sizeof(int32_t));
}

void stream_layout_next_open(layout_next *next, int32_t n) {
    *next = (layout_next){.n_blocks = (n + LAYOUT_BLOCK - 1) / LAYOUT_BLOCK, .n_leaves = 1};
    while (next->n_leaves < next->n_blocks)
        next->n_leaves *= 2;
    next->blocks = stream_alloc_zeroed((size_t)next->n_blocks, sizeof *next->blocks);
    next->winners = stream_alloc_zeroed(2 * (size_t)next->n_leaves, sizeof *next->winners);
    for (int32_t k = 0; k < next->n_leaves; ++k)
        next->winners[next->n_leaves + k] = k < next->n_blocks ? k : -1;
    for (int32_t node = next->n_leaves - 1; node > 0; --node)
        next->winners[node] = next->winners[2 * node];
}

void stream_layout_next_close(layout_next *next) {
    free(next->blocks);
    free(next->winners);
}
