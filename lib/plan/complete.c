/* Completing partial plans; see stream/plan/plan.h. */

#include "count.h"
#include "drop.h"
#include "first_tiles.h"
#include "given.h"
#include "report.h"
#include "shortage.h"
#include "shrink.h"
#include "stacks.h"
#include "stream/support/integer.h"
#include "stream/support/text.h"

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
    stream_dropped_cores *dropped; /* [n_layers] */
} planner;

/* Tiles before memories are looked at; see first_tiles.h. */
typedef struct {
    int64_t first[STREAM_MAX_LOOPS], whole[STREAM_MAX_LOOPS];
    int64_t n_tiles; /* that the first ones are cut into to be handed out; 0: they are whole */
} beginning;

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

static void smallest(const stream_layer *layer, const stream_layer_plan *plan, const bool *fixed,
                     bool may_split_reduction, int64_t *tile) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        tile[l] = fixed[l] || (layer->reduction[l] && !may_split_reduction) ? plan->tile[l] : 1;
}

/* Drops cores that the smallest CT does not fit, which the end of the planning tells. */
static stream_status drop_cores(planner *p, const stream_layer *layer, const bool *fixed,
                                bool may_split_reduction, stream_layer_plan *plan,
                                stream_dropped_cores *out) {
    int64_t tile[STREAM_MAX_LOOPS];
    stream_cutting cutting = {layer, plan->split, tile};
    smallest(layer, plan, fixed, may_split_reduction, tile);
    return stream_drop_cores(&p->fit, &cutting, p->arena, plan, out);
}

/* One core of every class: equal cores have equal memories. */
static int32_t distinct_cores(const planner *p, const stream_layer_plan *plan, int32_t *cores) {
    int32_t n = 0;
    for (int32_t i = 0; i < plan->n_cores; ++i) {
        int32_t k = 0;
        while (k < n && p->acc->class_of[cores[k]] != p->acc->class_of[plan->cores[i]])
            ++k;
        if (k == n)
            cores[n++] = plan->cores[i];
    }
    return n;
}

/* Tiles of nearly equal size, if they still fit: they may lie worse over the pieces that they read.
 */
static void balance(const stream_shrink_task *task, stream_layer_plan *plan) {
    int64_t tile[STREAM_MAX_LOOPS] = {0};
    for (int32_t l = 0; l < task->layer->n_loops; ++l) {
        int64_t part = stream_plan_part(task->layer, plan, l);
        tile[l] = task->fixed[l] ? plan->tile[l]
                                 : stream_ceil_div(part, stream_ceil_div(part, plan->tile[l]));
    }
    stream_shortage shortage;
    stream_cutting cutting = {task->layer, plan->split, tile};
    if (stream_fit_cores(task->fit, &cutting, task->cores, task->n_cores, task->fill, &shortage))
        memcpy(plan->tile, tile, sizeof tile);
}

/* First with room to prefetch, else with all of the memories. */
static bool shrinks_from(planner *p, stream_shrink_task *task, const int64_t *first,
                         int64_t *tile) {
    size_t bytes = sizeof(int64_t) * (size_t)task->layer->n_loops;
    task->fill = p->options->fill;
    memcpy(tile, first, bytes);
    if (stream_shrink(task, tile))
        return true;
    task->fill = 1.0;
    memcpy(tile, first, bytes);
    return stream_shrink(task, tile);
}

/* Where memories make tiles small, these need not be parts of what was cut to be handed out: fewer
 * may be enough. */
static void shrink_undivided(planner *p, const stream_shrink_task *task, const beginning *from,
                             stream_layer_plan *plan) {
    int64_t tile[STREAM_MAX_LOOPS] = {0};
    stream_shrink_task trial = *task;
    if (!shrinks_from(p, &trial, from->whole, tile) || trial.fill > task->fill)
        return;
    const int64_t *bounds = task->layer->bounds;
    int64_t n = stream_shrink_count(task->layer, bounds, tile);
    if (n >= from->n_tiles && n < stream_shrink_count(task->layer, bounds, plan->tile))
        memcpy(plan->tile, tile, sizeof tile);
}

static bool shrinks(planner *p, stream_shrink_task *task, const beginning *from,
                    stream_layer_plan *plan) {
    if (!shrinks_from(p, task, from->first, plan->tile))
        return false;
    if (from->n_tiles > 0 &&
        memcmp(plan->tile, from->first, sizeof(int64_t) * (size_t)task->layer->n_loops) != 0)
        shrink_undivided(p, task, from, plan);
    balance(task, plan);
    return true;
}

/* Would the layer have far fewer CTs if its reduction could be split? */
static bool better_unfused(planner *p, stream_shrink_task task, const int64_t *first,
                           const stream_layer_plan *plan) {
    int64_t tile[STREAM_MAX_LOOPS];
    memcpy(tile, first, sizeof tile);
    task.may_split_reduction = true;
    task.fill = p->options->fill;
    return stream_shrink(&task, tile) &&
           stream_shrink_count(task.layer, first, tile) <=
               stream_shrink_count(task.layer, first, plan->tile) / STREAM_SHRINK_FEWER;
}

static bool splits_reduction(const stream_layer *layer, const stream_layer_plan *plan) {
    for (int32_t i = 0; i < layer->n_loops; ++i)
        if (layer->reduction[i] && plan->tile[i] < layer->bounds[i])
            return true;
    return false;
}

/* ---- operands that are streamed, as the last resort */

/* Tiles that fit without some operands. */
static bool streams(planner *p, stream_shrink_task *task, const beginning *from,
                    const stream_shortage *shortage, stream_layer_plan *plan,
                    stream_dropped_cores *dropped) {
    uint8_t sets[1 << STREAM_N_OPERANDS];
    int32_t n = p->options->streaming ? stream_shortage_sets(p->acc, shortage, sets) : 0;
    int32_t *cores = STREAM_NEW(p->arena, int32_t, (size_t)plan->n_cores);
    bool found = false;
    for (int32_t i = 0; i < n && !found; ++i) {
        stream_layer_plan trial = *plan;
        memcpy(trial.tile, from->first, sizeof trial.tile);
        p->fit.streamed = sets[i] | plan->streamed;
        if (drop_cores(p, task->layer, task->fixed, task->may_split_reduction, &trial, dropped) !=
            STREAM_OK)
            continue;
        task->cores = cores;
        task->n_cores = distinct_cores(p, &trial, cores);
        found = shrinks(p, task, from, &trial);
        if (!found)
            continue;
        *plan = trial;
        stream_shortage_tell(p->acc, task->layer, sets[i], shortage, p->diag);
    }
    p->fit.streamed = plan->streamed;
    return found;
}

/* ---- a layer */

static stream_status complete_layer(planner *p, int32_t l, stream_layer_plan *plans,
                                    bool *out_unfuse) {
    const stream_layer *layer = &p->w->layers[l];
    stream_layer_plan *plan = &plans[l];
    bool fixed[STREAM_MAX_LOOPS], whole_reduction = layer->has_epilogue;
    beginning from;
    STREAM_TRY(find_cores(p, layer, plan));
    STREAM_TRY(stream_plan_check_streams(p->options, layer, plan, p->diag));
    p->fit.streamed = plan->streamed;
    from.n_tiles = stream_first_tiles(p->acc, layer, stream_stack_is_one(p->w, plans, l),
                                      p->options->rows, plan, fixed, from.whole);
    memcpy(from.first, plan->tile, sizeof from.first);
    bool can_unfuse = whole_reduction && out_unfuse;
    if (whole_reduction && splits_reduction(layer, plan)) { /* the user's tile divides it */
        if (can_unfuse) {
            out_unfuse[l] = true;
            return STREAM_OK;
        }
        return stream_error(p->diag, STREAM_UNSUPPORTED, layer->loc,
                            "layer '%s' has element-wise ops fused behind its reduction, which "
                            "therefore cannot be tiled",
                            layer->name);
    }
    stream_dropped_cores *dropped = &p->dropped[l];
    stream_status status = drop_cores(p, layer, fixed, !whole_reduction, plan, dropped);
    int32_t *cores = STREAM_NEW(p->arena, int32_t, (size_t)plan->n_cores);
    stream_shrink_task task = {.fit = &p->fit,
                               .layer = layer,
                               .split = plan->split,
                               .cores = cores,
                               .n_cores = distinct_cores(p, plan, cores),
                               .fixed = fixed,
                               .may_split_reduction = !whole_reduction,
                               .cheapest = p->options->shape == STREAM_SHAPE_CHEAPEST,
                               /* row tiles are low for the windows and weights of a stack */
                               .may_grow = !stream_stack_reduces(p->w, plans, l)};
    if (status == STREAM_OK && shrinks(p, &task, &from, plan)) {
        if (can_unfuse && layer->epilogue_apart)
            out_unfuse[l] = better_unfused(p, task, from.first, plan);
        return STREAM_OK;
    }
    if (can_unfuse) {
        out_unfuse[l] = true;
        return STREAM_OK;
    }
    stream_shortage shortage = dropped->least;
    if (status == STREAM_OK) { /* some other place of the layer does not fit */
        stream_cutting cutting = {layer, plan->split, plan->tile};
        shortage = (stream_shortage){.core = cores[0]};
        (void)stream_fit_cores(&p->fit, &cutting, cores, task.n_cores, 1.0, &shortage);
    }
    return streams(p, &task, &from, &shortage, plan, dropped)
               ? STREAM_OK
               : stream_shortage_error(p->acc, layer, &shortage, p->options->streaming, p->diag);
}

static void tell_dropped(planner *p, const stream_layer_plan *plans) {
    for (int32_t l = 0; l < p->w->n_layers; ++l)
        stream_drop_tell(&p->fit, &p->w->layers[l], &plans[l], &p->dropped[l],
                         p->options->streaming, p->diag);
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
    if (options->rows < 1)
        return stream_error(diag, STREAM_INVALID, (stream_loc){0},
                            "rows is %lld; it must be at least 1", (long long)options->rows);
    if (!(options->fill > 0 && options->fill <= 1))
        return stream_error(diag, STREAM_INVALID, (stream_loc){0},
                            "fill is %g; it must be above 0 and at most 1", options->fill);
    for (int32_t l = 0; l < w->n_layers; ++l) {
        STREAM_TRY(stream_plan_check_given(acc, &w->layers[l], &plans[l], diag));
        if (out_unfuse)
            out_unfuse[l] = false;
    }
    STREAM_TRY(stream_plan_stacks(w, acc, options, diag, plans));
    p.dropped = STREAM_NEW(arena, stream_dropped_cores, (size_t)w->n_layers);
    stream_fit_init(&p.fit, w, acc, plans);
    stream_status status = complete_layers(&p, plans, out_unfuse);
    if (status == STREAM_OK)
        tell_dropped(&p, plans);
    if (status == STREAM_OK)
        status = stream_plan_check_count(&p.fit, plans, options->max_cts, options->fill, diag);
    if (status == STREAM_OK)
        status = stream_plan_check_pieces(&p.fit, plans, options->max_pieces, diag);
    if (status == STREAM_OK && options->report)
        stream_plan_report(&p.fit, plans, options, diag);
    stream_fit_free(&p.fit);
    return status;
}
