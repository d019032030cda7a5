#ifndef STREAM_CHECK_CHECK_H
#define STREAM_CHECK_CHECK_H

#include "stream/schedule/schedule.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where the events of a schedule stand, for messages, and how many messages. All borrowed. */
typedef struct {
    int32_t max_reports;             /* 0: 20 */
    const stream_loc *transfer_locs; /* [n_transfers] or NULL */
    const stream_loc *resident_locs; /* [n_residents] or NULL */
    stream_loc summary_loc;
} stream_check_options;

/* Checks a finished schedule against every rule R1 to R12 (docs/schedule-model.md). Shares nothing
 * with the scheduler but the structs: it rebuilds the buffers from residents, transfers and CTs,
 * and from them residency, bandwidth, capacity, energy and every field of the summary.
 *
 * Every violation is reported (up to `max_reports`, then counted in one last message), at the
 * location of the CT, transfer, resident or summary, beginning with the rule id: "R3: CT 12 of
 * layer 'conv2' reads
 * ... from 300 to 400, but ...". Ids and numbers out of their range are reported alone: the other
 * rules are asked of a schedule only when its fields mean something.
 *
 * problem   acc and graph finished; routes and cores may be NULL: a route is checked link by link,
 * and a schedule without an assignment may use any core that is allowed schedule  may be garbage:
 * any value of any field gives a message options, out_violations  may be NULL errs      INVALID if
 * any rule is broken
 *
 * Near O(n log n) in CTs, reads, transfers and the boxes that they meet. */
STREAM_NODISCARD
stream_status stream_check_schedule(const stream_schedule_problem *problem,
                                    const stream_schedule *schedule,
                                    const stream_check_options *options, const stream_diag *diag,
                                    int32_t *out_violations);

#ifdef __cplusplus
}
#endif

#endif
