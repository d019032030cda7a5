#ifndef STREAM_LIB_PLAN_PIECES_H
#define STREAM_LIB_PLAN_PIECES_H

#include "stream/plan/plan.h"

/* What a box of a stored tensor is in memory: the CTs that wrote the tensor left it in pieces, each
 * of which takes whole words. An input or a constant is one piece. */
typedef struct {
    int64_t pieces;
    int64_t bits; /* all of them, each rounded up to words */
} stream_pieces;

/* plans [n_layers]: complete for the layer that writes the tensor.
 *
 * Exact. O(product over dimensions of the distinct lengths of pieces, at most 5 each), plus
 * O(split parts that the box touches). */
stream_pieces stream_pieces_of(const stream_workload *w, const stream_layer_plan *plans,
                               int32_t tensor, const stream_box *box, int64_t word_bits);

/* Is the tensor written in one piece (or not by a layer)? */
bool stream_pieces_whole(const stream_workload *w, const stream_layer_plan *plans, int32_t tensor);

#endif
