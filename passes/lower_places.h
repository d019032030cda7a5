#ifndef STREAM_PASSES_LOWER_PLACES_H
#define STREAM_PASSES_LOWER_PLACES_H

#include "lower_common.h"

#include "stream/schedule/residency.h"

/* What the lowering to explicit memories is made of; see lower_explicit.h. */

typedef struct {
    stream_lowering *l;
    const stream_schedule_problem *problem;
    const stream_schedule *schedule;
    const stream_ct_ir *ir;
    const stream_ct_graph *graph;
    stream_residency residency;
    stream_vec temporaries; /* MlirValue: of the CT at hand */
    stream_vec places;      /* stream_place */
} stream_explicit;

/* memref.alloc in the open chunk, or in the network function. */
MlirValue stream_explicit_allocate(stream_lowering *l, MlirType type, bool in_chunk);
MlirType stream_explicit_bytes(const stream_lowering *l, int64_t n); /* memref<n x i8> */
/* Bases: memories first, then values. */
int32_t stream_explicit_value_base(const stream_explicit *x, int32_t value);

/* A memref of the size of `box`, of elements of `value`. */
MlirType stream_explicit_dense(const stream_explicit *x, int32_t value, const stream_box *box);
/* `box` moved into the coordinates of `around`. */
stream_box stream_explicit_relative(const stream_box *box, const stream_box *around);

/* Appends the places of the values that a piece is made of: in a buffer, the results of a layer lie
 * one behind the other, without gaps. A place is packed if its elements are not of 8, 16, 32 or
 * 64 bits, or not at whole bytes. */
void stream_explicit_push(stream_explicit *x, int32_t tensor, const stream_residency_piece *piece,
                          stream_vec *places);
/* The same of all of a buffer. */
void stream_explicit_push_buffer(stream_explicit *x, int32_t tensor, int32_t instance,
                                 int64_t address, const stream_box *box, stream_vec *places);
/* The same of a box of the network's own tensors. */
void stream_explicit_push_own(stream_explicit *x, int32_t tensor, const stream_box *box,
                              stream_vec *places);

/* Copies the first half of x->places to the second. */
void stream_explicit_copy(stream_explicit *x);
/* Fills the space of `box` at an address, or `bits` of a memory from an address on, a whole byte.
 */
void stream_explicit_poison(stream_explicit *x, int32_t tensor, int32_t instance, int64_t address,
                            const stream_box *box);
void stream_explicit_poison_bits(stream_explicit *x, int32_t instance, int64_t address,
                                 int64_t bits);

/* lower_explicit_ct.c */
void stream_explicit_begin_ct(stream_explicit *x, int32_t ct);
void stream_explicit_end_ct(stream_explicit *x, int32_t ct);

#endif
