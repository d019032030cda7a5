#ifndef STREAM_EXPORT_EXPORT_H
#define STREAM_EXPORT_EXPORT_H

#include "stream/schedule/schedule.h"
#include "stream/support/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the exporters read: a finished schedule. All borrowed. */
typedef struct {
    const char *network; /* name of the network or its file */
    const char *model;   /* name of the cost model */
    const stream_schedule_problem *problem;
    const stream_schedule *schedule;
} stream_export;

/* A JSON object, keys in a fixed order, energies in pJ (exact to the fJ), numbers that read back
 * equal: network, accelerator, model, latency_cycles, energy_pj, energy {compute_pj, link_pj,
 * memory_pj, static_pj, of_which {mac_pj, offchip_pj, eviction_pj}}, energy_by {cores, links,
 * memories, moves, layers, tensors: see stream/schedule/energy.h}, edp, lower_bound_cycles, bound,
 * gap, ct_count, transfer_count, offchip {read_bits, write_bits}, cores [{name, kind, type,
 * busy_cycles, utilization, ct_count}], memories [{name, capacity_bits, peak_bits}], layers [{name,
 * operator, ct_count, first_cycle, last_cycle}]. Appends to `out`. */
void stream_export_json(const stream_export *e, stream_text *out);

/* The same for a person: a table with units, bars, and the gap to the bound. Appends to `out`. */
void stream_export_summary(const stream_export *e, stream_text *out);

/* A trace for ui.perfetto.dev (bytes of a perfetto.protos.Trace; 1 cycle is shown as 1 ns): a track
 * per core, one or more per link direction and bus that carries something (transfers that overlap
 * get their own) and per core that copies between its own memories, a counter of the occupied bits
 * per memory, and arrows from a CT to the transfers of its result and from a transfer to the CTs
 * that it ends before and feeds first. Appends to `out`. */
void stream_export_perfetto(const stream_export *e, stream_text *out);

/* A DOT graph of layers (edges with the bits that flow), or, with `cts`, of CTs on their cores.
 * Appends. */
void stream_export_dot(const stream_export *e, bool cts, stream_text *out);

#ifdef __cplusplus
}
#endif

#endif
