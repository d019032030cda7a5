/* Which layers are fused; see stacks.h. */

#include "stacks.h"

#include "stack_end.h"
#include "stream/support/text.h"

static bool is_cut(const stream_plan_options *options, int32_t layer) {
    for (int32_t i = 0; i < options->n_cuts; ++i)
        if (options->cuts[i] == layer)
            return true;
    return false;
}

typedef struct {
    const stream_workload *w;
    const stream_accelerator *acc;
    const stream_plan_options *options;
    const stream_diag *diag;
    const stream_layer_plan *plans;
    const stream_row_tables *tables; /* NULL: not needed */
    int32_t stack;                   /* the present one; -1: none yet */
    int32_t end;                     /* behind the last layer that fits in it; -1: not looked for */
    stream_stack_overflow overflow;  /* why layer `end` does not */
    bool fixed;                      /* its number was given by the user */
} walk;

typedef enum {
    STAYS,
    BEGINS_FIRST,
    BEGINS_GIVEN,       /* the user numbers it, or the layer before it */
    BEGINS_AT_CUT,      /* a cut point of the user's */
    BEGINS_EVERY_LAYER, /* nothing is fused */
    BEGINS_FULL         /* the stack with it would not fit the cores */
} beginning;

/* Layers from `first` up to the next that the user says something about. */
static int32_t end_of_free(const walk *at, int32_t first) {
    int32_t end = first + 1;
    while (end < at->w->n_layers && at->plans[end].stack < 0 && !is_cut(at->options, end))
        ++end;
    return end;
}

/* Does a layer without a given stack begin a new one, and why? */
static beginning begins(const walk *at, int32_t layer) {
    if (at->stack < 0)
        return BEGINS_FIRST;
    if (is_cut(at->options, layer))
        return BEGINS_AT_CUT;
    if (at->fixed)
        return BEGINS_GIVEN;
    if (at->options->n_cuts > 0)
        return STAYS;
    if (at->options->fusion == STREAM_FUSE_LAYER_BY_LAYER)
        return BEGINS_EVERY_LAYER;
    return layer >= at->end ? BEGINS_FULL : STAYS;
}

static void report_full(const walk *at, const stream_layer *layer) {
    const stream_stack_overflow *o = &at->overflow;
    const stream_footprint *f = &o->footprint;
    stream_text largest = {0};
    if (f->tensor >= 0)
        stream_text_print(&largest, ", %lld of them %lld rows of '%s'", (long long)f->tensor_bits,
                          (long long)f->tensor_rows, at->w->tensors[f->tensor].name);
    stream_remark(at->diag, layer->loc,
                  "stack %d begins at layer '%s': with it stack %d would need %lld bits of %s, and "
                  "%s have %lld (its weights take %lld bits, the rows that are alive at once "
                  "%lld%s)",
                  at->stack + 1, layer->name, at->stack, (long long)o->needed_bits, o->what,
                  o->memories, (long long)o->capacity_bits, (long long)f->weight_bits,
                  (long long)f->row_bits, largest.data ? largest.data : "");
    stream_text_free(&largest);
}

static void report_beginning(const walk *at, const stream_layer *layer, beginning why) {
    static const char *const reasons[] = {[BEGINS_FIRST] = "it is the first layer",
                                          [BEGINS_GIVEN] = "the plan numbers the stacks",
                                          [BEGINS_AT_CUT] = "it is a cut point",
                                          [BEGINS_EVERY_LAYER] = "layers are not fused"};
    if (why == BEGINS_FULL)
        report_full(at, layer);
    else if (why != STAYS)
        stream_remark(at->diag, layer->loc, "stack %d begins at layer '%s': %s", at->stack + 1,
                      layer->name, reasons[why]);
}

/* A given stack must not go back, nor go on over a cut point. */
static stream_status check_given(const walk *at, int32_t l) {
    const stream_layer *layer = &at->w->layers[l];
    if (at->plans[l].stack < at->stack)
        return stream_error(at->diag, STREAM_INVALID, layer->loc,
                            "layer '%s' is in stack %d, but a layer before it is in stack %d: "
                            "stacks follow the order of the program",
                            layer->name, at->plans[l].stack, at->stack);
    if (at->plans[l].stack == at->stack && is_cut(at->options, l))
        return stream_error(at->diag, STREAM_INVALID, layer->loc,
                            "layer '%s' is a cut point, but its plan puts it in stack %d together "
                            "with layer '%s' before it",
                            layer->name, at->stack, at->w->layers[l - 1].name);
    return STREAM_OK;
}

static void begin_stack(walk *at, int32_t l, int32_t number) {
    at->stack = number;
    if (at->tables)
        at->end = stream_stack_end(at->w, at->acc, at->plans, at->tables, at->options->fill, l,
                                   end_of_free(at, l), &at->overflow);
}

static stream_status walk_layers(walk *at, stream_layer_plan *plans) {
    for (int32_t l = 0; l < at->w->n_layers; ++l) {
        bool given = plans[l].stack >= 0;
        if (given)
            STREAM_TRY(check_given(at, l));
        beginning why = given && plans[l].stack == at->stack ? STAYS
                        : given                              ? BEGINS_GIVEN
                                                             : begins(at, l);
        if (at->options->report && !given)
            report_beginning(at, &at->w->layers[l], why);
        if (why != STAYS)
            begin_stack(at, l, given ? plans[l].stack : at->stack + 1);
        at->fixed = given;
        plans[l].stack = at->stack;
    }
    return STREAM_OK;
}

stream_status stream_plan_stacks(const stream_workload *w, const stream_accelerator *acc,
                                 const stream_plan_options *options, const stream_diag *diag,
                                 stream_layer_plan *plans) {
    stream_arena *scratch = stream_arena_create();
    walk at = {.w = w,
               .acc = acc,
               .options = options,
               .diag = diag,
               .plans = plans,
               .stack = -1,
               .end = -1};
    if (options->fusion == STREAM_FUSE_BY_CAPACITY && options->n_cuts == 0)
        at.tables = stream_row_tables_build(w, plans, options->rows, scratch);
    stream_status status = walk_layers(&at, plans);
    stream_arena_destroy(scratch);
    return status;
}

bool stream_stack_is_one(const stream_workload *w, const stream_layer_plan *plans, int32_t l) {
    int32_t stack = plans[l].stack;
    return (l == 0 || plans[l - 1].stack != stack) &&
           (l + 1 == w->n_layers || plans[l + 1].stack != stack);
}

bool stream_stack_reduces(const stream_workload *w, const stream_layer_plan *plans, int32_t l) {
    int32_t stack = plans[l].stack;
    while (l > 0 && plans[l - 1].stack == stack)
        --l;
    for (; l < w->n_layers && plans[l].stack == stack; ++l)
        if (stream_layer_reduces(&w->layers[l]))
            return true;
    return false;
}
