#ifndef GOLDEN_COALA_DUMP_H
#define GOLDEN_COALA_DUMP_H

#include "json.h"

#include "stream/schedule/coala_v0.h"

/* One dump of the reference: what it was given, as a problem, beside what it found, as read.
 *
 *   cfg      accelerator, sel ("latency", "memory"), prefetch (operand names); none: the form of
 * lab4 nodes    id [layer, tile], core, runtime, e_on, e_off, too_large, constant, final, tensors
 *            {operand: bits, base_priority, ranges, memop}; found: start, end
 *   edges    [from, to, bits, operand or null]
 *   found    latency, energy, breakdown, links [link or edges, active, blocked], memory {cumsum} */
typedef struct {
    const char *path;
    json *root;
    stream_arena *arena;
    stream_coala_v0_hardware hardware;
    stream_coala_v0_problem problem;
    const json **nodes;         /* [n_cts] in order of ids */
    const char **operand_names; /* [n_tensors] of the dump: "W", "I" ...; outputs are "O" */
    int32_t *ct_of;             /* [n_tensors] */
} dump;

/* False, with the reason on stderr: `root`, of the file `path`, is not such a dump. Keeps both. */
bool dump_load(const char *path, json *root, stream_arena *arena, dump *out);

/* The id of a CT as the dump writes it. */
int32_t dump_layer(const dump *d, int32_t ct);
int32_t dump_tile(const dump *d, int32_t ct);

#endif
