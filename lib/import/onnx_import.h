/* Shared by the files of the ONNX importer; not installed.
 *
 *   onnx_reader.c    bytes -> protobuf-c structs in the arena; tensors -> packed constants
 *   onnx.c           graph: its nodes in order; onnx_module.c: the text of the module
 *   onnx_interface.c inputs, initializers and outputs of the graph
 *   onnx_operators.c the table of operators; looks a node up
 *   onnx_node.c      what a handler asks of its node: attributes, inputs, errors
 *   onnx_value.c     types, values, literals, constants
 *   onnx_emit.c      text of structural ops; onnx_generic.c: of linalg.generic and its body
 *   onnx_fold.c      small constant subgraphs, evaluated
 *   the rest         handlers by family
 *
 * A handler validates first and emits afterwards, so that a failed import has no half op. */
#ifndef STREAM_IMPORT_ONNX_IMPORT_H
#define STREAM_IMPORT_ONNX_IMPORT_H

#include "onnx.pb-c.h"
#include "stream/import/onnx.h"
#include "stream/support/box.h"
#include "stream/support/vec.h"

#include <stdbool.h>
#include <stdint.h>

/* Element types by ONNX number: name, number, MLIR type, bytes, kind. */
#define ONNX_TYPE_MAP(X)                                                                           \
    X(FLOAT, 1, "f32", 4, FLOATING)                                                                \
    X(UINT8, 2, "i8", 1, UNSIGNED)                                                                 \
    X(INT8, 3, "i8", 1, SIGNED)                                                                    \
    X(UINT16, 4, "i16", 2, UNSIGNED)                                                               \
    X(INT16, 5, "i16", 2, SIGNED)                                                                  \
    X(INT32, 6, "i32", 4, SIGNED)                                                                  \
    X(INT64, 7, "i64", 8, SIGNED)                                                                  \
    X(BOOL, 9, "i1", 1, LOGICAL)                                                                   \
    X(FLOAT16, 10, "f16", 2, FLOATING)                                                             \
    X(DOUBLE, 11, "f64", 8, FLOATING)                                                              \
    X(UINT32, 12, "i32", 4, UNSIGNED)                                                              \
    X(UINT64, 13, "i64", 8, UNSIGNED)                                                              \
    X(BFLOAT16, 16, "bf16", 2, FLOATING)

typedef enum {
    ONNX_UNDEFINED = 0,
#define X(name, number, mlir, bytes, kind) ONNX_##name = number,
    ONNX_TYPE_MAP(X)
#undef X
} onnx_type;

/* Sets of element types, for the operator table. */
enum {
    ONNX_FLOATING = 1,
    ONNX_SIGNED = 2,
    ONNX_UNSIGNED = 4,
    ONNX_LOGICAL = 8,
    ONNX_INTEGER = ONNX_SIGNED | ONNX_UNSIGNED,
    ONNX_NUMBER = ONNX_FLOATING | ONNX_INTEGER,
    ONNX_ANY = ONNX_NUMBER | ONNX_LOGICAL
};

/* Elements of a constant, shared by all values that view them. resource: -1 until printed. */
typedef struct {
    const uint8_t *data;
    int32_t resource;
} onnx_blob;

/* A value of the graph. Constant: `blob` holds its elements, packed, or the one element that all
 * have (`splat`); it gets an SSA name when first used. Otherwise `ssa` is its name. */
typedef struct {
    const char *name;
    onnx_type type;
    int32_t rank;
    int64_t dims[STREAM_MAX_RANK];
    onnx_blob *blob;
    bool splat;
    bool is_argument; /* used: it appears in the signature */
    bool used;
    char ssa[16];
} onnx_value;

/* A scalar inside the body of the open linalg.generic: printed %s<id>. */
typedef struct {
    int32_t id;
    onnx_type type;
} onnx_scalar;

typedef struct onnx_names onnx_names; /* name -> onnx_value */

/* The linalg.generic under construction: one at a time. */
typedef struct {
    int32_t n_loops, n_scalars;
    const char *kinds; /* [n_loops] 'p' or 'r' */
    stream_text maps, ins, in_types, block, body;
    const onnx_value *out;
} onnx_generic;

typedef struct {
    const char *path;
    stream_arena *arena;
    const stream_diag *diag;
    int32_t opset;
    onnx_names *names, *layers;
    stream_vec arguments; /* onnx_value * */
    stream_text constants, body, resources;
    int32_t n_ssa, n_constants, n_resources;
    onnx_generic generic;
    const char *absent_file; /* external data that was last found missing */
    /* The node being translated. */
    const Onnx__NodeProto *node;
    int32_t node_index;
    const char *layer;    /* unique */
    bool *attribute_read; /* [node->n_attribute] */
    onnx_value **in;      /* [n_in], NULL where an optional input is absent */
    int32_t n_in;
    onnx_value **out; /* [node->n_output], set by the handler */
} onnx_ctx;

/* A row of the operator table: the rule from opset `since` on, until a row with a later one. */
typedef struct {
    const char *op_type;
    const char *domain; /* NULL: default domain; "*": any, for operators no standard defines */
    int32_t since;
    int32_t min_inputs, max_inputs; /* max -1: any number */
    uint32_t types;                 /* of input 0 */
    stream_status (*handle)(onnx_ctx *c);
} onnx_row;

typedef struct {
    const onnx_row *rows;
    size_t n_rows;
} onnx_family;

extern const onnx_family stream_onnx_conv, stream_onnx_conv_transpose, stream_onnx_elementwise,
    stream_onnx_matmul, stream_onnx_einsum, stream_onnx_normalize, stream_onnx_pool,
    stream_onnx_quantize, stream_onnx_reduce, stream_onnx_reshape, stream_onnx_move,
    stream_onnx_activation, stream_onnx_constant, stream_onnx_gather, stream_onnx_softmax,
    stream_onnx_resize, stream_onnx_function, stream_onnx_clip, stream_onnx_order,
    stream_onnx_scatter, stream_onnx_place, stream_onnx_depth, stream_onnx_attention,
    stream_onnx_rotary, stream_onnx_loss, stream_onnx_batch_norm, stream_onnx_pool_more,
    stream_onnx_padding, stream_onnx_gather_nd, stream_onnx_slicing, stream_onnx_quantize_dynamic,
    stream_onnx_window_function, stream_onnx_qlinear;

#define ONNX_FAMILY(name, table)                                                                   \
    const onnx_family name = {table, sizeof(table) / sizeof((table)[0])}

/* onnx_reader.c */
stream_status stream_onnx_unpack(onnx_ctx *c, const void *bytes, size_t n_bytes,
                                 Onnx__ModelProto **out_model);
/* Shape, type and, if it has any, data of a tensor. `what` names it in messages. Sets
 * `*out_absent` when no data is stored (then out->blob is NULL). */
stream_status stream_onnx_tensor(onnx_ctx *c, const Onnx__TensorProto *tensor, const char *what,
                                 onnx_value *out, bool *out_absent);
/* External data: an arena copy of [offset, offset + length), or *out_data NULL if the file does
 * not exist (a warning). */
stream_status stream_onnx_external(onnx_ctx *c, const Onnx__TensorProto *tensor, size_t n_bytes,
                                   const uint8_t **out_data);

/* onnx_operators.c */
const onnx_row *stream_onnx_find_row(const char *op_type, const char *domain, int32_t opset,
                                     int32_t *out_oldest);
/* The operator of row i of all; NULL: behind the last. */
const char *stream_onnx_operator_at(int32_t i);
/* Folds the node when all its inputs are small constants and the operator is an evaluable one. */
stream_status stream_onnx_fold(onnx_ctx *c, bool *out_folded);

/* onnx_interface.c */
/* Gives a value its name; a name is given once. */
stream_status stream_onnx_define(onnx_ctx *c, const char *name, onnx_value *v);
/* Inputs become arguments, initializers constants; `absent` (onnx_value *): those without data,
 * which become arguments after the inputs. */
stream_status stream_onnx_read_values(onnx_ctx *c, const Onnx__GraphProto *graph,
                                      stream_vec *absent);
/* out [graph->n_output], checked against their declared types. */
stream_status stream_onnx_read_outputs(onnx_ctx *c, const Onnx__GraphProto *graph,
                                       onnx_value **out);

/* onnx_module.c: func.func @main with signature, constants, body and resources. */
void stream_onnx_print_module(onnx_ctx *c, const Onnx__GraphProto *graph, onnx_value **results,
                              stream_text *text);

/* onnx_node.c */
STREAM_PRINTF(3, 4)
stream_status stream_onnx_error(onnx_ctx *c, stream_status status, const char *format, ...);
STREAM_PRINTF(2, 3) void stream_onnx_warn(onnx_ctx *c, const char *format, ...);
/* Attributes: the default when absent, INVALID when of another type. */
stream_status stream_onnx_int(onnx_ctx *c, const char *name, int64_t fallback, int64_t *out);
stream_status stream_onnx_float(onnx_ctx *c, const char *name, double fallback, double *out);
stream_status stream_onnx_string(onnx_ctx *c, const char *name, const char *fallback,
                                 const char **out);
/* *out_n -1 when absent. */
stream_status stream_onnx_ints(onnx_ctx *c, const char *name, const int64_t **out, int32_t *out_n);
const Onnx__AttributeProto *stream_onnx_attribute(onnx_ctx *c, const char *name);
/* An int attribute that must be 0 or 1. */
stream_status stream_onnx_flag(onnx_ctx *c, const char *name, bool fallback, bool *out);
/* Attributes that change nothing here (training hints): marks them as read. */
void stream_onnx_ignore(onnx_ctx *c, const char *name);
/* Normalises `axis` in [-rank, rank) to [0, rank). */
stream_status stream_onnx_axis(onnx_ctx *c, int64_t axis, int32_t rank, int32_t *out);
/* A list of axes as a mask; from attribute `name`, or, when `input` is present, from that constant
 * integer input. *out_present false when neither is there. */
stream_status stream_onnx_axes(onnx_ctx *c, const char *name, int32_t input, int32_t rank,
                               bool *out_mask, bool *out_present);
onnx_value *stream_onnx_input(onnx_ctx *c, int32_t i); /* NULL when absent */
/* A constant integer input as int64s in the arena. */
stream_status stream_onnx_const_ints(onnx_ctx *c, int32_t input, const char *what,
                                     const int64_t **out, int32_t *out_n);
/* All present inputs in [first, last] have the type of input `first`. */
stream_status stream_onnx_same_types(onnx_ctx *c, int32_t first, int32_t last);
stream_status stream_onnx_want_rank(onnx_ctx *c, int32_t input, int32_t rank);
/* Input `i`, when present, is a vector of n elements. */
stream_status stream_onnx_want_vector(onnx_ctx *c, int32_t i, int64_t n);

/* onnx_value.c */
bool stream_onnx_type_known(int32_t type);
const char *stream_onnx_type_name(onnx_type type); /* ONNX spelling */
/* Of any type: "FLOAT", "STRING"; "99" of a number that no type has. In the arena of `c`. */
const char *stream_onnx_any_type_name(onnx_ctx *c, int64_t number);
const char *stream_onnx_mlir(onnx_type type);
size_t stream_onnx_bytes(onnx_type type);
unsigned stream_onnx_kind(onnx_type type); /* one bit of ONNX_FLOATING ... ONNX_LOGICAL */
bool stream_onnx_is_float(onnx_type type);
bool stream_onnx_is_unsigned(onnx_type type);
/* f32 for f16 and bf16, i32 for integers of at most 16 bits, otherwise the type itself. */
onnx_type stream_onnx_accumulator(onnx_type type);
onnx_names *stream_onnx_names_create(stream_arena *arena);
onnx_value *stream_onnx_names_find(const onnx_names *names, const char *name);
void stream_onnx_names_add(onnx_names *names, stream_arena *arena, const char *name,
                           onnx_value *value);
/* Elements of `dims`, or -1 on a negative dim, one above INT32_MAX, or more than 2^40 in all. */
int64_t stream_onnx_count(int32_t rank, const int64_t *dims);
int64_t stream_onnx_elements(const onnx_value *v);
onnx_value *stream_onnx_new(onnx_ctx *c, onnx_type type, int32_t rank, const int64_t *dims);
onnx_value *stream_onnx_constant_new(onnx_ctx *c, onnx_type type, int32_t rank, const int64_t *dims,
                                     const void *data, bool splat);
/* A constant without elements: one dim is 0. */
onnx_value *stream_onnx_nothing(onnx_ctx *c, onnx_type type, int32_t rank, const int64_t *dims);
/* Element i of a constant. Integers of 64 bits go through the int64 form exactly. */
double stream_onnx_get(const onnx_value *v, int64_t i);
int64_t stream_onnx_get_int(const onnx_value *v, int64_t i);
double stream_onnx_load(onnx_type type, const uint8_t *at);
int64_t stream_onnx_load_int(onnx_type type, const uint8_t *at);
void stream_onnx_store(onnx_type type, uint8_t *at, double value);      /* rounds to nearest even */
void stream_onnx_store_int(onnx_type type, uint8_t *at, int64_t value); /* wraps */
bool stream_onnx_is_scalar(const onnx_value *v); /* constant with one element or a splat */
void stream_onnx_print_type(stream_text *text, const onnx_value *v); /* tensor<2x3xf32> */
void stream_onnx_print_literal(stream_text *text, onnx_type type, const uint8_t *at);
void stream_onnx_print_string(stream_text *text, const char *s); /* quoted, escaped */
/* The SSA name; a constant is printed on first use, an argument enters the signature. */
const char *stream_onnx_ssa(onnx_ctx *c, onnx_value *v);

/* onnx_emit.c: each appends ops to c->body and returns the new value. */
onnx_value *stream_onnx_empty(onnx_ctx *c, onnx_type type, int32_t rank, const int64_t *dims);
onnx_value *stream_onnx_fill(onnx_ctx *c, onnx_type type, double value, int32_t rank,
                             const int64_t *dims);
/* The same elements in row-major order under another shape of as many elements. */
onnx_value *stream_onnx_reshape_to(onnx_ctx *c, onnx_value *v, int32_t rank, const int64_t *dims);
/* Border of `value`; v itself when all are 0. low, high >= 0. */
onnx_value *stream_onnx_pad(onnx_ctx *c, onnx_value *v, const int64_t *low, const int64_t *high,
                            double value);
/* v with dims [offset, offset + size) step stride. */
onnx_value *stream_onnx_slice(onnx_ctx *c, onnx_value *v, const int64_t *offset,
                              const int64_t *size, const int64_t *stride);
onnx_value *stream_onnx_insert(onnx_ctx *c, onnx_value *v, onnx_value *into, const int64_t *offset,
                               const int64_t *stride);
/* suffix as in stream_onnx_g_end */
onnx_value *stream_onnx_transpose(onnx_ctx *c, onnx_value *v, const int32_t *perm,
                                  const char *suffix);
/* Vector along `dim` of a new tensor of `dims`; widened to `type`. */
onnx_value *stream_onnx_broadcast(onnx_ctx *c, onnx_value *v, onnx_type type, int32_t rank,
                                  const int64_t *dims, const bool *kept);
/* {k = v, stream.layer = "...", stream.operator = "..."}; `suffix` is appended to the layer name.
 */
void stream_onnx_print_layer(onnx_ctx *c, stream_text *text, const char *suffix);
void stream_onnx_print_loc(onnx_ctx *c, stream_text *text);
void stream_onnx_print_list(stream_text *text, int32_t n, const int64_t *values);
/* A fresh value of this type, named but not yet printed. */
onnx_value *stream_onnx_result(onnx_ctx *c, onnx_type type, int32_t rank, const int64_t *dims);

/* onnx_generic.c: begin, inputs, output, scalars, end. */
void stream_onnx_g_begin(onnx_ctx *c, const char *kinds);
/* `map`: results of the indexing map, "d0, d1 * 2 + d4". */
onnx_scalar stream_onnx_g_in(onnx_ctx *c, onnx_value *v, const char *map);
/* v broadcast by numpy's rule to the `rank` leading loops of shape `dims`: size-1 dims are dropped
 * from operand and map; a constant scalar becomes a constant in the body. */
onnx_scalar stream_onnx_g_in_broadcast(onnx_ctx *c, onnx_value *v, int32_t rank,
                                       const int64_t *dims);
/* A vector along loop `dim`, or a value of one element: a constant in the body, or of rank 0. */
onnx_scalar stream_onnx_g_in_along(onnx_ctx *c, onnx_value *v, int32_t dim);
onnx_scalar stream_onnx_g_out(onnx_ctx *c, onnx_value *init, const char *map);
/* suffix: appended to the layer's name; NULL: the op is no layer, a helper without attributes. */
onnx_value *stream_onnx_g_end(onnx_ctx *c, onnx_scalar yield, const char *suffix);
void stream_onnx_g_free(onnx_generic *g);
/* "d0, d1, ..." of the dims with keep[d] (NULL: all), in the arena. */
const char *stream_onnx_dims_map(onnx_ctx *c, int32_t n, const bool *keep);

/* onnx_scalar.c: ops in the body of the open generic. */
onnx_scalar stream_onnx_s_number(onnx_ctx *c, onnx_type type, double value);
onnx_scalar stream_onnx_s_constant(onnx_ctx *c, const onnx_value *v); /* its first element */
onnx_scalar stream_onnx_s_op1(onnx_ctx *c, const char *op, onnx_scalar a);
onnx_scalar stream_onnx_s_op2(onnx_ctx *c, const char *op, onnx_scalar a, onnx_scalar b);
/* op: '+', '-', '*', '/', '<' (minimum), '>' (maximum), chosen by type. */
onnx_scalar stream_onnx_s_arith(onnx_ctx *c, char op, onnx_scalar a, onnx_scalar b);
/* predicate: "eq", "ne", "lt", "le", "gt", "ge" (ordered, "ne" unordered). */
onnx_scalar stream_onnx_s_compare(onnx_ctx *c, const char *predicate, onnx_scalar a, onnx_scalar b);
onnx_scalar stream_onnx_s_select(onnx_ctx *c, onnx_scalar condition, onnx_scalar a, onnx_scalar b);
onnx_scalar stream_onnx_s_cast(onnx_ctx *c, onnx_scalar a, onnx_type type);
/* from[indices], indices a list of index scalars "%s3, %s4". */
onnx_scalar stream_onnx_s_extract(onnx_ctx *c, onnx_value *from, const char *indices);
onnx_scalar stream_onnx_s_index(onnx_ctx *c, int32_t loop, onnx_type type);

#endif
