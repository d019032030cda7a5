#ifndef STREAM_WORKLOAD_WORKLOAD_H
#define STREAM_WORKLOAD_WORKLOAD_H

#include "stream/support/arena.h"
#include "stream/support/box.h"
#include "stream/support/diag.h"
#include "stream/workload/quasi.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A network: layers (loop nests) over tensors, with data movement between them as views.
 *
 *   tensor 0 ──root view──▶ pad ──▶ operand of layer 0 ──▶ tensor 1 ──▶ ...
 *
 * A tensor is stored data: a network input, a constant, or what a layer writes. A view is a tensor
 * seen through data movement (pad, transpose, reshape, slice, concat ...), which costs nothing but
 * the bits it moves: a box of a view is traced to boxes of tensors exactly
 * (stream/workload/trace.h). A layer reads views through affine maps of its loops and writes one
 * tensor through a projected permutation. Layers are in program order: a layer reads only tensors
 * of earlier layers. Everything lives in one arena. */

#define STREAM_MAX_LOOPS 12

typedef enum {
    STREAM_TENSOR_INPUT,       /* argument of the network: off-chip at time 0 */
    STREAM_TENSOR_CONSTANT,    /* off-chip at time 0 */
    STREAM_TENSOR_INTERMEDIATE /* written by a layer */
} stream_tensor_kind;

typedef struct {
    const char *name; /* unique, readable */
    stream_tensor_kind kind;
    int32_t rank;
    int64_t shape[STREAM_MAX_RANK]; /* > 0, < 2^31 */
    int32_t element_bits;           /* > 0 */
    int32_t lanes;  /* 0; of a layer with several results: the size of the last dimension, which
                       holds the bits of an element, result behind result, element_bits at a time */
    int32_t layer;  /* the layer that writes it, or -1 */
    bool is_output; /* must be off-chip and complete at the end: */
    int32_t output_lo, output_size; /* of the last dimension these; size 0: all of it */
    stream_loc loc;
} stream_tensor;

typedef enum {
    STREAM_VIEW_TENSOR,    /* the tensor itself */
    STREAM_VIEW_FILL,      /* one scalar everywhere (fill, splat constant): no data */
    STREAM_VIEW_PAD,       /* a scalar around sources[0]: low[d] = before[d] */
    STREAM_VIEW_TRANSPOSE, /* result dim d is source dim map[d] */
    STREAM_VIEW_BROADCAST, /* result dim d is source dim map[d], or new if map[d] < 0 */
    STREAM_VIEW_COLLAPSE,  /* source dim s belongs to result dim map[s]; row-major (rank 0: -1) */
    STREAM_VIEW_EXPAND,    /* result dim d belongs to source dim map[d]; row-major (rank 0: -1) */
    STREAM_VIEW_SLICE,     /* result[i] = source[before + i * stride]; same rank */
    STREAM_VIEW_INSERT,    /* sources[1] with sources[0] written at before (strides 1); same rank */
    STREAM_VIEW_CONCAT,    /* sources in order along `axis` */
    STREAM_VIEW_RESULT     /* one of several results: lanes [before[0], + stride[0]) of the source,
                              whose last dimension they are, as elements */
} stream_view_kind;

typedef struct {
    stream_view_kind kind;
    int32_t rank;
    int64_t shape[STREAM_MAX_RANK];
    int32_t tensor;         /* TENSOR */
    const int32_t *sources; /* view ids, all smaller than this view's */
    int32_t n_sources;
    int32_t map[STREAM_MAX_RANK];
    int64_t before[STREAM_MAX_RANK];
    int64_t stride[STREAM_MAX_RANK];
    int32_t axis;
    const void *op; /* opaque to lib/: the op that this view came from, for rebuilding it */
} stream_view;

/* One index of a view, as an affine form of the layer's loops:
 *     index = constant + sum_l coefficient[l] * loop[l]
 * Coefficients may be negative. (Strides and dilations of convolutions are coefficients.) */
typedef struct {
    int64_t constant;
    int32_t coefficient[STREAM_MAX_LOOPS];
} stream_affine;

typedef struct {
    int32_t view;
    stream_affine index[STREAM_MAX_RANK]; /* [rank of the view] */
    /* [rank] the index where no affine form gives it; `index` then has coefficient 1 for every loop
     * that occurs, and values outside the view do not happen (its interval is cut to the view).
     * NULL: affine. */
    const stream_quasi *quasi[STREAM_MAX_RANK];
    int64_t extent[STREAM_MAX_RANK]; /* a point reads [index, index + extent); 0 is 1 */
    uint8_t operand_class; /* stream_operand_class of hardware: I1 0, I2 1; in which memory it is
                              read */
    bool is_window;        /* shape only, no data (window operand of a pooling op) */
    bool is_init;          /* start value of the reduction: read by the first reduction tile only */
    int16_t op, position;  /* which op of the layer and which of its operands, for rebuilding it */
} stream_operand;

typedef struct {
    const char *name;    /* unique */
    const char *op_type; /* ONNX operator name where there is one: "Conv", "Gemm", "Add" ... */
    int32_t n_loops;
    int64_t bounds[STREAM_MAX_LOOPS]; /* > 0 */
    bool reduction[STREAM_MAX_LOOPS];
    bool whole[STREAM_MAX_LOOPS];             /* cannot be divided: one CT runs all of it */
    const char *loop_names[STREAM_MAX_LOOPS]; /* "B","K","C","OY","OX","FY","FX","G", or "d<i>" */
    const stream_operand *operands;
    int32_t n_operands;
    int32_t output;                       /* tensor id */
    int32_t output_loop[STREAM_MAX_RANK]; /* output dim d is indexed by this loop; -1: constant 0,
                                             or the lanes of several results: all of the dim */
    int32_t psum_bits;      /* bits of an element while the reduction is not finished */
    int64_t macs_per_point; /* operations of one point of the loop nest that count as a MAC, >= 1 */
    int64_t post_ops; /* operations of the ops fused behind a reduction, for one element of the
                         output */
    bool
        has_epilogue; /* element-wise ops fused behind a reduction: the reduction cannot be split */
    bool epilogue_apart; /* the epilogue could be layers of its own (it is not one op of several
                            results) */
    bool is_recurrence;  /* iterations of the reduction loops must run in their order: those inside
                            of the outermost are `whole` */
    bool uses_index;     /* the body depends on the loop counters */
    const void *ops;     /* opaque to lib/: the linalg ops of the layer */
    stream_loc loc;
} stream_layer;

typedef struct {
    const char *name; /* of the function */
    const stream_tensor *tensors;
    int32_t n_tensors;
    const stream_view *views;
    int32_t n_views;
    const stream_layer *layers;
    int32_t n_layers;
} stream_workload;

/* Checks every promise above (ids, ranks, shapes, maps in bounds for every loop point, program
 * order). errs  INVALID with the location of the layer or tensor */
STREAM_NODISCARD
stream_status stream_workload_check(const stream_workload *w, const stream_diag *diag);

/* Product of the loop bounds times macs_per_point; -1 on overflow. */
int64_t stream_layer_macs(const stream_layer *layer);

/* True if ops fused behind the reduction of the layer read the operand, once per output element. */
static inline bool stream_operand_is_fused(const stream_layer *layer,
                                           const stream_operand *operand) {
    return layer->has_epilogue && operand->op > 0;
}

/* The loop of that name (case is ignored), or -1. */
int32_t stream_layer_loop(const stream_layer *layer, const char *name);

/* True if a loop of the layer is a reduction. */
bool stream_layer_reduces(const stream_layer *layer);

/* Bits of an element of a tensor, of all its results. */
static inline int32_t stream_tensor_point_bits(const stream_tensor *tensor) {
    return tensor->element_bits * (tensor->lanes > 0 ? tensor->lanes : 1);
}

/* The tensor is an output, at least in [lo, lo + size) of its last dimension; size 0: in all of it.
 * What lies between two such parts is one, too. */
void stream_tensor_mark_output(stream_tensor *tensor, int32_t lo, int32_t size);

/* What of a box of the tensor must be off-chip at the end; false (and `*out` untouched): nothing.
 */
bool stream_tensor_output_box(const stream_tensor *tensor, const stream_box *box, stream_box *out);

/* Bits of an element behind a view; 0: a fill, which holds no data. */
int32_t stream_view_element_bits(const stream_workload *w, int32_t view);

/* The box of the operand's view that the loop box [lo, lo + size) touches: bounding box of the
 * image; exact when no index mixes loops whose coefficients leave gaps, and as stream_quasi_range
 * says. */
stream_box stream_operand_box(const stream_workload *w, const stream_operand *operand,
                              int32_t n_loops, const int64_t *lo, const int64_t *size);

/* The box of the output that the loop box writes. */
stream_box stream_output_box(const stream_workload *w, const stream_layer *layer, const int64_t *lo,
                             const int64_t *size);

#ifdef __cplusplus
}
#endif

#endif
