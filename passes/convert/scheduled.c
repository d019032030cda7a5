/* All of a scheduled module; see scheduled.h. */

#include "scheduled.h"

#include "accelerator.h"
#include "ir.h"
#include "network.h"

stream_status stream_load_scheduled(MlirOperation module, stream_arena *arena,
                                    const stream_diag *diag, stream_scheduled *out) {
    MlirOperation func;
    stream_pass pass = {.arena = arena, .diag = diag, .context = mlirOperationGetContext(module)};
    const stream_accelerator *acc;
    STREAM_TRY(stream_load_accelerator(&pass, module, &acc));
    out->acc = *acc;
    STREAM_TRY(stream_find_network(module, "", diag, &func));
    STREAM_TRY(stream_load_ct_graph(module, func, &out->acc, arena, diag, &out->ir));
    STREAM_TRY(stream_load_costs(&out->ir, &out->acc, arena, diag, &out->costs));
    STREAM_TRY(stream_load_schedule(func, &out->acc, &out->ir, arena, diag, &out->schedule));
    STREAM_TRY(stream_routes_build(&out->acc, arena, diag, &out->routes));
    MlirStringRef name = stream_ir_symbol_name(module);
    if (name.length == 0)
        name = stream_ir_symbol_name(func);
    out->problem = (stream_schedule_problem){.acc = &out->acc,
                                             .routes = &out->routes,
                                             .graph = &out->ir.graph,
                                             .cycles = out->costs.cycles,
                                             .energy_fj = out->costs.energy_fj,
                                             .parts = &out->costs.parts,
                                             .cores = out->ir.cores};
    out->view = (stream_export){.network = stream_ir_strdup(arena, name),
                                .model = out->costs.model,
                                .problem = &out->problem,
                                .schedule = &out->schedule};
    return STREAM_OK;
}
