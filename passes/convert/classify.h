#ifndef STREAM_PASSES_CONVERT_CLASSIFY_H
#define STREAM_PASSES_CONVERT_CLASSIFY_H

#include "workload.h"

#include "stream/plan/fusion.h"
#include "stream/workload/workload.h"

#include "mlir-c/IR.h"

/* ONNX name of what a linalg op computes: "Conv", "MatMul", "MaxPool", "AveragePool", "Add",
 * "Relu", "ReduceSum" ...: the attribute stream.operator if it has one, else by the name of a named
 * op, else by structure and by the op of the body that makes the value of `result`. "Generic" if
 * there is no such name. `layer` has the loops and operands. The text is static or in `arena`. */
const char *stream_classify_operator(MlirOperation op, int32_t result, const stream_layer *layer,
                                     stream_arena *arena);

/* The same of one op of a body that makes an element, with the ops before it that are part of a
 * Relu, Clip or Sigmoid; "Generic" if there is no such name. */
const char *stream_classify_element_op(MlirOperation op);

/* What a core must have to run the element-wise `op` on results of another operator: one operator
 * of `whole` (the attribute stream.operator; QuantizeLinear or DequantizeLinear if elements become
 * narrower integers, or integers floats), or all of `parts`: those of its body, where Relu, Clip
 * and Sigmoid are found as such. Conversions, comparisons and index arithmetic come with the
 * others. In `arena`. */
stream_fusion_needs stream_classify_needs(MlirOperation op, stream_arena *arena);

/* Operations of the body that count as a MAC: a multiplication and an addition together are one;
 * constants, casts, index arithmetic and the yield are none. At least 1. */
int64_t stream_classify_macs(MlirOperation op);

/* True if the order in which `op` reduces can change one of `results`: sums and products of floats,
 * and what is not known; not minima and maxima, nor integers. */
bool stream_classify_order_matters(MlirOperation op, const stream_result_list *results);

/* True if some index of operand `o` mixes loops (a sliding window). */
bool stream_classify_windowed(const stream_layer *layer, const stream_operand *o, int32_t rank);

/* Names the loops of `layer` (see workload.h), whose operands are the anchor's; all non-NULL after.
 */
void stream_classify_loops(const stream_workload *w, stream_layer *layer, stream_arena *arena);

#endif
