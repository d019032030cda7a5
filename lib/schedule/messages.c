/* What to say when a CT cannot be placed; see engine.h. */

#include "engine.h"

#include "stream/support/integer.h"
#include "stream/support/text.h"

#include <inttypes.h>

static const char *memory_name(const engine *e, int32_t instance) {
    const stream_instance *i = &e->m->acc->instances[instance];
    return e->m->acc->cores[i->core].memories[i->level].name;
}

static const char *core_name(const engine *e, int32_t instance) {
    return e->m->acc->cores[e->m->acc->instances[instance].core].name;
}

/* Bits of the CT's boxes that must be in the instance at once, in whole words. */
static void demand(const engine *e, int32_t instance, int64_t *inputs, int64_t *output) {
    const model *m = e->m;
    int32_t core = e->cores[e->ct];
    *inputs = *output = 0;
    for (int32_t n = m->need_first[e->ct]; n < m->need_first[e->ct + 1]; ++n)
        if (instance_of(m, core, m->needs[n].operand) == instance && !m->needs[n].accumulates)
            *inputs += stream_engine_rounded(e, instance, m->groups[m->needs[n].group].bits);
    const stream_ct *ct = &m->graph->cts[e->ct];
    if (instance_of(m, core, STREAM_O) == instance)
        *output = stream_engine_rounded(e, instance,
                                        stream_ct_graph_bits(m->graph, ct->tensor, &ct->box));
}

static stream_status explain_full(const engine *e, const stream_diag *diag, stream_text *text) {
    stream_loc loc = e->ct >= 0 ? e->m->graph->cts[e->ct].loc : e->m->acc->loc;
    int64_t capacity = e->m->acc->instances[e->failure.instance].size_bits;
    int64_t bits = 0;
    for (int32_t t = 0; t < e->m->graph->n_tensors; ++t)
        if (e->m->graph->tensors[t].kind != STREAM_TENSOR_INTERMEDIATE) {
            const stream_tensor *tensor = &e->m->graph->tensors[t];
            stream_box box = stream_box_whole(tensor->rank, tensor->shape);
            bits += stream_ct_graph_bits(e->m->graph, t, &box);
        }
    stream_text_print(text,
                      "off-chip memory '%s' of core '%s' is full: its capacity is %" PRId64
                      " bits, inputs and constants are %" PRId64
                      " bits, and the rest is outputs and what does not fit on chip",
                      memory_name(e, e->failure.instance), core_name(e, e->failure.instance),
                      capacity, bits);
    return stream_error(diag, STREAM_INFEASIBLE, loc, "%s", text->data);
}

static stream_status explain_ct(const engine *e, const stream_diag *diag, stream_text *text) {
    const stream_ct *ct = &e->m->graph->cts[e->ct];
    int32_t instance = e->failure.instance;
    int64_t capacity = e->m->acc->instances[instance].size_bits, inputs, output;
    demand(e, instance, &inputs, &output);
    stream_text_print(
        text,
        "CT %d of layer '%s' does not fit memory '%s' of core '%s': its inputs take "
        "%" PRId64 " bits and its output %" PRId64 ", %" PRId64
        " together, in a capacity of %" PRId64 "; smaller tiles would fit (an operand "
        "that is streamed from off-chip is not supported)",
        e->ct, e->m->graph->layers[ct->layer].name, memory_name(e, instance),
        e->m->acc->cores[e->cores[e->ct]].name, inputs, output, inputs + output, capacity);
    return stream_error(diag, STREAM_INFEASIBLE, ct->loc, "%s", text->data);
}

stream_status stream_engine_explain(const engine *e, const stream_diag *diag) {
    stream_text text = {0};
    stream_status status;
    if (e->failure.no_route) {
        stream_text_print(&text,
                          "no links lead from memory '%s' of core '%s' to off-chip memory or to "
                          "where its data is needed",
                          memory_name(e, e->failure.instance), core_name(e, e->failure.instance));
        status = stream_error(diag, STREAM_INFEASIBLE, e->m->acc->loc, "%s", text.data);
    } else if (e->failure.instance == e->m->acc->offchip_instance) {
        status = explain_full(e, diag, &text);
    } else {
        status = explain_ct(e, diag, &text);
    }
    stream_text_free(&text);
    return status;
}

stream_status stream_engine_check_cores(const model *m, const int32_t *cores,
                                        const stream_diag *diag) {
    for (int32_t i = 0; i < m->graph->n_cts; ++i) {
        const stream_ct *ct = &m->graph->cts[i];
        int32_t n = m->acc->n_cores, core = cores[i];
        if (core >= 0 && core < n && m->acc->cores[core].kind == STREAM_CORE_COMPUTE &&
            m->cycles[ct->kernel * n + core] >= 0)
            continue;
        const char *layer = m->graph->layers[ct->layer].name;
        if (core < 0 || core >= n)
            return stream_error(diag, STREAM_INVALID, ct->loc, "CT %d of layer '%s' has no core", i,
                                layer);
        return stream_error(diag, STREAM_INVALID, ct->loc,
                            "CT %d of layer '%s' cannot run on core '%s': kernel '%s' has "
                            "no price there",
                            i, layer, m->acc->cores[core].name, m->graph->kernels[ct->kernel].name);
    }
    return STREAM_OK;
}
