/* stream-cost: every layer of a network on one core, priced alone. */

#include "jobs.h"
#include "messages.h"
#include "options.h"
#include "report.h"

#include "stream/import/core.h"
#include "stream/support/text_file.h"

#include <stdio.h>

#define MAX_DESCRIPTION_BYTES ((size_t)64 << 20)

enum {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1,
    EXIT_USAGE = 2
};

static stream_status read_core(const char *path, stream_arena *arena, const stream_diag *diag,
                               stream_core *out) {
    stream_text bytes = {0};
    stream_status status = stream_file_read(path, MAX_DESCRIPTION_BYTES, diag, &bytes);
    if (status == STREAM_OK)
        status = stream_core_import(path, bytes.data, bytes.length, arena, diag, out);
    stream_text_free(&bytes);
    return status;
}

static stream_status read_compute_core(const cost_options *options, stream_arena *arena,
                                       const stream_diag *diag, stream_core *out) {
    STREAM_TRY(read_core(options->core, arena, diag, out));
    if (out->kind != STREAM_CORE_COMPUTE)
        return stream_error(diag, STREAM_INVALID, (stream_loc){.file = options->core},
                            "core '%s' computes nothing; --core takes a compute core", out->name);
    return stream_core_check_ports(out, options->offchip ? options->operands : 0, diag);
}

/* The memory of --offchip, or NULL. */
static stream_status read_offchip(const char *path, stream_arena *arena, const stream_diag *diag,
                                  const stream_memory **out) {
    *out = NULL;
    if (!path)
        return STREAM_OK;
    stream_core *core = STREAM_NEW(arena, stream_core, 1);
    STREAM_TRY(read_core(path, arena, diag, core));
    if (core->n_memories != 1)
        return stream_error(diag, STREAM_INVALID, (stream_loc){.file = path},
                            "core '%s' has %d memories; --offchip takes a core with one",
                            core->name, core->n_memories);
    STREAM_TRY(stream_core_check_ports(core, 0, diag));
    *out = &core->memories[0];
    return STREAM_OK;
}

/* The mapping file, or NULL. */
static stream_status read_mapping(const char *path, stream_arena *arena, const stream_diag *diag,
                                  const stream_zigzag_mapping **out) {
    *out = NULL;
    if (!path)
        return STREAM_OK;
    stream_text bytes = {0};
    stream_zigzag_mapping *mapping = STREAM_NEW(arena, stream_zigzag_mapping, 1);
    stream_status status = stream_file_read(path, MAX_DESCRIPTION_BYTES, diag, &bytes);
    if (status == STREAM_OK)
        status = stream_zigzag_mapping_import(path, bytes.data, bytes.length, arena, diag, mapping);
    stream_text_free(&bytes);
    *out = mapping;
    return status;
}

static stream_status price(const cost_options *options, stream_arena *arena,
                           const stream_diag *diag, const stream_core *core, cost_jobs *jobs) {
    const stream_memory *offchip;
    const stream_zigzag_mapping *mapping;
    cost_layers layers;
    STREAM_TRY(read_offchip(options->offchip, arena, diag, &offchip));
    STREAM_TRY(read_mapping(options->mapping, arena, diag, &mapping));
    STREAM_TRY(cost_layers_read(options->input, options->function, arena, diag, &layers));
    STREAM_TRY(cost_jobs_make(options, &layers, core, offchip, mapping, arena, diag, jobs));
    messages_progress("searching");
    cost_jobs_run(jobs, core, options->n_threads, arena);
    messages_progress(NULL);
    return STREAM_OK;
}

static stream_status explain(const cost_options *options, cost_jobs *jobs, const stream_core *core,
                             stream_arena *arena, const stream_diag *diag) {
    messages_progress("measuring changes of the core");
    stream_status status = cost_jobs_explain(jobs, core, options->n_threads, arena, diag);
    messages_progress(NULL);
    return status;
}

static int run(const cost_options *options) {
    stream_diag diag = messages_diag();
    stream_arena *arena = stream_arena_create();
    stream_core core;
    cost_jobs jobs = {0};
    int32_t missing = 0;
    stream_status status = read_compute_core(options, arena, &diag, &core);
    if (status == STREAM_OK)
        status = price(options, arena, &diag, &core, &jobs);
    if (status == STREAM_OK) {
        missing = cost_jobs_report(&jobs, &diag);
        if (options->explain)
            status = explain(options, &jobs, &core, arena, &diag);
    }
    if (status == STREAM_OK)
        status = cost_report(options, &jobs, &core, arena, &diag);
    cost_jobs_free(&jobs);
    stream_arena_destroy(arena);
    return status == STREAM_OK && missing == 0 ? EXIT_DONE : EXIT_REFUSED;
}

int main(int argc, char **argv) {
    cost_options options;
    stream_text message = {0};
    messages_start("stream-cost");
    if (!cost_options_parse(argc, argv, &options, &message)) {
        messages_error("%s", message.data);
        stream_text_free(&message);
        return EXIT_USAGE;
    }
    if (options.help)
        cost_options_help();
    else if (options.version)
        printf("stream-cost %s\n", STREAM_VERSION);
    else
        return run(&options);
    return EXIT_DONE;
}
