#ifndef STREAM_EXPORT_EXPORT_H
#define STREAM_EXPORT_EXPORT_H

#include "stream/schedule/schedule.h"
#include "stream/support/diag.h"
#include "stream/support/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the exporters read: a finished schedule. All borrowed. */
typedef struct {
    const char *network;       /* name of the network or its file */
    const char *model;         /* name of the cost model, or several: "exact, simple" */
    const char *const *models; /* [n_kernels * n_cores] what each price is of; NULL: not known */
    const stream_schedule_problem *problem;
    const stream_schedule *schedule;
} stream_export;

/* Whether the summary is of this schedule: its latency is the end of the last event. For a schedule
 * that was read and not verified, before one of the exporters below, all of which believe it.
 * O(n). errs  INVALID, at `loc` */
STREAM_NODISCARD
stream_status stream_export_check(const stream_export *e, stream_loc loc, const stream_diag *diag);

/* A JSON object, keys in a fixed order, energies in pJ (exact to the fJ), numbers that read back
 * equal: network, accelerator, model, latency_cycles, energy_pj, energy {compute_pj, link_pj,
 * memory_pj, static_pj, of_which {mac_pj, offchip_pj, eviction_pj}}, energy_by {cores, links,
 * memories, moves, layers, tensors: see stream/schedule/energy.h}, edp, lower_bound_cycles, bound,
 * gap, energy_bound_pj, energy_gap, ct_count, transfer_count, offchip {read_bits, write_bits},
 * streams (of CTs, rule R9) [{ct, operand, tensor, read_bits, read_bits_per_cycle, write_bits,
 * write_bits_per_cycle}],
 * cores [{name, kind, type, busy_cycles, utilization, ct_count, over_time}], resources (links and
 * ports that carry something) [{name, kind, bits_per_cycle, utilization, over_time}], memories
 * [{name, capacity_bits, peak_bits, extent_bits, fragmentation}: the most that is held at once, the
 * addresses that are used for it (capacity less the largest range that is never in use), and what
 * these are more, as a part of the capacity], layers [{name, operator, ct_count, first_cycle,
 * last_cycle, models: of the prices of its CTs}]. over_time is the utilization in percent in each
 * of 48 equal parts of the latency. Appends to `out`. */
void stream_export_json(const stream_export *e, stream_text *out);

/* The same for a person: a table with units, bars, the gaps to the bounds, and the busiest core and
 * link or port over time. Appends to `out`. */
void stream_export_summary(const stream_export *e, stream_text *out);

/* A trace for ui.perfetto.dev (bytes of a perfetto.protos.Trace; 1 cycle is shown as 1 ns): a track
 * per core, one or more per link direction and bus that carries something (transfers that overlap
 * get their own) and per core that copies between its own memories, a counter of the occupied bits
 * per memory and one of the bits per cycle of each link and port in use, and arrows from a CT to
 * the transfers of its result and from a transfer to the CTs that it ends before and feeds first.
 * Appends to `out`. */
void stream_export_perfetto(const stream_export *e, stream_text *out);

/* A page of HTML that is complete in itself and loads nothing: summary and what binds the schedule
 * in words, a timeline of cores, links and memories that zooms, memories, bandwidth, energy and
 * layers in tables (docs/reports.md). Any names are safe in it. Appends to `out`. */
void stream_export_html(const stream_export *e, stream_text *out);

/* What of the timeline an SVG shows. */
typedef struct {
    double width;        /* in points, > 0; STREAM_SVG_DEFAULTS: 720 */
    int64_t from, until; /* cycles; until 0, or after the end: to the end */
    const char *cores;   /* names with commas between them, or NULL: all */
} stream_svg_options;
#define STREAM_SVG_DEFAULTS ((stream_svg_options){.width = 720})

/* A drawing of the timeline for print: a row per compute core, per link that is used (share of its
 * bandwidth) and per memory (share of its capacity), the latter two without `cores`; an axis in
 * cycles and a legend of layers. Vectors and generic fonts alone; the colours differ in grey, too.
 * What is narrower than a quarter of a point is drawn as one. Appends to `out`.
 * errs  INVALID: a width or window that is empty, a core that is none */
STREAM_NODISCARD
stream_status stream_export_svg(const stream_export *e, const stream_svg_options *options,
                                const stream_diag *diag, stream_text *out);

/* A DOT graph of layers (edges with the bits that flow), or, with `cts`, of CTs on their cores.
 * Without a schedule (e->schedule NULL) cores are those of the problem, -1: none yet. Appends. */
void stream_export_dot(const stream_export *e, bool cts, stream_text *out);

#ifdef __cplusplus
}
#endif

#endif
