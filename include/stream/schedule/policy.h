#ifndef STREAM_SCHEDULE_POLICY_H
#define STREAM_SCHEDULE_POLICY_H

#include "stream/schedule/schedule.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Names of the policies, as in options, in the IR and in reports: enum value, text. */
#define STREAM_PRIORITIES(X)                                                                       \
    X(STREAM_PRIORITY_LATENCY, "latency")                                                          \
    X(STREAM_PRIORITY_MEMORY, "memory")                                                            \
    X(STREAM_PRIORITY_AHEAD, "ahead")                                                              \
    X(STREAM_PRIORITY_DEMAND, "demand")                                                            \
    X(STREAM_PRIORITY_GIVEN, "given")

/* Policies that need no order from the caller: the first so many of the enum. */
enum {
    STREAM_N_FREE_PRIORITIES = 4
};

const char *stream_priority_name(stream_priority priority);
/* False: `name` is none of them. */
bool stream_priority_parse(const char *name, stream_priority *out);

/* The best of all free policies, or of the one in `only`: least latency, then least energy, then
 * the first of the enum. What a policy makes is replayed in the order of its starts as long as that
 * is better. Never worse than any of the policies.
 *
 * only          NULL: all free policies
 * out_priority  the policy that it came from
 * errs  as stream_schedule_build, if all of them fail */
STREAM_NODISCARD
stream_status stream_schedule_build_best(const stream_schedule_problem *problem,
                                         const stream_priority *only, stream_arena *arena,
                                         const stream_diag *diag, stream_schedule *out,
                                         stream_priority *out_priority);

#ifdef __cplusplus
}
#endif

#endif
