#ifndef STREAM_PASSES_CONVERT_COMBINER_H
#define STREAM_PASSES_CONVERT_COMBINER_H

#include "workload.h"

/* Which element changes nothing. */
typedef enum {
    STREAM_NEUTRAL_ZERO,
    STREAM_NEUTRAL_ONE,
    STREAM_NEUTRAL_ALL_ONES,
    STREAM_NEUTRAL_LEAST, /* of floats: minus infinity; of integers: the least signed one */
    STREAM_NEUTRAL_GREATEST,
    STREAM_NEUTRAL_NONE /* not known */
} stream_neutral;

/* How a reduction takes up one more element: out = combiner(out, x), where x depends on no result.
 * Such a reduction can be cut anywhere and put together again, but for the rounding of floats:
 * later parts begin with the neutral element, and `joins` puts the parts together. */
typedef struct {
    const char *name; /* of the op */
    stream_neutral neutral;
    const char *joins; /* of the op; its own name but for out - x, whose parts are added up */
} stream_combiner;

/* The combiner of result `result` of a linalg op; NULL: its body is none. */
const stream_combiner *stream_combiner_of(MlirOperation op, intptr_t result);

/* The neutral element as an attribute of type `element`, an integer or a float. */
MlirAttribute stream_combiner_neutral(const stream_combiner *combiner, MlirType element);

/* True if a value of the body of `op` depends on the element of some result. */
bool stream_body_is_carried(MlirOperation op, MlirValue value);

/* True if some of these results follows from itself by anything but a combiner (the position of a
 * maximum): iterations of the reduction loops must run in their order. */
bool stream_body_is_recurrence(MlirOperation op, const stream_result_list *results);

/* keeps[r], r a result of `op` that is not `used`: the body needs its element for one that is, or
 * that is kept. */
void stream_body_state(MlirOperation op, const bool *used, bool *keeps);

#endif
