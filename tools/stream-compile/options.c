/* The command line of stream-compile. */

#include "options.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum {
    AS_TEXT,   /* a file name or a list */
    AS_COUNT,  /* digits */
    AS_NUMBER, /* as strtod reads it */
    AS_WORD,   /* one of `words` */
    AS_FLAG
} option_kind;

/* One option: the field of compile_options that it sets, and the option of stream-pipeline that the
 * value goes to. */
typedef struct {
    const char *name, *value, *text, *pipeline;
    size_t field;
    option_kind kind;
    const char *words; /* separated by '|' */
} option;

#define FIELD(name) offsetof(compile_options, name)

static const option table[] = {
    {"--accelerator", "HW", "accelerator, .yaml or .mlir", NULL, FIELD(accelerator), AS_TEXT, NULL},
    {"--mapping", "FILE", "mapping YAML: what is decided about layers", NULL, FIELD(mapping),
     AS_TEXT, NULL},
    {"-o", "FILE", "write the scheduled IR", NULL, FIELD(output), AS_TEXT, NULL},
    {"--json", "FILE", "write the summary as JSON", NULL, FIELD(json), AS_TEXT, NULL},
    {"--trace", "FILE", "write the schedule for ui.perfetto.dev", NULL, FIELD(trace), AS_TEXT,
     NULL},
    {"--run", NULL, "execute the network and its schedule, and compare them bit for bit", NULL,
     FIELD(run), AS_FLAG, NULL},
    {"--memories", "KIND",
     "how --run executes: implicit (default) or explicit: every buffer at its address", NULL,
     FIELD(explicit_memories), AS_WORD, "implicit|explicit"},
    {"--fusion", "KIND", "capacity (default) or layer-by-layer", "fusion", FIELD(fusion), AS_WORD,
     "capacity|layer-by-layer"},
    {"--cuts", "A,B", "layers that begin a new fused stack", "cuts", FIELD(cuts), AS_TEXT, NULL},
    {"--rows", "N", "rows per CT in a fused stack", "rows", FIELD(rows), AS_COUNT, NULL},
    {"--fill", "F", "part of a memory that one CT may take", "fill", FIELD(fill), AS_NUMBER, NULL},
    {"--objective", "KIND", "latency (default), energy or edp", "objective", FIELD(objective),
     AS_WORD, "latency|energy|edp"},
    {"--evaluations", "N", "schedules that the allocation may try", "evaluations",
     FIELD(evaluations), AS_COUNT, NULL},
    {"--seed", "N", "of the allocation", "seed", FIELD(seed), AS_COUNT, NULL},
    {"--threads", "N", "of the allocation; 0: all", "threads", FIELD(threads), AS_COUNT, NULL},
    {"--policy", "KIND", "priority of the scheduler: auto (default), latency or memory", "policy",
     FIELD(policy), AS_WORD, "auto|latency|memory"},
    {"--quiet", NULL, "no summary", NULL, FIELD(quiet), AS_FLAG, NULL},
    {"--help", NULL, "this text", NULL, FIELD(help), AS_FLAG, NULL},
    {"--version", NULL, "the version", NULL, FIELD(version), AS_FLAG, NULL},
};
#define N_OPTIONS (sizeof table / sizeof *table)

static const char **text_field(compile_options *o, const option *entry) {
    return (const char **)(void *)((char *)o + entry->field);
}

static bool *flag_field(compile_options *o, const option *entry) {
    return (bool *)(void *)((char *)o + entry->field);
}

static bool is_word(const char *words, const char *value) {
    size_t n = strlen(value);
    for (const char *w = words; w; w = strchr(w, '|') ? strchr(w, '|') + 1 : NULL)
        if (n && !strncmp(w, value, n) && (w[n] == '|' || w[n] == '\0'))
            return true;
    return false;
}

static bool is_valid(const option *entry, const char *value) {
    char *end = NULL;
    if (*value == '\0')
        return false;
    if (entry->kind == AS_COUNT)
        return strspn(value, "0123456789") == strlen(value) && strlen(value) < 10;
    if (entry->kind == AS_NUMBER)
        return strtod(value, &end) > 0 && *end == '\0';
    if (entry->kind == AS_WORD)
        return is_word(entry->words, value);
    return !strpbrk(entry->pipeline ? value : "", " {}");
}

static const char *expected(const option *entry) {
    static const char *const texts[] = {"text without blanks", "a number from 0 to 999999999",
                                        "a positive number", NULL, NULL};
    return entry->kind == AS_WORD ? entry->words : texts[entry->kind];
}

static bool set(compile_options *o, const option *entry, const char *value, stream_text *message) {
    if (!is_valid(entry, value)) {
        stream_text_print(message, "%s: '%s' is not %s", entry->name, value, expected(entry));
        return false;
    }
    if (entry->field == FIELD(explicit_memories))
        o->explicit_memories = !strcmp(value, "explicit");
    else
        *text_field(o, entry) = value;
    return true;
}

/* "--name" or "--name=value". */
static const option *find_option(const char *argument, const char **value) {
    const char *equals = strchr(argument, '=');
    size_t n = equals ? (size_t)(equals - argument) : strlen(argument);
    *value = equals ? equals + 1 : NULL;
    for (size_t i = 0; i < N_OPTIONS; ++i)
        if (strlen(table[i].name) == n && !strncmp(table[i].name, argument, n))
            return &table[i];
    return NULL;
}

static bool set_flag(compile_options *o, const option *entry, const char *value,
                     stream_text *message) {
    if (value)
        stream_text_print(message, "%s takes no value", entry->name);
    *flag_field(o, entry) = true;
    return !value;
}

static bool set_model(compile_options *o, const char *argument, stream_text *message) {
    if (o->model)
        stream_text_print(message, "one model at a time: '%s' and '%s'", o->model, argument);
    bool first = !o->model;
    o->model = argument;
    return first;
}

static bool parse_one(compile_options *o, int argc, char **argv, int *i, stream_text *message) {
    const char *argument = argv[*i], *value;
    if (argument[0] != '-' || !argument[1])
        return set_model(o, argument, message);
    const option *entry = find_option(argument, &value);
    if (!entry) {
        stream_text_print(message, "unknown option '%s' (see --help)", argument);
        return false;
    }
    if (entry->kind == AS_FLAG)
        return set_flag(o, entry, value, message);
    if (!value && *i + 1 < argc)
        value = argv[++*i];
    if (!value) {
        stream_text_print(message, "%s needs a value (%s)", entry->name, entry->value);
        return false;
    }
    return set(o, entry, value, message);
}

bool compile_options_parse(int argc, char **argv, compile_options *out, stream_text *message) {
    *out = (compile_options){0};
    for (int i = 1; i < argc; ++i)
        if (!parse_one(out, argc, argv, &i, message))
            return false;
    if (!out->model && !out->help && !out->version)
        stream_text_str(message, "no model given (see --help)");
    return out->model || out->help || out->version;
}

void compile_options_help(void) {
    printf("Usage: stream-compile MODEL --accelerator HW [options]\n\n"
           "Schedules a network on a multi-core accelerator, checks the schedule, and prints a "
           "summary.\nMODEL is an .onnx or .mlir file, or - for MLIR on standard input. An .mlir "
           "file may hold the\naccelerator itself. FILE - is standard output. Files are written "
           "only on success.\n\n");
    for (size_t i = 0; i < N_OPTIONS; ++i) {
        char left[40];
        snprintf(left, sizeof left, "%s %s", table[i].name, table[i].value ? table[i].value : "");
        printf("  %-20s %s\n", left, table[i].text);
    }
    printf(
        "\nExit codes: 0 done; 1 the input cannot be scheduled, or the executions differ; 2 usage.\n");
}

void compile_options_pipeline(const compile_options *options, stream_text *out) {
    const char *separator = "{";
    stream_text_str(out, "stream-pipeline");
    for (size_t i = 0; i < N_OPTIONS; ++i) {
        const char *value = NULL;
        if (!table[i].pipeline)
            continue;
        memcpy(&value, (const char *)options + table[i].field, sizeof value);
        if (!value)
            continue;
        stream_text_print(out, "%s%s=%s", separator, table[i].pipeline, value);
        separator = " ";
    }
    if (*separator == ' ')
        stream_text_str(out, "}");
}
