/* Addresses for intervals of time that are known; see layout.h. */

#include "draw.h"
#include "layout_eject.h"
#include "layout_order.h"
#include "layout_stacks.h"

#include "stream/support/alloc.h"
#include "stream/support/integer.h"
#include "stream/support/sort.h"

#include <stdlib.h>

typedef struct {
    layout_item *items;
    int32_t n;
    bool is_laid_out; /* the items' addresses are a layout */
    bool found;       /* by the search */
    layout_stack stack;
    layout_space space; /* open once it was needed */
    int32_t *order;     /* [n]; NULL until then */
    int32_t n_ejected;  /* searches */
    uint64_t random;
} search;

static void open(search *l, layout_item *items, int32_t n, int64_t size, bool is_laid_out) {
    *l = (search){.items = items, .n = n, .is_laid_out = is_laid_out, .random = DRAW_SEED};
    stream_layout_stack_open(&l->stack, items, n, size);
}

static void close(search *l) {
    stream_layout_stack_close(&l->stack);
    if (!l->order)
        return;
    stream_layout_close(&l->space);
    free(l->order);
}

static int64_t work_of(const search *l) {
    return l->stack.work + l->space.work;
}

/* ---- stacks */

static bool stack(search *l, int64_t size, int64_t work) {
    if (!stream_layout_stacks_find(&l->stack, size, work))
        return false;
    for (int32_t i = 0; i < l->n; ++i)
        l->items[l->stack.moments.items[i]].address = stream_layout_stack_address(&l->stack, i);
    return true;
}

/* ---- ejection */

static void open_space(search *l) {
    if (l->order)
        return;
    l->order = stream_alloc_zeroed((size_t)l->n, sizeof *l->order);
    stream_layout_open(&l->space, l->items, l->n);
}

/* What ends within the size stays where it is. */
static void place_as_laid_out(search *l, int64_t size) {
    for (int32_t i = 0; i < l->n; ++i)
        if (l->items[i].address + l->items[i].bits <= size)
            stream_layout_place(&l->space, i, l->items[i].address);
}

static bool eject(search *l, int64_t size, int64_t work) {
    open_space(l);
    stream_layout_clear(&l->space);
    bool by_start = l->n_ejected++ == 0;
    if (l->is_laid_out && !by_start)
        place_as_laid_out(l, size);
    stream_layout_order(l->items, l->n, by_start ? LAYOUT_BY_START : LAYOUT_BY_AREA, l->order);
    if (!stream_layout_eject(&l->space, l->order, size, &l->random, work))
        return false;
    for (int32_t i = 0; i < l->n; ++i)
        l->items[i].address = l->space.addresses[i];
    return true;
}

/* Both take turns; true: the items have addresses below the size. */
static bool find_below(search *l, int64_t size, int64_t least_turn, int64_t work) {
    int64_t limit = work_of(l) + work;
    bool found = false;
    if (l->stack.most > size / l->stack.unit)
        return false;
    for (int64_t turn = least_turn; !found && work_of(l) < limit; turn *= 2)
        found = stack(l, size, stream_min_i64(turn, limit - work_of(l))) ||
                (work_of(l) < limit && eject(l, size, stream_min_i64(turn, limit - work_of(l))));
    l->found |= found;
    l->is_laid_out |= found;
    return found;
}

#define LEAST_TURN ((int64_t)1 << 18)

/* Layouts that are easy to find are found so, whatever the priorities of parts would be. */
#define WHOLE_STACKS 16

bool stream_layout_find(layout_item *items, int32_t n, int64_t size, int64_t *work) {
    search l;
    if (*work <= 0)
        return false;
    open(&l, items, n, size, false);
    l.stack.n_whole = WHOLE_STACKS;
    find_below(&l, size, LEAST_TURN, *work);
    *work -= work_of(&l);
    close(&l);
    return l.found;
}

int64_t stream_layout_extent(const layout_item *items, int32_t n, int64_t size) {
    stream_keyed *keys = stream_alloc_zeroed((size_t)n, sizeof *keys);
    stream_keyed *scratch = stream_alloc_zeroed((size_t)n, sizeof *scratch);
    int64_t end = 0, unused = 0;
    for (int32_t i = 0; i < n; ++i)
        keys[i] = (stream_keyed){(uint64_t)items[i].address, items[i].address + items[i].bits};
    stream_sort_keyed(keys, (size_t)n, scratch);
    for (int32_t i = 0; i < n; ++i) {
        unused = stream_max_i64(unused, (int64_t)keys[i].key - end);
        end = stream_max_i64(end, keys[i].value);
    }
    free(keys);
    free(scratch);
    return size - stream_max_i64(unused, size - end);
}

/* With less than the least for each item nothing is found. To reach each of what is between what is
 * good and what was reached there is a part of the work. */
#define LEAST_PER_ITEM 128
#define BETTER_PART    8
#define TRIES          5
/* What is no more than this part of the size above what was not reached is good, too. */
#define CLOSE_PART     256

/* Between what was reached and what was not. */
static void find_between(search *l, int64_t size, int64_t reached, int64_t failed, int64_t work) {
    int64_t limit = work + TRIES * (work / BETTER_PART);
    int64_t near = stream_max_i64(size / CLOSE_PART, 1);
    while (work_of(l) < limit && reached - failed > near) {
        int64_t aim = failed + (reached - failed) / 2;
        if (find_below(l, aim, LEAST_TURN, work / BETTER_PART))
            reached = aim;
        else
            failed = aim;
    }
}

bool stream_layout_improve(layout_item *items, int32_t n, int64_t size, int64_t good,
                           int64_t work) {
    search l;
    int64_t extent = stream_layout_extent(items, n, size);
    if (extent <= good || n > work / LEAST_PER_ITEM)
        return false;
    open(&l, items, n, size, true);
    if (!find_below(&l, good, LEAST_TURN, work))
        find_between(&l, size, extent, good, work);
    close(&l);
    return l.found;
}
