#ifndef STREAM_LIB_PLAN_SHORTAGE_H
#define STREAM_LIB_PLAN_SHORTAGE_H

#include "fit.h"

/* Bits that the memory lacks. */
int64_t stream_shortage_missing(const stream_accelerator *acc, const stream_shortage *s);

const char *stream_shortage_memory(const stream_accelerator *acc, const stream_shortage *s);

/* Appends the names of operands (bits per stream_operand_class), with commas. */
void stream_shortage_operands(uint8_t operands, stream_text *out);

/* INFEASIBLE, with every number. streaming  it was tried */
STREAM_NODISCARD
stream_status stream_shortage_error(const stream_accelerator *acc, const stream_layer *layer,
                                    const stream_shortage *s, bool streaming,
                                    const stream_diag *diag);

/* Sets of operands that could be streamed (rule R9), as bits per stream_operand_class: those that
 * off-chip memory holds; the fewest operands first, then the fewest bits. Returns how many.
 *
 * sets  [1 << STREAM_N_OPERANDS] */
int32_t stream_shortage_sets(const stream_accelerator *acc, const stream_shortage *s,
                             uint8_t *sets);

/* A remark: the layer streams these operands because of the shortage. */
void stream_shortage_tell(const stream_accelerator *acc, const stream_layer *layer,
                          uint8_t streamed, const stream_shortage *s, const stream_diag *diag);

#endif
