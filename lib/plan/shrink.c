/* Tiles that fit; see shrink.h. */

#include "shrink.h"

#include "cheapest.h"
#include "search.h"
#include "stream/support/integer.h"

#include <string.h>

typedef struct {
    const stream_shrink_task *task;
    int64_t *tile;
} shrinker;

static bool fits(const shrinker *s) {
    return stream_search_fits(s->task, s->tile);
}

static bool may(const shrinker *s, int32_t l) {
    return l >= 0 && !s->task->fixed[l] && s->tile[l] > 1;
}

/* Halves one loop until the tile fits or the loop is 1. */
static bool shrink_one(shrinker *s, int32_t l) {
    while (may(s, l)) {
        s->tile[l] = stream_ceil_div(s->tile[l], 2);
        if (fits(s))
            return true;
    }
    return false;
}

/* After a later loop made room: doubles an earlier one again while it fits. */
static void regrow(shrinker *s, int32_t l, int64_t most) {
    while (l >= 0 && !s->task->fixed[l] && s->tile[l] < most) {
        int64_t before = s->tile[l];
        s->tile[l] = stream_min_i64(2 * before, most);
        if (!fits(s)) {
            s->tile[l] = before;
            return;
        }
    }
}

/* Rows, then the pair of rows and output channels with the fewest CTs. */
static bool shrink_rows_and_channels(shrinker *s, const stream_loop_roles *roles,
                                     const int64_t *most) {
    if (fits(s) || shrink_one(s, roles->row))
        return true;
    if (roles->row < 0 || s->task->fixed[roles->row] || !may(s, roles->channel))
        return shrink_one(s, roles->channel);
    int32_t loops[] = {roles->row, roles->channel};
    s->tile[roles->row] = most[roles->row];
    if (stream_search_fewest(s->task, loops, 2, INT64_MAX, false, s->tile))
        return true;
    s->tile[roles->row] = s->tile[roles->channel] = 1;
    return false;
}

static int32_t add_free(const shrinker *s, int32_t l, const int64_t *most, int32_t *loops,
                        int32_t n) {
    if (l >= 0 && !s->task->fixed[l] && most[l] > 1 && n < STREAM_SEARCH_LOOPS)
        loops[n++] = l;
    return n;
}

/* The sizes of rows, output channels and other parallel loops with the fewest CTs, as far as these
 * are few enough loops to look at all. */
static bool shrink_parallel(shrinker *s, const stream_loop_roles *roles, const int64_t *most) {
    int64_t tile[STREAM_MAX_LOOPS];
    int32_t loops[STREAM_SEARCH_LOOPS];
    int32_t n = add_free(s, roles->row, most, loops, 0);
    n = add_free(s, roles->channel, most, loops, n);
    for (int32_t i = roles->n_other - 1; i >= 0; --i)
        n = add_free(s, roles->other[i], most, loops, n);
    memcpy(tile, most, sizeof tile);
    if (n == 0 || !stream_search_fewest(s->task, loops, n, INT64_MAX, true, tile))
        return false;
    memcpy(s->tile, tile, sizeof(int64_t) * (size_t)s->task->layer->n_loops);
    return true;
}

/* The other parallel loops, then the reductions; then the earlier ones as large as they can be. */
static bool shrink_the_rest(shrinker *s, const stream_loop_roles *roles, const int64_t *most) {
    bool done = false;
    for (int32_t i = 0; i < roles->n_other && !done; ++i)
        done = shrink_one(s, roles->other[i]);
    for (int32_t i = 0; s->task->may_split_reduction && i < roles->n_reduced && !done; ++i)
        done = shrink_one(s, roles->reduced[i]);
    if (!done)
        return false;
    for (int32_t i = roles->n_other - 1; i >= 0; --i)
        regrow(s, roles->other[i], most[roles->other[i]]);
    regrow(s, roles->channel, roles->channel >= 0 ? most[roles->channel] : 1);
    regrow(s, roles->row, roles->row >= 0 ? most[roles->row] : 1);
    return true;
}

/* Tiles that hold all of a long reduction are thin: few rows and few channels fit. Divided along
 * the reduction they are thicker and fewer, and read less for the same work. Only the outermost
 * reduction loop is divided, so that sums are made in the same order. */
static void thicken(shrinker *s, const stream_loop_roles *roles, const int64_t *most) {
    int32_t loops[STREAM_SEARCH_LOOPS], n = 0, reduced = 0;
    while (reduced < roles->n_reduced && most[roles->reduced[reduced]] == 1)
        ++reduced;
    if (!s->task->may_split_reduction || reduced == roles->n_reduced)
        return;
    int64_t tile[STREAM_MAX_LOOPS];
    int64_t count = stream_shrink_count(s->task->layer, most, s->tile);
    if (count < STREAM_SHRINK_FEWER)
        return;
    memcpy(tile, most, sizeof tile);
    n = add_free(s, roles->reduced[reduced], most, loops, n);
    n = add_free(s, roles->row, most, loops, n);
    n = add_free(s, roles->channel, most, loops, n);
    if (n > 0 &&
        stream_search_fewest(s->task, loops, n, count / STREAM_SHRINK_FEWER + 1, false, tile))
        memcpy(s->tile, tile, sizeof tile);
}

/* About as many CTs of another shape that read what others wrote in fewer pieces. Only of layers
 * without reduction: the shape of others decides about halos and weights that are read again. */
static void align(shrinker *s, const stream_loop_roles *roles, const int64_t *most) {
    int64_t whole[STREAM_MAX_LOOPS];
    int32_t loops[STREAM_SEARCH_LOOPS];
    if (roles->n_reduced > 0)
        return;
    memcpy(whole, most, sizeof whole);
    for (int32_t l = 0; l < s->task->layer->n_loops && s->task->may_grow; ++l)
        if (!s->task->fixed[l])
            whole[l] =
                stream_ceil_div(s->task->layer->bounds[l], stream_max_i64(1, s->task->split[l]));
    int32_t n = add_free(s, roles->channel, whole, loops, 0);
    for (int32_t i = roles->n_other - 1; i >= 0; --i)
        n = add_free(s, roles->other[i], whole, loops, n);
    n = add_free(s, roles->row, whole, loops, n);
    if (n > 1)
        stream_search_align(s->task, loops, n, whole, s->tile);
}

bool stream_shrink(const stream_shrink_task *task, int64_t *tile) {
    shrinker s = {task, tile};
    stream_loop_roles roles = stream_loop_roles_of(task->layer);
    int64_t most[STREAM_MAX_LOOPS] = {0};
    memcpy(most, tile, sizeof(int64_t) * (size_t)task->layer->n_loops);
    if (!shrink_rows_and_channels(&s, &roles, most) && !shrink_parallel(&s, &roles, most) &&
        !shrink_the_rest(&s, &roles, most))
        return false;
    if (task->cheapest && memcmp(tile, most, sizeof(int64_t) * (size_t)task->layer->n_loops) != 0)
        stream_search_cheapest(task, &roles, most, tile);
    else
        thicken(&s, &roles, most);
    align(&s, &roles, most);
    return true;
}
