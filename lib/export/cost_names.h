#ifndef STREAM_LIB_EXPORT_COST_NAMES_H
#define STREAM_LIB_EXPORT_COST_NAMES_H

#include "stream/export/cost.h"

/* "read port", "write port", "read/write port". */
const char *stream_port_kind_text(stream_port_kind kind);

/* "read port 'r' of 'sram'". Appends. */
void stream_write_port(stream_text *out, const stream_mapping_problem *problem, int32_t memory,
                       int32_t port);

/* What moves: "W to the array", "W from 'dram'", "partial sums of O to 'rf'". Appends. */
void stream_write_load(stream_text *out, const stream_mapping_problem *problem, int32_t operand,
                       int32_t level, stream_direction direction);

/* Name of the memory at a level of an operand. */
const char *stream_level_name(const stream_mapping_problem *problem, int32_t operand,
                              int32_t level);

/* Cycles as the model has them: grouped if whole, with one decimal if not. Appends. */
void stream_write_cycles(stream_text *out, double cycles);

/* -0.1 if it rounds to that, never "-0.0". Signed, one decimal, " %". Appends. */
void stream_write_change(stream_text *out, double percent);

#endif
