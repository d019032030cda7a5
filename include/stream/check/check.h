#ifndef STREAM_CHECK_CHECK_H
#define STREAM_CHECK_CHECK_H

#include "stream/schedule/schedule.h"

/* Checks a finished schedule against every rule R1 to R12 (docs/schedule-rules.md). Shares nothing with
 * the scheduler but the structs: it recomputes residency, bandwidth, capacity and energy from the events.
 * Every violation is reported (up to `max_reports`, then counted), at the location of the CT or transfer,
 * beginning with the rule id: "R3: CT 12 of layer 'conv2' reads %t[..] at 300, but ...".
 *
 * ct_locs, transfer_locs  [n_cts], [n_transfers] or NULL
 * errs  INVALID if any rule is broken */
typedef struct {
    int32_t max_reports; /* 0: 20 */
    const stream_loc *transfer_locs;
} stream_check_options;

STREAM_NODISCARD
stream_status stream_check_schedule(const stream_schedule_problem *problem,
                                    const stream_schedule *schedule,
                                    const stream_check_options *options, const stream_diag *diag,
                                    int32_t *out_violations);

#endif
