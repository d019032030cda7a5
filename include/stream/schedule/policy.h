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

/* All 0: all policies, and nothing near them. */
typedef struct {
    const stream_priority *only;  /* NULL: all free policies */
    const stream_priority *first; /* a free one that is tried before the others, as it is likely the
                                     best; NULL: none */
    int32_t order_tries;          /* of orders near the best one; 0: none */
    bool keeps_energy;            /* what they find may not need more energy than the best before */
} stream_best_options;

/* The best of all free policies, or of one, of the orders in which the compatible mode would run
 * the CTs (where it can, and of its two policies those that are wanted), and of problem->order, if
 * there is one: least latency, then least energy, then the first of the enum. What each makes is
 * replayed in the order of its starts, and of when its data exists, as long as that is better. With
 * order_tries the compatible mode's orders with varied runtimes and orders near the best one are
 * tried, too (lib/schedule/order_search.h). Then the same is done without addresses, and what is
 * better than the best so far goes through stream_schedule_relax. Never worse than any of the
 * policies, nor, as long as layouts are found, with more order_tries.
 *
 * options       NULL: all 0
 * out_priority  the policy that it came from; STREAM_PRIORITY_GIVEN: problem->order
 * errs  as stream_schedule_build, if all of them fail */
STREAM_NODISCARD
stream_status stream_schedule_build_best(const stream_schedule_problem *problem,
                                         const stream_best_options *options, stream_arena *arena,
                                         const stream_diag *diag, stream_schedule *out,
                                         stream_priority *out_priority);

/* The same with the problem's model, which lives as long as the schedule. */
STREAM_NODISCARD
stream_status stream_schedule_build_best_with(const stream_schedule_problem *problem,
                                              const stream_schedule_model *model,
                                              const stream_best_options *options,
                                              stream_arena *arena, const stream_diag *diag,
                                              stream_schedule *out, stream_priority *out_priority);

/* The same CTs by the same policy as if the free bits of a memory on chip were always in one piece,
 * with addresses when all times are known: *schedule, which stream_schedule_build_with made, is
 * replaced if that ends earlier, or then needs less energy. Where no addresses are found, transfers
 * to that memory are made as late as what reads their data allows, and then the memory is made a
 * little smaller. Then the same is done, with addresses from the beginning, too, in the order of
 * the latest starts of the CTs, in which each core keeps its sequence, as long as that is better.
 * It stays (false) if nothing better is found within bounded work.
 *
 * model  of the problem; lives as long as the schedule */
bool stream_schedule_relax(const stream_schedule_problem *problem,
                           const stream_schedule_model *model, stream_priority priority,
                           stream_arena *arena, stream_schedule *schedule);

/* Is `a` better: earlier, or then of less energy? */
bool stream_score_is_better(const stream_schedule_score *a, const stream_schedule_score *b);

#ifdef __cplusplus
}
#endif

#endif
