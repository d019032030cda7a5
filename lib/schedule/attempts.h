#ifndef STREAM_LIB_SCHEDULE_ATTEMPTS_H
#define STREAM_LIB_SCHEDULE_ATTEMPTS_H

#include "stream/schedule/policy.h"

/* What was run: a policy, or a given order. */
typedef struct {
    stream_schedule_score score;
    stream_priority priority; /* of an order: that it came from */
    const int32_t *order;     /* [n_cts] a given one; NULL: the policy's own */
    bool much_slack;
    bool finished; /* it was tried whether a schedule with addresses is made of it */
} attempt;

enum {
    MOST_COMPATIBLE_ORDERS = 2,                   /* of the compatible mode */
    MOST_VARIED_ORDERS = 24,                      /* and with varied runtimes, */
    MOST_ORDERS_OF_MODE = 1 + MOST_VARIED_ORDERS, /* beside its own where that was not run before */
    /* Every policy, the problem's order and those of the compatible mode, and twice the best with
     * much slack, each as it is and as its best replay */
    MOST_ATTEMPTS =
        2 * (STREAM_N_FREE_PRIORITIES + 1 + MOST_COMPATIBLE_ORDERS + MOST_ORDERS_OF_MODE + 2)
};

typedef struct {
    attempt of[MOST_ORDERS_OF_MODE];
    int32_t n;
} order_list;

/* What attempts with addresses and without have in common. */
typedef struct {
    const stream_schedule_problem *problem;
    const stream_best_options *options;
    stream_schedule_workspace *w;
    stream_arena *arena;
    bool has_long_links;
    order_list compatible, varied;
} attempt_context;

typedef struct {
    const attempt_context *c;
    bool without_addresses;
    int64_t kept_cycles;       /* of the schedule that is to be improved; 0: none */
    int64_t near;              /* what is later is not replayed */
    int64_t most_energy_fj;    /* what needs more is not kept */
    attempt of[MOST_ATTEMPTS]; /* best first, of equal ones the first */
    int32_t n;
} attempt_list;

/* Orders of the compatible mode, for all lists. */
void stream_attempts_find_compatible(attempt_context *c);

/* The same with varied runtimes, as many as the size of a schedule of this best attempt allows. */
void stream_attempts_find_varied(attempt_context *c, const attempt *best);

/* All policies or one, the problem's order and those of the compatible mode, and the best with much
 * slack, where links are long; each with its replays. */
void stream_attempts_of_policies(attempt_list *list);

/* Orders with varied runtimes more; and if one is the best, it with much slack. */
void stream_attempts_of_variations(attempt_list *list);

stream_schedule_request stream_attempt_request(const attempt_list *list, const attempt *a,
                                               int64_t cutoff);

/* The problem in which the attempt is one run of *out_priority. */
stream_schedule_problem stream_attempt_problem(const attempt_context *c, const attempt *a,
                                               stream_priority *out_priority);

#endif
