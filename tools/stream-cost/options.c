/* The command line of stream-cost. */

#define _POSIX_C_SOURCE 200809L

#include "options.h"

#include "command_line.h"
#include "paths.h"
#include "stream/support/parallel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELD(name) offsetof(cost_options, name)

/* 9! orders per layer and spatial mapping. */
#define MAX_LPF 9

static const command_option table[] = {
    {"--core", "FILE", "the core: YAML of ZigZag or Stream", FIELD(core), OPTION_TEXT, NULL, false},
    {"--mapping", "FILE", "what is decided about layers: mapping YAML of ZigZag", FIELD(mapping),
     OPTION_TEXT, NULL, false},
    {"--function", "NAME", "the network, where several functions of an .mlir file could be it",
     FIELD(function), OPTION_TEXT, NULL, false},
    {"--layer", "NAME", "price this layer alone", FIELD(layer), OPTION_TEXT, NULL, false},
    {"--mode", "KIND",
     "the model: exact (default), zigzag-3.8.5, zigzag-3.9.1, or zigzag with a version",
     FIELD(mode), OPTION_WORD, "exact|zigzag|zigzag-3.8.5|zigzag-3.9.1", false},
    {"--zigzag-version", "V", "of --mode zigzag: 3.8.5 or 3.9.1 (default)", FIELD(zigzag_version),
     OPTION_WORD, "3.8.5|3.9.1", false},
    {"--objective", "KIND", "latency (default), energy or edp", FIELD(objective), OPTION_WORD,
     "latency|energy|edp", false},
    {"--spatial", "KIND",
     "where no mapping says it: core: the dataflows of the core (default of exact); search",
     FIELD(spatial), OPTION_WORD, "core|search", false},
    {"--spatial-mappings", "N", "how many spatial mappings are tried, 1 to 16 (default 3)",
     FIELD(spatial_mappings), OPTION_COUNT, .least = 1, .most = STREAM_SPATIAL_MAX_COUNT},
    {"--mixed", NULL, "also several loops on one array dimension", FIELD(mixed), OPTION_FLAG, NULL,
     false},
    {"--even", NULL, "operands in one memory are cut at the same loop", FIELD(even), OPTION_FLAG,
     NULL, false},
    {"--lpf", "N", "zigzag: loop prime factors of an order, 1 to 9 (default 6)", FIELD(lpf),
     OPTION_COUNT, .least = 1, .most = MAX_LPF},
    {"--max-labels", "N", "exact: work on a layer until the proof is given up (default 120000)",
     FIELD(max_labels), OPTION_COUNT, NULL, false},
    {"--cycles-per-op", "N", "cycles that one operation takes (default: as the layer says, else 1)",
     FIELD(cycles_per_op), OPTION_COUNT, .least = 1, .most = 1 << 20},
    {"--bits", "I,W,O,SUM",
     "bits of inputs, weights, outputs and partial sums, as ZigZag's 8,8,8,16 (default: the model's)",
     FIELD(bits), OPTION_TEXT, NULL, true},
    {"--offchip", "FILE", "a core file with one memory, added on top of the core", FIELD(offchip),
     OPTION_TEXT, NULL, false},
    {"--offchip-operands", "LIST", "what it is added for (default I1,I2,O)",
     FIELD(offchip_operands), OPTION_TEXT, NULL, true},
    {"--threads", "N", "layers priced at the same time; 0: all the machine has (default)",
     FIELD(threads), OPTION_COUNT, .most = OPTION_MOST_THREADS},
    {"--json", "FILE", "write everything as JSON", FIELD(json), OPTION_TEXT, NULL, false},
    {"--csv", "FILE", "write a row per layer", FIELD(csv), OPTION_TEXT, NULL, false},
    {"--loops", NULL, "print the loop nest of every layer", FIELD(loops), OPTION_FLAG, NULL, false},
    {"--explain", NULL,
     "say what bounds every layer, and measure what one change of the core would help",
     FIELD(explain), OPTION_FLAG, NULL, false},
    {"--quiet", NULL, "print no report", FIELD(quiet), OPTION_FLAG, NULL, false},
    {"--help", NULL, "this text", FIELD(help), OPTION_FLAG, NULL, false},
    {"--version", NULL, "the version", FIELD(version), OPTION_FLAG, NULL, false},
};
#define N_OPTIONS (sizeof table / sizeof *table)

static bool is(const char *text, const char *word) {
    return text && !strcmp(text, word);
}

/* Digits in range, as the table says; else `*out` stays. */
static void read_count(const char *text, int32_t *out) {
    if (text)
        *out = (int32_t)strtol(text, NULL, 10);
}

static bool read_model(cost_options *o, stream_text *message) {
    const char *version = o->zigzag_version ? o->zigzag_version : "3.9.1";
    o->search.model = STREAM_MODEL_EXACT;
    if (o->zigzag_version && !is(o->mode, "zigzag")) {
        stream_text_str(message, "--zigzag-version is for --mode zigzag");
        return false;
    }
    if (is(o->mode, "zigzag-3.8.5") || (is(o->mode, "zigzag") && is(version, "3.8.5")))
        o->search.model = STREAM_MODEL_ZIGZAG_3_8_5;
    else if (is(o->mode, "zigzag-3.9.1") || is(o->mode, "zigzag"))
        o->search.model = STREAM_MODEL_ZIGZAG_3_9_1;
    return true;
}

static bool add_operand(cost_options *o, const char *text, size_t n) {
    for (int c = 0; c < STREAM_N_OPERANDS; ++c) {
        const char *name = stream_operand_class_name((stream_operand_class)c);
        if (strlen(name) == n && !strncmp(name, text, n)) {
            o->operands |= (uint8_t)(1u << c);
            return true;
        }
    }
    return false;
}

static bool read_operands(cost_options *o, stream_text *message) {
    const char *list = o->offchip_operands ? o->offchip_operands : "I1,I2,O";
    if (o->offchip_operands && !o->offchip) {
        stream_text_str(message, "--offchip-operands is for --offchip");
        return false;
    }
    for (const char *at = list;; ++at) {
        size_t n = strcspn(at, ",");
        if (!add_operand(o, at, n)) {
            stream_text_print(message, "--offchip-operands: '%s' is no list of I1, I2 and O", list);
            return false;
        }
        at += n;
        if (!*at)
            return true;
    }
}

static bool read_bits(cost_options *o, stream_text *message) {
    int32_t *const to[] = {&o->input_bits, &o->weight_bits, &o->output_bits, &o->sum_bits};
    char *end = NULL;
    for (int i = 0; o->bits && i < 4; ++i) {
        long bits = strtol(i ? end + 1 : o->bits, &end, 10);
        if (bits < 1 || bits > 1024 || *end != (i < 3 ? ',' : '\0')) {
            stream_text_print(message, "--bits: '%s' is not four numbers from 1 to 1024, I,W,O,SUM",
                              o->bits);
            return false;
        }
        *to[i] = (int32_t)bits;
    }
    return true;
}

/* What the asked model has no use for. */
static bool check_model(const cost_options *o, stream_text *message) {
    bool exact = o->search.model == STREAM_MODEL_EXACT;
    if (exact && o->lpf)
        stream_text_str(message,
                        "--lpf is for the zigzag modes: the exact mode looks at all orders");
    if (!exact && o->max_labels)
        stream_text_str(message, "--max-labels is for the exact mode");
    return message->length == 0;
}

static bool files_are_apart(const cost_options *o, stream_text *message) {
    const named_path outputs[] = {{"--json", o->json}, {"--csv", o->csv}},
                     inputs[] = {{"model", o->input},
                                 {"core", o->core},
                                 {"mapping", o->mapping},
                                 {"off-chip memory", o->offchip}};
    return paths_are_apart(outputs, (int)(sizeof outputs / sizeof *outputs), inputs,
                           (int)(sizeof inputs / sizeof *inputs), message);
}

static void read_search(cost_options *o) {
    stream_cost_options *s = &o->search;
    s->objective = is(o->objective, "energy") ? STREAM_BEST_ENERGY
                   : is(o->objective, "edp")  ? STREAM_BEST_EDP
                                              : STREAM_BEST_LATENCY;
    bool of_core = o->spatial ? is(o->spatial, "core") : s->model == STREAM_MODEL_EXACT;
    s->spatial_source = of_core ? STREAM_SPATIAL_OF_CORE : STREAM_SPATIAL_AS_ASKED;
    s->spatial.mixed = o->mixed;
    s->even = o->even;
    s->max_labels = o->max_labels ? strtol(o->max_labels, NULL, 10) : 0;
}

static bool check(cost_options *o, stream_text *message) {
    stream_cost_options *s = &o->search;
    *s = STREAM_COST_OPTIONS_DEFAULTS;
    s->spatial.count = STREAM_SPATIAL_TRIED;
    if (!o->input || !o->core) {
        stream_text_print(message, "no %s given (see --help)", o->input ? "--core" : "model");
        return false;
    }
    read_count(o->lpf, &s->lpf_limit);
    read_count(o->spatial_mappings, &s->spatial.count);
    read_count(o->cycles_per_op, &o->op_cycles);
    read_count(o->threads, &o->n_threads);
    if (!read_model(o, message) || !read_operands(o, message) || !read_bits(o, message) ||
        !check_model(o, message) || !files_are_apart(o, message))
        return false;
    o->n_threads = stream_thread_count(o->n_threads, OPTION_MOST_THREADS);
    read_search(o);
    return true;
}

bool cost_options_parse(int argc, char **argv, cost_options *out, stream_text *message) {
    *out = (cost_options){.input = NULL};
    if (!command_line_parse(table, N_OPTIONS, FIELD(input), "model", argc, argv, out, message))
        return false;
    return out->help || out->version || check(out, message);
}

void cost_options_help(void) {
    printf(
        "Usage: stream-cost MODEL --core CORE [options]\n\n"
        "Prices every layer of a network on one core: the best mapping of its loops, latency and "
        "what it\nis made of, energy and accesses per memory and operand.\nMODEL is an .onnx or "
        ".mlir file, or a .yaml file with layers in the workload form of ZigZag; - is\nstandard "
        "input: MLIR, or layers if it is a YAML list. FILE - is standard output.\n\n");
    command_line_help(table, N_OPTIONS);
    printf("\nExit codes: 0 done; 1 the input cannot be read, or a layer cannot be priced; 2 "
           "usage.\n");
}
