/* stream-allocate: every CT gets a core. Needs stream-annotate-cost. */

#include "pass.h"

#include "convert/accelerator.h"
#include "convert/costs.h"
#include "convert/ir.h"
#include "convert/network.h"

#include "stream/allocate/allocate.h"
#include "stream/schedule/policy.h"

/* What the pass reads. */
typedef struct {
    MlirOperation func;
    stream_ct_ir ir;
    stream_cost_tables costs;
    stream_schedule_problem problem;
} allocate_input;

static stream_status load(stream_pass *p, MlirOperation module, allocate_input *in) {
    const stream_accelerator *acc;
    STREAM_TRY(stream_load_accelerator(p, module, &acc));
    STREAM_TRY(stream_find_network(module, p->diag, &in->func));
    STREAM_TRY(stream_load_ct_graph(module, in->func, acc, p->arena, p->diag, &in->ir));
    STREAM_TRY(stream_load_costs(&in->ir, acc, p->arena, p->diag, &in->costs));
    in->problem = (stream_schedule_problem){.acc = acc,
                                            .graph = &in->ir.graph,
                                            .cycles = in->costs.cycles,
                                            .energy_fj = in->costs.energy_fj,
                                            .streams = &in->costs.streams};
    return STREAM_OK;
}

static void save(stream_pass *p, const allocate_input *in, const int32_t *cores,
                 stream_priority priority) {
    for (int32_t i = 0; i < in->ir.graph.n_cts; ++i)
        stream_ir_set(in->ir.ct_ops[i], "core",
                      stream_ir_symbol(p->context, in->problem.acc->cores[cores[i]].name));
    stream_ir_set(in->func, "stream.policy",
                  stream_ir_string(p->context, stream_priority_name(priority)));
    stream_ir_set(in->func, "stream.objective",
                  stream_ir_string(p->context, stream_objective_name(p->allocate.objective)));
}

stream_status stream_pass_allocate_run(stream_pass *p, MlirOperation module) {
    allocate_input in;
    STREAM_TRY(load(p, module, &in));
    stream_allocate_options options = {.objective = p->allocate.objective,
                                       .evaluations = p->allocate.evaluations,
                                       .threads = p->allocate.threads,
                                       .seed = p->allocate.seed,
                                       .cutoff_cycles = p->allocate.cutoff_cycles};
    int32_t *cores = STREAM_NEW(p->arena, int32_t, (size_t)in.ir.graph.n_cts);
    stream_priority priority;
    STREAM_TRY(
        stream_allocate(&in.problem, in.ir.cores, &options, p->arena, p->diag, cores, &priority));
    save(p, &in, cores, priority);
    return STREAM_OK;
}
