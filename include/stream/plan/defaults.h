#ifndef STREAM_PLAN_DEFAULTS_H
#define STREAM_PLAN_DEFAULTS_H

#include "stream/plan/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Tiles for all layers at once, of loops for which their plans say nothing. A rule is text:
 *
 *     NAME=SIZE      tiles of SIZE iterations (all of the loop, if it has fewer)
 *     NAME=/PARTS    as many equal tiles, but for the last: ceil(bound / PARTS) iterations
 *
 * NAME is the name of a loop (K, OY, d0 ...; M, the rows of a product, may be called D as in
 * prices), or row, channel (the loops that tiling calls so),
 * parallel or reduction (all such loops), or outer-reduction (the outermost: sums stay in order).
 * The first rule that fits a loop counts. Loops that cannot be divided are left alone, and so are
 * the reductions of a layer with an epilogue.
 *
 * errs  INVALID: no such text, two rules of one name, a rule that fits no loop of any layer, or
 * that asks for more parts than every loop that it divides has iterations */
STREAM_NODISCARD
stream_status stream_plan_default_tiles(const stream_workload *w, const char *const *rules,
                                        int32_t n_rules, const stream_diag *diag,
                                        stream_layer_plan *plans);

/* True if the tiles of a layer's reduction loops, in their order, run its points in the order of
 * the loop nest: loops with tiles of 1 iteration, then one with any tile, then loops that are not
 * divided. */
bool stream_plan_keeps_order(const stream_layer *layer, const stream_layer_plan *plan);

/* True if a rule could fit a reduction loop of `layer`. */
bool stream_plan_divides_reduction(const stream_layer *layer, const char *const *rules,
                                   int32_t n_rules);

#ifdef __cplusplus
}
#endif

#endif
