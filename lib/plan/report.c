/* The arithmetic of a plan; see report.h. */

#include "report.h"

#include "stack_end.h"

/* Bits of the operands that `instance` serves. */
static int64_t share(const stream_accelerator *acc, const stream_shortage *ct) {
    int64_t bits = 0;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (acc->top[ct->core * STREAM_N_OPERANDS + o] == ct->instance)
            bits += ct->bits[o];
    return bits;
}

void stream_plan_fullest(stream_fit *fit, const stream_cutting *cutting,
                         const stream_layer_plan *plan, stream_filling *out) {
    *out = (stream_filling){.capacity = 1};
    for (int32_t i = 0; i < plan->n_cores; ++i)
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
            int32_t core = plan->cores[i], at = fit->acc->top[core * STREAM_N_OPERANDS + o];
            if (at < 0)
                continue;
            stream_text_clear(&out->boxes);
            stream_shortage ct = stream_fit_describe(fit, cutting, core, at, &out->boxes);
            int64_t bits = share(fit->acc, &ct), capacity = fit->acc->instances[at].size_bits;
            if (out->bits > 0 &&
                (double)bits / (double)capacity <= (double)out->bits / (double)out->capacity)
                continue;
            out->ct = ct;
            out->bits = bits;
            out->capacity = capacity;
        }
}

static void report_layer(stream_fit *fit, const stream_layer *layer, const stream_layer_plan *plan,
                         const stream_diag *diag) {
    stream_cutting cutting = {layer, plan->split, plan->tile};
    stream_filling most;
    stream_plan_fullest(fit, &cutting, plan, &most);
    const stream_instance *memory = &fit->acc->instances[most.ct.instance];
    const stream_core *core = &fit->acc->cores[most.ct.core];
    stream_remark(diag, layer->loc,
                  "layer '%s': a CT holds %s: in words of %lld bits I1 %lld, I2 %lld, O %lld, of "
                  "which memory '%s' of core '%s' gets %lld of its %lld bits (%.1f %%)",
                  layer->name, most.boxes.data, (long long)memory->word_bits,
                  (long long)most.ct.bits[STREAM_I1], (long long)most.ct.bits[STREAM_I2],
                  (long long)most.ct.bits[STREAM_O],
                  fit->acc->cores[memory->core].memories[memory->level].name, core->name,
                  (long long)most.bits, (long long)most.capacity,
                  100 * (double)most.bits / (double)most.capacity);
    stream_text_free(&most.boxes);
}

static void report_stack(const stream_fit *fit, const stream_layer_plan *plans,
                         const stream_row_tables *tables, int32_t first, int32_t end,
                         const stream_diag *diag) {
    stream_footprint f = stream_footprint_of(tables, first, end);
    stream_capacities room = stream_stack_capacities(fit->w, fit->acc, plans, tables, first, end);
    const char *name = fit->w->layers[first].name, *last = fit->w->layers[end - 1].name;
    stream_text layers = {0};
    if (end - first == 1)
        stream_text_print(&layers, "layer '%s' takes", name);
    else
        stream_text_print(&layers, "%d layers from '%s' to '%s' take", end - first, name, last);
    stream_remark(diag, fit->w->layers[first].loc,
                  "stack %d: %s %lld bits of weights and %lld bits of rows that are alive at once; "
                  "the memories of its cores have %lld bits for weights, %lld for inputs and "
                  "outputs, %lld in all",
                  plans[first].stack, layers.data, (long long)f.weight_bits, (long long)f.row_bits,
                  (long long)room.weights, (long long)room.rows, (long long)room.all);
    stream_text_free(&layers);
}

void stream_plan_report(stream_fit *fit, const stream_layer_plan *plans,
                        const stream_plan_options *options, const stream_diag *diag) {
    const stream_workload *w = fit->w;
    stream_arena *scratch = stream_arena_create();
    const stream_row_tables *tables = stream_row_tables_build(w, plans, options->rows, scratch);
    for (int32_t l = 0; l < w->n_layers; ++l)
        report_layer(fit, &w->layers[l], &plans[l], diag);
    for (int32_t first = 0, end; first < w->n_layers; first = end) {
        for (end = first + 1; end < w->n_layers && plans[end].stack == plans[first].stack;)
            ++end;
        report_stack(fit, plans, tables, first, end, diag);
    }
    stream_arena_destroy(scratch);
}
