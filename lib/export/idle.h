#ifndef STREAM_LIB_EXPORT_IDLE_H
#define STREAM_LIB_EXPORT_IDLE_H

#include "report.h"

/* Fills before, after, loading, queued and waiting of every core [n_cores]; gives the cycles in
 * which no core runs a CT. rates: as stream_curves_rates gives them. */
int64_t stream_report_idle(const stream_export *e, const stream_curves *rates,
                           stream_report_core *cores);

#endif
