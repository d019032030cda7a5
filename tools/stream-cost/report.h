#ifndef STREAM_COST_TOOL_REPORT_H
#define STREAM_COST_TOOL_REPORT_H

#include "jobs.h"

/* Prints the report, to standard output, or to standard error if a file goes there, and writes the
 * files of --json and --csv.
 * errs  IO */
STREAM_NODISCARD
stream_status cost_report(const cost_options *options, const cost_jobs *jobs,
                          const stream_core *core, stream_arena *arena, const stream_diag *diag);

#endif
