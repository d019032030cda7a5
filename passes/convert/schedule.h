#ifndef STREAM_PASSES_CONVERT_SCHEDULE_H
#define STREAM_PASSES_CONVERT_SCHEDULE_H

#include "ct_graph.h"

#include "stream/schedule/schedule.h"

/* A schedule in the IR <-> stream_schedule.
 *
 * The network function of a scheduled module holds, after its constants and destinations: the
 * residents; transfers and CTs by start (transfers first, then ids); what is done with the results.
 * A tensor is one chain of values: every operation uses the latest one, which has all versions
 * written so far in program order. So the version that a transfer moves is that of the last CT
 * before it that wrote the box.
 *
 * The summary is the function's stream.schedule, a dictionary. */

typedef struct {
    stream_schedule schedule;
    const stream_loc *transfer_locs; /* [n_transfers] */
    const stream_loc *resident_locs; /* [n_residents] */
} stream_schedule_ir;

/* Reads `func`, of which `ir` is the graph. Transfers come in program order. Linear, but for the
 * CTs that write a tensor across the same part of one axis. Everything in `arena`.
 *
 * errs  INVALID, located: a CT or transfer without a time, an operation that starts before the one
 *       above it or uses an old value of a tensor (R11), a memory, link or tensor that the graph or
 *       the accelerator does not have, a transfer of what nobody wrote (R5), a summary that lacks
 *       an entry */
STREAM_NODISCARD
stream_status stream_load_schedule_ir(MlirOperation func, const stream_accelerator *acc,
                                      const stream_ct_ir *ir, stream_arena *arena,
                                      const stream_diag *diag, stream_schedule_ir *out);
/* The same without locations. */
STREAM_NODISCARD
stream_status stream_load_schedule(MlirOperation func, const stream_accelerator *acc,
                                   const stream_ct_ir *ir, stream_arena *arena,
                                   const stream_diag *diag, stream_schedule *out);

/* Rewrites `func`: earlier residents and transfers go; CTs get core, times and addresses and are
 * put in order with new residents and transfers; chains are linked again. `model` is the cost model
 * named in the summary. `ir` is stale afterwards (program order has changed). Linear but for
 * sorting. */
void stream_save_schedule(MlirOperation func, const stream_accelerator *acc, const stream_ct_ir *ir,
                          const stream_schedule *schedule, const char *model, stream_arena *arena);

/* The dictionary alone. */
MlirAttribute stream_save_summary(MlirContext context, const stream_accelerator *acc,
                                  const stream_ct_graph *graph, const stream_schedule *schedule,
                                  const char *model, stream_arena *arena);
STREAM_NODISCARD
stream_status stream_load_summary(MlirOperation func, const stream_accelerator *acc, int32_t n_cts,
                                  int32_t n_transfers, stream_arena *arena, const stream_diag *diag,
                                  stream_schedule_summary *out);

/* "compute", "offchip", "critical-path", "link", "assignment", "network". */
const char *stream_bound_kind_name(stream_bound_kind kind);

#endif
