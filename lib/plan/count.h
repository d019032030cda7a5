#ifndef STREAM_LIB_PLAN_COUNT_H
#define STREAM_LIB_PLAN_COUNT_H

#include "fit.h"

/* Are there at most `most` CTs in all (0: any number)? More for want of memory are an error that
 * names the layer with the most of them, the memory that keeps its tiles small, and the operands
 * that fill it; more for another reason are not looked at here.
 *
 * plans  [n_layers] complete
 * errs   INFEASIBLE */
STREAM_NODISCARD
stream_status stream_plan_check_count(stream_fit *fit, const stream_layer_plan *plans, int64_t most,
                                      double fill, const stream_diag *diag);

/* Do all CTs together read at most `most` pieces of data (0: any number), if each reads as many as
 * the first of its layer? It is an estimate, before there are CTs.
 *
 * plans  [n_layers] complete
 * errs   INFEASIBLE naming the layer with the most of them and its tile */
STREAM_NODISCARD
stream_status stream_plan_check_pieces(stream_fit *fit, const stream_layer_plan *plans,
                                       int64_t most, const stream_diag *diag);

#endif
