#include "plans.h"

#include "ct_graph.h"
#include "ir.h"

#include "stream-c/Dialect.h"

typedef struct {
    const stream_network *network;
    const stream_accelerator *acc;
    stream_arena *arena;
    const stream_diag *diag;
    stream_layer_plan *plans;
} plan_reader;

static stream_status read_cores(plan_reader *r, const stream_layer *layer, MlirAttribute attr,
                                intptr_t n, stream_layer_plan *plan) {
    int32_t *cores = STREAM_NEW(r->arena, int32_t, (size_t)n);
    for (intptr_t i = 0; i < n; ++i) {
        MlirStringRef name = stream_plan_attr_core(attr, i);
        cores[i] = stream_core_by_name(r->acc, name);
        if (cores[i] < 0)
            return stream_error(
                r->diag, STREAM_INVALID, layer->loc,
                "the plan of layer '%s' names core '%.*s', which '%s' does not have", layer->name,
                (int)name.length, name.data, r->acc->name);
    }
    plan->cores = cores;
    plan->n_cores = (int32_t)n;
    return STREAM_OK;
}

static stream_status copy_loops(plan_reader *r, const stream_layer *layer, const char *what,
                                const int64_t *from, intptr_t n, int64_t *to) {
    if (n > layer->n_loops)
        return stream_error(r->diag, STREAM_INVALID, layer->loc,
                            "the plan of layer '%s' has a %s for %d loops; the layer has %d",
                            layer->name, what, (int)n, layer->n_loops);
    for (intptr_t i = 0; i < n; ++i)
        to[i] = from[i];
    return STREAM_OK;
}

static stream_status read_plan(plan_reader *r, int32_t l) {
    const stream_layer *layer = &r->network->workload.layers[l];
    stream_layer_plan *plan = &r->plans[l];
    const stream_layer_ops *ops = layer->ops;
    MlirAttribute attr = stream_ir_attr(ops->ops[0], "stream.plan");
    plan->loc = layer->loc;
    if (mlirAttributeIsNull(attr) || !stream_attr_is_plan(attr))
        return STREAM_OK;
    stream_plan_attr said = stream_plan_attr_value(attr);
    if (said.has_stack)
        plan->stack = (int32_t)said.stack;
    STREAM_TRY(copy_loops(r, layer, "tile", said.tile, said.n_tile, plan->tile));
    STREAM_TRY(copy_loops(r, layer, "split", said.split, said.n_split, plan->split));
    if (said.streams)
        plan->streamed = (uint8_t)said.streams;
    return said.n_cores ? read_cores(r, layer, attr, said.n_cores, plan) : STREAM_OK;
}

stream_status stream_load_plans(const stream_mapping *mapping, const stream_network *network,
                                const stream_accelerator *acc, stream_arena *arena,
                                const stream_diag *diag, stream_layer_plan **out) {
    const stream_workload *w = &network->workload;
    plan_reader r = {network, acc, arena, diag,
                     STREAM_NEW(arena, stream_layer_plan, (size_t)w->n_layers)};
    for (int32_t l = 0; l < w->n_layers; ++l)
        r.plans[l].stack = -1;
    if (mapping)
        STREAM_TRY(stream_mapping_apply(mapping, w, acc, arena, diag, r.plans));
    for (int32_t l = 0; l < w->n_layers; ++l)
        STREAM_TRY(read_plan(&r, l));
    *out = r.plans;
    return STREAM_OK;
}
