#ifndef STREAM_TILE_TILE_H
#define STREAM_TILE_TILE_H

#include "stream/plan/plan.h"
#include "stream/tile/graph.h"
#include "stream/workload/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a kernel computes: a loop box of a layer, seen from its own origin. */
typedef struct {
    int32_t layer;
    const int64_t *size;              /* [n_loops of the layer] iterations of each loop */
    const int64_t *lo;                /* [n_loops] origin of the first CT that uses it (its representative) */
    bool first_reduction, last_reduction; /* starts from the init operand / is complete afterwards */
    const stream_trace *traces;       /* [n_operands of the layer]: of the representative */
} stream_kernel_shape;

typedef struct {
    stream_ct_graph graph;
    const stream_kernel_shape *shapes; /* [graph.n_kernels] */
} stream_tiling;

/* Cuts every layer into CTs as `plans` (complete) says. CTs are stack by stack, layer by layer, split
 * part by split part, tile by tile (row-major, reduction loops innermost), so the order is legal.
 * Two CTs share a kernel when their layer, sizes, reduction flags and operand traces (but for the
 * tensor boxes' lo) are equal, and, if the layer uses loop counters, their lo; of quasi-affine indices, the
 * phases (stream/workload/quasi.h).
 * reads are in the order: operand by operand, TENSOR steps of its trace in order. They are the
 * arguments of the kernel, followed, if the CT accumulates, by the box it writes.
 *
 * errs  LIMIT: more than `max_cts`, or than STREAM_CT_GRAPH_MOST_PIECES boxes read or dependencies */
STREAM_NODISCARD
stream_status stream_tile_build(const stream_workload *w, const stream_layer_plan *plans,
                                int32_t max_cts, stream_arena *arena, const stream_diag *diag,
                                stream_tiling *out);

#ifdef __cplusplus
}
#endif

#endif
