#ifndef STREAM_PASSES_CONVERT_LOC_H
#define STREAM_PASSES_CONVERT_LOC_H

#include "mlir-c/IR.h"

#include "stream/support/diag.h"

/* lib/ knows where something is as a stream_loc and reports to a stream_diag; MLIR has MlirLocation
 * and its diagnostic engine. Messages that are raised deep inside lib/ come out at the right line.
 */

stream_loc stream_loc_of(MlirOperation op);
/* Where the module begins: with its first operation, if the text does not write the module. */
stream_loc stream_loc_of_module(MlirOperation module);
stream_loc stream_loc_from(MlirLocation loc);
/* The location behind `loc`: its handle, else file and line, else unknown. */
MlirLocation stream_loc_mlir(stream_loc loc, MlirContext context);

/* A sink that hands every message to the diagnostic engine of `context`. */
stream_diag stream_diag_mlir(MlirContext context);
/* The same; messages without a location get that one. */
stream_diag stream_diag_at(MlirLocation otherwise);

/* Implemented in glue.cpp: the C API can only emit errors. `text` is copied. */
void stream_emit(MlirLocation loc, stream_severity severity, MlirStringRef text);

#endif
