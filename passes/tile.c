/* stream-tile: a network of linalg ops becomes kernels and computation tiles, as the plans say. */

#include "pass.h"
#include "tile_emit.h"
#include "tile_fuse.h"

#include "convert/accelerator.h"
#include "convert/loc.h"
#include "convert/mapping.h"
#include "convert/network.h"
#include "convert/plans.h"
#include "convert/tiling.h"
#include "normalize/normalize.h"

#include "stream/plan/core_sets.h"
#include "stream/plan/defaults.h"
#include "stream/plan/plan.h"
#include "stream/support/sort.h"
#include "stream/support/text.h"
#include "stream/tile/reuse.h"

#include <string.h>

typedef struct {
    stream_pass *pass;
    MlirOperation module, func;
    const stream_accelerator *acc;
    stream_network network;
    stream_layer_plan *plans;
    stream_mapping mapping;
    bool has_mapping;
    stream_tile_fusion *fusion;
    stream_fusion_policy policy;
    stream_tiling_choice choice;
} tiler;

/* ---- plans */

/* Layers of which nothing is said run on the cores that were chosen to tile for. */
static void take_chosen_cores(tiler *t) {
    for (int32_t l = 0; l < t->network.workload.n_layers; ++l)
        if (t->plans[l].n_cores == 0)
            t->plans[l].n_cores = stream_plan_cores_for(t->acc, t->choice.cores, t->choice.n_cores,
                                                        t->network.workload.layers[l].op_type,
                                                        t->pass->arena, &t->plans[l].cores);
}

static stream_status read_plans(tiler *t) {
    STREAM_TRY(stream_load_plans(t->has_mapping ? &t->mapping : NULL, &t->network, t->acc,
                                 t->pass->arena, t->pass->diag, &t->plans));
    take_chosen_cores(t);
    return stream_plan_default_tiles(&t->network.workload, t->pass->tile.tiles,
                                     t->pass->tile.n_tiles, t->pass->diag, t->plans);
}

static stream_status find_cut(tiler *t, const char *name, int32_t *out) {
    for (int32_t l = 0; l < t->network.workload.n_layers; ++l)
        if (!strcmp(t->network.workload.layers[l].name, name)) {
            *out = l;
            return STREAM_OK;
        }
    return stream_error(t->pass->diag, STREAM_INVALID, stream_loc_of(t->func),
                        "option 'cuts' names layer '%s', which the network does not have", name);
}

static stream_status plan_options(tiler *t, stream_plan_options *out) {
    const stream_tile_pass_options *o = &t->pass->tile;
    int32_t *cuts = STREAM_NEW(t->pass->arena, int32_t, (size_t)o->n_cuts);
    for (int32_t i = 0; i < o->n_cuts; ++i)
        STREAM_TRY(find_cut(t, o->cuts[i], &cuts[i]));
    stream_sort_i32(cuts, (size_t)o->n_cuts);
    *out = (stream_plan_options){
        .fusion = t->choice.fusion == STREAM_TILE_LAYER_BY_LAYER ? STREAM_FUSE_LAYER_BY_LAYER
                                                                 : STREAM_FUSE_BY_CAPACITY,
        .shape =
            t->choice.shape == STREAM_TILE_CHEAPEST ? STREAM_SHAPE_CHEAPEST : STREAM_SHAPE_FEWEST,
        .cuts = cuts,
        .n_cuts = o->n_cuts,
        .rows = t->choice.rows,
        .fill = o->fill,
        .report = o->report,
        .streaming = o->streaming,
        .max_cts = o->max_cts,
        .max_pieces = STREAM_CT_GRAPH_MOST_PIECES};
    return STREAM_OK;
}

/* ---- layers whose epilogue must go, because their reduction is to be split */

static bool splits_reduction(const stream_layer *layer, const stream_layer_plan *plan) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (layer->reduction[l] && plan->tile[l] > 0 && plan->tile[l] < layer->bounds[l])
            return true;
    return false;
}

static bool note_unfused(tiler *t, const bool *unfuse) {
    bool any = false;
    for (int32_t l = 0; l < t->network.workload.n_layers; ++l) {
        const stream_layer *layer = &t->network.workload.layers[l];
        const stream_layer_ops *ops = layer->ops;
        bool wanted = unfuse ? unfuse[l]
                             : splits_reduction(layer, &t->plans[l]) ||
                                   stream_plan_divides_reduction(layer, t->pass->tile.tiles,
                                                                 t->pass->tile.n_tiles);
        if (!wanted || (ops->n_ops == 1 && !ops->loses_state))
            continue;
        stream_tile_fusion_divide(t->fusion, layer->name);
        any = true;
    }
    return any;
}

static stream_status load(tiler *t) {
    stream_load_options options = {
        .fuse_elementwise = true, .policy = &t->policy, .fold_constants = true};
    STREAM_TRY(stream_load_network(t->func, &options, t->pass->arena, t->pass->diag, &t->network));
    STREAM_TRY(stream_workload_check(&t->network.workload, t->pass->diag));
    return read_plans(t);
}

/* A layer of which even an unfused reduction cannot be split. */
static stream_status cannot_split(const tiler *t, const bool *unfuse) {
    for (int32_t l = 0; l < t->network.workload.n_layers; ++l)
        if (unfuse[l])
            return stream_error(
                t->pass->diag, STREAM_INFEASIBLE, t->network.workload.layers[l].loc,
                "layer '%s' fits no core unless its reduction is split, which what is "
                "fused behind it does not allow",
                t->network.workload.layers[l].name);
    return STREAM_INFEASIBLE;
}

/* Loads and plans; again without the epilogues that stand in the way, at most once per layer. */
static stream_status load_and_plan(tiler *t) {
    stream_plan_options options;
    for (;;) {
        STREAM_TRY(load(t));
        if (note_unfused(t, NULL))
            continue;
        STREAM_TRY(plan_options(t, &options));
        bool *unfuse = STREAM_NEW(t->pass->arena, bool, (size_t)t->network.workload.n_layers);
        stream_status status =
            stream_plan_complete(&t->network.workload, t->acc, &options, t->pass->arena,
                                 t->pass->diag, t->plans, unfuse);
        if (status != STREAM_LIMIT)
            return status;
        if (!note_unfused(t, unfuse))
            return cannot_split(t, unfuse);
    }
}

static void remark_layers(const tiler *t) {
    for (int32_t l = 0; l < t->network.workload.n_layers; ++l) {
        const stream_layer *layer = &t->network.workload.layers[l];
        const stream_layer_ops *ops = layer->ops;
        if (ops->whole)
            stream_remark(t->pass->diag, layer->loc, "layer '%s' is one CT: %s", layer->name,
                          ops->whole);
        if (stream_tile_reassociates(layer, &t->plans[l]))
            stream_remark(
                t->pass->diag, layer->loc,
                "layer '%s' is reassociated: tiles or parts of its reduction add up floats "
                "in another order, so rounding may differ",
                layer->name);
    }
}

/* Bits that a layer reads more than once, in per cent of those that it needs. */
static double extra_percent(int64_t bits, int64_t distinct) {
    return distinct > 0 ? 100.0 * (double)(bits - distinct) / (double)distinct : 0;
}

static const char *tile_text(const tiler *t, int32_t l) {
    const stream_layer *layer = &t->network.workload.layers[l];
    stream_text text = {0};
    for (int32_t i = 0; i < layer->n_loops; ++i)
        if (t->plans[l].tile[i] < layer->bounds[i])
            stream_text_print(&text, "%s%s %lld of %lld", text.length ? ", " : "",
                              layer->loop_names[i], (long long)t->plans[l].tile[i],
                              (long long)layer->bounds[i]);
    const char *kept = stream_arena_strdup(t->pass->arena, text.data ? text.data : "whole");
    stream_text_free(&text);
    return kept;
}

static stream_status report_layers(const tiler *t, const stream_ct_graph *graph) {
    stream_layer_tiling *layers =
        STREAM_NEW(t->pass->arena, stream_layer_tiling, (size_t)graph->n_layers);
    stream_reuse reuse;
    STREAM_TRY(stream_reuse_find(graph, NULL, t->pass->arena, t->pass->diag, &reuse));
    STREAM_TRY(stream_layer_tilings(graph, &reuse, t->pass->diag, layers));
    for (int32_t l = 0; l < graph->n_layers; ++l)
        stream_remark(
            t->pass->diag, t->network.workload.layers[l].loc,
            "layer '%s' (stack %d): tile %s; %d CTs, %d kernels, %lld edges; reads %lld bits, %lld new to "
            "their core (%.1f %% more than distinct ones), %lld again; writes %lld bits",
            graph->layers[l].name, t->plans[l].stack, tile_text(t, l), layers[l].n_cts,
            layers[l].n_kernels, (long long)layers[l].n_edges, (long long)layers[l].read_bits,
            (long long)layers[l].new_bits,
            extra_percent(layers[l].new_bits, layers[l].distinct_bits),
            (long long)(layers[l].read_bits - layers[l].new_bits),
            (long long)layers[l].written_bits);
    return STREAM_OK;
}

static stream_status decide_fusion(tiler *t) {
    STREAM_TRY(stream_load_mapping(t->module, t->pass->arena, t->pass->diag, &t->mapping,
                                   &t->has_mapping));
    return stream_tile_fusion_find(t->func, t->acc, t->has_mapping ? &t->mapping : NULL, &t->choice,
                                   t->pass->tile.fuse_elementwise, t->pass->arena, t->pass->diag,
                                   &t->fusion, &t->policy);
}

static stream_status check_computes(const tiler *t) {
    if (t->network.workload.n_layers > 0)
        return STREAM_OK;
    return stream_error(t->pass->diag, STREAM_INVALID, stream_loc_of(t->func),
                        "the network computes nothing from its inputs: there is nothing to "
                        "schedule");
}

static stream_status tile(tiler *t) {
    const stream_tile_pass_options *o = &t->pass->tile;
    stream_tiling tiling;
    t->choice = (stream_tiling_choice){.fusion = o->fusion, .shape = o->shape, .rows = o->rows};
    STREAM_TRY(stream_tiling_load(t->func, t->acc, t->pass->arena, t->pass->diag, &t->choice));
    stream_erase_dead(t->func);
    stream_normalize(t->func, t->pass->arena, t->pass->diag);
    stream_erase_dead(t->func);
    STREAM_TRY(decide_fusion(t));
    STREAM_TRY(load_and_plan(t));
    STREAM_TRY(check_computes(t));
    if (o->out_plans)
        stream_plan_print(&t->network.workload, t->plans, o->out_plans);
    if (t->pass->tile.report)
        stream_tile_fusion_report(t->fusion, &t->network, t->pass->diag);
    remark_layers(t);
    STREAM_TRY(stream_tile_build(&t->network.workload, t->plans, t->pass->tile.max_cts,
                                 t->pass->arena, t->pass->diag, &tiling));
    if (t->pass->tile.report)
        STREAM_TRY(report_layers(t, &tiling.graph));
    stream_tile_emit(&(stream_tile_emission){.module = t->module,
                                             .func = t->func,
                                             .network = &t->network,
                                             .acc = t->acc,
                                             .plans = t->plans,
                                             .tiling = &tiling,
                                             .arena = t->pass->arena});
    return STREAM_OK;
}

static stream_status check_untiled(const tiler *t) {
    MlirStringRef name = stream_ir_symbol_name(t->func);
    if (stream_ir_collect_named(t->func, "stream.ct", t->pass->arena).n == 0)
        return STREAM_OK;
    return stream_error(t->pass->diag, STREAM_INVALID, stream_loc_of(t->func), "'%.*s' is %s",
                        (int)name.length, name.data,
                        stream_ir_has(t->func, "stream.schedule")
                            ? "scheduled already: stream-verify-schedule checks it, "
                              "stream-schedule schedules its CTs again, stream-translate writes "
                              "reports; a new schedule begins with the network as it was before "
                              "stream-tile"
                            : "cut into CTs already: stream-annotate-cost is next");
}

stream_status stream_pass_tile_run(stream_pass *pass, MlirOperation module) {
    tiler t = {.pass = pass, .module = module};
    const stream_accelerator *acc;
    STREAM_TRY(stream_open_nested_modules(module, pass->diag));
    STREAM_TRY(stream_load_accelerator(pass, module, &acc));
    t.acc = acc;
    STREAM_TRY(stream_choose_network(module, pass->tile.function, pass->diag, &t.func));
    STREAM_TRY(check_untiled(&t));
    stream_status status = tile(&t);
    stream_tile_fusion_end(t.fusion);
    return status;
}
