#ifndef STREAM_EXPORT_COST_H
#define STREAM_EXPORT_COST_H

#include "stream/cost/explain.h"
#include "stream/support/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the cost exporters read: layers of one network, each priced alone on one core, one after the
 * other. All borrowed. */
typedef struct {
    const char *name;
    const char *op_type; /* "Conv", ... or NULL */
    /* NULL: not priced, and `error` says why. Layers with one result are equal: the text describes
     * them once */
    const stream_cost_result *result;
    const char *error;
    const stream_cost_explanation *explanation; /* or NULL: nothing is said about what bounds it */
    const stream_change *changes;               /* [n_changes], or NULL: not measured */
    int32_t n_changes;
} stream_export_cost_layer;

typedef struct {
    const char *network; /* name of the network or its file */
    const stream_core *core;
    const stream_cost_options *options; /* model, objective, off-chip memory */
    const stream_export_cost_layer *layers;
    int32_t n_layers;
} stream_export_cost;

/* For a person: per layer the latency and its parts, utilization, energy per memory and operand,
 * accesses; then all layers in a table, and the total. With `loops` every layer's loop nest.
 * Explanations as sentences where they are given. Appends to `out`. */
void stream_export_cost_text(const stream_export_cost *e, bool loops, stream_text *out);

/* The loop nest of one layer, outermost loop first, with the memory that holds every operand's data
 * of that loop and what is inside it, then the loops that run in parallel, per array dim:
 *
 *                              O          W          I
 *     for K in 0..2            sram_2MB   rf_128B    sram_2MB
 *       for OY in 0..8         sram_2MB   rf_128B    sram_2MB
 *         ...
 *           parallel K in 0..32 on D1
 *
 * It is the nest that was priced: loops that keep an operand stationary count to the level below,
 * and loops over one dim that follow each other in the same memories are one.
 * Appends. */
void stream_export_cost_loops(const stream_export_cost_layer *layer, stream_text *out);

/* In sentences: what bounds latency and energy, and, where changes were measured, what one change
 * helps most. Appends. */
void stream_export_cost_explanation(const stream_export_cost_layer *layer,
                                    stream_mapping_objective objective, stream_text *out);

/* Every measured change in a table: from, to, latency, energy and EDP in percent, best objective
 * first; those that change nothing only as a number. Appends. */
void stream_export_cost_changes(const stream_export_cost_layer *layer, stream_text *out);

/* A JSON object, keys in a fixed order, numbers that read back equal (docs/cost-explain.md lists
 * the keys). Appends. */
void stream_export_cost_json(const stream_export_cost *e, stream_text *out);

/* RFC 4180: a header, a row per layer, a row "total". The columns depend on the core alone. A layer
 * that was not priced has its name, operator and error only. Appends. */
void stream_export_cost_csv(const stream_export_cost *e, stream_text *out);

/* "latency", "energy", "edp". */
const char *stream_export_objective_name(stream_mapping_objective objective);

#ifdef __cplusplus
}
#endif

#endif
