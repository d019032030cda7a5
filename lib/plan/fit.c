/* Does a CT fit a core? See fit.h. */

#include "fit.h"

#include "stream/support/integer.h"

static int64_t box_bits(const stream_box *box, int32_t element_bits, int64_t word_bits) {
    return stream_round_up(stream_box_volume(box) * element_bits, word_bits);
}

static bool splits_reduction(const stream_layer *layer, const int64_t *size) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (layer->reduction[l] && size[l] < layer->bounds[l])
            return true;
    return false;
}

stream_ct_bits stream_fit_bits(stream_fit *fit, const stream_layer *layer, const int64_t *lo,
                               const int64_t *size, int64_t word_bits) {
    stream_ct_bits sum = {{0}};
    const stream_tensor *tensors = fit->w->tensors;
    for (int32_t i = 0; i < layer->n_operands; ++i) {
        const stream_operand *operand = &layer->operands[i];
        if (operand->is_window)
            continue;
        stream_box box = stream_operand_box(fit->w, operand, layer->n_loops, lo, size);
        stream_trace trace;
        stream_tracer_box(&fit->tracer, fit->w, operand->view, &box, &trace);
        for (int32_t s = 0; s < trace.n_steps; ++s)
            if (trace.steps[s].kind == STREAM_VIEW_TENSOR)
                sum.bits[operand->operand_class] += box_bits(
                    &trace.steps[s].box, tensors[trace.steps[s].tensor].element_bits, word_bits);
    }
    stream_box out = stream_output_box(fit->w, layer, lo, size);
    int32_t element_bits = tensors[layer->output].element_bits;
    if (splits_reduction(layer, size) && layer->psum_bits > element_bits)
        element_bits = layer->psum_bits;
    sum.bits[STREAM_O] += box_bits(&out, element_bits, word_bits);
    return sum;
}

/* What of the CT lands in `instance`, the top memory of some of the core's operands. */
static int64_t share_of(const stream_accelerator *acc, int32_t core, int32_t instance,
                        const stream_ct_bits *ct) {
    int64_t bits = 0;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (acc->top[core * STREAM_N_OPERANDS + o] == instance)
            bits += ct->bits[o];
    return bits;
}

static bool fits_at(stream_fit *fit, const stream_layer *layer, const int64_t *lo,
                    const int64_t *tile, int32_t core, double fill, int32_t *out_instance,
                    stream_ct_bits *out_bits) {
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int32_t instance = fit->acc->top[core * STREAM_N_OPERANDS + o];
        if (instance < 0)
            continue;
        const stream_instance *memory = &fit->acc->instances[instance];
        stream_ct_bits ct = stream_fit_bits(fit, layer, lo, tile, memory->word_bits);
        if ((double)share_of(fit->acc, core, instance, &ct) > fill * (double)memory->size_bits) {
            *out_instance = instance;
            *out_bits = ct;
            return false;
        }
    }
    return true;
}

bool stream_fit_core(stream_fit *fit, const stream_layer *layer, const int64_t *tile, int32_t core,
                     double fill, int32_t *out_instance, stream_ct_bits *out_bits) {
    for (int place = 0; place < 3; ++place) {
        int64_t lo[STREAM_MAX_LOOPS], size[STREAM_MAX_LOOPS];
        for (int32_t l = 0; l < layer->n_loops; ++l) {
            int64_t tiles = stream_ceil_div(layer->bounds[l], tile[l]);
            lo[l] = (place == 0 ? 0 : place == 1 ? tiles / 2 : tiles - 1) * tile[l];
            size[l] = stream_min_i64(tile[l], layer->bounds[l] - lo[l]);
        }
        if (!fits_at(fit, layer, lo, size, core, fill, out_instance, out_bits))
            return false;
    }
    return true;
}
