#ifndef STREAM_PASSES_CONVERT_NETWORK_H
#define STREAM_PASSES_CONVERT_NETWORK_H

#include "stream/support/diag.h"

#include "mlir-c/IR.h"

/* The network function of a module: the one named `name`, or, if `name` is "", the only func.func
 * that has a body, is public and is no kernel.
 *
 * errs  INVALID: there is none of that name, or none or several without a name */
STREAM_NODISCARD
stream_status stream_find_network(MlirOperation module, const char *name, const stream_diag *diag,
                                  MlirOperation *out);

#endif
