/* What a plan says already, before it is completed; see given.h. */

#include "given.h"

static stream_loc place(const stream_layer *layer, const stream_layer_plan *plan) {
    return plan->loc.handle ? plan->loc : layer->loc;
}

static stream_status check_range(const stream_layer *layer, const stream_layer_plan *plan,
                                 int32_t loop, const stream_diag *diag) {
    int64_t tile = plan->tile[loop], split = plan->split[loop], bound = layer->bounds[loop];
    if (tile < 0)
        return stream_error(diag, STREAM_INVALID, place(layer, plan),
                            "layer '%s', loop %s: a tile of %lld is not possible; tiles are at "
                            "least 1",
                            layer->name, layer->loop_names[loop], (long long)tile);
    if (split < 0 || split > bound)
        return stream_error(diag, STREAM_INVALID, place(layer, plan),
                            "layer '%s', loop %s: a split over %lld cores is not possible; it "
                            "is at least 1 and at most the loop's %lld iteration%s",
                            layer->name, layer->loop_names[loop], (long long)split,
                            (long long)bound, bound == 1 ? "" : "s");
    return STREAM_OK;
}

/* A loop that is tiled or split may be. */
static stream_status check_division(const stream_layer *layer, const stream_layer_plan *plan,
                                    int32_t loop, const stream_diag *diag) {
    int64_t tile = plan->tile[loop], split = plan->split[loop], bound = layer->bounds[loop];
    if ((tile == 0 || tile >= bound) && split <= 1)
        return STREAM_OK;
    if (layer->is_recurrence && layer->reduction[loop] && (layer->whole[loop] || split > 1))
        return stream_error(diag, STREAM_INVALID, place(layer, plan),
                            "layer '%s': loop %s of %lld iterations carries a recurrence, which "
                            "cannot be divided there: only tiles of the outermost reduction loop "
                            "run in its order",
                            layer->name, layer->loop_names[loop], (long long)bound);
    if (layer->whole[loop])
        return stream_error(diag, STREAM_INVALID, place(layer, plan),
                            "layer '%s': loop %s of %lld iterations cannot be divided, the op is "
                            "run whole",
                            layer->name, layer->loop_names[loop], (long long)bound);
    if (layer->reduction[loop] && split > 1)
        return stream_error(diag, STREAM_INVALID, place(layer, plan),
                            "layer '%s': loop %s is a reduction and cannot be split over cores; "
                            "it can be tiled",
                            layer->name, layer->loop_names[loop]);
    return STREAM_OK;
}

stream_status stream_plan_check_given(const stream_accelerator *acc, const stream_layer *layer,
                                      const stream_layer_plan *plan, const stream_diag *diag) {
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        STREAM_TRY(check_range(layer, plan, l, diag));
        STREAM_TRY(check_division(layer, plan, l, diag));
    }
    for (int32_t i = 0; i < plan->n_cores; ++i)
        if (plan->cores[i] < 0 || plan->cores[i] >= acc->n_cores ||
            acc->cores[plan->cores[i]].kind != STREAM_CORE_COMPUTE)
            return stream_error(diag, STREAM_INVALID, place(layer, plan),
                                "layer '%s' is put on core %d, which is no compute core of '%s'",
                                layer->name, plan->cores[i], acc->name);
    return STREAM_OK;
}

stream_status stream_plan_check_streams(const stream_plan_options *options,
                                        const stream_layer *layer, const stream_layer_plan *plan,
                                        const stream_diag *diag) {
    uint8_t has = 1u << STREAM_O;
    if (plan->streamed && !options->streaming)
        return stream_error(diag, STREAM_INVALID, layer->loc,
                            "the plan of layer '%s' streams operands, and streaming is off",
                            layer->name);
    for (int32_t i = 0; i < layer->n_operands; ++i)
        has |= (uint8_t)(1u << layer->operands[i].operand_class);
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (plan->streamed >> o & 1 && !(has >> o & 1))
            return stream_error(diag, STREAM_INVALID, layer->loc,
                                "the plan of layer '%s' streams %s, which it does not have",
                                layer->name, stream_operand_class_name((stream_operand_class)o));
    return STREAM_OK;
}
