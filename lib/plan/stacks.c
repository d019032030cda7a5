/* Which layers are fused; see stacks.h. */

#include "stacks.h"

#include "stream/support/integer.h"
#include "stream/workload/trace.h"

/* Bits that the layer reads as I2 and that no layer makes: its weights. */
static int64_t weight_bits(const stream_workload *w, const stream_layer *layer,
                           stream_tracer *tracer) {
    static const int64_t origin[STREAM_MAX_LOOPS];
    int64_t bits = 0;
    for (int32_t i = 0; i < layer->n_operands; ++i) {
        const stream_operand *operand = &layer->operands[i];
        if (operand->is_window || operand->operand_class != STREAM_I2)
            continue;
        stream_box box = stream_operand_box(w, operand, layer->n_loops, origin, layer->bounds);
        stream_trace trace;
        stream_tracer_box(tracer, w, operand->view, &box, &trace);
        for (int32_t s = 0; s < trace.n_steps; ++s) {
            const stream_trace_step *step = &trace.steps[s];
            if (step->kind == STREAM_VIEW_TENSOR &&
                w->tensors[step->tensor].kind != STREAM_TENSOR_INTERMEDIATE)
                bits += stream_box_volume(&step->box) * w->tensors[step->tensor].element_bits;
        }
    }
    return bits;
}

/* Of all distinct top memories that hold I2 on a compute core. */
static int64_t weight_capacity(const stream_accelerator *acc) {
    int64_t bits = 0;
    for (int32_t i = 0; i < acc->n_instances; ++i)
        for (int32_t c = 0; c < acc->n_cores; ++c)
            if (acc->cores[c].kind == STREAM_CORE_COMPUTE &&
                acc->top[c * STREAM_N_OPERANDS + STREAM_I2] == i) {
                bits += acc->instances[i].size_bits;
                break;
            }
    return bits;
}

static bool is_cut(const stream_plan_options *options, int32_t layer) {
    for (int32_t i = 0; i < options->n_cuts; ++i)
        if (options->cuts[i] == layer)
            return true;
    return false;
}

typedef struct {
    const stream_plan_options *options;
    int64_t capacity, used; /* [bit] weights of the present stack */
    int32_t stack;          /* its number; -1: none yet */
    bool fixed;             /* its number was given by the user */
} walk;

typedef enum {
    STAYS,
    BEGINS_FIRST,
    BEGINS_GIVEN,       /* the user numbers it, or the layer before it */
    BEGINS_AT_CUT,      /* a cut point of the user's */
    BEGINS_EVERY_LAYER, /* nothing is fused */
    BEGINS_FULL         /* its weights do not fit beside those of the stack */
} beginning;

/* Does a layer without a given stack begin a new one, and why? */
static beginning begins(const walk *at, int32_t layer, int64_t bits) {
    if (at->stack < 0)
        return BEGINS_FIRST;
    if (at->fixed)
        return BEGINS_GIVEN;
    if (at->options->n_cuts > 0)
        return is_cut(at->options, layer) ? BEGINS_AT_CUT : STAYS;
    if (at->options->fusion == STREAM_FUSE_LAYER_BY_LAYER)
        return BEGINS_EVERY_LAYER;
    return at->used + bits > at->capacity ? BEGINS_FULL : STAYS;
}

static void report_beginning(const walk *at, const stream_layer *layer, int64_t bits, beginning why,
                             const stream_diag *diag) {
    static const char *const reasons[] = {[BEGINS_FIRST] = "it is the first layer",
                                          [BEGINS_GIVEN] = "the plan numbers the stacks",
                                          [BEGINS_AT_CUT] = "it is a cut point",
                                          [BEGINS_EVERY_LAYER] = "layers are not fused"};
    if (why == BEGINS_FULL)
        stream_remark(diag, layer->loc,
                      "stack %d begins at layer '%s': its weights take %lld bits, those of the "
                      "stack before it %lld, together more than the %lld bits of the memories for "
                      "weights",
                      at->stack + 1, layer->name, (long long)bits, (long long)at->used,
                      (long long)at->capacity);
    else if (why != STAYS)
        stream_remark(diag, layer->loc, "stack %d begins at layer '%s': %s", at->stack + 1,
                      layer->name, reasons[why]);
}

stream_status stream_plan_stacks(const stream_workload *w, const stream_accelerator *acc,
                                 const stream_plan_options *options, const stream_diag *diag,
                                 stream_layer_plan *plans) {
    walk at = {.options = options, .capacity = weight_capacity(acc), .stack = -1};
    stream_tracer tracer;
    stream_tracer_init(&tracer);
    stream_status status = STREAM_OK;
    for (int32_t l = 0; l < w->n_layers && status == STREAM_OK; ++l) {
        int64_t bits = weight_bits(w, &w->layers[l], &tracer);
        bool given = plans[l].stack >= 0;
        if (given && plans[l].stack < at.stack)
            status =
                stream_error(diag, STREAM_INVALID, w->layers[l].loc,
                             "layer '%s' is in stack %d, but a layer before it is in stack %d: "
                             "stacks follow the order of the program",
                             w->layers[l].name, plans[l].stack, at.stack);
        beginning why = given && plans[l].stack == at.stack ? STAYS
                        : given                             ? BEGINS_GIVEN
                                                            : begins(&at, l, bits);
        if (options->report && !given)
            report_beginning(&at, &w->layers[l], bits, why, diag);
        if (why != STAYS) {
            at.stack = given ? plans[l].stack : at.stack + 1;
            at.used = 0;
        }
        at.fixed = given;
        at.used += bits;
        plans[l].stack = at.stack;
    }
    stream_tracer_free(&tracer);
    return status;
}

bool stream_stack_is_one(const stream_workload *w, const stream_layer_plan *plans, int32_t l) {
    bool before = l > 0 && plans[l - 1].stack == plans[l].stack;
    bool after = l + 1 < w->n_layers && plans[l + 1].stack == plans[l].stack;
    return !before && !after;
}

static bool reduces(const stream_layer *layer) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (layer->reduction[l])
            return true;
    return false;
}

bool stream_stack_reduces(const stream_workload *w, const stream_layer_plan *plans, int32_t l) {
    int32_t stack = plans[l].stack;
    while (l > 0 && plans[l - 1].stack == stack)
        --l;
    for (; l < w->n_layers && plans[l].stack == stack; ++l)
        if (reduces(&w->layers[l]))
            return true;
    return false;
}
