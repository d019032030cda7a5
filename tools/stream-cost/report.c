/* What stream-cost prints and writes; see report.h. */

#include "report.h"

#include "stream/export/cost.h"
#include "stream/support/text_file.h"

#include <stdio.h>
#include <string.h>

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static stream_export_cost_layer layer_of(const cost_jobs *jobs, int32_t i) {
    const cost_job *job = &jobs->jobs[i];
    return (stream_export_cost_layer){.name = job->layer->name,
                                      .op_type = job->layer->op_type,
                                      .result = job->result,
                                      .error = job->result ? NULL : cost_job_error(jobs, i),
                                      .explanation = job->explanation,
                                      .changes = job->changes,
                                      .n_changes = job->n_changes};
}

static bool is_standard(const char *path) {
    return path && !strcmp(path, "-");
}

static void print(const cost_options *options, const stream_export_cost *e) {
    stream_text text = {0};
    bool taken = is_standard(options->json) || is_standard(options->csv);
    FILE *to = taken ? stderr : stdout;
    stream_export_cost_text(e, options->loops, &text);
    fwrite(text.data, 1, text.length, to);
    fflush(to);
    stream_text_free(&text);
}

/* All or none. */
static stream_status write(const cost_options *options, const stream_export_cost *e,
                           const stream_diag *diag) {
    stream_text json = {0}, csv = {0};
    stream_file files[2];
    int32_t n = 0;
    if (options->json) {
        stream_export_cost_json(e, &json);
        files[n++] = (stream_file){options->json, json.data, json.length};
    }
    if (options->csv) {
        stream_export_cost_csv(e, &csv);
        files[n++] = (stream_file){options->csv, csv.data, csv.length};
    }
    stream_status status = stream_files_write(files, n, diag);
    stream_text_free(&json);
    stream_text_free(&csv);
    return status;
}

stream_status cost_report(const cost_options *options, const cost_jobs *jobs,
                          const stream_core *core, stream_arena *arena, const stream_diag *diag) {
    stream_export_cost_layer *layers =
        STREAM_NEW(arena, stream_export_cost_layer, (size_t)jobs->n_jobs);
    for (int32_t i = 0; i < jobs->n_jobs; ++i)
        layers[i] = layer_of(jobs, i);
    stream_export_cost e = {.network = is_standard(options->input) ? "standard input"
                                                                   : base_name(options->input),
                            .core = core,
                            .options = &jobs->jobs[0].options,
                            .layers = layers,
                            .n_layers = jobs->n_jobs};
    if (!options->quiet)
        print(options, &e);
    return write(options, &e, diag);
}
