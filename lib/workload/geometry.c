/* Sizes and boxes of a layer and its operands; see stream/workload/workload.h. */

#include "stream/support/integer.h"
#include "stream/workload/workload.h"

#include <strings.h>

int64_t stream_layer_macs(const stream_layer *layer) {
    int64_t macs = layer->macs_per_point;
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (!stream_mul_i64(macs, layer->bounds[l], &macs))
            return -1;
    return macs;
}

int32_t stream_layer_loop(const stream_layer *layer, const char *name) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (strcasecmp(layer->loop_names[l], name) == 0)
            return l;
    return -1;
}

bool stream_layer_reduces(const stream_layer *layer) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (layer->reduction[l])
            return true;
    return false;
}

void stream_tensor_mark_output(stream_tensor *tensor, int32_t lo, int32_t size) {
    bool all = size == 0 || (tensor->is_output && tensor->output_size == 0);
    int64_t from = lo, to = lo + (int64_t)size;
    if (tensor->is_output) {
        from = stream_min_i64(from, tensor->output_lo);
        to = stream_max_i64(to, tensor->output_lo + (int64_t)tensor->output_size);
    }
    tensor->is_output = true;
    tensor->output_lo = all ? 0 : (int32_t)from;
    tensor->output_size = all ? 0 : (int32_t)(to - from);
}

bool stream_tensor_output_box(const stream_tensor *tensor, const stream_box *box, stream_box *out) {
    stream_box part = *box;
    if (!tensor->is_output)
        return false;
    if (tensor->output_size > 0) {
        part.lo[part.rank - 1] = tensor->output_lo;
        part.size[part.rank - 1] = tensor->output_size;
    }
    return stream_box_intersect(box, &part, out);
}

int32_t stream_view_element_bits(const stream_workload *w, int32_t view) {
    int32_t lanes = 1;
    for (;;) {
        const stream_view *v = &w->views[view];
        if (v->kind == STREAM_VIEW_TENSOR)
            return w->tensors[v->tensor].element_bits * lanes;
        if (v->kind == STREAM_VIEW_RESULT)
            lanes = (int32_t)v->stride[0];
        if (v->n_sources == 0)
            return 0;
        view = v->sources[0];
    }
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

/* The values of a quasi-affine index that lie in [0, extent). */
static void quasi_range(const stream_quasi *quasi, int64_t extent, const int64_t *lo,
                        const int64_t *size, int64_t *min, int64_t *max) {
    stream_quasi_range(quasi, lo, size, min, max);
    *min = stream_min_i64(stream_max_i64(*min, 0), extent - 1);
    *max = stream_min_i64(stream_max_i64(*max, *min), extent - 1);
}

stream_box stream_operand_box(const stream_workload *w, const stream_operand *operand,
                              int32_t n_loops, const int64_t *lo, const int64_t *size) {
    const stream_view *view = &w->views[operand->view];
    stream_box box = {.rank = view->rank};
    for (int32_t d = 0; d < box.rank; ++d) {
        int64_t min, max;
        if (operand->quasi[d])
            quasi_range(operand->quasi[d], view->shape[d], lo, size, &min, &max);
        else
            range(&operand->index[d], n_loops, lo, size, &min, &max);
        if (operand->extent[d] > 1)
            max += operand->extent[d] - 1;
        box.lo[d] = (int32_t)min;
        box.size[d] = (int32_t)(max - min + 1);
    }
    return box;
}

stream_box stream_output_box(const stream_workload *w, const stream_layer *layer, const int64_t *lo,
                             const int64_t *size) {
    const stream_tensor *tensor = &w->tensors[layer->output];
    stream_box box = {.rank = tensor->rank};
    for (int32_t d = 0; d < box.rank; ++d) {
        int32_t l = layer->output_loop[d];
        box.lo[d] = l < 0 ? 0 : (int32_t)lo[l];
        box.size[d] = (int32_t)(l < 0 ? tensor->shape[d] : size[l]);
    }
    return box;
}
