#ifndef STREAM_PASSES_CONVERT_BUILDER_H
#define STREAM_PASSES_CONVERT_BUILDER_H

#include "workload.h"

#include "stream/support/vec.h"

#include "ir.h"
#include "loc.h"

/* State of one load; private to passes/convert/workload*.c and views*.c. */

/* MlirValue -> int32: open addressing; looked up only, never iterated, so its order cannot show. */
typedef struct {
    const void **keys;
    int32_t *ids;
    size_t n, capacity;
} value_map;

int32_t value_map_get(const value_map *map, MlirValue value); /* -1: not there */
void value_map_set(value_map *map, MlirValue value, int32_t id);
void value_map_free(value_map *map);

/* A layer that may still grow an epilogue. */
typedef struct {
    stream_layer layer;
    stream_vec operands; /* stream_operand */
    stream_vec ops;      /* MlirOperation */
    MlirValue tail;      /* the value the layer gives so far */
    stream_result_list results; /* of the anchor */
    bool loses_state;    /* as in stream_layer_ops */
    const char *closed;  /* why it takes no epilogue, or NULL */
    bool forced;         /* the user wants an op of its epilogue there */
    const char *whole;   /* why it is kept whole, or NULL */
} open_layer;

typedef struct {
    stream_arena *arena;
    const stream_diag *diag;
    const stream_load_options *options;
    stream_vec tensors;       /* stream_tensor */
    stream_vec tensor_values; /* MlirValue */
    stream_vec views;         /* stream_view */
    stream_vec newest; /* [view] int32_t: the last layer that writes a tensor behind it, or -1 */
    stream_vec constants;     /* [view] bool: all tensors behind it are constants */
    stream_vec layers;        /* open_layer */
    stream_vec fusions;       /* stream_fusion_note */
    value_map view_of;        /* tensor value -> view */
    int32_t n_linalg;         /* ops seen that could be layers, for default names */
} loader;

/* UNSUPPORTED at `op`: "'tensor.pad' op <text>". */
STREAM_PRINTF(3, 4)
stream_status unsupported(loader *l, MlirOperation op, const char *format, ...);

/* Rank and shape of a tensor type: static, rank <= STREAM_MAX_RANK, dims in [1, 2^31).
 * `op` and `what` ("its result", "argument 3") are for the message. */
STREAM_NODISCARD
stream_status tensor_shape(loader *l, MlirType type, MlirOperation op, const char *what,
                           int32_t *rank, int64_t *shape);

/* stored.c: tensors that are there at the start. A splat constant that is no weight is a fill. */
STREAM_NODISCARD stream_status load_arguments(loader *l, MlirOperation func, MlirBlock body);
STREAM_NODISCARD stream_status load_constant(loader *l, MlirOperation op); /* arith.constant */
/* The results of an op that depends on no input of the network. */
STREAM_NODISCARD stream_status add_constants(loader *l, MlirOperation op);

/* A new view; its sources are copied. Pointers into l->views die at the next call. */
stream_view *view_new(loader *l, stream_view_kind kind, int32_t rank, const int64_t *shape,
                      int32_t n_sources, const int32_t *sources, stream_view_origin origin);
static inline stream_view *view_at(const loader *l, int32_t id) {
    return &STREAM_AT(stream_view, l->views, id);
}
static inline bool is_intermediate(const loader *l, int32_t view) {
    return STREAM_AT(int32_t, l->newest, view) >= 0;
}
static inline int32_t last_view(const loader *l) {
    return (int32_t)l->views.n - 1;
}
static inline const stream_view_origin *origin_of(const loader *l, int32_t id) {
    return view_at(l, id)->op;
}
/* A new tensor and its root view; the view's id. */
int32_t tensor_new(loader *l, const stream_tensor *tensor, MlirValue value, MlirType element);

/* The view of a tensor operand; -1 and a diagnostic never happen: every value of the function has
 * one before its users are read, or the load has failed. */
int32_t view_of(const loader *l, MlirValue value);

/* Reads `op` as data movement. *handled false: it is none (nothing was done). */
STREAM_NODISCARD
stream_status load_view(loader *l, MlirOperation op, bool *handled);
/* UNSUPPORTED at a slice that is no view: why. */
STREAM_NODISCARD
stream_status refuse_slice(loader *l, MlirOperation op);
STREAM_NODISCARD
stream_status load_slice(loader *l, MlirOperation op);
STREAM_NODISCARD
stream_status load_insert(loader *l, MlirOperation op);
/* A generic (or linalg.copy) that only yields its input; *handled false: it is none. */
STREAM_NODISCARD
stream_status load_yield_only(loader *l, MlirOperation op, bool *handled);

/* View builders: each gives the id of the new view (or of `source`, when nothing changes). */
int32_t view_fill(loader *l, int32_t rank, const int64_t *shape, stream_view_origin origin);
int32_t view_transpose(loader *l, int32_t source, const int32_t *permutation);
int32_t view_broadcast(loader *l, int32_t source, int32_t rank, const int64_t *shape,
                       const int32_t *map);
int32_t view_collapse(loader *l, int32_t source, int32_t rank, const int32_t *map);
int32_t view_expand(loader *l, int32_t source, int32_t rank, const int64_t *shape,
                    const int32_t *map);
int32_t view_slice(loader *l, int32_t source, const int64_t *shape, const int64_t *before,
                   const int64_t *stride);
int32_t view_pad(loader *l, int32_t source, const int64_t *low, const int64_t *high,
                 stream_view_origin origin);
int32_t view_insert(loader *l, int32_t source, int32_t into, const int64_t *before);
int32_t view_concat(loader *l, int32_t n, const int32_t *sources, int32_t axis);
int32_t view_result(loader *l, int32_t source, int32_t lane, int32_t lanes, MlirType element);

/* A linalg op read through its indexing maps: loops, and how each operand is indexed. */
typedef struct {
    MlirOperation op;
    int32_t n_operands, n_inputs; /* the operands from n_inputs on are the outs */
    int32_t n_loops;
    stream_result_list results; /* that are used, and with `carries` those that it needs itself */
    bool loses_state;           /* there are such, without `carries` */
    const bool *wanted;         /* [results of the op] is used, or needed for what is */
    int64_t bounds[STREAM_MAX_LOOPS];
    bool reduction[STREAM_MAX_LOOPS];
    int32_t rank, output_loop[STREAM_MAX_RANK]; /* of each result */
    int64_t shape[STREAM_MAX_RANK];
    stream_vec operands; /* stream_operand, op 0; freed by the reader */
    bool uses_index;
    const char *not_boxes; /* NULL: a nest; else why its CTs would not read and write boxes, and
                              nothing else is set */
} loop_nest;

/* carries  tiles of its reduction follow each other: what the body reads of its results is given
 * errs  UNSUPPORTED: what the op would have to be */
STREAM_NODISCARD
stream_status read_nest(loader *l, MlirOperation op, bool carries, loop_nest *out);
/* True if the body of a linalg op reads the element of operand `i`. */
bool body_reads(MlirOperation op, intptr_t i);
/* Results of `op` that are used, and those that it `keeps` itself: the first if there are none. */
stream_result_list list_results(loader *l, MlirOperation op, const bool *keeps);
/* Reads the body of `n`: loop counters, and an operand for every tensor that it reads by
 * tensor.extract: boxes where the indices say so, and all of a dimension where data decides. */
STREAM_NODISCARD
stream_status read_nest_body(loader *l, loop_nest *n);
/* Network inputs and constants that do not grow with the output are weights of a kind. */
bool is_weight_like(const loader *l, const loop_nest *n, const stream_operand *o);
/* Appends `nest`, element-wise, to the layer that makes one of its inputs, if the options and the
 * rules of workload.h allow it. errs  UNSUPPORTED: it must be fused, and cannot */
STREAM_NODISCARD
stream_status fuse_nest(loader *l, const loop_nest *nest, bool *fused);

/* Reads `op`, a linalg op with indexing maps, as a layer or as the epilogue of one. */
STREAM_NODISCARD
stream_status load_layer(loader *l, MlirOperation op);

/* An op that can be one CT as it stands: a linalg op, a loop with constant bounds over ops without
 * side effects, a tensor made of scalars. */
bool can_be_whole(MlirOperation op);
/* Reads it as a layer whose loops, the dimensions of its result, are not divided. */
STREAM_NODISCARD
stream_status load_whole(loader *l, MlirOperation op, const char *why);

/* A new layer that gives `tail`; its operands are taken. */
void layer_new(loader *l, MlirOperation op, const stream_layer *layer, stream_vec operands,
               const open_layer *rest);
/* The name of the layer that `op` begins. */
const char *layer_name(loader *l, MlirOperation op);
/* The tensor that the layer will write: these results of `op`, which have one shape.
 * errs UNSUPPORTED: elements, or several of rank STREAM_MAX_RANK */
STREAM_NODISCARD
stream_status output_tensor(loader *l, MlirOperation op, const stream_result_list *results,
                            const char *name);

#endif
