#ifndef STREAM_PASSES_CONVERT_SCHEDULED_H
#define STREAM_PASSES_CONVERT_SCHEDULED_H

#include "costs.h"
#include "schedule.h"

#include "stream/export/export.h"

/* A scheduled module as the exporters read it. */
typedef struct {
    stream_accelerator acc;
    stream_ct_ir ir;
    stream_cost_tables costs;
    stream_schedule_problem problem;
    stream_schedule schedule;
    stream_export view; /* of the above; network: the function's name, or the module's */
} stream_scheduled;

/* Everything in `arena`; `out` must stay where it is as long as out->view is used.
 * errs  INVALID, located: no accelerator, no network, no schedule */
STREAM_NODISCARD
stream_status stream_load_scheduled(MlirOperation module, stream_arena *arena,
                                    const stream_diag *diag, stream_scheduled *out);

/* The same of a module that is tiled and perhaps scheduled: where it is not, view.schedule is NULL, and
 * of the problem only accelerator, graph and cores are there (-1: none yet). What --export-dot draws. */
STREAM_NODISCARD
stream_status stream_load_tiled(MlirOperation module, stream_arena *arena, const stream_diag *diag,
                                stream_scheduled *out);

#endif
