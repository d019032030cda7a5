#ifndef STREAM_PASSES_CONVERT_NETWORK_H
#define STREAM_PASSES_CONVERT_NETWORK_H

#include "stream/support/diag.h"

#include "mlir-c/IR.h"

/* The network function of a module: the only func.func that has a body, is public and is no kernel.
 *
 * errs  INVALID: there is none, or several */
STREAM_NODISCARD
stream_status stream_find_network(MlirOperation module, const stream_diag *diag,
                                  MlirOperation *out);

/* Makes the function of that name the network, which others find then: what else could be it
 * becomes private. "": finds it.
 *
 * errs  INVALID: there is none of that name with a body; as stream_find_network */
STREAM_NODISCARD
stream_status stream_choose_network(MlirOperation module, const char *name, const stream_diag *diag,
                                    MlirOperation *out);

#endif
