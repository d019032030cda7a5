/* The schedule as IR, JSON, trace and text. */

#include "outputs.h"

#include "stream/export/export.h"
#include "stream/support/text_file.h"

#include "convert/accelerator.h"
#include "convert/compatible.h"
#include "convert/costs.h"
#include "convert/ct_graph.h"
#include "convert/ir.h"
#include "convert/loc.h"
#include "convert/network.h"
#include "convert/schedule.h"

#include <stdio.h>
#include <string.h>

/* Everything the exporters read, loaded from the IR. */
typedef struct {
    stream_ct_ir ir;
    stream_cost_tables costs;
    stream_schedule schedule;
    stream_schedule_problem problem;
} loaded;

static stream_status load(stream_pass *pass, MlirOperation module, MlirOperation func, loaded *l) {
    const stream_accelerator *acc;
    STREAM_TRY(stream_load_accelerator(pass, module, &acc));
    STREAM_TRY(stream_load_ct_graph(module, func, acc, pass->arena, pass->diag, &l->ir));
    STREAM_TRY(stream_load_costs(&l->ir, acc, pass->arena, pass->diag, &l->costs));
    STREAM_TRY(stream_load_schedule(func, acc, &l->ir, pass->arena, pass->diag, &l->schedule));
    l->problem = (stream_schedule_problem){.acc = acc,
                                           .graph = &l->ir.graph,
                                           .cycles = l->costs.cycles,
                                           .energy_fj = l->costs.energy_fj,
                                           .parts = &l->costs.parts,
                                           .streams = &l->costs.streams,
                                           .cores = l->ir.cores};
    return STREAM_OK;
}

static bool is_standard(const char *path) {
    return path && !strcmp(path, "-");
}

/* The network is called as its file; from standard input, as the IR calls it. */
static const char *name_of(const compile_options *options, stream_pass *pass, MlirOperation module,
                           MlirOperation func) {
    const char *slash = strrchr(options->model, '/');
    return is_standard(options->model) ? stream_network_name(module, func, pass->arena)
           : slash                     ? slash + 1
                                       : options->model;
}

static stream_status make_reports(const compile_options *options, stream_pass *pass,
                                  MlirOperation module, MlirOperation func, stream_outputs *out) {
    loaded l;
    STREAM_TRY(load(pass, module, func, &l));
    stream_export e = {name_of(options, pass, module, func), l.costs.model, l.costs.models,
                       &l.problem, &l.schedule};
    if (options->json)
        stream_export_json(&e, &out->json);
    if (options->trace)
        stream_export_perfetto(&e, &out->trace);
    if (options->html)
        stream_export_html(&e, &out->html);
    if (options->svg)
        STREAM_TRY(stream_export_svg(&e, &STREAM_SVG_DEFAULTS, pass->diag, &out->svg));
    if (!options->quiet)
        stream_export_summary(&e, &out->summary);
    return STREAM_OK;
}

static stream_status make_compatible_reports(const compile_options *options, stream_pass *pass,
                                             MlirOperation module, MlirOperation func,
                                             stream_outputs *out) {
    const stream_accelerator *acc;
    stream_compatible c;
    STREAM_TRY(stream_load_accelerator(pass, module, &acc));
    STREAM_TRY(stream_load_compatible(module, func, acc, pass->arena, pass->diag, &c));
    c.view.network = name_of(options, pass, module, func);
    if (options->json)
        stream_export_compatible_json(&c.view, &out->json);
    if (!options->quiet)
        stream_export_compatible_summary(&c.view, &out->summary);
    return STREAM_OK;
}

static stream_status make_any_reports(const compile_options *options, stream_pass *pass,
                                      MlirOperation module, stream_outputs *out) {
    MlirOperation func;
    STREAM_TRY(stream_find_network(module, pass->diag, &func));
    return stream_is_compatible(func) ? make_compatible_reports(options, pass, module, func, out)
                                      : make_reports(options, pass, module, func, out);
}

stream_status outputs_make(const compile_options *options, MlirModule module, stream_outputs *out) {
    MlirContext context = mlirModuleGetContext(module);
    stream_diag diag = stream_diag_mlir(context);
    stream_pass pass = {.arena = stream_arena_create(), .diag = &diag, .context = context};
    MlirOperation op = mlirModuleGetOperation(module);
    stream_status status = STREAM_OK;
    if (options->json || options->trace || options->html || options->svg || !options->quiet)
        status = make_any_reports(options, &pass, op, out);
    if (status == STREAM_OK && options->output) {
        stream_ir_print_op(op, &out->ir);
        stream_text_str(&out->ir, "\n");
    }
    stream_arena_destroy(pass.arena);
    return status;
}

void outputs_print(const compile_options *options, const stream_outputs *outputs) {
    bool taken = is_standard(options->output) || is_standard(options->json) ||
                 is_standard(options->trace) || is_standard(options->html) ||
                 is_standard(options->svg);
    if (outputs->summary.length)
        fwrite(outputs->summary.data, 1, outputs->summary.length, taken ? stderr : stdout);
    fflush(taken ? stderr : stdout);
}

stream_status outputs_write(const compile_options *options, const stream_outputs *outputs,
                            const stream_diag *diag) {
    const struct {
        const char *path;
        const stream_text *text;
    } all[] = {{options->output, &outputs->ir},
               {options->json, &outputs->json},
               {options->html, &outputs->html},
               {options->svg, &outputs->svg},
               {options->trace, &outputs->trace}};
    stream_file files[sizeof all / sizeof *all];
    int32_t n = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; ++i)
        if (all[i].path)
            files[n++] = (stream_file){all[i].path, all[i].text->data, all[i].text->length};
    return stream_files_write(files, n, diag);
}

void outputs_free(stream_outputs *outputs) {
    stream_text_free(&outputs->ir);
    stream_text_free(&outputs->json);
    stream_text_free(&outputs->trace);
    stream_text_free(&outputs->html);
    stream_text_free(&outputs->svg);
    stream_text_free(&outputs->summary);
}
