/* stream-annotate-cost: every kernel gets its price on one core of each class that runs its
 * operator. */

#include "pass.h"

#include "convert/accelerator.h"
#include "convert/ct_graph.h"
#include "convert/ir.h"
#include "convert/loc.h"
#include "convert/workload.h"

#include "stream-c/Dialect.h"
#include "stream/cost/cost.h"
#include "stream/support/vec.h"

#include <string.h>

typedef struct {
    stream_pass *pass;
    const stream_accelerator *acc;
    MlirOperation kernel;
    const char *name, *op_type;
    stream_network network; /* the kernel as a network of one layer */
    stream_vec entries;     /* MlirAttribute #stream.cost */
} pricer;

/* ---- the kernel as a layer */

/* Classes as the CTs have them: that of the argument behind the operand, if there is one. */
static void set_operand_classes(pricer *p, stream_layer *layer) {
    stream_operand *operands =
        STREAM_NEW(p->pass->arena, stream_operand, (size_t)layer->n_operands);
    MlirAttribute attrs = stream_ir_attr(p->kernel, "arg_attrs");
    if (layer->n_operands)
        memcpy(operands, layer->operands, (size_t)layer->n_operands * sizeof *operands);
    for (int32_t i = 0; i < layer->n_operands; ++i) {
        const stream_view *v = &p->network.workload.views[operands[i].view];
        while (v->n_sources > 0)
            v = &p->network.workload.views[v->sources[0]];
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

static stream_status read_kernel(pricer *p, stream_layer *layer) {
    static const stream_load_options options = {.fuse_elementwise = true};
    STREAM_TRY(
        stream_load_network(p->kernel, &options, p->pass->arena, p->pass->diag, &p->network));
    if (p->network.workload.n_layers != 1)
        return stream_error(p->pass->diag, STREAM_UNSUPPORTED, stream_loc_of(p->kernel),
                            "kernel '%s' is %d layers; a price is for one (write stream.costs by "
                            "hand for it)",
                            p->name, p->network.workload.n_layers);
    *layer = p->network.workload.layers[0];
    layer->op_type = p->op_type;
    set_operand_classes(p, layer);
    return STREAM_OK;
}

/* ---- prices */

static stream_status keep_given(pricer *p, bool *given) {
    MlirAttribute costs = stream_ir_attr(p->kernel, "stream.costs");
    for (intptr_t i = 0; i < stream_ir_length(costs); ++i) {
        MlirAttribute entry = mlirArrayAttrGetElement(costs, i);
        MlirStringRef name = stream_cost_attr_value(entry).core;
        int32_t core = stream_core_by_name(p->acc, name);
        if (core < 0)
            return stream_error(p->pass->diag, STREAM_INVALID, stream_loc_of(p->kernel),
                                "kernel '%s' has a price on core '%.*s', which '%s' has not",
                                p->name, (int)name.length, name.data, p->acc->name);
        given[core] = true;
        *(MlirAttribute *)stream_vec_push(&p->entries) = entry;
    }
    return STREAM_OK;
}

static stream_status price(pricer *p, const stream_layer *layer, int32_t core) {
    stream_kernel_cost cost;
    STREAM_TRY(stream_cost_simple(&p->network.workload, layer, &p->acc->cores[core], p->pass->diag,
                                  &cost));
    stream_cost_attr attr = {.core = stream_ir_str(p->acc->cores[core].name),
                             .cycles = cost.cycles,
                             .compute_cycles = cost.compute_cycles,
                             .stall_cycles = cost.stall_cycles,
                             .onload_cycles = cost.onload_cycles,
                             .offload_cycles = cost.offload_cycles,
                             .energy_fj = cost.energy_fj,
                             .mac_energy_fj = cost.mac_energy_fj,
                             .has_utilization = true,
                             .utilization = cost.utilization,
                             .model = stream_ir_str(cost.model)};
    MlirAttribute made = stream_cost_attr_get(mlirOperationGetLocation(p->kernel), &attr);
    if (mlirAttributeIsNull(made))
        return STREAM_INVALID;
    *(MlirAttribute *)stream_vec_push(&p->entries) = made;
    return STREAM_OK;
}

/* The first core of its class, without a price of the user's, and it runs the operator. */
static bool wants_price(const pricer *p, int32_t core, const bool *given) {
    return p->acc->class_of[core] == core && !given[core] &&
           p->acc->cores[core].kind == STREAM_CORE_COMPUTE &&
           stream_core_runs(&p->acc->cores[core], p->op_type);
}

static stream_status price_missing(pricer *p, const bool *given) {
    stream_layer layer;
    bool loaded = false;
    for (int32_t c = 0; c < p->acc->n_cores; ++c) {
        if (!wants_price(p, c, given))
            continue;
        if (!loaded)
            STREAM_TRY(read_kernel(p, &layer));
        loaded = true;
        STREAM_TRY(price(p, &layer, c));
    }
    if (p->entries.n == 0)
        return stream_error(p->pass->diag, STREAM_INFEASIBLE, stream_loc_of(p->kernel),
                            "no core of '%s' runs %s (kernel '%s')", p->acc->name, p->op_type,
                            p->name);
    return STREAM_OK;
}

static stream_status annotate(pricer *p) {
    bool *given = STREAM_NEW(p->pass->arena, bool, (size_t)p->acc->n_cores);
    STREAM_TRY(keep_given(p, given));
    STREAM_TRY(price_missing(p, given));
    stream_ir_set(p->kernel, "stream.costs",
                  stream_ir_array(p->pass->context, (intptr_t)p->entries.n, p->entries.data));
    return STREAM_OK;
}

static stream_status annotate_kernel(stream_pass *pass, const stream_accelerator *acc,
                                     MlirOperation kernel) {
    pricer p = {.pass = pass, .acc = acc, .kernel = kernel, .entries = STREAM_VEC(MlirAttribute)};
    MlirStringRef op_type = mlirStringRefCreate("Generic", 7);
    stream_ir_as_string(stream_ir_entry(stream_ir_attr(kernel, "stream.kernel"), "operator"),
                        &op_type);
    p.op_type = stream_ir_strdup(pass->arena, op_type);
    p.name = stream_ir_strdup(pass->arena, stream_ir_symbol_name(kernel));
    stream_status status = annotate(&p);
    stream_vec_free(&p.entries);
    return status;
}

stream_status stream_pass_annotate_cost_run(stream_pass *pass, MlirOperation module) {
    const stream_accelerator *acc;
    if (strcmp(pass->annotate_cost.model, "simple") != 0)
        return stream_error(pass->diag, STREAM_UNSUPPORTED, stream_loc_of(module),
                            "there is no cost model '%s'; there is 'simple'",
                            pass->annotate_cost.model);
    STREAM_TRY(stream_load_accelerator(pass, module, &acc));
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(module));
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op))
        if (stream_ir_is(op, "func.func") && stream_ir_has(op, "stream.kernel"))
            STREAM_TRY(annotate_kernel(pass, acc, op));
    return STREAM_OK;
}
