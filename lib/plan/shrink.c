/* Tiles that fit; see shrink.h. */

#include "shrink.h"

#include "stream/support/integer.h"

#include <string.h>

static int32_t named(const stream_layer *layer, const char *name) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (!layer->reduction[l] && strcmp(layer->loop_names[l], name) == 0)
            return l;
    return -1;
}

/* OY, else the outermost parallel loop with work that is neither the output channel nor the batch
 * of a layer that has something else. */
static int32_t find_row(const stream_layer *layer, int32_t channel) {
    int32_t row = named(layer, "OY"), batch = named(layer, "B"), fallback = -1;
    if (row >= 0 && layer->bounds[row] > 1)
        return row;
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        if (layer->reduction[l] || l == channel || layer->bounds[l] == 1)
            continue;
        if (l != batch)
            return l;
        fallback = l;
    }
    return fallback;
}

stream_loop_roles stream_loop_roles_of(const stream_layer *layer) {
    stream_loop_roles roles = {.channel = named(layer, "K")};
    if (roles.channel < 0)
        roles.channel = named(layer, "G");
    roles.row = find_row(layer, roles.channel);
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        if (layer->reduction[l])
            roles.reduced[roles.n_reduced++] = l;
        else if (l != roles.row && l != roles.channel)
            roles.other[roles.n_other++] = l;
    }
    return roles;
}

typedef struct {
    stream_fit *fit;
    const stream_layer *layer;
    const int32_t *cores;
    int32_t n_cores;
    double fill;
    const bool *fixed;
    int64_t *tile;
} shrinker;

static bool fits(const shrinker *s) {
    int32_t instance;
    stream_ct_bits bits;
    for (int32_t i = 0; i < s->n_cores; ++i)
        if (!stream_fit_core(s->fit, s->layer, s->tile, s->cores[i], s->fill, &instance, &bits))
            return false;
    return true;
}

static bool may(const shrinker *s, int32_t l) {
    return l >= 0 && !s->fixed[l] && s->tile[l] > 1;
}

static int64_t halve(int64_t size) {
    return stream_ceil_div(size, 2);
}

/* Halves one loop until the tile fits or the loop is 1. */
static bool shrink_one(shrinker *s, int32_t l) {
    while (may(s, l)) {
        s->tile[l] = halve(s->tile[l]);
        if (fits(s))
            return true;
    }
    return false;
}

/* The pair of row and channel tiles with the fewest CTs; among equals the larger channel tile. */
static bool shrink_pair(shrinker *s, int32_t row, int32_t channel, int64_t row_from) {
    int64_t best_count = INT64_MAX, best_row = 1, best_channel = 1, channel_from = s->tile[channel];
    for (int64_t r = row_from;; r = halve(r)) {
        for (int64_t k = channel_from;; k = halve(k)) {
            int64_t count = stream_ceil_div(row_from, r) * stream_ceil_div(channel_from, k);
            s->tile[row] = r;
            s->tile[channel] = k;
            if (count < best_count && fits(s)) {
                best_count = count;
                best_row = r;
                best_channel = k;
            }
            if (k == 1)
                break;
        }
        if (r == 1)
            break;
    }
    s->tile[row] = best_row;
    s->tile[channel] = best_channel;
    return best_count < INT64_MAX;
}

/* After a later loop made room: doubles an earlier one again while it fits. */
static void regrow(shrinker *s, int32_t l, int64_t most) {
    while (l >= 0 && !s->fixed[l] && s->tile[l] < most) {
        int64_t before = s->tile[l];
        s->tile[l] = stream_min_i64(2 * before, most);
        if (!fits(s)) {
            s->tile[l] = before;
            return;
        }
    }
}

static bool shrink(shrinker *s, bool may_split_reduction) {
    stream_loop_roles roles = stream_loop_roles_of(s->layer);
    int64_t most[STREAM_MAX_LOOPS];
    memcpy(most, s->tile, sizeof(int64_t) * (size_t)s->layer->n_loops);
    if (fits(s) || shrink_one(s, roles.row))
        return true;
    if (roles.row >= 0 && !s->fixed[roles.row] && may(s, roles.channel)) {
        if (shrink_pair(s, roles.row, roles.channel, most[roles.row]))
            return true;
    } else if (shrink_one(s, roles.channel)) {
        return true;
    }
    bool done = false;
    for (int32_t i = 0; i < roles.n_other && !done; ++i)
        done = shrink_one(s, roles.other[i]);
    for (int32_t i = 0; may_split_reduction && i < roles.n_reduced && !done; ++i)
        done = shrink_one(s, roles.reduced[i]);
    for (int32_t i = roles.n_other - 1; done && i >= 0; --i)
        regrow(s, roles.other[i], most[roles.other[i]]);
    if (done) {
        regrow(s, roles.channel, roles.channel >= 0 ? most[roles.channel] : 1);
        regrow(s, roles.row, roles.row >= 0 ? most[roles.row] : 1);
    }
    return done;
}

bool stream_shrink(stream_fit *fit, const stream_layer *layer, const int32_t *cores,
                   int32_t n_cores, double fill, const bool *fixed, bool may_split_reduction,
                   int64_t *tile) {
    shrinker s = {fit, layer, cores, n_cores, fill, fixed, tile};
    return shrink(&s, may_split_reduction);
}
