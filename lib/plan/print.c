/* Complete plans as text; see stream/plan/plan.h. */

#include "stream/plan/plan.h"

#include <inttypes.h>

void stream_plan_print(const stream_workload *w, const stream_layer_plan *plans, stream_text *out) {
    for (int32_t l = 0; l < w->n_layers; ++l) {
        const stream_layer_plan *plan = &plans[l];
        stream_text_print(out, "%s: stack %d, tile", w->layers[l].name, plan->stack);
        for (int32_t i = 0; i < w->layers[l].n_loops; ++i)
            stream_text_print(out, " %" PRId64 "/%" PRId64, plan->tile[i],
                              stream_plan_part(&w->layers[l], plan, i));
        stream_text_print(out, ", streams %d, cores", plan->streamed);
        for (int32_t i = 0; i < plan->n_cores; ++i)
            stream_text_print(out, " %d", plan->cores[i]);
        stream_text_str(out, "\n");
    }
}
