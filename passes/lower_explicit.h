#ifndef STREAM_PASSES_LOWER_EXPLICIT_H
#define STREAM_PASSES_LOWER_EXPLICIT_H

#include "lower_common.h"

#include "stream/schedule/residency.h"

/* stream-lower{memories=explicit}: one flat buffer of bytes per memory of the accelerator;
 * everything lives at the address that the schedule gave it, but for large ranges that no buffer
 * uses, which are left out (stream_residency_address).
 *
 *   begin of a transfer or CT   the space it will write is filled with ones
 *   end of a transfer           a copy from buffer to buffer
 *   end of a CT                 a call that reads and writes the buffers in its core's memories;
 *                               a box in several buffers is gathered first
 *
 * Effects are in the order of these times, so that a wrong address, a missing transfer, or data
 * that is overwritten while somebody reads it changes the result.
 *
 * Buffers are packed, as the schedule counts them: elements that are not whole bytes (i1, i4) lie
 * bit to bit, the first in the lowest bits of the first byte. A kernel works on temporaries of
 * them.
 *
 * errs  UNSUPPORTED: elements of more than 64 bits, or that the schedule stores in other than their
 * own width;  INVALID: data that is not where it is read */
STREAM_NODISCARD
stream_status stream_lower_explicit(stream_lowering *l, const stream_schedule_problem *problem,
                                    const stream_schedule *schedule, const stream_ct_ir *ir);

#endif
