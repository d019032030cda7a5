#ifndef STREAM_PASSES_ANNOTATE_STREAMS_H
#define STREAM_PASSES_ANNOTATE_STREAMS_H

#include "stream/cost/cost.h"

#include "mlir-c/IR.h"

/* Which operands of a kernel its core must stream (rule R9): the boxes of a CT must fit the core's
 * top memories, whatever a cost model makes of the kernel. */

/* Bits of the kernel's arguments and results, each a box of a CT. */
typedef struct {
    int64_t *bits;    /* [n] */
    uint8_t *operand; /* [n] stream_operand_class */
    int32_t n;
} stream_kernel_boxes;

/* From the types and `stream.operand` of a kernel function. Results, and what is accumulated onto
 * in place, are O, once. False: 63 bits do not count the bits of one. */
bool stream_kernel_boxes_of(MlirOperation function, stream_arena *arena, stream_kernel_boxes *out);

/* Do the boxes that are not streamed fit, each in whole words, beside the buffers of those that
 * are? */
bool stream_boxes_fit(const stream_accelerator *acc, int32_t core, const stream_kernel_boxes *boxes,
                      uint8_t streamed, const stream_operand_stream *streams);

/* The fewest operands (and of equally many those with the fewest bits) without which the boxes fit.
 */
uint8_t stream_boxes_must_stream(const stream_accelerator *acc, int32_t core,
                                 const stream_kernel_boxes *boxes);

/* "I1 2048, I2 32768, O 8192 bits": what the boxes need. */
typedef struct {
    char text[120];
} stream_boxes_text;
stream_boxes_text stream_boxes_describe(const stream_kernel_boxes *boxes);

#endif
