#ifndef STREAM_PASSES_LOWER_COMMON_H
#define STREAM_PASSES_LOWER_COMMON_H

#include "convert/ct_graph.h"
#include "convert/ir.h"
#include "convert/loc.h"

#include "stream/support/vec.h"

/* What both forms of stream-lower emit: calls of kernels in memref form, in chunks.
 *
 *   @main(%x: tensor<..>)                @main_part0(%t0: memref<..>, %t1: memref<..>, ...)
 *     %t0 = bufferization.to_buffer %x     call @conv1_k0(%t0, %c0, %c0, %c4, %c0, %w, %t1, ...)
 *     %t1 = memref.alloc()                 call @conv1_k0(%t0, %c0, %c0, %c5, %c0, %w, %t1, ...)
 *     call @main_part0(%t0, %t1)           ... STREAM_CHUNK_CALLS calls
 *     %r = bufferization.to_tensor %t1
 *
 * A base is a memref that the network function owns; a place is a box in a memref. A kernel takes
 * whole memrefs of identity layout, each followed by the offsets of its box unless the box is the
 * whole memref, so that one function serves all CTs of the same shapes and a call costs one op.
 * Chunks keep the time that LLVM takes for a function linear in the number of CTs. */

#define STREAM_CHUNK_CALLS 128

typedef struct {
    MlirValue memref; /* identity layout, static shape, valid in the open chunk */
    MlirType buffer; /* null: the memref itself; else the memref is bytes, and this lies at `bit` */
    int64_t bit;     /* a whole byte unless packed */
    bool packed;     /* elements of the buffer lie bit to bit: only copies read and write them */
    stream_box box;  /* in the coordinates of the buffer */
} stream_place;

/* What a function needs to know of a place. */
typedef struct {
    MlirType memref, buffer;
    bool packed;
} stream_place_type;

typedef struct {
    stream_place_type *types;
    MlirAttribute symbol;
    int32_t next; /* another instance of the same kernel; -1 ends */
} stream_lower_instance;

typedef struct {
    bool copies; /* else it fills `to` */
    stream_place_type from, to;
    MlirType box; /* what is copied or filled, as a tensor */
    MlirAttribute symbol;
} stream_lower_helper;

typedef struct {
    int64_t value;
    MlirValue constant;
} stream_lower_constant;

typedef struct {
    MlirOperation module, func;
    MlirContext context;
    stream_arena *arena;
    const stream_diag *diag;
    const stream_ct_ir *ir;
    MlirLocation loc; /* of what is being lowered */
    MlirSymbolTable symbols;

    const MlirValue *bases; /* [n_bases] memrefs in the network function; null: not there */
    int32_t n_bases;
    MlirOperation before; /* where the calls of the chunks go */

    stream_vec instances;    /* stream_lower_instance */
    int32_t *first_instance; /* [n_kernels] */
    stream_vec helpers;      /* stream_lower_helper */

    MlirBlock chunk; /* null: none is open */
    int32_t n_calls, n_chunks;
    MlirValue *arguments; /* [n_bases] of the open chunk; null: not used yet */
    stream_vec used;      /* int32_t: bases in the order of the arguments */
    stream_vec constants; /* stream_lower_constant of the open chunk */
    MlirOperation last_constant;
} stream_lowering;

/* Takes the kernels out of the module (they are templates from now on; `end` destroys them). */
void stream_lowering_begin(stream_lowering *l, const stream_ct_ir *ir);
/* Closes the open chunk and calls it. */
void stream_lowering_flush(stream_lowering *l);
/* Destroys the templates. Nothing may be open. */
void stream_lowering_end(stream_lowering *l);

/* The base in the open chunk (opens one). */
MlirValue stream_lowering_base(stream_lowering *l, int32_t base);
/* An index constant at the head of the open chunk. */
MlirValue stream_lowering_index(stream_lowering *l, int64_t value);

/* Calls `kernel` (id) on places[0 .. n_reads) and writes those behind them, one for each result. If
 * it has more arguments than n_reads, these are the present contents of what it writes. */
void stream_lowering_kernel(stream_lowering *l, int32_t kernel, int32_t n_reads,
                            const stream_place *places);
/* Copies a box to a box of the same size, packed or not; fills a buffer of bytes with ones: what
 * was not written is NaN as a float. */
void stream_lowering_copy(stream_lowering *l, const stream_place *from, const stream_place *to);
void stream_lowering_poison(stream_lowering *l, const stream_place *place);
/* The open chunk: a new one if there is none. Ops belong at its end. */
MlirBlock stream_lowering_chunk(stream_lowering *l);
/* Any op at the end of the open chunk. */
MlirOperation stream_lowering_append(stream_lowering *l, const stream_ir_op *op);
/* Values of the open chunk are not used any more: closes it if it is full. */
void stream_lowering_boundary(stream_lowering *l);
/* Calls a function of arguments `operands`. */
void stream_lowering_call(stream_lowering *l, MlirAttribute symbol, int32_t n,
                          const MlirValue *operands);

/* lower_chunks.c: puts a function before the network function, under a name of its own; the same
 * around `body`. Returns its symbol. */
MlirAttribute stream_lowering_add(stream_lowering *l, MlirOperation func);
MlirAttribute stream_lowering_helper(stream_lowering *l, const char *name, MlirBlock body);

/* Ops of the network function: `op` is inserted before l->before. */
MlirOperation stream_lowering_emit(stream_lowering *l, const stream_ir_op *op);
MlirType stream_memref_type(MlirType tensor); /* same shape and element, identity layout */

/* lower_function.c: a new buffer, made in `block` before `before` (null: at the end) */
MlirValue stream_lower_alloc(MlirLocation loc, MlirBlock block, MlirOperation before,
                             MlirType memref);

/* lower_function.c: adds the arguments for a place to `body`, and before `before` what makes a
 * memref of `tensor`'s shape of them. */
MlirValue stream_lower_argument(MlirLocation loc, MlirBlock body, MlirOperation before,
                                const stream_place_type *place, MlirType tensor);
/* lower_packed.c: a private function of the arguments for `from` and `to`, at least one of them
 * packed, that copies a box of type `box` element by element. */
MlirOperation stream_lower_packed_copy(MlirLocation loc, const stream_place_type *from,
                                       const stream_place_type *to, MlirType box);
/* A private function around `body`, which gets its return. */
MlirOperation stream_lower_function(MlirLocation loc, const char *name, MlirBlock body);
/* A copy of a kernel for places of these types: n_reads, then those of its results. */
MlirOperation stream_lower_specialize(MlirOperation kernel, int32_t n_reads,
                                      const stream_place_type *types);

/* Rewrites `func` (tensors in, one or more tensors out, no calls needed) in place to memrefs:
 * arguments become memrefs, results become further memref arguments that are written at the end. */
void stream_memref_form(MlirOperation func);

/* The network function that holds the CTs. errs INVALID: none, or several */
STREAM_NODISCARD
stream_status stream_lower_find(MlirOperation module, const stream_diag *diag, MlirOperation *out);

/* Replaces what the results are made of: after this, nothing depends on a stream op any more and
 * they are gone. finals[value]: memref that holds the value at the end (null if nobody needs it).
 * errs  UNSUPPORTED: an op that looks at a tensor that is not finished */
STREAM_NODISCARD
stream_status stream_lower_results(stream_lowering *l, const MlirValue *finals);

/* The op behind the last stream op of the function: CTs have all run there. */
MlirOperation stream_lower_end_of_cts(MlirOperation func);

/* Erases `stream.` attributes, the accelerator and the mapping. */
void stream_lower_strip(MlirOperation module, MlirOperation func);

#endif
