/* stream-annotate-cost: every kernel gets its price on one core of each class that runs its
 * operator. */

#include "annotate_candidates.h"
#include "annotate_streams.h"
#include "annotate_told.h"
#include "pass.h"

#include "convert/accelerator.h"
#include "convert/cost_detail.h"
#include "convert/ct_graph.h"
#include "convert/ir.h"
#include "convert/loc.h"
#include "convert/workload.h"

#include "stream-c/Dialect.h"
#include "stream/cost/cost.h"
#include "stream/support/vec.h"

#include <string.h>

/* One kernel function. */
typedef struct {
    MlirOperation op;
    const char *name, *op_type;
    stream_network network; /* the kernel as a network of one layer */
    stream_layer layer;
    stream_vec entries; /* MlirAttribute #stream.cost: the user's, then ours */
    bool *given;        /* [n_cores] */
    stream_kernel_boxes boxes;
    uint8_t streamed; /* by the plan, in any case */
} priced_kernel;

typedef struct {
    stream_pass *pass;
    MlirOperation module;
    const stream_accelerator *acc;
    stream_routes *routes;
    stream_memory *offchip; /* [n_cores] as cores of the class reach it; NULL: there is none */
    priced_kernel *kernels;
    int32_t n_kernels;
    stream_vec jobs;  /* stream_price_job */
    stream_vec owner; /* int32_t: the kernel of each job */
} pricer;

/* ---- the kernel as a layer */

/* Classes as the CTs have them: that of the argument behind the operand, if there is one. */
static void set_operand_classes(pricer *p, priced_kernel *k) {
    stream_layer *layer = &k->layer;
    stream_operand *operands =
        STREAM_NEW(p->pass->arena, stream_operand, (size_t)layer->n_operands);
    MlirAttribute attrs = stream_ir_attr(k->op, "arg_attrs");
    if (layer->n_operands)
        memcpy(operands, layer->operands, (size_t)layer->n_operands * sizeof *operands);
    for (int32_t i = 0; i < layer->n_operands; ++i) {
        const stream_view *v = &k->network.workload.views[operands[i].view];
        while (v->n_sources > 0)
            v = &k->network.workload.views[v->sources[0]];
        MlirStringRef text;
        if (v->kind != STREAM_VIEW_TENSOR || v->tensor >= stream_ir_length(attrs) ||
            !stream_ir_as_string(
                stream_ir_entry(mlirArrayAttrGetElement(attrs, v->tensor), "stream.operand"),
                &text))
            continue;
        for (uint8_t o = STREAM_I1; o <= STREAM_I2; ++o)
            if (stream_ir_str_is(text, stream_operand_class_name((stream_operand_class)o)))
                operands[i].operand_class = o;
    }
    layer->operands = operands;
}

static stream_status read_kernel(pricer *p, priced_kernel *k) {
    static const stream_load_options options = {.fuse_elementwise = true};
    STREAM_TRY(stream_load_network(k->op, &options, p->pass->arena, p->pass->diag, &k->network));
    if (k->network.workload.n_layers != 1)
        return stream_error(p->pass->diag, STREAM_UNSUPPORTED, stream_loc_of(k->op),
                            "kernel '%s' is %d layers; a price is for one (write stream.costs by "
                            "hand for it)",
                            k->name, k->network.workload.n_layers);
    k->layer = k->network.workload.layers[0];
    k->layer.name = k->name;
    k->layer.op_type = k->op_type;
    set_operand_classes(p, k);
    return STREAM_OK;
}

/* ---- what is to be priced */

static stream_status keep_given(pricer *p, priced_kernel *k) {
    MlirAttribute costs = stream_ir_attr(k->op, "stream.costs");
    for (intptr_t i = 0; i < stream_ir_length(costs); ++i) {
        MlirAttribute entry = mlirArrayAttrGetElement(costs, i);
        MlirStringRef name = stream_cost_attr_value(entry).core;
        int32_t core = stream_core_by_name(p->acc, name);
        if (core < 0)
            return stream_error(p->pass->diag, STREAM_INVALID, stream_loc_of(k->op),
                                "kernel '%s' has a price on core '%.*s', which '%s' does not have",
                                k->name, (int)name.length, name.data, p->acc->name);
        k->given[core] = true;
        *(MlirAttribute *)stream_vec_push(&k->entries) = entry;
    }
    return STREAM_OK;
}

/* The first core of its class, without a price of the user's, and it runs the operator. */
static bool wants_price(const pricer *p, const priced_kernel *k, int32_t core) {
    return p->acc->class_of[core] == core && !k->given[core] &&
           p->acc->cores[core].kind == STREAM_CORE_COMPUTE &&
           stream_core_runs(&p->acc->cores[core], k->op_type);
}

static stream_status add_jobs(pricer *p, int32_t kernel) {
    priced_kernel *k = &p->kernels[kernel];
    bool loaded = false;
    STREAM_TRY(keep_given(p, k));
    for (int32_t c = 0; c < p->acc->n_cores; ++c) {
        if (!wants_price(p, k, c))
            continue;
        if (!loaded)
            STREAM_TRY(read_kernel(p, k));
        loaded = true;
        *(stream_price_job *)stream_vec_push(&p->jobs) =
            (stream_price_job){.w = &k->network.workload,
                               .kernel = &k->layer,
                               .core = &p->acc->cores[c],
                               .offchip = p->offchip ? &p->offchip[c] : NULL,
                               .streamed = k->streamed,
                               .may_stream = (1u << STREAM_N_OPERANDS) - 1};
        *(int32_t *)stream_vec_push(&p->owner) = kernel;
    }
    if (!stream_kernel_boxes_of(k->op, p->pass->arena, &k->boxes))
        return stream_error(p->pass->diag, STREAM_UNSUPPORTED, stream_loc_of(k->op),
                            "a tensor of kernel '%s' has more bits than 63 bits count", k->name);
    if (!loaded && k->entries.n == 0)
        return stream_error(p->pass->diag, STREAM_INFEASIBLE, stream_loc_of(k->op),
                            "no core of '%s' runs %s (kernel '%s')", p->acc->name, k->op_type,
                            k->name);
    return STREAM_OK;
}

/* ---- streamed operands */

/* The off-chip memory as each class of cores reaches it. */
static void find_offchip(pricer *p) {
    const stream_accelerator *acc = p->acc;
    stream_memory *seen = STREAM_NEW(p->pass->arena, stream_memory, (size_t)acc->n_cores);
    p->routes = stream_routes_create(acc, p->pass->arena);
    bool any = true;
    for (int32_t c = 0; c < acc->n_cores && any; ++c)
        if (acc->class_of[c] == c)
            any = stream_price_offchip_of(acc, p->routes, c, p->pass->arena, &seen[c]);
    p->offchip = any ? seen : NULL;
}

static int32_t core_of(const pricer *p, int32_t job) {
    return (int32_t)(STREAM_AT(stream_price_job, p->jobs, job).core - p->acc->cores);
}

static const priced_kernel *kernel_of(const pricer *p, int32_t job) {
    return &p->kernels[STREAM_AT(int32_t, p->owner, job)];
}

/* Prices again what a model took for smaller than its boxes are: with the operands streamed that
 * then fit. */
static stream_status stream_the_rest(pricer *p, const stream_price_options *options,
                                     stream_kernel_cost *costs) {
    stream_vec jobs = STREAM_VEC(stream_price_job), ids = STREAM_VEC(int32_t);
    for (int32_t i = 0; i < (int32_t)p->jobs.n && p->offchip; ++i) {
        const stream_kernel_boxes *boxes = &kernel_of(p, i)->boxes;
        if (stream_boxes_fit(p->acc, core_of(p, i), boxes, costs[i].streamed, costs[i].streams))
            continue;
        stream_price_job job = STREAM_AT(stream_price_job, p->jobs, i);
        job.streamed |= stream_boxes_must_stream(p->acc, core_of(p, i), boxes);
        *(stream_price_job *)stream_vec_push(&jobs) = job;
        *(int32_t *)stream_vec_push(&ids) = i;
    }
    stream_kernel_cost *again = STREAM_NEW(p->pass->arena, stream_kernel_cost, jobs.n);
    stream_status status = jobs.n ? stream_cost_price(jobs.data, (int32_t)jobs.n, options,
                                                      p->pass->arena, p->pass->diag, again)
                                  : STREAM_OK;
    for (size_t i = 0; i < jobs.n && status == STREAM_OK; ++i)
        costs[STREAM_AT(int32_t, ids, i)] = again[i];
    stream_vec_free(&jobs);
    stream_vec_free(&ids);
    return status;
}

/* What the plan streams is streamed in the price. */
static stream_status check_planned(const pricer *p, const stream_kernel_cost *costs) {
    for (int32_t i = 0; i < (int32_t)p->jobs.n; ++i) {
        const priced_kernel *k = kernel_of(p, i);
        uint8_t missing = (uint8_t)(k->streamed & ~costs[i].streamed);
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            if (missing >> o & 1)
                return stream_error(
                    p->pass->diag, STREAM_UNSUPPORTED, stream_loc_of(k->op),
                    "the plan of kernel '%s' streams %s, which is not possible on core '%s': %s",
                    k->name, stream_operand_class_name((stream_operand_class)o),
                    p->acc->cores[core_of(p, i)].name,
                    p->offchip ? "the off-chip memory does not hold it, or the kernel has no such "
                                 "operand"
                               : "no links lead to off-chip memory");
    }
    return STREAM_OK;
}

/* By job. */
static stream_candidate *find_candidates(const pricer *p, const stream_kernel_cost *costs) {
    int32_t n = (int32_t)p->jobs.n;
    stream_candidate *all = STREAM_NEW(p->pass->arena, stream_candidate, (size_t)n);
    for (int32_t i = 0; i < n; ++i) {
        const priced_kernel *k = kernel_of(p, i);
        all[i] = (stream_candidate){.kernel = k->op,
                                    .name = k->name,
                                    .core = core_of(p, i),
                                    .boxes = &k->boxes,
                                    .cost = &costs[i],
                                    .given = k->given,
                                    .planned = k->streamed};
    }
    stream_choose_candidates(p->module, p->acc, all, n,
                             (stream_price_model)p->pass->annotate_cost.model, p->pass->arena,
                             p->pass->diag);
    return all;
}

/* ---- prices as attributes */

static stream_status add_entry(pricer *p, int32_t job, const stream_kernel_cost *cost) {
    const stream_core *core = STREAM_AT(stream_price_job, p->jobs, job).core;
    priced_kernel *k = &p->kernels[STREAM_AT(int32_t, p->owner, job)];
    stream_cost_attr attr = {.core = stream_ir_str(core->name),
                             .cycles = cost->cycles,
                             .compute_cycles = cost->compute_cycles,
                             .stall_cycles = cost->stall_cycles,
                             .onload_cycles = cost->onload_cycles,
                             .offload_cycles = cost->offload_cycles,
                             .energy_fj = cost->energy_fj,
                             .mac_energy_fj = cost->mac_energy_fj,
                             .has_utilization = true,
                             .utilization = cost->utilization,
                             .model = stream_ir_str(cost->model),
                             .detail = stream_save_cost_detail(p->pass->context, cost)};
    MlirAttribute made = stream_cost_attr_get(mlirOperationGetLocation(k->op), &attr);
    if (mlirAttributeIsNull(made))
        return STREAM_INVALID;
    *(MlirAttribute *)stream_vec_push(&k->entries) = made;
    return STREAM_OK;
}

static stream_status price(pricer *p) {
    const stream_annotate_cost_pass_options *o = &p->pass->annotate_cost;
    stream_price_options options = {.model = (stream_price_model)o->model,
                                    .objective = (stream_mapping_objective)o->objective,
                                    .any_dataflow = o->any_dataflow,
                                    .max_labels = o->max_labels,
                                    .threads = o->threads,
                                    .cache_dir = *o->cache ? o->cache : NULL};
    int32_t n = (int32_t)p->jobs.n;
    if (options.cache_dir)
        stream_cost_cache_open(options.cache_dir, p->pass->diag);
    stream_kernel_cost *costs = STREAM_NEW(p->pass->arena, stream_kernel_cost, (size_t)n);
    STREAM_TRY(stream_cost_price(p->jobs.data, n, &options, p->pass->arena, p->pass->diag, costs));
    STREAM_TRY(stream_the_rest(p, &options, costs));
    STREAM_TRY(check_planned(p, costs));
    for (int32_t i = 0; i < n; ++i)
        stream_price_fit_links(p->acc, p->routes, core_of(p, i), &costs[i]);
    const stream_candidate *candidates = find_candidates(p, costs);
    stream_tell_streams(p->module, p->acc, candidates, n, p->pass->arena, p->pass->diag);
    for (int32_t i = 0; i < n; ++i)
        if (!candidates[i].dropped)
            STREAM_TRY(add_entry(p, i, &costs[i]));
    for (int32_t i = 0; i < p->n_kernels; ++i)
        stream_ir_set(p->kernels[i].op, "stream.costs",
                      stream_ir_array(p->pass->context, (intptr_t)p->kernels[i].entries.n,
                                      p->kernels[i].entries.data));
    return STREAM_OK;
}

/* Operand classes in `streams` of stream.kernel. */
static uint8_t planned_streams(MlirOperation op) {
    MlirAttribute list = stream_ir_entry(stream_ir_attr(op, "stream.kernel"), "streams");
    uint8_t streamed = 0;
    for (intptr_t i = 0; i < stream_ir_length(list); ++i) {
        MlirStringRef text;
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            if (stream_ir_as_string(mlirArrayAttrGetElement(list, i), &text) &&
                stream_ir_str_is(text, stream_operand_class_name((stream_operand_class)o)))
                streamed |= (uint8_t)(1u << o);
    }
    return streamed;
}

static void open_kernel(pricer *p, priced_kernel *k, MlirOperation op) {
    MlirStringRef op_type = mlirStringRefCreate("Generic", 7);
    stream_ir_as_string(stream_ir_entry(stream_ir_attr(op, "stream.kernel"), "operator"), &op_type);
    k->op = op;
    k->streamed = planned_streams(op);
    k->op_type = stream_ir_strdup(p->pass->arena, op_type);
    k->name = stream_ir_strdup(p->pass->arena, stream_ir_symbol_name(op));
    k->entries = STREAM_VEC(MlirAttribute);
    k->given = STREAM_NEW(p->pass->arena, bool, (size_t)p->acc->n_cores);
}

static stream_status annotate(pricer *p, const stream_ir_ops *ops) {
    for (intptr_t i = 0; i < ops->n; ++i)
        if (stream_ir_is(ops->ops[i], "func.func") && stream_ir_has(ops->ops[i], "stream.kernel"))
            open_kernel(p, &p->kernels[p->n_kernels++], ops->ops[i]);
    for (int32_t i = 0; i < p->n_kernels; ++i)
        STREAM_TRY(add_jobs(p, i));
    return price(p);
}

stream_status stream_pass_annotate_cost_run(stream_pass *pass, MlirOperation module) {
    pricer p = {.pass = pass,
                .module = module,
                .jobs = STREAM_VEC(stream_price_job),
                .owner = STREAM_VEC(int32_t)};
    STREAM_TRY(stream_load_accelerator(pass, module, &p.acc));
    find_offchip(&p);
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(module), pass->arena);
    p.kernels = STREAM_NEW(pass->arena, priced_kernel, (size_t)ops.n);
    stream_status status = annotate(&p, &ops);
    for (int32_t i = 0; i < p.n_kernels; ++i)
        stream_vec_free(&p.kernels[i].entries);
    stream_vec_free(&p.jobs);
    stream_vec_free(&p.owner);
    return status;
}
