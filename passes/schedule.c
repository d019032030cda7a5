/* stream-schedule: every CT and transfer gets a time, links and addresses. Needs stream-allocate,
 * or cores by hand. */

#include "pass.h"

#include "convert/accelerator.h"
#include "convert/costs.h"
#include "convert/ir.h"
#include "convert/loc.h"
#include "convert/network.h"
#include "convert/schedule.h"

#include "stream/check/check.h"

/* What the pass reads. */
typedef struct {
    MlirOperation func;
    stream_ct_ir ir;
    stream_cost_tables costs;
    stream_routes routes;
    stream_schedule_problem problem;
} schedule_input;

static stream_status load(stream_pass *p, MlirOperation module, schedule_input *in) {
    const stream_accelerator *acc;
    STREAM_TRY(stream_load_accelerator(p, module, &acc));
    STREAM_TRY(stream_find_network(module, "", p->diag, &in->func));
    STREAM_TRY(stream_load_ct_graph(module, in->func, acc, p->arena, p->diag, &in->ir));
    STREAM_TRY(stream_load_costs(&in->ir, acc, p->arena, p->diag, &in->costs));
    STREAM_TRY(stream_routes_build(acc, p->arena, p->diag, &in->routes));
    in->problem = (stream_schedule_problem){.acc = acc,
                                            .routes = &in->routes,
                                            .graph = &in->ir.graph,
                                            .cycles = in->costs.cycles,
                                            .energy_fj = in->costs.energy_fj,
                                            .cores = in->ir.cores};
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

/* The priority that was asked for, or that stream-allocate found; false: neither says. */
static bool find_priority(const stream_pass *p, const schedule_input *in, stream_priority *out) {
    MlirStringRef found;
    switch (p->schedule.policy) {
    case STREAM_POLICY_LATENCY:
        *out = STREAM_PRIORITY_LATENCY;
        return true;
    case STREAM_POLICY_MEMORY:
        *out = STREAM_PRIORITY_MEMORY;
        return true;
    case STREAM_POLICY_AUTO:
        break;
    }
    if (!stream_ir_get_string(in->func, "stream.policy", &found))
        return false;
    *out = stream_ir_str_is(found, "memory") ? STREAM_PRIORITY_MEMORY : STREAM_PRIORITY_LATENCY;
    return true;
}

static bool is_better(const stream_schedule *a, const stream_schedule *b) {
    if (a->summary.latency_cycles != b->summary.latency_cycles)
        return a->summary.latency_cycles < b->summary.latency_cycles;
    return a->summary.energy_fj < b->summary.energy_fj;
}

/* The better of both priorities. One that fails does so for a CT that is too large for its
 * memories, which fails the other too, or because off-chip memory is full: then the other may do.
 */
static stream_status try_both(const stream_pass *p, const schedule_input *in,
                              stream_schedule *out) {
    stream_schedule memory;
    stream_status latency_status =
        stream_schedule_build(&in->problem, STREAM_PRIORITY_LATENCY, p->arena, NULL, out);
    stream_status memory_status =
        stream_schedule_build(&in->problem, STREAM_PRIORITY_MEMORY, p->arena,
                              latency_status == STREAM_OK ? NULL : p->diag, &memory);
    if (memory_status == STREAM_OK && (latency_status != STREAM_OK || is_better(&memory, out)))
        *out = memory;
    return latency_status == STREAM_OK ? STREAM_OK : memory_status;
}

static stream_status compute(const stream_pass *p, const schedule_input *in, stream_schedule *out) {
    stream_priority priority;
    if (find_priority(p, in, &priority))
        return stream_schedule_build(&in->problem, priority, p->arena, p->diag, out);
    return try_both(p, in, out);
}

stream_status stream_pass_schedule_run(stream_pass *p, MlirOperation module) {
    schedule_input in;
    stream_schedule schedule;
    int32_t violations;
    STREAM_TRY(load(p, module, &in));
    STREAM_TRY(check(p, &in));
    STREAM_TRY(compute(p, &in, &schedule));
    STREAM_TRY(stream_check_schedule(&in.problem, &schedule, NULL, p->diag, &violations));
    stream_save_schedule(in.func, in.problem.acc, &in.ir, &schedule, in.costs.model, p->arena);
    return STREAM_OK;
}
