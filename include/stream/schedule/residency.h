#ifndef STREAM_SCHEDULE_RESIDENCY_H
#define STREAM_SCHEDULE_RESIDENCY_H

#include "stream/schedule/schedule.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where the data of a finished schedule is when it is read: for each CT the buffers that hold its
 * boxes, for each transfer the buffer that it copies from, and the buffers that hold the results at
 * the end. This is what executes a schedule on explicit memories (stream-lower{memories=explicit}).
 */

/* `piece` is what is taken of the buffer that holds `buffer` of the tensor at `address`. Boxes are
 * in the tensor's coordinates. */
typedef struct {
    int32_t instance;
    int64_t address; /* [bit] of the buffer */
    stream_box buffer, piece;
} stream_residency_piece;

/* What happens, in time: an event of a CT or a transfer begins (its space is taken from here on) or
 * ends (its data is there from here on). By time; ends before begins; transfers before CTs; by id.
 */
typedef struct {
    int64_t time;
    bool begins;
    bool is_ct;
    int32_t id;
} stream_residency_event;

/* The buffers of a memory may lie far apart, more than a host has. Ranges of more than this that no
 * buffer uses are left out. */
#define STREAM_RESIDENCY_GAP_BITS ((int64_t)1 << 23)

/* What lies at or behind address `from` of a memory lies `less` bits lower where it is left out. */
typedef struct {
    int64_t from, less; /* [bit] */
} stream_residency_shift;

/* Memories of one size are alike: what is left out of one is left out of all of them, and none has
 * a buffer there. */
typedef struct {
    int64_t bits;     /* that hold all buffers of these memories; 0: they have none */
    int32_t first, n; /* its shifts, by address */
} stream_residency_memory;

typedef struct {
    const int32_t *read_first; /* [n_reads + 1] pieces that make up a read, in `pieces` */
    const int32_t
        *final_first; /* [n_tensors + 1] pieces that make up an output of a layer at the end */
    const stream_residency_piece *pieces;
    const stream_residency_piece *sources;   /* [n_transfers] */
    const stream_residency_memory *memories; /* [n_instances] */
    const stream_residency_shift *shifts;
    const stream_residency_event *events; /* [2 * (n_cts + n_transfers)] */
    int32_t n_events;
} stream_residency;

/* Deterministic: a box that one buffer holds is read from the earliest such buffer; else it is
 * gathered, taking from buffers in the order of where they begin, along the first dimension first,
 * and of those that begin at one place the earliest first. Only buffers that are complete at the
 * reader's start, stay to its end and hold the right version count. In `arena`.
 *
 * Cost: O((n + pieces) log n) for n buffers, CTs, transfers and reads, unless many buffers hold the
 * same elements in one memory at one time.
 * errs  INVALID: data that is not where it is read, naming CT, tensor and memory */
STREAM_NODISCARD
stream_status stream_residency_build(const stream_schedule_problem *problem,
                                     const stream_schedule *schedule, stream_arena *arena,
                                     const stream_diag *diag, stream_residency *out);

/* Where in `bits` of the memory what the schedule puts at `address` lies. O(log n) */
int64_t stream_residency_address(const stream_residency *residency, int32_t instance,
                                 int64_t address);

#ifdef __cplusplus
}
#endif

#endif
