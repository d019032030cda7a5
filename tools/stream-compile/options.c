/* The command line of stream-compile. */

#include "options.h"

#include "command_line.h"
#include "given_options.h"
#include "paths.h"

#include <stdio.h>
#include <string.h>

#define FIELD(name) offsetof(compile_options, name)

static const command_option table[] = {
    {"--accelerator", "HW", "accelerator: YAML or MLIR; - is standard input", FIELD(accelerator),
     OPTION_TEXT, NULL, false},
    {"--mapping", "FILE", "mapping, YAML or MLIR: what is decided about layers", FIELD(mapping),
     OPTION_TEXT, NULL, false},
    {"--function", "NAME", "the network, where several functions of an .mlir file could be it",
     FIELD(function), OPTION_TEXT, NULL, false},
    {"-o", "FILE", "write the scheduled IR", FIELD(output), OPTION_TEXT, NULL, false},
    {"--json", "FILE", "write the summary as JSON", FIELD(json), OPTION_TEXT, NULL, false},
    {"--trace", "FILE", "write the schedule for ui.perfetto.dev", FIELD(trace), OPTION_TEXT, NULL,
     false},
    {"--html", "FILE", "write a report as a page of HTML", FIELD(html), OPTION_TEXT, NULL, false},
    {"--svg", "FILE", "write the timeline as SVG", FIELD(svg), OPTION_TEXT, NULL, false},
    {"--run", NULL, "execute the network and its schedule, and compare them bit for bit",
     FIELD(run), OPTION_FLAG, NULL, false},
    {"--memories", "KIND",
     "how --run executes: implicit (default) or explicit: every buffer at its address",
     FIELD(memories), OPTION_WORD, "implicit|explicit", false},
    {"--optimize", "N", "how --run compiles: 0 to 3 (default 2)", FIELD(opt), OPTION_WORD,
     "0|1|2|3", false},
    {"--fusion", "KIND",
     "capacity or layer-by-layer; without it, --rows, --shape, --cuts and --tiles: what schedules best",
     FIELD(fusion), OPTION_WORD, "capacity|layer-by-layer", false},
    {"--shape", "KIND", "tiles of what does not fit: fewest or cheapest", FIELD(shape), OPTION_WORD,
     "fewest|cheapest", false},
    {"--cuts", "A,B", "layers that begin a new fused stack", FIELD(cuts), OPTION_TEXT, NULL, true},
    {"--tiles", "A=N,B=/P", "tiles of loops without a plan, by name or role", FIELD(tiles),
     OPTION_TEXT, NULL, true},
    {"--rows", "N", "rows per CT in a fused stack", FIELD(rows), OPTION_COUNT, .least = 1},
    {"--fill", "F", "part of a memory that one CT may take (default 0.5)", FIELD(fill), OPTION_PART,
     NULL, false},
    {"--streaming", "BOOL",
     "stream operands that fit no core in any tile (default true; false: an error)",
     FIELD(streaming), OPTION_WORD, "true|false", false},
    {"--model", "NAME", "cost model: exact (default), zigzag-3.8.5, zigzag-3.9.1 or simple",
     FIELD(cost_model), OPTION_WORD, "exact|zigzag-3.8.5|zigzag-3.9.1|simple", false},
    {"--max-labels", "N", "labels of one search for a mapping (default 20000; 0: 120000)",
     FIELD(max_labels), OPTION_COUNT, NULL, false},
    {"--cost-cache", "DIR", "keep mappings there from run to run", FIELD(cost_cache), OPTION_TEXT,
     NULL, true},
    {"--objective", "KIND", "latency (default), energy or edp", FIELD(objective), OPTION_WORD,
     "latency|energy|edp", false},
    {"--evaluations", "N",
     "schedules that the allocation may try, beside first and final ones (default 200)",
     FIELD(evaluations), OPTION_COUNT, NULL, false},
    {"--seed", "N", "of the allocation (default 1)", FIELD(seed), OPTION_COUNT, NULL, false},
    {"--threads", "N", "that price and allocate; 0: all", FIELD(threads), OPTION_COUNT,
     .most = OPTION_MOST_THREADS},
    {"--schedule-model", "NAME",
     "coala (default), or coala-v0: the compatible mode of docs/validation.md",
     FIELD(schedule_model), OPTION_WORD, "coala|coala-v0", false},
    {"--prefetch", "BOOL", "coala-v0: weights move before the first CT (default true)",
     FIELD(prefetch), OPTION_WORD, "true|false", false},
    {"--policy", "KIND",
     "order of the CTs: auto (default: the policy of the allocation's best schedule), best, latency, "
     "memory, ahead, demand or given",
     FIELD(policy), OPTION_WORD, "auto|best|latency|memory|ahead|demand|given", false},
    {"--order-tries", "N",
     "auto and best: orders near the best one that are tried (default 64; 0: none)",
     FIELD(order_tries), OPTION_COUNT, NULL, false},
    {"--quiet", NULL, "no summary", FIELD(quiet), OPTION_FLAG, NULL, false},
    {"--help", NULL, "this text", FIELD(help), OPTION_FLAG, NULL, false},
    {"--version", NULL, "the version", FIELD(version), OPTION_FLAG, NULL, false},
};
#define N_OPTIONS (sizeof table / sizeof *table)

/* The option of stream-pipeline that a field goes to. */
static const struct {
    const char *name;
    size_t field;
} pipeline[] = {{"fusion", FIELD(fusion)},
                {"shape", FIELD(shape)},
                {"cuts", FIELD(cuts)},
                {"tiles", FIELD(tiles)},
                {"rows", FIELD(rows)},
                {"fill", FIELD(fill)},
                {"streaming", FIELD(streaming)},
                {"objective", FIELD(objective)},
                {"evaluations", FIELD(evaluations)},
                {"model", FIELD(cost_model)},
                {"max-labels", FIELD(max_labels)},
                {"cost-cache", FIELD(cost_cache)},
                {"seed", FIELD(seed)},
                {"threads", FIELD(threads)},
                {"policy", FIELD(policy)},
                {"order-tries", FIELD(order_tries)},
                {"schedule-model", FIELD(schedule_model)},
                {"prefetch", FIELD(prefetch)}};

static bool files_are_apart(const compile_options *o, stream_text *message) {
    const named_path outputs[] = {{"-o", o->output},
                                  {"--json", o->json},
                                  {"--trace", o->trace},
                                  {"--html", o->html},
                                  {"--svg", o->svg}},
                     inputs[] = {{"model", o->model},
                                 {"accelerator", o->accelerator},
                                 {"mapping", o->mapping}};
    return paths_are_apart(outputs, (int)(sizeof outputs / sizeof *outputs), inputs,
                           (int)(sizeof inputs / sizeof *inputs), message);
}

static bool reads_input_once(const compile_options *o, stream_text *message) {
    const char *const inputs[] = {o->model, o->accelerator, o->mapping};
    int n = 0;
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; ++i)
        n += inputs[i] && !strcmp(inputs[i], "-");
    if (n > 1)
        stream_text_str(message, "standard input is one of model, accelerator and mapping");
    return n <= 1;
}

static bool is_compatible(const compile_options *o) {
    return o->schedule_model && !strcmp(o->schedule_model, "coala-v0");
}

static stream_given_options given_options(const compile_options *o) {
    return (stream_given_options){
        .at = {[STREAM_GIVEN_FUSION] = {"--fusion", o->fusion},
               [STREAM_GIVEN_SHAPE] = {"--shape", o->shape},
               [STREAM_GIVEN_CUTS] = {"--cuts", o->cuts},
               [STREAM_GIVEN_ROWS] = {"--rows", o->rows},
               [STREAM_GIVEN_FILL] = {"--fill", o->fill},
               [STREAM_GIVEN_STREAMING] = {"--streaming", o->streaming},
               [STREAM_GIVEN_OBJECTIVE] = {"--objective", o->objective},
               [STREAM_GIVEN_EVALUATIONS] = {"--evaluations", o->evaluations},
               [STREAM_GIVEN_ORDER_TRIES] = {"--order-tries", o->order_tries},
               [STREAM_GIVEN_MAX_LABELS] = {"--max-labels", o->max_labels},
               [STREAM_GIVEN_COST_CACHE] = {"--cost-cache", o->cost_cache},
               [STREAM_GIVEN_SEED] = {"--seed", o->seed},
               [STREAM_GIVEN_THREADS] = {"--threads", o->threads},
               [STREAM_GIVEN_COST_MODEL] = {"--model", o->cost_model},
               [STREAM_GIVEN_SCHEDULE_MODEL] = {"--schedule-model", o->schedule_model},
               [STREAM_GIVEN_POLICY] = {"--policy", o->policy},
               [STREAM_GIVEN_PREFETCH] = {"--prefetch", o->prefetch}},
        .equals = " "};
}

/* What would be given and have no effect. */
static bool all_have_effect(const compile_options *o, stream_text *message) {
    const stream_given_options given = given_options(o);
    if (stream_given_have_effect(&given, message) && (o->memories || o->opt) && !o->run)
        stream_text_print(message, "%s is for --run", o->memories ? "--memories" : "--optimize");
    return message->length == 0;
}

bool compile_options_parse(int argc, char **argv, compile_options *out, stream_text *message) {
    *out = (compile_options){0};
    if (!command_line_parse(table, N_OPTIONS, FIELD(model), "model", argc, argv, out, message))
        return false;
    out->explicit_memories = out->memories && !strcmp(out->memories, "explicit");
    if (!out->model && !out->help && !out->version)
        stream_text_str(message, "no model given (see --help)");
    if (is_compatible(out) && (out->run || out->trace || out->html || out->svg)) {
        stream_text_print(message,
                          "%s: a schedule of coala-v0 follows no rules, so there is no program to "
                          "run and nothing to draw; --json has every figure",
                          out->run     ? "--run"
                          : out->trace ? "--trace"
                          : out->html  ? "--html"
                                       : "--svg");
        return false;
    }
    if (out->help || out->version)
        return true;
    return out->model && all_have_effect(out, message) && reads_input_once(out, message) &&
           files_are_apart(out, message);
}

void compile_options_help(void) {
    printf("Usage: stream-compile MODEL --accelerator HW [options]\n\n"
           "Schedules a network on a multi-core accelerator, checks the schedule, and prints a "
           "summary.\nMODEL is an .onnx or .mlir file, or - for MLIR on standard input. An .mlir "
           "file may hold the\naccelerator itself. FILE - is standard output. Files are written "
           "only on success.\n\n");
    command_line_help(table, N_OPTIONS);
    printf(
        "\nExit codes: 0 done; 1 the input cannot be scheduled, or the executions differ; 2 usage.\n");
}

void compile_options_pipeline(const compile_options *options, stream_text *out) {
    const char *separator = "{";
    stream_text_str(out, "stream-pipeline");
    for (size_t i = 0; i < sizeof pipeline / sizeof *pipeline; ++i) {
        const char *value = NULL;
        memcpy(&value, (const char *)options + pipeline[i].field, sizeof value);
        if (!value)
            continue;
        stream_text_print(out, "%s%s=%s", separator, pipeline[i].name, value);
        separator = " ";
    }
    if (*separator == ' ')
        stream_text_str(out, "}");
}
