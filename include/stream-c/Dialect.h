#ifndef STREAM_C_DIALECT_H
#define STREAM_C_DIALECT_H

#include "mlir-c/IR.h"

#include <stdbool.h>
#include <stdint.h>

/* C API of the stream dialect. Its ops are built and read as any other through MLIR-C (names and
 * attributes are in docs/reference/dialect.md); only its own attributes need doors of their own.
 * Getters expect an attribute of their kind (stream_attr_is_*). Strings belong to the context. */

#ifdef __cplusplus
extern "C" {
#endif

/* mlirGetDialectHandle__stream__() */
MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(Stream, stream);

/* ---- #stream.cost */
typedef struct {
    MlirStringRef core; /* symbol name */
    int64_t cycles, compute_cycles, stall_cycles, onload_cycles, offload_cycles;
    int64_t energy_fj, mac_energy_fj;
    bool has_utilization;
    double utilization;
    MlirStringRef model;  /* empty: not said */
    MlirAttribute detail; /* dictionary; null: not said */
} stream_cost_attr;

bool stream_attr_is_cost(MlirAttribute attr);
/* Null, and a diagnostic at `loc`, if it does not verify. */
MlirAttribute stream_cost_attr_get(MlirLocation loc, const stream_cost_attr *cost);
stream_cost_attr stream_cost_attr_value(MlirAttribute attr);

/* ---- #stream.plan */
typedef struct {
    bool has_stack;
    int64_t stack;
    const int64_t *tile; /* [n_tile]; by loop of the linalg op; a missing tail is 0: not said */
    intptr_t n_tile;
    const int64_t *split; /* [n_split] */
    intptr_t n_split;
    const MlirStringRef *cores; /* [n_cores] symbol names; read with stream_plan_attr_core */
    intptr_t n_cores;
    MlirStringRef fuse; /* "never" or "always"; empty: not said */
    int64_t streams;    /* bit per operand class: 1 I1, 2 I2, 4 O */
} stream_plan_attr;

bool stream_attr_is_plan(MlirAttribute attr);
MlirAttribute stream_plan_attr_get(MlirLocation loc, const stream_plan_attr *plan);
/* `tile` and `split` belong to the attribute; `cores` is NULL, n_cores says how many there are. */
stream_plan_attr stream_plan_attr_value(MlirAttribute attr);
MlirStringRef stream_plan_attr_core(MlirAttribute attr, intptr_t i);

/* ---- #stream.port */
typedef struct {
    MlirStringRef name;
    MlirStringRef kind; /* "read", "write" or "read_write" */
    int64_t min_bits, max_bits;
    const int64_t *serves; /* [n_serves] operand class (I1 0, I2 1, O 2) * 4 + direction (fh 0, fl
                              1, th 2, tl 3), in the user's order */
    intptr_t n_serves;
} stream_port_attr;

bool stream_attr_is_port(MlirAttribute attr);
MlirAttribute stream_port_attr_get(MlirLocation loc, const stream_port_attr *port);
stream_port_attr stream_port_attr_value(MlirAttribute attr);

#ifdef __cplusplus
}
#endif

#endif
