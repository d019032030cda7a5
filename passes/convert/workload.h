#ifndef STREAM_PASSES_CONVERT_WORKLOAD_H
#define STREAM_PASSES_CONVERT_WORKLOAD_H

#include "stream/support/arena.h"
#include "stream/support/diag.h"
#include "stream/support/text.h"
#include "stream/workload/workload.h"

#include "mlir-c/IR.h"

/* A function of linalg on tensors, read as a network of layers.
 *
 * Layers are linalg ops with input maps that are affine or quasi-affine (floordiv and mod by
 * constants) and an output map that is a projected permutation (or has constant-0 results), the
 * same for all results that are used; their bodies may read further tensors by tensor.extract. Element-wise consumers of a
 * layer may be fused behind it. What is no such nest, and loops with constant bounds, are layers
 * that are not divided. Everything that only moves data is a view: tensor.pad, expand_shape,
 * collapse_shape, extract_slice, insert_slice, concat, cast, empty, splat; linalg.fill, transpose,
 * broadcast, copy, pack, unpack; generics that yield an input; splat constants (but for weights of
 * convolutions and contractions: a frontend writes splats there to leave the data out, and they
 * must still be moved).
 *
 * Loop names (what dataflows refer to): B batch, K output channels (or columns), C reduction, OY OX
 * rows and columns of the output, FY FX of the window (OZ/FZ before them in 3-d), G groups, M rows
 * of a matrix product; element-wise ops of rank 4 have B K OY OX (channel where the layer before
 * has it); everything else is d<i>.
 *
 * Operand classes: the first input of the first op is I1, its second input and constants are I2; of
 * the rest, a tensor that is an argument or constant and smaller than the output is I2, all others
 * I1. */

/* Where the value of a view comes from; stream_view.op points at one. */
typedef struct {
    MlirType element; /* element type of the view */
    MlirValue scalar; /* FILL, PAD: the scalar; null if the content is undefined (tensor.empty) */
    MlirAttribute splat; /* FILL: the element attribute of a splat constant, or null */
} stream_view_origin;

/* Results of an op that a layer gives, ascending: one, or several that are written alike. */
typedef struct {
    const int32_t *ids;
    int32_t n;
} stream_result_list;

/* The ops of a layer; stream_layer.ops points at one. ops[0] is the anchor, the others its
 * epilogue, each reading the result of the one before. */
typedef struct {
    const MlirOperation *ops;
    int32_t n_ops;
    stream_result_list results; /* of the anchor; several: n_ops is 1 */
    bool loses_state;  /* it carries a result that it does not give: tiles of its reduction need it */
    const char *whole; /* why the layer is one CT that is a copy of its op; NULL: it is a nest */
} stream_layer_ops;

/* An element-wise op whose maps allow it to run in the kernel of the layer before it. */
typedef struct {
    MlirOperation anchor, op; /* the first op of that layer; the op */
    bool reads_others;        /* it reads results of further layers, too */
} stream_fusion_question;

/* The one place that decides what is fused. Functions may be NULL: yes, no, no. */
typedef struct {
    /* Appends the reason to `why`, either way. */
    bool (*allows)(void *user, const stream_fusion_question *question, stream_text *why);
    bool (*forced)(void *user, MlirOperation op); /* not to fuse it is an error */
    /* The reduction of the layer of that name is divided into tiles: it gets no epilogue, and gives
     * what it carries from tile to tile. */
    bool (*divides)(void *user, const char *layer);
    void *user;
} stream_fusion_policy;

/* What has no plan of its own and reads results of one layer alone is fused. */
extern const stream_fusion_policy stream_fusion_residuals_apart;

typedef struct {
    bool fuse_elementwise;              /* false: nothing is, whatever the policy says */
    const stream_fusion_policy *policy; /* NULL: what can be fused and has no plan of its own is */
    bool fold_constants; /* what depends on no input is a constant tensor, not a layer */
} stream_load_options;

/* What became of an element-wise op that reads results of layers, where a policy decides. */
typedef struct {
    MlirOperation op;
    const char *layer; /* the last layer whose results it reads */
    bool fused;
    const char *why;
} stream_fusion_note;

typedef struct {
    stream_workload workload;
    const MlirValue
        *tensor_values; /* [n_tensors] argument, constant, or (first) result of the layer's last op
                         */
    const stream_fusion_note *fusions;
    int32_t n_fusions;
} stream_network;

/* Reads `func`, a func.func with one block. Nothing in the IR is changed. `out` lives in `arena`
 * and refers to ops of `func`.
 *
 * errs  UNSUPPORTED at the op that is not understood, with what it would have to be */
STREAM_NODISCARD
stream_status stream_load_network(MlirOperation func, const stream_load_options *options,
                                  stream_arena *arena, const stream_diag *diag,
                                  stream_network *out);

/* The values of a tensor: one, or the results of a layer that gives several. */
int32_t stream_network_n_values(const stream_network *network, int32_t tensor);
MlirValue stream_network_value(const stream_network *network, int32_t tensor, int32_t i);
/* Which of them `box` of the tensor is a part of. */
int32_t stream_network_value_at(const stream_network *network, int32_t tensor,
                                const stream_box *box);

/* True if `op` gives results and does nothing else: linalg on tensors, tensor, arith, math, and
 * loops with constant bounds over such. */
bool stream_op_is_pure(MlirOperation op);

/* True if `value` is a scalar that can be computed anywhere: a constant, or arithmetic on such. */
bool stream_scalar_is_constant(MlirValue value);

/* What the regions of an op take from outside. An operand of a layer at position n + i, where n is
 * the number of the op's own operands, is the i-th of these. */
typedef struct {
    const MlirValue
        *values; /* tensors and scalars from outside, each once, in order of first use */
    int32_t n_values;
} stream_captures;

/* Values that nested ops of `op` use but that are defined outside it. In `arena`. */
stream_captures stream_body_captures(MlirOperation op, stream_arena *arena);

#endif
