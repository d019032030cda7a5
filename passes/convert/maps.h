#ifndef STREAM_PASSES_CONVERT_MAPS_H
#define STREAM_PASSES_CONVERT_MAPS_H

#include "mlir-c/AffineMap.h"
#include "mlir-c/IR.h"

#include <stdbool.h>
#include <stdint.h>

/* Map i of an array of affine maps. */
MlirAffineMap stream_maps_at(MlirAttribute maps, intptr_t i);

/* Bounds of the loops that index a dimension of some tensor operand directly; bounds of others stay
 * as they are. False: an operand whose shape cannot be read (dynamic, or of too high a rank). */
bool stream_maps_bounds(MlirOperation op, MlirAttribute maps, int64_t *bounds);

#endif
