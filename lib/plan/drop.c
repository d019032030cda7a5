/* Cores that a layer does without; see drop.h. */

#include "drop.h"

#include "shortage.h"
#include "stream/support/text.h"

#include <string.h>

#define MOST_NAMES 8

stream_status stream_drop_cores(stream_fit *fit, const stream_cutting *smallest,
                                stream_arena *arena, stream_layer_plan *plan,
                                stream_dropped_cores *out) {
    int32_t *kept = STREAM_NEW(arena, int32_t, (size_t)plan->n_cores), n = 0;
    int32_t *dropped = STREAM_NEW(arena, int32_t, (size_t)plan->n_cores);
    stream_shortage shortage = {0};
    *out = (stream_dropped_cores){.cores = dropped, .streamed = fit->streamed};
    memcpy(out->tile, smallest->tile, (size_t)smallest->layer->n_loops * sizeof *out->tile);
    for (int32_t i = 0; i < plan->n_cores; ++i) {
        if (stream_fit_sampled(fit, smallest, &plan->cores[i], 1, 1.0, &shortage)) {
            kept[n++] = plan->cores[i];
            continue;
        }
        if (out->n == 0 || stream_shortage_missing(fit->acc, &shortage) <
                               stream_shortage_missing(fit->acc, &out->least))
            out->least = shortage;
        dropped[out->n++] = plan->cores[i];
    }
    if (n == 0)
        return STREAM_INFEASIBLE;
    plan->cores = kept;
    plan->n_cores = n;
    return STREAM_OK;
}

/* "core 'a'", "cores 'a', 'b'", "cores 'a', 'b' and 5 more". */
static void name_cores(const stream_accelerator *acc, const stream_dropped_cores *dropped,
                       stream_text *out) {
    int32_t shown = dropped->n > MOST_NAMES + 1 ? MOST_NAMES : dropped->n;
    stream_text_str(out, dropped->n > 1 ? "cores" : "core");
    for (int32_t i = 0; i < shown; ++i)
        stream_text_print(out, "%s '%s'", i ? "," : "", acc->cores[dropped->cores[i]].name);
    if (shown < dropped->n)
        stream_text_print(out, " and %d more", dropped->n - shown);
}

/* Do tiles of one iteration fit, where the plan fixes larger ones? */
static bool smaller_fits(stream_fit *fit, const stream_layer *layer, const stream_layer_plan *plan,
                         const stream_dropped_cores *dropped) {
    int64_t tile[STREAM_MAX_LOOPS];
    bool smaller = false;
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        tile[l] = layer->reduction[l] ? dropped->tile[l] : 1;
        smaller |= tile[l] < dropped->tile[l];
    }
    stream_cutting cutting = {layer, plan->split, tile};
    stream_shortage shortage;
    return smaller && stream_fit_sampled(fit, &cutting, &dropped->least.core, 1, 1.0, &shortage);
}

/* Operands without which the CT fits; 0: none do. */
static uint8_t streamed_fits(stream_fit *fit, const stream_layer *layer,
                             const stream_layer_plan *plan, const stream_dropped_cores *dropped) {
    uint8_t sets[1 << STREAM_N_OPERANDS], found = 0;
    int32_t n = stream_shortage_sets(fit->acc, &dropped->least, sets);
    stream_cutting cutting = {layer, plan->split, dropped->tile};
    stream_shortage shortage;
    for (int32_t i = 0; i < n && !found; ++i) {
        fit->streamed = dropped->streamed | sets[i];
        if (stream_fit_sampled(fit, &cutting, &dropped->least.core, 1, 1.0, &shortage))
            found = sets[i];
    }
    return found;
}

void stream_drop_tell(stream_fit *fit, const stream_layer *layer, const stream_layer_plan *plan,
                      const stream_dropped_cores *dropped, bool streaming,
                      const stream_diag *diag) {
    if (dropped->n == 0)
        return;
    const stream_shortage *least = &dropped->least;
    stream_text names = {0}, ways = {0};
    fit->streamed = dropped->streamed;
    name_cores(fit->acc, dropped, &names);
    stream_text_str(&names, ": not even its smallest CT fits; ");
    if (dropped->n > 1)
        stream_text_print(&names, "'%s', where the least is missing,",
                          fit->acc->cores[least->core].name);
    else
        stream_text_str(&names, "it");
    if (smaller_fits(fit, layer, plan, dropped))
        stream_text_str(&ways, "smaller tiles than its plan gives");
    uint8_t streamed = streamed_fits(fit, layer, plan, dropped);
    if (streamed) {
        stream_text_print(&ways, "%sa plan that streams ", ways.length ? ", or " : "");
        stream_shortage_operands(dropped->streamed | streamed, &ways);
        if (!streaming)
            stream_text_str(&ways, " (streaming is off)");
    }
    stream_warn(diag, layer->loc,
                "layer '%s' does not use %s lacks %lld bits of memory '%s' (I1 %lld, I2 %lld, O "
                "%lld bits)%s%s%s",
                layer->name, names.data, (long long)stream_shortage_missing(fit->acc, least),
                stream_shortage_memory(fit->acc, least), (long long)least->bits[STREAM_I1],
                (long long)least->bits[STREAM_I2], (long long)least->bits[STREAM_O],
                ways.length ? "; " : "", ways.length ? ways.data : "",
                ways.length ? ", would let it run there" : "");
    stream_text_free(&names);
    stream_text_free(&ways);
}
