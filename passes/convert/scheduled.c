/* All of a scheduled module; see scheduled.h. */

#include "scheduled.h"

#include "accelerator.h"
#include "ir.h"
#include "network.h"

/* Accelerator, network and CTs. */
static stream_status load_graph(MlirOperation module, stream_arena *arena, const stream_diag *diag,
                                stream_scheduled *out, MlirOperation *out_func) {
    stream_pass pass = {.arena = arena, .diag = diag, .context = mlirOperationGetContext(module)};
    const stream_accelerator *acc;
    STREAM_TRY(stream_load_accelerator(&pass, module, &acc));
    out->acc = *acc;
    STREAM_TRY(stream_find_network(module, diag, out_func));
    STREAM_TRY(stream_load_ct_graph(module, *out_func, &out->acc, arena, diag, &out->ir));
    out->problem = (stream_schedule_problem){
        .acc = &out->acc, .graph = &out->ir.graph, .cores = out->ir.cores};
    out->view = (stream_export){.network = stream_network_name(module, *out_func, arena),
                                .problem = &out->problem};
    return STREAM_OK;
}

static stream_status load_schedule(MlirOperation func, stream_arena *arena, const stream_diag *diag,
                                   stream_scheduled *out) {
    STREAM_TRY(stream_load_costs(&out->ir, &out->acc, arena, diag, &out->costs));
    STREAM_TRY(stream_load_schedule(func, &out->acc, &out->ir, arena, diag, &out->schedule));
    out->problem.cycles = out->costs.cycles;
    out->problem.energy_fj = out->costs.energy_fj;
    out->problem.parts = &out->costs.parts;
    out->problem.streams = &out->costs.streams;
    out->view.model = out->costs.model;
    out->view.models = out->costs.models;
    out->view.schedule = &out->schedule;
    return STREAM_OK;
}

stream_status stream_load_scheduled(MlirOperation module, stream_arena *arena,
                                    const stream_diag *diag, stream_scheduled *out) {
    MlirOperation func;
    STREAM_TRY(load_graph(module, arena, diag, out, &func));
    return load_schedule(func, arena, diag, out);
}

stream_status stream_load_tiled(MlirOperation module, stream_arena *arena, const stream_diag *diag,
                                stream_scheduled *out) {
    MlirOperation func;
    STREAM_TRY(load_graph(module, arena, diag, out, &func));
    return stream_ir_has(func, "stream.schedule") ? load_schedule(func, arena, diag, out)
                                                  : STREAM_OK;
}
