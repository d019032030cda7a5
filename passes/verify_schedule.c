/* passes/verify_schedule.c: a schedule against every rule, from the IR alone. Needs
 * stream-schedule. */

#include "pass.h"

#include "convert/accelerator.h"
#include "convert/costs.h"
#include "convert/ir.h"
#include "convert/loc.h"
#include "convert/network.h"
#include "convert/schedule.h"

#include "stream/check/check.h"

/* The cost models that the summary names are those of the prices. */
static stream_status check_model(MlirOperation func, const char *prices, const stream_diag *diag) {
    MlirStringRef said;
    if (!stream_ir_as_string(stream_ir_entry(stream_ir_attr(func, "stream.schedule"), "model"),
                             &said) ||
        stream_ir_str_is(said, prices))
        return STREAM_OK;
    return stream_error(diag, STREAM_INVALID, stream_loc_of(func),
                        "R12: the summary says model = \"%.*s\"; the prices are of \"%s\"",
                        (int)said.length, said.data, prices);
}

stream_status stream_pass_verify_schedule_run(stream_pass *pass, MlirOperation module) {
    MlirOperation func;
    const stream_accelerator *acc;
    stream_ct_ir ir;
    stream_cost_tables costs;
    stream_schedule_ir loaded;
    STREAM_TRY(stream_find_network(module, pass->diag, &func));
    STREAM_TRY(stream_load_accelerator(pass, module, &acc));
    STREAM_TRY(stream_load_ct_graph(module, func, acc, pass->arena, pass->diag, &ir));
    STREAM_TRY(stream_load_costs(&ir, acc, pass->arena, pass->diag, &costs));
    STREAM_TRY(stream_load_schedule_ir(func, acc, &ir, pass->arena, pass->diag, &loaded));
    STREAM_TRY(check_model(func, costs.model, pass->diag));
    stream_schedule_problem problem = {.acc = acc,
                                       .graph = &ir.graph,
                                       .cycles = costs.cycles,
                                       .energy_fj = costs.energy_fj,
                                       .parts = &costs.parts,
                                       .streams = &costs.streams,
                                       .cores = ir.cores};
    stream_check_options options = {.max_reports = pass->verify_schedule.max_reports,
                                    .transfer_locs = loaded.transfer_locs,
                                    .resident_locs = loaded.resident_locs,
                                    .summary_loc = stream_loc_of(func)};
    return stream_check_schedule(&problem, &loaded.schedule, &options, pass->diag, NULL);
}
