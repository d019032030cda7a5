/* Searches over halved sizes; see search.h. */

#include "search.h"

#include "stream/support/integer.h"

#include <string.h>

stream_odometer stream_odometer_begin(const stream_layer *layer, const int32_t *loops, int32_t n,
                                      const int64_t *whole, const int64_t *tile) {
    stream_odometer o = {.loops = loops, .n = n};
    memcpy(o.whole, whole, sizeof(int64_t) * (size_t)layer->n_loops);
    memcpy(o.tile, tile, sizeof(int64_t) * (size_t)layer->n_loops);
    for (int32_t i = 0; i < n; ++i)
        o.tile[loops[i]] = whole[loops[i]];
    return o;
}

bool stream_odometer_step(stream_odometer *o) {
    for (int32_t i = o->n - 1; i >= 0; --i) {
        int32_t l = o->loops[i];
        if (o->tile[l] > 1) {
            o->tile[l] = stream_ceil_div(o->tile[l], 2);
            return true;
        }
        o->tile[l] = o->whole[l];
    }
    return false;
}

int64_t stream_shrink_count(const stream_layer *layer, const int64_t *whole, const int64_t *tile) {
    int64_t count = 1;
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (!stream_mul_i64(count, stream_ceil_div(whole[l], tile[l]), &count))
            return INT64_MAX;
    return count;
}

bool stream_search_fits(const stream_shrink_task *task, const int64_t *tile) {
    stream_shortage shortage;
    stream_cutting cutting = {task->layer, task->split, tile};
    return stream_fit_cores(task->fit, &cutting, task->cores, task->n_cores, task->fill, &shortage);
}

/* Bits that the CT in the middle reads. */
static int64_t read_bits(const stream_shrink_task *task, const int64_t *tile) {
    int64_t bits[STREAM_N_OPERANDS];
    stream_cutting cutting = {task->layer, task->split, tile};
    stream_fit_bits(task->fit, &cutting, task->cores[0], bits);
    return bits[STREAM_I1] + bits[STREAM_I2];
}

bool stream_search_fewest(const stream_shrink_task *task, const int32_t *loops, int32_t n,
                          int64_t below, bool by_bits, int64_t *tile) {
    stream_odometer o = stream_odometer_begin(task->layer, loops, n, tile, tile);
    int64_t best = below, best_bits = 0; /* what is not below is not as good */
    do {
        int64_t count = stream_shrink_count(task->layer, o.whole, o.tile);
        if (count > best)
            continue;
        int64_t bits = by_bits ? read_bits(task, o.tile) : 0;
        if ((count < best || bits < best_bits) && stream_search_fits(task, o.tile)) {
            best = count;
            best_bits = bits;
            memcpy(tile, o.tile, sizeof(int64_t) * (size_t)task->layer->n_loops);
        }
    } while (stream_odometer_step(&o));
    return best < below;
}

void stream_search_align(const stream_shrink_task *task, const int32_t *loops, int32_t n,
                         const int64_t *whole, int64_t *tile) {
    const stream_layer *layer = task->layer;
    stream_odometer o = stream_odometer_begin(layer, loops, n, whole, tile);
    int64_t limit = stream_shrink_count(layer, whole, tile), reads, best;
    stream_cutting cutting = {layer, task->split, tile};
    int64_t pieces = stream_fit_pieces(task->fit, &cutting, &reads);
    if (pieces <= reads || !stream_mul_i64(pieces, limit, &best))
        return;
    cutting.tile = o.tile;
    do {
        int64_t count = stream_shrink_count(layer, whole, o.tile), all;
        if (count > limit || count <= limit / 2)
            continue;
        pieces = stream_fit_pieces(task->fit, &cutting, &reads);
        if (stream_mul_i64(pieces, count, &all) && all < best && stream_search_fits(task, o.tile)) {
            best = all;
            memcpy(tile, o.tile, sizeof(int64_t) * (size_t)layer->n_loops);
        }
    } while (stream_odometer_step(&o));
}
