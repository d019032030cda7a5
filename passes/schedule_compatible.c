/* stream-schedule{model=coala-v0}: the network is cut, priced and scheduled as the reference of
 * June 2023 does it. Needs a network of linalg ops. */

#include "schedule_compatible.h"
#include "tile_emit.h"

#include "convert/accelerator.h"
#include "convert/compatible.h"
#include "convert/ir.h"
#include "convert/loc.h"
#include "convert/network.h"
#include "normalize/normalize.h"

#include "stream/cost/kernel.h"
#include "stream/cost/search.h"
#include "stream/plan/defaults.h"

typedef struct {
    stream_pass *pass;
    MlirOperation module, func;
    const stream_accelerator *acc;
    stream_compatible c;
} scheduler;

/* Of the options of the exact model and the two of ZigZag. */
static stream_cost_model cost_model(const stream_pass *p) {
    switch (p->schedule.cost_model) {
    case STREAM_COMPATIBLE_ZIGZAG_3_8_5:
        return STREAM_MODEL_ZIGZAG_3_8_5;
    case STREAM_COMPATIBLE_ZIGZAG_3_9_1:
        return STREAM_MODEL_ZIGZAG_3_9_1;
    case STREAM_COMPATIBLE_EXACT:
        break;
    }
    return STREAM_MODEL_EXACT;
}

static const char *cost_model_name(const stream_pass *p) {
    return stream_cost_model_name(cost_model(p));
}

/* ---- one core for each layer */

static stream_status choose_core(scheduler *s, int32_t l) {
    const stream_layer *layer = &s->c.network.workload.layers[l];
    stream_layer_plan *plan = &s->c.plans[l];
    int32_t *only = STREAM_NEW(s->pass->arena, int32_t, 1), n = plan->n_cores;
    if (n == 1)
        return STREAM_OK;
    for (int32_t i = 0; plan->n_cores == 0 && i < s->acc->n_cores; ++i) {
        const stream_core *core = &s->acc->cores[i];
        if (core->kind != STREAM_CORE_COMPUTE || !stream_core_runs(core, layer->op_type))
            continue;
        *only = i;
        ++n;
    }
    plan->cores = only;
    plan->n_cores = 1;
    if (n == 1)
        return STREAM_OK;
    return stream_error(s->pass->diag, STREAM_INVALID, layer->loc,
                        "layer '%s' (%s) could run on %d cores, but model=coala-v0 needs one for "
                        "each layer: name it in a mapping or in #stream.plan",
                        layer->name, layer->op_type, n);
}

/* ---- prices */

/* The reference gives the window of a pooling layer a weight of no bits. */
static void add_window(const stream_layer *layer, stream_loop_nest *nest) {
    bool window = false;
    for (int32_t i = 0; i < layer->n_operands; ++i)
        window |= layer->operands[i].is_window;
    if (!window || nest->n_operands == STREAM_NEST_MAX_OPERANDS)
        return;
    for (int32_t i = nest->n_operands++; i > 1; --i)
        nest->operands[i] = nest->operands[i - 1];
    stream_nest_operand *weight = &nest->operands[1];
    *weight = (stream_nest_operand){.name = "W", .memory = STREAM_I2};
    for (int32_t i = 0; i < 2; ++i) {
        int32_t dim = stream_nest_dim_named(nest, i ? "FY" : "FX");
        if (dim >= 0)
            weight->index[weight->n_index++] = dim;
    }
}

/* Messages about one price begin with what it is of. */
typedef struct {
    const stream_diag *diag;
    const stream_layer *layer;
    const stream_core *core;
} price_messages;

static void emit_price(void *user, stream_severity severity, stream_loc loc, const char *text) {
    const price_messages *m = user;
    stream_text whole = {0};
    if (!m->diag->emit)
        return;
    stream_text_print(&whole, "layer '%s' (%s) on core '%s': %s", m->layer->name, m->layer->op_type,
                      m->core->name, text);
    m->diag->emit(m->diag->user, severity, loc, whole.data);
    stream_text_free(&whole);
}

static stream_status price_layer(scheduler *s, int32_t l) {
    const stream_layer_plan *plan = &s->c.plans[l];
    stream_layer tile = s->c.network.workload.layers[l];
    stream_cost_options options = STREAM_COST_OPTIONS_DEFAULTS;
    stream_loop_nest nest;
    stream_cost_result result;
    if (stream_compatible_price(&s->c, l, &s->c.cycles[l], &s->c.energy_pj[l]))
        return STREAM_OK;
    options.model = cost_model(s->pass);
    for (int32_t i = 0; i < tile.n_loops; ++i)
        tile.bounds[i] = plan->tile[i] > 0 ? plan->tile[i] : tile.bounds[i];
    const stream_core *core = &s->acc->cores[plan->cores[0]];
    price_messages messages = {s->pass->diag, &tile, core};
    stream_diag diag = {emit_price, &messages};
    STREAM_TRY(stream_loop_nest_of_layer(&s->c.network.workload, &tile, &diag, &nest));
    add_window(&tile, &nest);
    STREAM_TRY(stream_cost_search(&nest, core, &options, &diag, &result));
    s->c.cycles[l] = result.cost.total2_cycles;
    s->c.energy_pj[l] = result.cost.energy_pj;
    return STREAM_OK;
}

static stream_status price(scheduler *s) {
    int32_t n = s->c.network.workload.n_layers;
    s->c.cycles = STREAM_NEW(s->pass->arena, double, (size_t)n);
    s->c.energy_pj = STREAM_NEW(s->pass->arena, double, (size_t)n);
    for (int32_t l = 0; l < n; ++l) {
        STREAM_TRY(choose_core(s, l));
        STREAM_TRY(price_layer(s, l));
        STREAM_TRY(stream_save_compatible_layer(&s->c, l, cost_model_name(s->pass)));
    }
    return STREAM_OK;
}

/* ---- the schedule, from what the IR says now */

static stream_status run(scheduler *s, stream_priority policy) {
    const stream_pass *p = s->pass;
    stream_save_compatible_summary(s->func, policy, p->schedule.prefetch, cost_model_name(p), NULL,
                                   NULL);
    STREAM_TRY(stream_load_compatible(s->module, s->func, s->acc, p->arena, p->diag, &s->c));
    stream_save_compatible_summary(s->func, policy, p->schedule.prefetch, cost_model_name(p),
                                   &s->c.problem, &s->c.schedule);
    return STREAM_OK;
}

/* The one that was asked for, or the faster of the two. */
static stream_status run_policy(scheduler *s) {
    const stream_pass *p = s->pass;
    if (p->schedule.policy == STREAM_POLICY_MEMORY)
        return run(s, STREAM_PRIORITY_MEMORY);
    if (p->schedule.policy == STREAM_POLICY_LATENCY)
        return run(s, STREAM_PRIORITY_LATENCY);
    if (p->schedule.policy != STREAM_POLICY_AUTO)
        return stream_error(p->diag, STREAM_INVALID, stream_loc_of(s->func),
                            "model=coala-v0 has the policies auto, latency and memory");
    STREAM_TRY(run(s, STREAM_PRIORITY_MEMORY));
    double memory = s->c.schedule.latency_cycles;
    STREAM_TRY(run(s, STREAM_PRIORITY_LATENCY));
    return memory < s->c.schedule.latency_cycles ? run(s, STREAM_PRIORITY_MEMORY) : STREAM_OK;
}

static stream_status load(scheduler *s) {
    stream_pass *p = s->pass;
    STREAM_TRY(stream_open_nested_modules(s->module, p->diag));
    STREAM_TRY(stream_load_accelerator(p, s->module, &s->acc));
    STREAM_TRY(stream_choose_network(s->module, p->schedule.function, p->diag, &s->func));
    if (stream_ir_collect_named(s->func, "stream.ct", p->arena).n > 0)
        return stream_error(p->diag, STREAM_INVALID, stream_loc_of(s->func),
                            "model=coala-v0 cuts the network itself: run it on the linalg ops, "
                            "without stream-tile");
    stream_erase_dead(s->func);
    stream_normalize(s->func, p->arena, p->diag);
    stream_erase_dead(s->func);
    STREAM_TRY(
        stream_load_compatible_network(s->module, s->func, s->acc, p->arena, p->diag, &s->c));
    return stream_plan_default_tiles(&s->c.network.workload, p->schedule.tiles, p->schedule.n_tiles,
                                     p->diag, s->c.plans);
}

stream_status stream_schedule_compatible(stream_pass *pass, MlirOperation module) {
    scheduler s = {.pass = pass, .module = module};
    STREAM_TRY(load(&s));
    STREAM_TRY(price(&s));
    return run_policy(&s);
}
