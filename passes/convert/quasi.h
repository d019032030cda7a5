#ifndef STREAM_PASSES_CONVERT_QUASI_H
#define STREAM_PASSES_CONVERT_QUASI_H

#include "stream/support/arena.h"
#include "stream/workload/quasi.h"

#include "mlir-c/AffineExpr.h"
#include "mlir-c/IR.h"

/* Indices between MLIR and stream_quasi. Loops are the dims of a map, or what linalg.index gives in
 * the body of a linalg op. Nothing here reports: false is "not of that form". */

/* `e` over its dims. False on symbols, products of dims, divisors that are no positive constant,
 * and forms of more than STREAM_QUASI_MAX_NODES nodes. Nodes in `arena`. */
bool stream_quasi_of_expr(MlirAffineExpr e, stream_arena *arena, stream_quasi *out);

/* e(lo + x) = result(x) + *out_offset; `e` is of the form above. */
MlirAffineExpr stream_expr_local(MlirAffineExpr e, const int64_t *lo, int64_t *out_offset);

/* An integer of the body of `op`, whose loops run to `bounds` [n_loops]: constants, linalg.index,
 * and what casts, sums, products by constants, divisions, minima, maxima and selections make of
 * them without leaving the width of their type. */
bool stream_quasi_of_value(MlirValue value, MlirOperation op, int32_t n_loops,
                           const int64_t *bounds, stream_arena *arena, stream_quasi *out);

/* As an affine expression; false if it has minima, maxima or choices. */
bool stream_quasi_to_expr(const stream_quasi *q, MlirContext context, MlirAffineExpr *out);

#endif
