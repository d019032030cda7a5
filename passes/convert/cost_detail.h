#ifndef STREAM_CONVERT_COST_DETAIL_H
#define STREAM_CONVERT_COST_DETAIL_H

#include "mlir-c/IR.h"

#include "stream/cost/cost.h"

/* What a model found out about a kernel, as `detail` of #stream.cost; null if it has no mapping and
 * streams nothing. */
MlirAttribute stream_save_cost_detail(MlirContext context, const stream_kernel_cost *cost);

/* The streamed operands that a `detail` names, and their traffic; all 0 if it is null or names none. The
 * attribute is taken as its verifier left it.
 *
 * out_streamed  bit per stream_operand_class
 * out           [STREAM_N_OPERANDS] */
void stream_load_cost_streams(MlirAttribute detail, uint8_t *out_streamed,
                              stream_operand_stream *out);

#endif
