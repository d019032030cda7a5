#ifndef STREAM_TILE_GRAPH_H
#define STREAM_TILE_GRAPH_H

#include "stream/hardware/accelerator.h"
#include "stream/support/box.h"
#include "stream/workload/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The CTs of a network and what they read and write: the one structure that tiling makes and that
 * allocation, scheduling and checking read. It is also what the IR after stream-tile says, so it is
 * built from either.
 *
 *   tensors     stored data, as in stream_workload (inputs, constants, layer outputs)
 *   kernels     distinct computations; each has a price on each core
 *   cts         in program order: executing them in this order is legal
 *   reads       boxes of tensors, grouped by CT: cts[i] reads reads[first_read .. + n_reads)
 *
 * A CT writes one box of one tensor. Boxes of different CTs of a tensor are disjoint, or equal: then
 * the later one accumulates onto the earlier (a split reduction), and `accumulates` is set.
 * Version v of a box is what the v-th CT that wrote it left (0 for inputs and constants). A read sees
 * the last version before it in program order; in a well-formed graph that is the final one, but for
 * the accumulating CT itself, which reads its own box implicitly (no entry in reads). */

typedef struct {
    int32_t tensor;
    stream_box box;
    uint8_t operand; /* stream_operand_class: in which memory of the core it is read */
} stream_ct_read;

typedef struct {
    const char *name;
    int32_t layer;  /* of the first CT that uses it; for messages */
    stream_loc loc;
} stream_kernel;

typedef struct {
    int32_t kernel, layer, stack;
    int32_t split;      /* which part of the layer's split over cores; 0 if none */
    int32_t first_read, n_reads;
    int32_t tensor;     /* written */
    stream_box box;     /* written */
    bool accumulates;
    int32_t n_allowed_cores;
    const int32_t *allowed_cores; /* ids, ascending; NULL with n 0: any that runs the operator */
    stream_loc loc;
} stream_ct;

typedef struct {
    const char *name, *op_type;
} stream_ct_layer;

typedef struct {
    const stream_tensor *tensors;
    int32_t n_tensors;
    const stream_ct_layer *layers;
    int32_t n_layers;
    const stream_kernel *kernels;
    int32_t n_kernels;
    const stream_ct *cts;
    int32_t n_cts;
    const stream_ct_read *reads;
    int32_t n_reads;

    /* Derived by stream_ct_graph_finish; CSR lists, ascending, without duplicates. */
    const int32_t *pred_first, *preds;     /* [n_cts + 1], CT ids: producers of what it reads, and the
                                              CT that it accumulates onto */
    const int32_t *succ_first, *succs;     /* [n_cts + 1] the reverse */
    const int32_t *reader_first, *readers; /* [n_tensors + 1], read ids (into reads), by CT order */
    const int32_t *read_ct;                /* [n_reads] the CT of each read */
    const int32_t *writer_first, *writers; /* [n_tensors + 1], CT ids that write the tensor, in order */
} stream_ct_graph;

/* What all CTs read, in pieces: boxes that one CT wrote, or of one input or constant. A schedule keeps
 * about 110 bytes for each, 3.7 GB for so many; more are refused before there is memory for them. */
#define STREAM_CT_GRAPH_MOST_PIECES (INT32_C(1) << 25)

/* Fills the derived fields and checks the promises above.
 *
 * Cost: near O(edges): boxes of one tensor's writers are indexed by their grid.
 * errs  INVALID: ids or boxes that do not exist, a read of data that nobody wrote, an output that is not
 *                written whole, overlapping writes, an order that is not legal
 *       LIMIT: more than STREAM_CT_GRAPH_MOST_PIECES edges */
STREAM_NODISCARD
stream_status stream_ct_graph_finish(stream_ct_graph *graph, stream_arena *arena,
                                     const stream_diag *diag);

/* Bits of a box of a tensor. */
int64_t stream_ct_graph_bits(const stream_ct_graph *graph, int32_t tensor, const stream_box *box);

#ifdef __cplusplus
}
#endif

#endif
