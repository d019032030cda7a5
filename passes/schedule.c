/* stream-schedule: every CT and transfer gets a time, links and addresses. Needs stream-allocate,
 * or cores by hand. */

#include "pass.h"
#include "schedule_compatible.h"

#include "convert/accelerator.h"
#include "convert/costs.h"
#include "convert/ir.h"
#include "convert/loc.h"
#include "convert/network.h"
#include "convert/schedule.h"

#include "stream/check/check.h"
#include "stream/schedule/pack.h"
#include "stream/schedule/policy.h"

/* What the pass reads. */
typedef struct {
    MlirOperation func;
    stream_ct_ir ir;
    stream_cost_tables costs;
    stream_schedule_problem problem;
    bool keeps_better; /* the function has a schedule, which stays unless it is improved */
} schedule_input;

static stream_status load(stream_pass *p, MlirOperation module, schedule_input *in) {
    const stream_accelerator *acc;
    *in = (schedule_input){.keeps_better = false};
    STREAM_TRY(stream_load_accelerator(p, module, &acc));
    STREAM_TRY(stream_choose_network(module, p->schedule.function, p->diag, &in->func));
    STREAM_TRY(stream_load_ct_graph(module, in->func, acc, p->arena, p->diag, &in->ir));
    STREAM_TRY(stream_load_costs(&in->ir, acc, p->arena, p->diag, &in->costs));
    in->problem = (stream_schedule_problem){.acc = acc,
                                            .graph = &in->ir.graph,
                                            .cycles = in->costs.cycles,
                                            .energy_fj = in->costs.energy_fj,
                                            .cores = in->ir.cores,
                                            .parts = &in->costs.parts,
                                            .streams = &in->costs.streams};
    return STREAM_OK;
}

static stream_status check(const stream_pass *p, const schedule_input *in) {
    for (int32_t i = 0; i < in->ir.graph.n_cts; ++i)
        if (in->ir.cores[i] < 0)
            return stream_error(p->diag, STREAM_INVALID, in->ir.graph.cts[i].loc,
                                "CT %d has no core: run stream-allocate first, or write `on @core`",
                                i);
    return STREAM_OK;
}

/* The policy of the best schedule that stream-allocate made; false: it is not known. */
static bool find_allocated(const stream_pass *p, const schedule_input *in, stream_priority *out) {
    MlirStringRef found;
    return stream_ir_get_string(in->func, "stream.policy", &found) &&
           stream_priority_parse(stream_ir_strdup(p->arena, found), out);
}

/* The one policy that was asked for, also by a function that says `given`; false: the best is
 * wanted. */
static bool find_priority(const stream_pass *p, const schedule_input *in, stream_priority *out) {
    switch (p->schedule.policy) {
    case STREAM_POLICY_LATENCY:
        *out = STREAM_PRIORITY_LATENCY;
        return true;
    case STREAM_POLICY_MEMORY:
        *out = STREAM_PRIORITY_MEMORY;
        return true;
    case STREAM_POLICY_AHEAD:
        *out = STREAM_PRIORITY_AHEAD;
        return true;
    case STREAM_POLICY_DEMAND:
        *out = STREAM_PRIORITY_DEMAND;
        return true;
    case STREAM_POLICY_GIVEN:
        *out = STREAM_PRIORITY_GIVEN;
        return true;
    case STREAM_POLICY_BEST:
        return false;
    case STREAM_POLICY_AUTO:
        break;
    }
    return find_allocated(p, in, out) && *out == STREAM_PRIORITY_GIVEN;
}

/* Was the assignment found for less energy, which orders near the best are not to spend? */
static bool keeps_energy(const schedule_input *in) {
    MlirStringRef objective;
    return stream_ir_get_string(in->func, "stream.objective", &objective) &&
           !stream_ir_str_is(objective, "latency");
}

/* The CTs as they stand in the function. */
static const int32_t *program_order(const stream_pass *p, int32_t n) {
    int32_t *order = STREAM_NEW(p->arena, int32_t, (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        order[i] = i;
    return order;
}

/* With more CTs, auto tries the policy that stream-allocate found alone. */
#define MOST_CTS_FOR_ALL 32768

/* The best of all policies; of auto, where it may cost energy or much time, only that which
 * stream-allocate found. */
static stream_status compute_best(const stream_pass *p, schedule_input *in, stream_schedule *out) {
    stream_priority allocated, from;
    bool known = find_allocated(p, in, &allocated) && allocated != STREAM_PRIORITY_GIVEN;
    bool alone = known && p->schedule.policy == STREAM_POLICY_AUTO &&
                 (keeps_energy(in) || in->ir.graph.n_cts > MOST_CTS_FOR_ALL);
    in->keeps_better = stream_ir_has(in->func, "stream.schedule");
    if (in->keeps_better)
        in->problem.order = program_order(p, in->ir.graph.n_cts);
    stream_best_options options = {.only = alone ? &allocated : NULL,
                                   .first = known ? &allocated : NULL,
                                   .order_tries = p->schedule.order_tries,
                                   .keeps_energy = keeps_energy(in)};
    return stream_schedule_build_best(&in->problem, &options, p->arena, p->diag, out, &from);
}

static stream_status compute(const stream_pass *p, schedule_input *in, stream_schedule *out) {
    stream_priority priority;
    if (!find_priority(p, in, &priority))
        return compute_best(p, in, out);
    if (priority == STREAM_PRIORITY_GIVEN)
        in->problem.order = program_order(p, in->ir.graph.n_cts);
    const stream_schedule_model *model;
    STREAM_TRY(stream_schedule_model_build(&in->problem, p->arena, p->diag, &model));
    STREAM_TRY(stream_schedule_build_with(&in->problem, model, priority, p->arena, p->diag, out));
    (void)stream_schedule_relax(&in->problem, model, priority, p->arena, out);
    return STREAM_OK;
}

/* Does the function have a schedule that obeys the rules and ends before `now`? */
static bool was_better(const stream_pass *p, const schedule_input *in, const stream_schedule *now) {
    stream_schedule before;
    int32_t violations;
    return in->keeps_better &&
           stream_load_schedule(in->func, in->problem.acc, &in->ir, p->arena, NULL, &before) ==
               STREAM_OK &&
           before.summary.latency_cycles < now->summary.latency_cycles &&
           stream_check_schedule(&in->problem, &before, NULL, NULL, &violations) == STREAM_OK;
}

stream_status stream_pass_schedule_run(stream_pass *p, MlirOperation module) {
    schedule_input in;
    stream_schedule schedule;
    int32_t violations;
    if (p->schedule.model == STREAM_SCHEDULE_COALA_V0)
        return stream_schedule_compatible(p, module);
    STREAM_TRY(load(p, module, &in));
    STREAM_TRY(check(p, &in));
    STREAM_TRY(compute(p, &in, &schedule));
    if (was_better(p, &in, &schedule))
        return STREAM_OK;
    stream_schedule_pack(&in.problem, p->arena, &schedule);
    STREAM_TRY(stream_check_schedule(&in.problem, &schedule, NULL, p->diag, &violations));
    stream_save_schedule(in.func, in.problem.acc, &in.ir, &schedule, in.costs.model, p->arena);
    return STREAM_OK;
}
