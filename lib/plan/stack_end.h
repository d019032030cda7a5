#ifndef STREAM_LIB_PLAN_STACK_END_H
#define STREAM_LIB_PLAN_STACK_END_H

#include "stream/plan/footprint.h"

/* Why a stack holds no more layers. */
typedef struct {
    stream_footprint footprint; /* with the first layer that does not fit */
    const char *what;           /* "weights", "rows" or "weights and rows" */
    const char *memories;       /* of which the capacity is */
    int64_t needed_bits, capacity_bits;
} stream_stack_overflow;

/* Bits of the top memories of the cores that may run the layers [first, end): those that hold their
 * weights, those that hold inputs and outputs, and both; memories that several cores see count
 * once. */
typedef struct {
    int64_t weights, rows, all;
} stream_capacities;

stream_capacities stream_stack_capacities(const stream_workload *w, const stream_accelerator *acc,
                                          const stream_layer_plan *plans,
                                          const stream_row_tables *tables, int32_t first,
                                          int32_t end);

/* How many layers from `first` fit the memories of the cores that run them: their weights the top
 * memories for I2, their rows `fill` of the top memories for I1 and O, both together all of these.
 *
 * plans  cores that are given
 * Returns the layer behind the last one, at most `end`; more than `first`: a stack has a layer.
 * O(log(layers)) footprints */
int32_t stream_stack_end(const stream_workload *w, const stream_accelerator *acc,
                         const stream_layer_plan *plans, const stream_row_tables *tables,
                         double fill, int32_t first, int32_t end, stream_stack_overflow *out);

#endif
