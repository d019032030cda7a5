#ifndef STREAM_COST_TOOL_OPTIONS_H
#define STREAM_COST_TOOL_OPTIONS_H

#include "stream/cost/search.h"
#include "stream/support/text.h"

#include <stdbool.h>

/* The command line. Strings are borrowed from argv; NULL: not given. */
typedef struct {
    const char *input, *function, *core, *mapping, *layer;
    const char *mode, *zigzag_version, *objective, *spatial;
    const char *lpf, *spatial_mappings, *max_labels, *threads, *cycles_per_op;
    const char *offchip, *offchip_operands, *bits;
    const char *json, *csv;
    bool mixed, even, loops, explain, quiet, help, version;
    /* What these say: everything but the off-chip memory and what a mapping file adds per layer. */
    stream_cost_options search;
    uint8_t operands; /* of --offchip: bit per stream_operand_class */
    int32_t op_cycles, n_threads;
    /* --bits: of inputs, weights, outputs and partial sums, whatever the network says; 0: as it
     * says */
    int32_t input_bits, weight_bits, output_bits, sum_bits;
} cost_options;

/* False: `message` says what is wrong with the command line. */
bool cost_options_parse(int argc, char **argv, cost_options *out, stream_text *message);
void cost_options_help(void);

#endif
