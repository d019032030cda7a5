#ifndef STREAM_EXPORT_COMPATIBLE_H
#define STREAM_EXPORT_COMPATIBLE_H

#include "stream/schedule/coala_v0.h"
#include "stream/support/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A schedule of the compatible mode, for a report. All borrowed. */
typedef struct {
    const char *network, *accelerator, *cost_model;
    bool prefetch;
    const char *const *layers; /* [n_layers] */
    int32_t n_layers;
    const char *const *cores; /* [hardware->n_cores] */
    const stream_coala_v0_problem *problem;
    const stream_coala_v0_schedule *schedule;
} stream_export_compatible;

/* A JSON object in the form of the reference's dumps, "model" beside it: name, model, cost_model,
 * cfg, hardware, latency, energy, breakdown, layers, nodes, edges, links, memory. golden-coala
 * reads it. Appends to `out`. */
void stream_export_compatible_json(const stream_export_compatible *e, stream_text *out);

/* Latency, energy by kind, CTs per layer and peaks per memory, for a person. Appends to `out`. */
void stream_export_compatible_summary(const stream_export_compatible *e, stream_text *out);

#ifdef __cplusplus
}
#endif

#endif
