#ifndef STREAM_PASSES_KERNEL_H
#define STREAM_PASSES_KERNEL_H

#include "convert/ir.h"
#include "convert/workload.h"

#include "stream/support/vec.h"
#include "stream/tile/tile.h"

/* The function that computes one kernel shape, detached and without a name of its own:
 *
 *     func.func private @kernel(tensor boxes, in the order of the CT's reads
 *                               [, present content of the output box, of each result])
 *                               -> output box, of each result
 *       steps of the operands' traces, the anchor retyped, its epilogue retyped
 *
 * Arguments have stream.operand. linalg.index is shifted by the shape's origin; constants of
 * indexing maps and the indices of tensor.extract are taken relative to the box. An op that is kept
 * whole is copied as it is. Discardable attributes of the ops are dropped. */
MlirOperation stream_kernel_build(const stream_network *network, const stream_kernel_shape *shape,
                                  MlirContext context, stream_arena *arena);

/* ---- parts of it; private to kernel*.c */

typedef struct {
    MlirValue from, to;
} stream_kernel_scalar;

typedef struct {
    const stream_network *network;
    const stream_kernel_shape *shape;
    const stream_layer *layer;
    const stream_layer_ops *ops;
    MlirContext context;
    stream_arena *arena;
    MlirLocation loc;
    MlirBlock block;
    stream_vec scalars; /* stream_kernel_scalar: cloned so far */
    stream_box output;  /* box of the shape's representative */
    int32_t next_arg;
} stream_kernel_builder;

/* The kernel's own copy of a constant scalar and what it is computed from. */
MlirValue stream_kernel_scalar_copy(stream_kernel_builder *b, MlirValue scalar);
MlirValue stream_kernel_append(stream_kernel_builder *b, const stream_ir_op *op);
MlirValue stream_kernel_empty(stream_kernel_builder *b, int32_t rank, const int64_t *shape,
                              MlirType element);
MlirValue stream_kernel_constant(stream_kernel_builder *b, MlirType type, MlirAttribute value);
MlirValue stream_kernel_zero(stream_kernel_builder *b, MlirType element);
/* A named linalg op with one input and one out; `attr` is its one attribute. */
MlirValue stream_kernel_unary(stream_kernel_builder *b, const char *name, MlirValue in,
                              MlirValue out, MlirNamedAttribute attr);
/* The value of operand box `trace`; takes one argument of the kernel per TENSOR step. */
MlirValue stream_kernel_replay(stream_kernel_builder *b, const stream_trace *trace);

/* What an op of the layer becomes in the kernel. */
typedef struct {
    MlirOperation op;
    const MlirValue *operands; /* by position */
    int32_t n_inputs;          /* the operands from there on are the outs */
    const MlirValue
        *captures; /* [captures of the op] tensors: parts of what the body reads; else null
                    */
    const stream_box *parts;                              /* [captures] which parts */
    int64_t lo[STREAM_MAX_LOOPS], size[STREAM_MAX_LOOPS]; /* loops of the op */
} stream_kernel_op;
/* Copies it to the end of the kernel. */
MlirOperation stream_kernel_clone(stream_kernel_builder *b, const stream_kernel_op *k);
/* The least and greatest value that `e` takes, inside [0, extent). */
void stream_kernel_range(stream_kernel_builder *b, const stream_kernel_op *k, MlirAffineExpr e,
                         int64_t extent, int64_t *out_min, int64_t *out_max);

#endif
