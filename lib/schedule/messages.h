#ifndef STREAM_LIB_SCHEDULE_MESSAGES_H
#define STREAM_LIB_SCHEDULE_MESSAGES_H

#include "engine.h"

#include "stream/support/text.h"

/* What messages about a CT that cannot be placed say of its demand. Sums that do not fit 63 bits
 * are INT64_MAX. */

typedef struct {
    int32_t core, instance; /* where the CT runs, and one of its memories */
    uint8_t without;        /* operand classes that are left out, as bits */
} demand_query;

typedef struct {
    int64_t inputs; /* what it reads, and what streamed operands pass through */
    int64_t output;
    int64_t all;
} demand_bits;

/* Bits of the CT's boxes that must be in the memory at once, in whole words; where boxes of one
 * datum overlap, once. `text`, if there is one, gets a list of them. O(needs^2) */
demand_bits stream_messages_demand(const engine *e, const demand_query *q, stream_text *text);

#endif
