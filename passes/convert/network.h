#ifndef STREAM_PASSES_CONVERT_NETWORK_H
#define STREAM_PASSES_CONVERT_NETWORK_H

#include "stream/support/arena.h"
#include "stream/support/diag.h"

#include "mlir-c/IR.h"

/* What the modules in `module` hold and say of themselves moves into it: files that are put one
 * behind the other, of which a network is written as a module of its own, are one module then. A
 * name that `module` has already stays its own.
 *
 * errs  INVALID: a symbol that is in both */
STREAM_NODISCARD
stream_status stream_open_nested_modules(MlirOperation module, const stream_diag *diag);
bool stream_has_nested_module(MlirOperation module);

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

/* A sink of the module's context; messages without a location are about the network, or if it is
 * not clear which function that is, the module. */
stream_diag stream_network_diag(MlirOperation module);

/* What the network is called where no file has a name: as its module, else as its function. In
 * `arena`. */
const char *stream_network_name(MlirOperation module, MlirOperation func, stream_arena *arena);

#endif
