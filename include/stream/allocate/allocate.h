#ifndef STREAM_ALLOCATE_ALLOCATE_H
#define STREAM_ALLOCATE_ALLOCATE_H

#include "stream/schedule/schedule.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    STREAM_OBJECTIVE_LATENCY,
    STREAM_OBJECTIVE_ENERGY,
    STREAM_OBJECTIVE_EDP
} stream_objective;

/* "latency", "energy", "edp". */
const char *stream_objective_name(stream_objective objective);

/* What the objective wants to be small: cycles, energy in fJ, or their product. */
double stream_objective_value(stream_objective objective, int64_t cycles, int64_t energy_fj);

typedef struct {
    stream_objective objective;
    int32_t evaluations; /* schedules that the improvement may evaluate, replays included; 0: the first assignments
                            only. Large networks get fewer: 4, or until 300 000 CTs and transfers are scheduled.
                            Beside them: the first assignments, and the final schedules of at most five of
                            the assignments (each all policies with their replays) */
    int32_t threads;     /* 0: all; the result does not depend on it */
    uint32_t seed;
    int64_t cutoff_cycles; /* LIMIT, without a message, if no assignment with a policy is as fast; the
                              evaluations end sooner; 0: any */
} stream_allocate_options;

#define STREAM_ALLOCATE_OPTIONS_DEFAULTS                                                           \
    ((stream_allocate_options){.objective = STREAM_OBJECTIVE_LATENCY, .evaluations = 200, .seed = 1})

/* Gives every CT a core that can run it: balanced by estimated time first, over all cores, over fewer
 * of those that are equal, and without whole kinds of cores (hardware/kinds.h), then improved by moving groups of CTs (runs of a layer's CTs in program order,
 * sized by the speeds of the cores) and evaluating the schedule. Of the best assignments the one of the
 * best final schedule is kept: that of stream_schedule_build_best with *out_priority. Pins (pinned[ct] >= 0)
 * and allowed cores are respected.
 *
 * problem->cores is ignored.
 * out_cores [n_cts], in `arena`
 * errs  INFEASIBLE: a CT that no allowed core can run;  LIMIT: as `cutoff_cycles` says */
STREAM_NODISCARD
stream_status stream_allocate(const stream_schedule_problem *problem, const int32_t *pinned,
                              const stream_allocate_options *options, stream_arena *arena,
                              const stream_diag *diag, int32_t *out_cores,
                              stream_priority *out_priority);

#ifdef __cplusplus
}
#endif

#endif
