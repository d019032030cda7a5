#ifndef STREAM_PASSES_CONVERT_CT_GRAPH_H
#define STREAM_PASSES_CONVERT_CT_GRAPH_H

#include "stream/hardware/accelerator.h"
#include "stream/tile/graph.h"

#include "ir.h"

#include "mlir-c/IR.h"

/* One tensor value of the IR. The results of a layer that gives several (argmax) are one tensor of
 * the graph: its last dimension holds the bits of an element, result behind result, so that what
 * reads one of them reads a part of that dimension. In a buffer they lie one behind the other. */
typedef struct {
    MlirValue value; /* argument, constant, or the tensor.empty that the chain begins in, which may
                        be that of other chains too: rewrites merge what holds nothing */
    MlirValue finished; /* what the last CT that writes it gives; of an argument or constant:
                           `value` */
    int32_t tensor;
    int32_t lane, lanes; /* [element_bits of the tensor] its part of the last dimension; lanes 0:
                            the tensor has one value and no such dimension */
    bool is_output;      /* the function returns it, or what is made of it */
} stream_ct_value;

/* The CTs of a network function, as the IR says them after stream-tile or any later pass.
 *
 * ids   CTs in program order, kernels in the order of their functions (func.func with
 * stream.kernel), tensors: arguments, then tensor constants that CTs use and destinations, in
 * program order of the constants' ops and of the first CT that writes; layers in order of their
 * first CT. */
typedef struct {
    stream_ct_graph graph;           /* finished */
    const MlirOperation *ct_ops;     /* [n_cts] stream.ct */
    const MlirOperation *kernel_ops; /* [n_kernels] func.func */
    const stream_ct_value *values;   /* [n_values] by tensor */
    int32_t n_values;
    const int32_t *first_value; /* [n_tensors + 1] into values */
    const int32_t *cores;       /* [n_cts] core of `on`, or -1 */
} stream_ct_ir;

/* Reads `func`. Everything in `arena`; `acc` gives the ids of cores and is not kept.
 *
 * errs  INVALID with the location of the CT, kernel or function, or of an operation behind the CTs
 *       that uses a tensor as it was before a CT wrote to it (R11) */
STREAM_NODISCARD
stream_status stream_load_ct_graph(MlirOperation module, MlirOperation func,
                                   const stream_accelerator *acc, stream_arena *arena,
                                   const stream_diag *diag, stream_ct_ir *out);

/* The values of the tensor that `box` of it covers: *out_n from the one returned on. `*part` is the
 * box in each of them. */
int32_t stream_ct_values_of(const stream_ct_ir *ir, int32_t tensor, const stream_box *box,
                            stream_box *part, int32_t *out_n);

/* The box of the tensor that is `part` of `n` values from `first` on. */
stream_box stream_ct_values_box(const stream_ct_ir *ir, int32_t first, int32_t n,
                                const stream_box *part);

/* Ops of the block that use, directly or through each other, what a stream.ct of it makes, and are
 * no stream ops themselves: the data movement of results, and the terminator. In order. */
stream_ir_ops stream_ops_behind_cts(MlirBlock body, stream_arena *arena);

/* Id of the core of that name, or -1. */
int32_t stream_core_by_name(const stream_accelerator *acc, MlirStringRef name);

#endif
