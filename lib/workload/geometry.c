/* Sizes and boxes of a layer's operands; see stream/workload/workload.h. */

#include "stream/support/integer.h"
#include "stream/workload/workload.h"

int64_t stream_layer_macs(const stream_layer *layer) {
    int64_t macs = layer->macs_per_point;
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (!stream_mul_i64(macs, layer->bounds[l], &macs))
            return -1;
    return macs;
}

/* Least and greatest value of an affine form over the loop box. */
static void range(const stream_affine *index, int32_t n_loops, const int64_t *lo,
                  const int64_t *size, int64_t *min, int64_t *max) {
    *min = *max = index->constant;
    for (int32_t l = 0; l < n_loops; ++l) {
        int64_t first = index->coefficient[l] * lo[l];
        int64_t last = index->coefficient[l] * (lo[l] + size[l] - 1);
        *min += stream_min_i64(first, last);
        *max += stream_max_i64(first, last);
    }
}

stream_box stream_operand_box(const stream_workload *w, const stream_operand *operand,
                              int32_t n_loops, const int64_t *lo, const int64_t *size) {
    stream_box box = {.rank = w->views[operand->view].rank};
    for (int32_t d = 0; d < box.rank; ++d) {
        int64_t min, max;
        range(&operand->index[d], n_loops, lo, size, &min, &max);
        box.lo[d] = (int32_t)min;
        box.size[d] = (int32_t)(max - min + 1);
    }
    return box;
}

stream_box stream_output_box(const stream_workload *w, const stream_layer *layer, const int64_t *lo,
                             const int64_t *size) {
    stream_box box = {.rank = w->tensors[layer->output].rank};
    for (int32_t d = 0; d < box.rank; ++d) {
        int32_t l = layer->output_loop[d];
        box.lo[d] = l < 0 ? 0 : (int32_t)lo[l];
        box.size[d] = l < 0 ? 1 : (int32_t)size[l];
    }
    return box;
}
