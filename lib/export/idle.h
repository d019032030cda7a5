#ifndef STREAM_LIB_EXPORT_IDLE_H
#define STREAM_LIB_EXPORT_IDLE_H

#include "report.h"

/* Fills before, after, loading and waiting of every core [n_cores]; gives the cycles in which no
 * core runs a CT. */
int64_t stream_report_idle(const stream_export *e, stream_report_core *cores);

#endif
