#ifndef STREAM_PASSES_CONVERT_SELECTION_H
#define STREAM_PASSES_CONVERT_SELECTION_H

#include "combiner.h"

/* Reductions that keep one element of all that they see, and in other results what belongs to it:
 *
 *     better = taken[k] > out[k]                    the largest element and where it is (argmax)
 *     out[r] = better ? taken[r] : out[r]           every result r; or k as max(taken[k], out[k])
 *
 * with any order relation, in either direction, on any side; `better` may hold for NaN as well, and
 * between equal elements look at the result itself (the smaller index): or(better, and(taken[k] ==
 * out[k], taken[r] < out[r])).
 *
 * The body applied to what two parts of the elements left, in their order, is what it leaves of
 * both, so that such a reduction can be cut in its order; but for NaN, of which it depends on the
 * body what it does. */
typedef struct {
    const MlirValue *taken;           /* [n results of the op] values of the body */
    const stream_combiner *combiners; /* [n results] with neutral elements; joins NULL */
} stream_selection;

/* False: the body of `op` is none. */
bool stream_selection_of(MlirOperation op, stream_arena *arena, stream_selection *out);

/* The value that the body yields as result `result`, with from[i] for taken[i] and state[i] for
 * the element of result i: its ops are copied to the end of the body of `to`, before its
 * terminator. */
MlirValue stream_selection_apply(const stream_selection *selection, MlirOperation op,
                                 intptr_t result, const MlirValue *from, const MlirValue *state,
                                 MlirOperation to);

#endif
