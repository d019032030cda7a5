#ifndef STREAM_LIB_TILE_GRAPH_CHECK_H
#define STREAM_LIB_TILE_GRAPH_CHECK_H

#include "stream/tile/graph.h"

/* The promises of stream/tile/graph.h that need no lists of writers, and those about outputs.
 * errs  INVALID */

/* Shapes, elements, and parts that are outputs. */
STREAM_NODISCARD
stream_status stream_ct_graph_check_tensors(const stream_ct_graph *graph, const stream_diag *diag);

/* Do the CT, what it writes and what it reads exist, and does it read and write inside of tensors?
 */
bool stream_ct_graph_is_ct(const stream_ct_graph *graph, int32_t ct);

/* Says why not. */
STREAM_NODISCARD
stream_status stream_ct_graph_refuse_ct(const stream_ct_graph *graph, int32_t ct,
                                        const stream_diag *diag);

/* CTs write every element of an output. Their boxes do not overlap unless they are equal, and
 * graph->writers is known. O(CTs) */
STREAM_NODISCARD
stream_status stream_ct_graph_check_outputs(const stream_ct_graph *graph, const stream_diag *diag);

#endif
