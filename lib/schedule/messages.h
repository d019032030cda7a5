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

/* The needs of e->ct, those of one datum side by side. */
typedef struct {
    const engine *e;
    int32_t n;
    const stream_keyed *by_datum; /* [n] datum, and which of the CT's needs; both ascend */
    int64_t *bits;                /* [n] what each added to the last demand */
} ct_needs;

/* In `arena`. O(n log n) */
ct_needs stream_messages_needs(const engine *e, stream_arena *arena);
bool stream_messages_reads(const ct_needs *needs, int32_t datum);

/* Bits of the CT's boxes that must be in the memory at once, in whole words; where boxes of one
 * datum overlap, once. `text`, if there is one, gets a list of them. O(n + pairs of needs of one
 * datum) */
demand_bits stream_messages_demand(const ct_needs *needs, const demand_query *q, stream_text *text);

const char *stream_messages_memory(const engine *e, int32_t instance);
const char *stream_messages_core(const engine *e, int32_t instance);

/* messages_full.c: off-chip memory has no room. */
stream_status stream_messages_full(const engine *e, const stream_diag *diag, stream_text *text);

#endif
