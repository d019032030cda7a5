/* Completing partial plans; see stream/plan/plan.h. */

#include "shrink.h"
#include "stacks.h"
#include "stream/support/integer.h"

#include <string.h>

int64_t stream_plan_part(const stream_layer *layer, const stream_layer_plan *plan, int32_t l) {
    return plan->split[l] > 1 ? stream_ceil_div(layer->bounds[l], plan->split[l])
                              : layer->bounds[l];
}

typedef struct {
    const stream_workload *w;
    const stream_accelerator *acc;
    const stream_plan_options *options;
    stream_arena *arena;
    const stream_diag *diag;
    stream_fit fit;
} planner;

static stream_status check_given(const planner *p, const stream_layer *layer,
                                 const stream_layer_plan *plan) {
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        int64_t tile = plan->tile[l], split = plan->split[l], bound = layer->bounds[l];
        if (tile < 0 || split < 0 || split > bound)
            return stream_error(
                p->diag, STREAM_INVALID, plan->loc.handle ? plan->loc : layer->loc,
                "layer '%s', loop %s of %lld iterations: a tile of %lld and a split "
                "of %lld are not possible; tiles are at least 1, splits at most the "
                "loop",
                layer->name, layer->loop_names[l], (long long)bound, (long long)tile,
                (long long)split);
        bool divides = (tile > 0 && tile < bound) || split > 1;
        if (divides && layer->reduction[l] && split > 1)
            return stream_error(
                p->diag, STREAM_INVALID, plan->loc.handle ? plan->loc : layer->loc,
                "layer '%s': loop %s is a reduction and cannot be split over cores; "
                "it can be tiled",
                layer->name, layer->loop_names[l]);
    }
    for (int32_t i = 0; i < plan->n_cores; ++i)
        if (plan->cores[i] < 0 || plan->cores[i] >= p->acc->n_cores ||
            p->acc->cores[plan->cores[i]].kind != STREAM_CORE_COMPUTE)
            return stream_error(p->diag, STREAM_INVALID, plan->loc.handle ? plan->loc : layer->loc,
                                "layer '%s' is put on core %d, which is no compute core of '%s'",
                                layer->name, plan->cores[i], p->acc->name);
    return STREAM_OK;
}

static stream_status find_cores(const planner *p, const stream_layer *layer,
                                stream_layer_plan *plan) {
    int32_t *cores = STREAM_NEW(p->arena, int32_t, (size_t)p->acc->n_cores), n = 0;
    for (int32_t c = 0; c < p->acc->n_cores && plan->n_cores == 0; ++c)
        if (stream_core_runs(&p->acc->cores[c], layer->op_type))
            cores[n++] = c;
    for (int32_t i = 0; i < plan->n_cores; ++i) {
        if (!stream_core_runs(&p->acc->cores[plan->cores[i]], layer->op_type))
            return stream_error(p->diag, STREAM_INVALID, layer->loc,
                                "layer '%s' is put on core '%s', which does not run %s",
                                layer->name, p->acc->cores[plan->cores[i]].name, layer->op_type);
        cores[n++] = plan->cores[i];
    }
    if (n == 0)
        return stream_error(
            p->diag, STREAM_INFEASIBLE, layer->loc,
            "no core of '%s' runs %s (layer '%s'): add it to the operator_types of a "
            "core",
            p->acc->name, layer->op_type, layer->name);
    plan->cores = cores;
    plan->n_cores = n;
    return STREAM_OK;
}

static bool alone(const planner *p, const stream_layer_plan *plans, int32_t l) {
    bool before = l > 0 && plans[l - 1].stack == plans[l].stack;
    bool after = l + 1 < p->w->n_layers && plans[l + 1].stack == plans[l].stack;
    return !before && !after;
}

static bool says_anything(const stream_layer *layer, const stream_layer_plan *plan) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (plan->tile[l] > 0 || plan->split[l] > 0)
            return true;
    return false;
}

static bool equal_cores(const stream_accelerator *acc, const stream_layer_plan *plan) {
    for (int32_t i = 1; i < plan->n_cores; ++i)
        if (acc->class_of[plan->cores[i]] != acc->class_of[plan->cores[0]])
            return false;
    return true;
}

/* A layer alone in its stack is divided by output channel, else by rows, else by whatever parallel
 * loop has enough iterations: over equal cores into one part each, over unequal cores into smaller
 * tiles that the allocation hands out by speed. */
static void divide_over_cores(const stream_accelerator *acc, const stream_layer *layer,
                              stream_layer_plan *plan, int64_t *piece) {
    enum {
        TILES_PER_UNEQUAL_CORE = 4
    };
    stream_loop_roles roles = stream_loop_roles_of(layer);
    int32_t candidates[STREAM_MAX_LOOPS + 2], n = 0;
    candidates[n++] = roles.channel;
    candidates[n++] = roles.row;
    for (int32_t i = 0; i < roles.n_other; ++i)
        candidates[n++] = roles.other[i];
    for (int32_t i = 0; i < n; ++i) {
        int32_t l = candidates[i];
        if (l < 0 || layer->bounds[l] < plan->n_cores)
            continue;
        if (equal_cores(acc, plan))
            plan->split[l] = plan->n_cores;
        else
            piece[l] = stream_ceil_div(
                layer->bounds[l],
                stream_min_i64(layer->bounds[l], TILES_PER_UNEQUAL_CORE * (int64_t)plan->n_cores));
        return;
    }
}

/* Tiles before shrinking; fixed[l]: the user gave it. */
static void first_tiles(const planner *p, const stream_layer *layer, bool is_alone,
                        stream_layer_plan *plan, bool *fixed) {
    stream_loop_roles roles = stream_loop_roles_of(layer);
    int64_t piece[STREAM_MAX_LOOPS] = {0};
    if (is_alone && plan->n_cores > 1 && !says_anything(layer, plan))
        divide_over_cores(p->acc, layer, plan, piece);
    bool rows_are_batches = roles.row >= 0 && strcmp(layer->loop_names[roles.row], "B") == 0;
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        int64_t part = stream_plan_part(layer, plan, l);
        fixed[l] = plan->tile[l] > 0;
        if (fixed[l]) {
            plan->tile[l] = stream_min_i64(plan->tile[l], part);
            continue;
        }
        plan->tile[l] = piece[l] > 0 ? piece[l] : part;
        if (is_alone || layer->reduction[l])
            continue;
        if (l == roles.row)
            plan->tile[l] = stream_min_i64(p->options->rows, part);
        else if (strcmp(layer->loop_names[l], "B") == 0 && !rows_are_batches)
            plan->tile[l] = 1;
    }
}

static stream_status too_large(const planner *p, const stream_layer *layer, int32_t core,
                               int32_t instance, const stream_ct_bits *ct) {
    const stream_instance *memory = &p->acc->instances[instance];
    const stream_memory *level = &p->acc->cores[memory->core].memories[memory->level];
    int64_t bits = 0;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (p->acc->top[core * STREAM_N_OPERANDS + o] == instance)
            bits += ct->bits[o];
    return stream_error(
        p->diag, STREAM_INFEASIBLE, layer->loc,
        "the smallest CT of layer '%s' needs %lld bits in memory '%s' of core '%s' "
        "(I1 %lld, I2 %lld, O %lld), which has %lld: a memory of %lld bits, or smaller "
        "tiles of the loops that the plan fixes, would fit",
        layer->name, (long long)bits, level->name, p->acc->cores[core].name,
        (long long)ct->bits[STREAM_I1], (long long)ct->bits[STREAM_I2],
        (long long)ct->bits[STREAM_O], (long long)memory->size_bits, (long long)bits);
}

static void smallest(const stream_layer *layer, const stream_layer_plan *plan, const bool *fixed,
                     bool may_split_reduction, int64_t *tile) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        tile[l] = fixed[l] || (layer->reduction[l] && !may_split_reduction) ? plan->tile[l] : 1;
}

/* Drops cores that the smallest CT does not fit. INFEASIBLE, with or without a message, if none
 * stays. */
static stream_status drop_cores(planner *p, const stream_layer *layer, const bool *fixed,
                                bool may_split_reduction, bool quiet, stream_layer_plan *plan) {
    int64_t tile[STREAM_MAX_LOOPS];
    int32_t *kept = STREAM_NEW(p->arena, int32_t, (size_t)plan->n_cores), n = 0;
    int32_t instance = 0, worst = 0;
    stream_ct_bits ct = {{0}};
    smallest(layer, plan, fixed, may_split_reduction, tile);
    for (int32_t i = 0; i < plan->n_cores; ++i) {
        int32_t core = plan->cores[i];
        if (stream_fit_core(&p->fit, layer, tile, core, 1.0, &instance, &ct))
            kept[n++] = core;
        else
            worst = core;
    }
    if (n == 0)
        return quiet ? STREAM_INFEASIBLE : too_large(p, layer, worst, instance, &ct);
    if (n < plan->n_cores && !quiet)
        stream_warn(p->diag, layer->loc,
                    "layer '%s' does not use core '%s': not even its smallest CT fits (I1 %lld, I2 "
                    "%lld, O %lld bits)",
                    layer->name, p->acc->cores[worst].name, (long long)ct.bits[STREAM_I1],
                    (long long)ct.bits[STREAM_I2], (long long)ct.bits[STREAM_O]);
    plan->cores = kept;
    plan->n_cores = n;
    return STREAM_OK;
}

static void balance(const stream_layer *layer, const bool *fixed, stream_layer_plan *plan) {
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        int64_t part = stream_plan_part(layer, plan, l);
        if (!fixed[l])
            plan->tile[l] = stream_ceil_div(part, stream_ceil_div(part, plan->tile[l]));
    }
}

static bool shrinks(planner *p, const stream_layer *layer, const bool *fixed,
                    bool may_split_reduction, stream_layer_plan *plan) {
    int64_t first[STREAM_MAX_LOOPS];
    memcpy(first, plan->tile, sizeof first);
    if (stream_shrink(&p->fit, layer, plan->cores, plan->n_cores, p->options->fill, fixed,
                      may_split_reduction, plan->tile))
        return true;
    memcpy(plan->tile, first, sizeof first);
    return stream_shrink(&p->fit, layer, plan->cores, plan->n_cores, 1.0, fixed,
                         may_split_reduction, plan->tile);
}

static stream_status complete_layer(planner *p, int32_t l, stream_layer_plan *plans,
                                    bool *out_unfuse) {
    const stream_layer *layer = &p->w->layers[l];
    stream_layer_plan *plan = &plans[l];
    bool fixed[STREAM_MAX_LOOPS], whole_reduction = layer->has_epilogue;
    STREAM_TRY(find_cores(p, layer, plan));
    first_tiles(p, layer, alone(p, plans, l), plan, fixed);
    bool split = false;
    for (int32_t i = 0; i < layer->n_loops; ++i)
        split |= layer->reduction[i] && plan->tile[i] < layer->bounds[i];
    bool can_unfuse = whole_reduction && out_unfuse;
    if (whole_reduction && split) { /* the user's tile divides the reduction */
        if (can_unfuse) {
            out_unfuse[l] = true;
            return STREAM_OK;
        }
        return stream_error(p->diag, STREAM_UNSUPPORTED, layer->loc,
                            "layer '%s' has element-wise ops fused behind its reduction, which "
                            "therefore cannot be tiled",
                            layer->name);
    }
    stream_status status = drop_cores(p, layer, fixed, !whole_reduction, can_unfuse, plan);
    if (status == STREAM_OK && shrinks(p, layer, fixed, !whole_reduction, plan)) {
        balance(layer, fixed, plan);
        return STREAM_OK;
    }
    if (can_unfuse) {
        out_unfuse[l] = true;
        return STREAM_OK;
    }
    if (status != STREAM_OK)
        return status;
    int32_t instance = 0;
    stream_ct_bits ct = {{0}};
    for (int32_t i = 0; i < plan->n_cores; ++i)
        if (!stream_fit_core(&p->fit, layer, plan->tile, plan->cores[i], 1.0, &instance, &ct))
            return too_large(p, layer, plan->cores[i], instance, &ct);
    return STREAM_OK;
}

static stream_status complete_layers(planner *p, stream_layer_plan *plans, bool *out_unfuse) {
    bool unfuse = false;
    for (int32_t l = 0; l < p->w->n_layers; ++l) {
        STREAM_TRY(complete_layer(p, l, plans, out_unfuse));
        unfuse |= out_unfuse && out_unfuse[l];
    }
    return unfuse ? STREAM_LIMIT : STREAM_OK;
}

stream_status stream_plan_complete(const stream_workload *w, const stream_accelerator *acc,
                                   const stream_plan_options *options, stream_arena *arena,
                                   const stream_diag *diag, stream_layer_plan *plans,
                                   bool *out_unfuse) {
    planner p = {.w = w, .acc = acc, .options = options, .arena = arena, .diag = diag};
    if (options->rows < 1 || !(options->fill > 0 && options->fill <= 1))
        return stream_error(diag, STREAM_INVALID, (stream_loc){0},
                            "rows must be at least 1 and fill in (0, 1], got %lld and %g",
                            (long long)options->rows, options->fill);
    for (int32_t l = 0; l < w->n_layers; ++l) {
        STREAM_TRY(check_given(&p, &w->layers[l], &plans[l]));
        if (out_unfuse)
            out_unfuse[l] = false;
    }
    STREAM_TRY(stream_plan_stacks(w, acc, options, diag, plans));
    p.fit = (stream_fit){.w = w, .acc = acc};
    stream_tracer_init(&p.fit.tracer);
    stream_status status = complete_layers(&p, plans, out_unfuse);
    stream_tracer_free(&p.fit.tracer);
    return status;
}
