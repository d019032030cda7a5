#ifndef STREAM_PASSES_CONVERT_CT_GRAPH_H
#define STREAM_PASSES_CONVERT_CT_GRAPH_H

#include "stream/hardware/accelerator.h"
#include "stream/tile/graph.h"

#include "ir.h"

#include "mlir-c/IR.h"

/* The CTs of a network function, as the IR says them after stream-tile or any later pass.
 *
 * ids   CTs in program order, kernels in the order of their functions (func.func with
 * stream.kernel), tensors: arguments, then tensor constants and destinations in program order of
 * their ops, of those that CTs use; layers in order of their first CT. */
typedef struct {
    stream_ct_graph graph;           /* finished */
    const MlirOperation *ct_ops;     /* [n_cts] stream.ct */
    const MlirOperation *kernel_ops; /* [n_kernels] func.func */
    const MlirValue
        *tensor_values;   /* [n_tensors] argument, constant, or first destination of the chain */
    const int32_t *cores; /* [n_cts] core of `on`, or -1 */
} stream_ct_ir;

/* Reads `func`. Everything in `arena`; `acc` gives the ids of cores and is not kept.
 *
 * errs  INVALID with the location of the CT, kernel or function */
STREAM_NODISCARD
stream_status stream_load_ct_graph(MlirOperation module, MlirOperation func,
                                   const stream_accelerator *acc, stream_arena *arena,
                                   const stream_diag *diag, stream_ct_ir *out);

/* Ops of the block that use, directly or through each other, what a stream.ct of it makes, and are
 * no stream ops themselves: the data movement of results, and the terminator. In order. */
stream_ir_ops stream_ops_behind_cts(MlirBlock body, stream_arena *arena);

/* Id of the core of that name, or -1. */
int32_t stream_core_by_name(const stream_accelerator *acc, MlirStringRef name);

#endif
