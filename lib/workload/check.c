/* The promises of a workload, checked; see stream/workload/workload.h. */

#include "check.h"

#include "stream/support/integer.h"

#include <stdlib.h>
#include <string.h>

bool stream_shape_fits(int32_t rank, const int64_t *shape, int64_t element_bits) {
    int64_t bits = element_bits;
    if (rank < 0 || rank > STREAM_MAX_RANK || element_bits <= 0)
        return false;
    for (int32_t d = 0; d < rank; ++d)
        if (shape[d] <= 0 || shape[d] > INT32_MAX || !stream_mul_i64(bits, shape[d], &bits))
            return false;
    return true;
}

static bool output_fits(const stream_tensor *tensor) {
    if (tensor->output_size == 0)
        return tensor->output_lo == 0;
    return tensor->is_output && tensor->rank > 0 && tensor->output_lo >= 0 &&
           tensor->output_size > 0 &&
           tensor->output_lo <= tensor->shape[tensor->rank - 1] - tensor->output_size;
}

static stream_status check_tensor(const stream_workload *w, int32_t t, const stream_diag *diag) {
    const stream_tensor *tensor = &w->tensors[t];
    if (!tensor->name)
        return stream_error(diag, STREAM_INVALID, tensor->loc, "tensor %d has no name", t);
    if (!stream_shape_fits(tensor->rank, tensor->shape, tensor->element_bits))
        return stream_error(diag, STREAM_INVALID, tensor->loc,
                            "tensor '%s': rank 0 to %d, dimensions from 1 to 2^31 - 1, elements of "
                            "1 or more bits and less than 2^63 bits in all are needed",
                            tensor->name, STREAM_MAX_RANK);
    if (!output_fits(tensor))
        return stream_error(diag, STREAM_INVALID, tensor->loc,
                            "tensor '%s': %d of its last dimension from %d on are an output, which "
                            "it does not have",
                            tensor->name, tensor->output_size, tensor->output_lo);
    if (tensor->kind != STREAM_TENSOR_INTERMEDIATE)
        return tensor->layer == -1
                   ? STREAM_OK
                   : stream_error(diag, STREAM_INVALID, tensor->loc,
                                  "tensor '%s' is an input or a constant, but layer %d writes it",
                                  tensor->name, tensor->layer);
    if (tensor->layer < 0 || tensor->layer >= w->n_layers || w->layers[tensor->layer].output != t)
        return stream_error(diag, STREAM_INVALID, tensor->loc,
                            "tensor '%s' names layer %d as its writer, which does not write it",
                            tensor->name, tensor->layer);
    return STREAM_OK;
}

/* Shape and element count of the operand's view against every point of the loop nest. */
static stream_status check_index(const stream_layer *layer, int32_t o, int32_t d, int64_t extent,
                                 const stream_diag *diag) {
    const stream_affine *index = &layer->operands[o].index[d];
    const stream_quasi *quasi = layer->operands[o].quasi[d];
    if (quasi && (!stream_quasi_ok(quasi, layer->n_loops, layer->bounds) ||
                  layer->operands[o].extent[d] > 1))
        return stream_error(diag, STREAM_INVALID, layer->loc,
                            "layer '%s': index %d of operand %d is no quasi-affine form of its "
                            "loops in 64 bits",
                            layer->name, d, o);
    if (quasi)
        return STREAM_OK;
    int64_t min = index->constant, max = index->constant, reach;
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        bool fits = stream_mul_i64(index->coefficient[l], layer->bounds[l] - 1, &reach) &&
                    stream_add_i64(reach < 0 ? min : max, reach, reach < 0 ? &min : &max);
        if (!fits)
            return stream_error(diag, STREAM_INVALID, layer->loc,
                                "layer '%s': index %d of operand %d overflows 64 bits", layer->name,
                                d, o);
    }
    if (layer->operands[o].extent[d] > 1)
        max += layer->operands[o].extent[d] - 1;
    if (min < 0 || max >= extent)
        return stream_error(diag, STREAM_INVALID, layer->loc,
                            "layer '%s': index %d of operand %d runs from %lld to %lld, outside "
                            "its dimension of %lld",
                            layer->name, d, o, (long long)min, (long long)max, (long long)extent);
    return STREAM_OK;
}

static stream_status check_operand(const stream_workload *w, const int32_t *ready, int32_t i,
                                   int32_t o, const stream_diag *diag) {
    const stream_layer *layer = &w->layers[i];
    const stream_operand *operand = &layer->operands[o];
    if (operand->view < 0 || operand->view >= w->n_views)
        return stream_error(diag, STREAM_INVALID, layer->loc,
                            "layer '%s': operand %d reads view %d of %d", layer->name, o,
                            operand->view, w->n_views);
    if (operand->operand_class > 2)
        return stream_error(diag, STREAM_INVALID, layer->loc,
                            "layer '%s': operand %d has operand class %d; it must be 0 to 2",
                            layer->name, o, operand->operand_class);
    if (ready[operand->view] >= i)
        return stream_error(diag, STREAM_INVALID, layer->loc,
                            "layer '%s': operand %d reads what layer '%s' writes, which does not "
                            "come before it",
                            layer->name, o, w->layers[ready[operand->view]].name);
    const stream_view *view = &w->views[operand->view];
    for (int32_t d = 0; d < view->rank; ++d)
        STREAM_TRY(check_index(layer, o, d, view->shape[d], diag));
    return STREAM_OK;
}

/* Every output dim is one parallel loop of its size (or 1), and every parallel loop is in it. */
static stream_status check_output(const stream_workload *w, int32_t i, const stream_diag *diag) {
    const stream_layer *layer = &w->layers[i];
    bool used[STREAM_MAX_LOOPS] = {false};
    if (layer->output < 0 || layer->output >= w->n_tensors || w->tensors[layer->output].layer != i)
        return stream_error(diag, STREAM_INVALID, layer->loc,
                            "layer '%s' writes tensor %d, which does not name it as its writer",
                            layer->name, layer->output);
    const stream_tensor *out = &w->tensors[layer->output];
    for (int32_t d = 0; d < out->rank; ++d) {
        int32_t l = layer->output_loop[d];
        bool lanes = out->lanes > 0 && d == out->rank - 1;
        if (l < -1 || l >= layer->n_loops || (lanes && l >= 0) ||
            (l >= 0 && (used[l] || layer->reduction[l])))
            return stream_error(diag, STREAM_INVALID, layer->loc,
                                "layer '%s': output dimension %d must be a parallel loop of its "
                                "own, not loop %d",
                                layer->name, d, l);
        int64_t bound = lanes ? out->lanes : l < 0 ? 1 : layer->bounds[l];
        if (out->shape[d] != bound)
            return stream_error(diag, STREAM_INVALID, layer->loc,
                                "layer '%s': output dimension %d has size %lld, but its loop runs "
                                "to %lld",
                                layer->name, d, (long long)out->shape[d], (long long)bound);
        if (l >= 0)
            used[l] = true;
    }
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (!used[l] && !layer->reduction[l] && layer->bounds[l] > 1)
            return stream_error(diag, STREAM_INVALID, layer->loc,
                                "layer '%s': loop %d is parallel but indexes no output dimension",
                                layer->name, l);
    return STREAM_OK;
}

static stream_status check_loops(const stream_layer *layer, int32_t i, const stream_diag *diag) {
    if (!layer->name || !layer->op_type)
        return stream_error(diag, STREAM_INVALID, layer->loc,
                            "layer %d needs a name and an operator type", i);
    if (layer->n_loops < 0 || layer->n_loops > STREAM_MAX_LOOPS || layer->n_operands < 0)
        return stream_error(diag, STREAM_INVALID, layer->loc,
                            "layer '%s' has %d loops; 0 to %d are supported", layer->name,
                            layer->n_loops, STREAM_MAX_LOOPS);
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (layer->bounds[l] <= 0 || layer->bounds[l] > INT32_MAX || !layer->loop_names[l])
            return stream_error(diag, STREAM_INVALID, layer->loc,
                                "layer '%s': loop %d has bound %lld; it needs a name and a bound "
                                "from 1 to 2^31 - 1",
                                layer->name, l, (long long)layer->bounds[l]);
    if (layer->psum_bits <= 0 || layer->macs_per_point < 1)
        return stream_error(diag, STREAM_INVALID, layer->loc,
                            "layer '%s' has %d bits per partial sum and %lld operations per point; "
                            "both must be 1 or more",
                            layer->name, layer->psum_bits, (long long)layer->macs_per_point);
    if (stream_layer_macs(layer) < 0)
        return stream_error(diag, STREAM_INVALID, layer->loc,
                            "layer '%s' has 2^63 or more operations", layer->name);
    return STREAM_OK;
}

typedef struct {
    const char *name;
    stream_loc loc;
} named;

static int by_name(const void *a, const void *b) {
    return strcmp(((const named *)a)->name, ((const named *)b)->name);
}

static stream_status check_unique(named *names, int32_t n, const char *what,
                                  const stream_diag *diag) {
    if (n > 1)
        qsort(names, (size_t)n, sizeof *names, by_name);
    for (int32_t i = 1; i < n; ++i)
        if (strcmp(names[i - 1].name, names[i].name) == 0)
            return stream_error(diag, STREAM_INVALID, names[i].loc, "two %s are called '%s'", what,
                                names[i].name);
    return STREAM_OK;
}

static stream_status check_names(const stream_workload *w, stream_arena *arena,
                                 const stream_diag *diag) {
    named *tensors = STREAM_NEW(arena, named, (size_t)w->n_tensors);
    named *layers = STREAM_NEW(arena, named, (size_t)w->n_layers);
    for (int32_t t = 0; t < w->n_tensors; ++t)
        tensors[t] = (named){w->tensors[t].name, w->tensors[t].loc};
    for (int32_t i = 0; i < w->n_layers; ++i)
        layers[i] = (named){w->layers[i].name, w->layers[i].loc};
    STREAM_TRY(check_unique(tensors, w->n_tensors, "tensors", diag));
    return check_unique(layers, w->n_layers, "layers", diag);
}

static stream_status check_all(const stream_workload *w, stream_arena *arena,
                               const stream_diag *diag) {
    /* ready[v]: the last layer that must have run before view v is complete, or -1 */
    int32_t *ready = STREAM_NEW(arena, int32_t, (size_t)w->n_views);
    for (int32_t i = 0; i < w->n_layers; ++i)
        STREAM_TRY(check_loops(&w->layers[i], i, diag));
    for (int32_t t = 0; t < w->n_tensors; ++t)
        STREAM_TRY(check_tensor(w, t, diag));
    for (int32_t v = 0; v < w->n_views; ++v) {
        STREAM_TRY(stream_view_check(w, v, diag));
        const stream_view *view = &w->views[v];
        ready[v] = view->kind == STREAM_VIEW_TENSOR ? w->tensors[view->tensor].layer : -1;
        for (int32_t s = 0; s < view->n_sources; ++s)
            if (ready[view->sources[s]] > ready[v])
                ready[v] = ready[view->sources[s]];
    }
    for (int32_t i = 0; i < w->n_layers; ++i) {
        STREAM_TRY(check_output(w, i, diag));
        for (int32_t o = 0; o < w->layers[i].n_operands; ++o)
            STREAM_TRY(check_operand(w, ready, i, o, diag));
    }
    return check_names(w, arena, diag);
}

stream_status stream_workload_check(const stream_workload *w, const stream_diag *diag) {
    stream_arena *scratch = stream_arena_create();
    stream_status status = check_all(w, scratch, diag);
    stream_arena_destroy(scratch);
    return status;
}
