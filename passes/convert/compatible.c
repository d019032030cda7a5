#include "compatible.h"

#include "accelerator.h"
#include "ct_graph.h"
#include "ir.h"
#include "loc.h"
#include "mapping.h"

#include "stream-c/Dialect.h"
#include "stream/schedule/policy.h"

#include <math.h>
#include <string.h>

static const char model_name[] = "coala-v0";

enum {
    TENSOR_BITS = 8,
    SUM_BITS = 16,
    FJ_PER_PJ = 1000
};

bool stream_is_compatible(MlirOperation func) {
    MlirStringRef model = {0};
    MlirAttribute summary = stream_ir_attr(func, "stream.schedule");
    return !mlirAttributeIsNull(summary) && mlirAttributeIsADictionary(summary) &&
           stream_ir_as_string(stream_ir_entry(summary, "model"), &model) &&
           stream_ir_str_is(model, model_name);
}

static MlirOperation op_of(const stream_compatible *c, int32_t l) {
    const stream_layer_ops *ops = c->network.workload.layers[l].ops;
    return ops->ops[0];
}

/* ---- load */

/* Sums of pooling and of element-wise layers are as wide as their outputs. */
static bool adds_up(const stream_layer *layer) {
    bool window = false;
    for (int32_t i = 0; i < layer->n_operands; ++i)
        window |= layer->operands[i].is_window;
    return stream_layer_reduces(layer) && !window;
}

/* Lanes of a tensor before lane `lane` at which a result begins, lane 0 among them. Each result
 * that is read has a view; what lies between such results is one more. */
static int32_t results_before(const stream_workload *w, int32_t tensor, int32_t lane) {
    int32_t n = 0;
    for (int32_t at = 0; at < lane; ++at) {
        bool begins = at == 0;
        for (int32_t v = 0; v < w->n_views && !begins; ++v) {
            const stream_view *view = &w->views[v];
            begins = view->kind == STREAM_VIEW_RESULT &&
                     w->views[view->sources[0]].tensor == tensor &&
                     (view->before[0] == at || view->before[0] + view->stride[0] == at);
        }
        n += begins;
    }
    return n;
}

/* Of a layer with several results each is one lane of its own, as wide as any tensor. */
static void set_lanes(stream_workload *w, stream_tensor *tensors, stream_arena *arena) {
    stream_view *views = STREAM_NEW(arena, stream_view, (size_t)w->n_views);
    for (int32_t v = 0; v < w->n_views; ++v) {
        views[v] = w->views[v];
        if (views[v].kind != STREAM_VIEW_RESULT)
            continue;
        int32_t tensor = w->views[views[v].sources[0]].tensor;
        views[v].before[0] = results_before(w, tensor, (int32_t)w->views[v].before[0]);
        views[v].stride[0] = 1;
    }
    for (int32_t v = 0; v < w->n_views; ++v) {
        stream_tensor *t = views[v].tensor >= 0 ? &tensors[views[v].tensor] : NULL;
        if (views[v].kind != STREAM_VIEW_TENSOR || t->lanes == 0)
            continue;
        int32_t end = results_before(w, views[v].tensor, t->output_lo + t->output_size);
        t->output_lo = results_before(w, views[v].tensor, t->output_lo);
        t->output_size = end - t->output_lo;
        t->lanes = results_before(w, views[v].tensor, t->lanes);
        t->shape[t->rank - 1] = views[v].shape[t->rank - 1] = t->lanes;
    }
    w->views = views;
}

static void set_bits(stream_workload *w, stream_arena *arena) {
    stream_tensor *tensors = STREAM_NEW(arena, stream_tensor, (size_t)w->n_tensors);
    stream_layer *layers = STREAM_NEW(arena, stream_layer, (size_t)w->n_layers);
    for (int32_t t = 0; t < w->n_tensors; ++t) {
        tensors[t] = w->tensors[t];
        tensors[t].element_bits = TENSOR_BITS;
    }
    for (int32_t l = 0; l < w->n_layers; ++l) {
        layers[l] = w->layers[l];
        layers[l].psum_bits = adds_up(&layers[l]) ? SUM_BITS : TENSOR_BITS;
    }
    set_lanes(w, tensors, arena);
    w->tensors = tensors;
    w->layers = layers;
}

stream_status stream_load_compatible_network(MlirOperation module, MlirOperation func,
                                             const stream_accelerator *acc, stream_arena *arena,
                                             const stream_diag *diag, stream_compatible *out) {
    static const stream_load_options options = {
        .fuse_elementwise = true, .policy = &stream_fusion_residuals_apart, .fold_constants = true};
    stream_mapping mapping;
    bool has_mapping;
    *out = (stream_compatible){.acc = *acc};
    STREAM_TRY(stream_load_mapping(module, arena, diag, &mapping, &has_mapping));
    STREAM_TRY(stream_load_network(func, &options, arena, diag, &out->network));
    STREAM_TRY(stream_workload_check(&out->network.workload, diag));
    set_bits(&out->network.workload, arena);
    return stream_load_plans(has_mapping ? &mapping : NULL, &out->network, &out->acc, arena, diag,
                             &out->plans);
}

bool stream_compatible_price(const stream_compatible *c, int32_t l, double *cycles,
                             double *energy_pj) {
    MlirAttribute costs = stream_ir_attr(op_of(c, l), "stream.costs");
    for (intptr_t i = 0; i < stream_ir_length(costs); ++i) {
        MlirAttribute attr = mlirArrayAttrGetElement(costs, i);
        if (!stream_attr_is_cost(attr))
            continue;
        stream_cost_attr cost = stream_cost_attr_value(attr);
        if (!stream_ir_str_is(cost.core, c->acc.cores[c->plans[l].cores[0]].name))
            continue;
        *cycles = (double)cost.cycles;
        *energy_pj = (double)cost.energy_fj / FJ_PER_PJ;
        return true;
    }
    return false;
}

static stream_status load_layers(stream_compatible *c, stream_arena *arena,
                                 const stream_diag *diag) {
    const stream_workload *w = &c->network.workload;
    c->cycles = STREAM_NEW(arena, double, (size_t)w->n_layers);
    c->energy_pj = STREAM_NEW(arena, double, (size_t)w->n_layers);
    for (int32_t l = 0; l < w->n_layers; ++l)
        if (c->plans[l].n_cores != 1 ||
            !stream_compatible_price(c, l, &c->cycles[l], &c->energy_pj[l]))
            return stream_error(diag, STREAM_INVALID, w->layers[l].loc,
                                "layer '%s' has no core or no price on it: run "
                                "stream-schedule{model=coala-v0} first",
                                w->layers[l].name);
    return STREAM_OK;
}

typedef struct {
    stream_priority policy;
    bool prefetch;
    const char *cost_model;
} summary_text;

static stream_status load_summary(MlirOperation func, stream_arena *arena, const stream_diag *diag,
                                  summary_text *out) {
    MlirAttribute all = stream_ir_attr(func, "stream.schedule");
    MlirAttribute prefetch = stream_ir_entry(all, "prefetch");
    MlirStringRef policy = {0}, cost_model = {0};
    stream_ir_as_string(stream_ir_entry(all, "policy"), &policy);
    stream_ir_as_string(stream_ir_entry(all, "cost_model"), &cost_model);
    stream_priority priority;
    if (!stream_priority_parse(stream_ir_strdup(arena, policy), &priority) ||
        (priority != STREAM_PRIORITY_MEMORY && priority != STREAM_PRIORITY_LATENCY) ||
        mlirAttributeIsNull(prefetch) || !mlirAttributeIsABool(prefetch))
        return stream_error(
            diag, STREAM_INVALID, stream_loc_of(func),
            "stream.schedule of the compatible mode must have a policy, \"latency\" "
            "or \"memory\", and a bool 'prefetch'");
    *out = (summary_text){priority, mlirBoolAttrGetValue(prefetch),
                          stream_ir_strdup(arena, cost_model)};
    return STREAM_OK;
}

static void make_view(stream_compatible *c, const summary_text *text, const char *name,
                      stream_arena *arena) {
    const stream_workload *w = &c->network.workload;
    const char **layers = STREAM_NEW(arena, const char *, (size_t)w->n_layers);
    const char **cores = STREAM_NEW(arena, const char *, (size_t)c->acc.n_cores);
    for (int32_t l = 0; l < w->n_layers; ++l)
        layers[l] = w->layers[l].name;
    for (int32_t i = 0; i < c->acc.n_cores; ++i)
        cores[i] = c->acc.cores[i].name;
    c->view = (stream_export_compatible){.network = name,
                                         .accelerator = c->acc.name,
                                         .cost_model = text->cost_model,
                                         .prefetch = text->prefetch,
                                         .layers = layers,
                                         .n_layers = w->n_layers,
                                         .cores = cores,
                                         .problem = &c->problem,
                                         .schedule = &c->schedule};
}

stream_status stream_load_compatible(MlirOperation module, MlirOperation func,
                                     const stream_accelerator *acc, stream_arena *arena,
                                     const stream_diag *diag, stream_compatible *out) {
    summary_text text = {0};
    STREAM_TRY(load_summary(func, arena, diag, &text));
    STREAM_TRY(stream_load_compatible_network(module, func, acc, arena, diag, out));
    STREAM_TRY(load_layers(out, arena, diag));
    STREAM_TRY(stream_coala_v0_hardware_build(&out->acc, arena, diag, &out->hardware));
    stream_coala_v0_source source = {.w = &out->network.workload,
                                     .plans = out->plans,
                                     .cycles = out->cycles,
                                     .energy_pj = out->energy_pj,
                                     .priority = text.policy,
                                     .prefetch = text.prefetch};
    STREAM_TRY(stream_coala_v0_problem_build(&source, &out->hardware, arena, diag, &out->problem));
    make_view(out, &text, stream_ir_strdup(arena, stream_ir_symbol_name(func)), arena);
    return stream_coala_v0_schedule_build(&out->problem, arena, diag, &out->schedule);
}

/* ---- save */

static stream_status save_price(const stream_compatible *c, int32_t l, const char *cost_model) {
    MlirOperation op = op_of(c, l);
    stream_cost_attr cost = {.core = stream_ir_str(c->acc.cores[c->plans[l].cores[0]].name),
                             .cycles = (int64_t)c->cycles[l],
                             .energy_fj = llround(c->energy_pj[l] * FJ_PER_PJ),
                             .model = stream_ir_str(cost_model)};
    MlirAttribute made = stream_cost_attr_get(mlirOperationGetLocation(op), &cost);
    if (mlirAttributeIsNull(made))
        return STREAM_INVALID;
    stream_ir_set(op, "stream.costs", stream_ir_array(mlirOperationGetContext(op), 1, &made));
    return STREAM_OK;
}

stream_status stream_save_compatible_layer(const stream_compatible *c, int32_t l,
                                           const char *cost_model) {
    MlirOperation op = op_of(c, l);
    const stream_layer_plan *plan = &c->plans[l];
    MlirStringRef core = stream_ir_str(c->acc.cores[plan->cores[0]].name);
    stream_plan_attr said = {.has_stack = plan->stack >= 0,
                             .stack = plan->stack,
                             .tile = plan->tile,
                             .n_tile = c->network.workload.layers[l].n_loops,
                             .cores = &core,
                             .n_cores = 1};
    MlirAttribute made = stream_plan_attr_get(mlirOperationGetLocation(op), &said);
    if (mlirAttributeIsNull(made))
        return STREAM_INVALID;
    stream_ir_set(op, "stream.plan", made);
    double given[2];
    return stream_compatible_price(c, l, &given[0], &given[1]) ? STREAM_OK
                                                               : save_price(c, l, cost_model);
}

void stream_save_compatible_summary(MlirOperation func, stream_priority policy, bool prefetch,
                                    const char *cost_model, const stream_coala_v0_problem *p,
                                    const stream_coala_v0_schedule *s) {
    MlirContext context = mlirOperationGetContext(func);
    MlirNamedAttribute entries[7] = {
        stream_ir_named(context, "model", stream_ir_string(context, model_name)),
        stream_ir_named(context, "cost_model", stream_ir_string(context, cost_model)),
        stream_ir_named(context, "policy", stream_ir_string(context, stream_priority_name(policy))),
        stream_ir_named(context, "prefetch", mlirBoolAttrGet(context, prefetch))};
    intptr_t n = 4;
    if (s) { /* cycles are whole: those of CTs are, and transfers take whole ones */
        entries[n++] = stream_ir_named(context, "latency_cycles",
                                       stream_ir_i64(context, llround(s->latency_cycles)));
        entries[n++] = stream_ir_named(
            context, "energy_fj", stream_ir_i64(context, llround(s->energy.total * FJ_PER_PJ)));
        entries[n++] = stream_ir_named(context, "ct_count", stream_ir_i64(context, p->n_cts));
    }
    stream_ir_set(func, "stream.schedule", stream_ir_dictionary(context, n, entries));
}
