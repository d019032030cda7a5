/* Tiles before shrinking; see first_tiles.h. */

#include "first_tiles.h"

#include "roles.h"
#include "stream/support/integer.h"
#include "way_out.h"

#include <string.h>

static bool says_anything(const stream_layer *layer, const stream_layer_plan *plan) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (plan->tile[l] > 0 || plan->split[l] > 0)
            return true;
    return false;
}

/* Cores alike, also in how they are joined to off-chip memory. */
static bool equal_cores(const stream_accelerator *acc, const stream_layer_plan *plan) {
    for (int32_t i = 1; i < plan->n_cores; ++i)
        if (acc->class_of[plan->cores[i]] != acc->class_of[plan->cores[0]])
            return false;
    int64_t width = stream_way_out(acc, plan->cores[0]);
    bool equal = true;
    for (int32_t i = 1; i < plan->n_cores && equal; ++i)
        equal = stream_way_out(acc, plan->cores[i]) == width;
    return equal;
}

/* A layer alone in its stack is divided by output channel, else by rows, else by whatever parallel
 * loop has enough iterations: over equal cores into one part each, over unequal cores into smaller
 * tiles that the allocation hands out by speed. Returns how many of these; 0: there are none. */
static int64_t divide_over_cores(const stream_accelerator *acc, const stream_layer *layer,
                                 stream_layer_plan *plan, int64_t *piece) {
    enum {
        TILES_PER_UNEQUAL_CORE = 4
    };
    stream_loop_roles roles = stream_loop_roles_of(layer);
    int32_t candidates[STREAM_MAX_LOOPS + 2], n = 0;
    candidates[n++] = roles.channel;
    candidates[n++] = roles.row;
    for (int32_t i = 0; i < roles.n_other; ++i)
        candidates[n++] = roles.other[i];
    for (int32_t i = 0; i < n; ++i) {
        int32_t l = candidates[i];
        if (l < 0 || layer->bounds[l] < plan->n_cores || layer->whole[l])
            continue;
        if (equal_cores(acc, plan)) {
            plan->split[l] = plan->n_cores;
            return 0;
        }
        int64_t n_tiles =
            stream_min_i64(layer->bounds[l], TILES_PER_UNEQUAL_CORE * (int64_t)plan->n_cores);
        piece[l] = stream_ceil_div(layer->bounds[l], n_tiles);
        return n_tiles;
    }
    return 0;
}

int64_t stream_first_tiles(const stream_accelerator *acc, const stream_layer *layer, bool is_alone,
                           int64_t rows, stream_layer_plan *plan, bool *fixed, int64_t *whole) {
    stream_loop_roles roles = stream_loop_roles_of(layer);
    int64_t piece[STREAM_MAX_LOOPS] = {0}, n_tiles = 0;
    if (is_alone && plan->n_cores > 1 && !says_anything(layer, plan))
        n_tiles = divide_over_cores(acc, layer, plan, piece);
    bool rows_are_batches = roles.row >= 0 && strcmp(layer->loop_names[roles.row], "B") == 0;
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        int64_t part = stream_plan_part(layer, plan, l);
        fixed[l] = plan->tile[l] > 0 || layer->whole[l];
        if (fixed[l]) {
            plan->tile[l] = plan->tile[l] > 0 ? stream_min_i64(plan->tile[l], part) : part;
            whole[l] = plan->tile[l];
            continue;
        }
        whole[l] = part;
        plan->tile[l] = piece[l] > 0 ? piece[l] : part;
        if (is_alone || layer->reduction[l])
            continue;
        if (l == roles.row)
            plan->tile[l] = whole[l] = stream_min_i64(rows, part);
        else if (strcmp(layer->loop_names[l], "B") == 0 && !rows_are_batches)
            plan->tile[l] = whole[l] = 1;
    }
    return n_tiles;
}
