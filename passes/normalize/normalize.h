#ifndef STREAM_PASSES_NORMALIZE_H
#define STREAM_PASSES_NORMALIZE_H

#include "stream/support/arena.h"
#include "stream/support/diag.h"
#include "stream/support/text.h"

#include "mlir-c/IR.h"

/* Rewrites that give every op of a network function a form that the converters read and that the
 * host can run. What they do not understand they leave alone. */

/* Ops that MLIR bufferizes and lowers to loops only after decomposition, anywhere below `root`:
 *
 *   linalg.softmax             max, exp of the difference, sum, quotient: four linalg.generic
 *   linalg.pack, linalg.unpack tensor.pad, expand_shape, transpose; and back
 *   arith and math on tensors  linalg.generic */
void stream_normalize_decompose(MlirOperation root, stream_arena *arena);

/* All of these on the body of `func`, after stream_normalize_decompose:
 *
 *   offsets, sizes and pads that are scalars attributes, where the scalars are constants
 *   tensor.reshape                          tensor.collapse_shape, expand_shape
 *   slices at offsets that data decides     bodies that read by tensor.extract
 *   an element of a tensor that is filled   the scalar that it is filled with
 *   a pad by an element of a tensor         a tensor filled with it, and the source inserted
 *   scalars made of elements of tensors     computed where they are used, in the bodies
 *   tensor.extract at quasi-affine indices  an input with an indexing map
 *   results that are not written alike      one op for each way: a layer writes boxes of one kind
 *   a reduction that a plan splits          one op for each part, and one that adds up */
void stream_normalize(MlirOperation func, stream_arena *arena, const stream_diag *diag);

/* ---- parts; private to normalize/ */

void stream_normalize_softmax(MlirOperation op);
void stream_normalize_pack(MlirOperation op);
void stream_normalize_unpack(MlirOperation op);
/* True: an arith or math op on tensors of static shape. */
bool stream_normalize_is_elementwise(MlirOperation op);
void stream_normalize_elementwise(MlirOperation op, stream_arena *arena);
void stream_normalize_reshapes(MlirOperation func, stream_arena *arena);
void stream_normalize_moving_slices(MlirOperation func, stream_arena *arena);
void stream_normalize_constants(MlirOperation func, stream_arena *arena);
void stream_normalize_pads(MlirOperation func, stream_arena *arena);
void stream_normalize_scalars(MlirOperation func, stream_arena *arena);
void stream_normalize_reads(MlirOperation func, stream_arena *arena);
void stream_normalize_results(MlirOperation func, stream_arena *arena, const stream_diag *diag);
void stream_normalize_reductions(MlirOperation func, stream_arena *arena);

/* `op`, a linalg op with indexing maps, becomes a linalg.generic without operands i with leaves[i]:
 * scalars are used in its body as they are, from outside; destinations of results that nobody uses
 * and that no other result needs (stream_body_state) go with these and with what computes them.
 * Returns it. */
MlirOperation stream_normalize_generalize(MlirOperation op, const bool *leaves);

/* affine_map<(d0, d1) -> (d0, d1)> */
void stream_normalize_write_identity(stream_text *out, int32_t rank);
/* ["parallel", "parallel"] */
void stream_normalize_write_parallel(stream_text *out, int32_t rank);

/* The module of `text`, which is freed: one function that computes the results of `op`.
 * Null, with a diagnostic of MLIR's, if it does not verify. */
MlirModule stream_normalize_parse(MlirOperation op, stream_text *text);
/* The linalg.generic of that function gets the discardable attributes of `op`: name, plan. */
void stream_normalize_keep_names(MlirModule module, MlirOperation op);
/* Replaces `op` by the body of that function, on `args`. Takes the module. */
void stream_normalize_splice(MlirOperation op, MlirModule module, const MlirValue *args,
                             int32_t n_args);

#endif
