#ifndef STREAM_LIB_SCHEDULE_CHECKPOINT_H
#define STREAM_LIB_SCHEDULE_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stream_schedule_workspace;
struct stream_schedule_request;

/* States of a run, to go on from in the next one.
 *
 *   placed CTs   0 -------- 1/9 -------- 2/9 ----- ... ----- 8/9 -------- all
 *                           state 0      state 1             state 7
 *
 * A run may go on from a state if nothing that it depends on has changed. What depends on the core
 * of CT x, before x is placed: when x becomes ready, in whose queue it stands; and, from the first
 * buffer on that holds data that x reads, how long that buffer is worth keeping. So it may change
 * as long as no producer of x is placed, and none of what x reads was fetched. Inputs and constants
 * off-chip are no such buffers, though x may read them there: what is there is never evicted, so
 * nothing asks how often it will be read. */

enum {
    CHECKPOINTS = 8
};

typedef struct {
    char *data;
    size_t n, capacity; /* bytes */
    int32_t n_placed;
} checkpoint;

typedef struct {
    bool on;
    checkpoint states[CHECKPOINTS];
    int32_t n;      /* of them, of the last run */
    bool has_run;   /* the following is of the last run */
    int32_t *cores; /* [n_cts] */
    int32_t *first; /* [n_data] CTs placed before its first buffer (but what is off-chip from 0) */
    int32_t *ready_at; /* [n_cts] CTs placed before it became ready */
    int32_t n_placed;
    int32_t priority;
    bool pooled, much_slack;
} checkpoints;

void stream_checkpoints_close(checkpoints *c);
/* The run begins from nothing: inputs and constants are in place, no CT is. */
void stream_checkpoints_restart(struct stream_schedule_workspace *e);
/* Goes on from the last state that is still right, if there is one and the request asks for it. */
bool stream_checkpoints_resume(struct stream_schedule_workspace *e,
                               const struct stream_schedule_request *request);
/* One more CT is placed: keeps the state if it is time to. */
void stream_checkpoints_keep(struct stream_schedule_workspace *e);

#endif
