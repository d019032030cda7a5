#ifndef STREAM_COMPILE_OPTIONS_H
#define STREAM_COMPILE_OPTIONS_H

#include "stream/support/text.h"

#include <stdbool.h>

/* The command line. Strings are borrowed from argv; NULL: not given. */
typedef struct {
    const char *model, *accelerator, *mapping, *function;
    const char *output, *json, *trace, *html, *svg, *memories, *opt;
    const char *fusion, *shape, *cuts, *tiles, *rows, *fill, *streaming, *objective, *evaluations,
        *order_tries;
    const char *seed, *threads, *policy, *schedule_model, *prefetch;
    const char *cost_model, *max_labels, *cost_cache;
    bool run, explicit_memories, quiet, help, version;
} compile_options;

/* False: `message` says what is wrong with the command line. */
bool compile_options_parse(int argc, char **argv, compile_options *out, stream_text *message);
void compile_options_help(void);
/* Appends "stream-pipeline{...}". */
void compile_options_pipeline(const compile_options *options, stream_text *out);

#endif
