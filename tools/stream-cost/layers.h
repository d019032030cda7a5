#ifndef STREAM_COST_TOOL_LAYERS_H
#define STREAM_COST_TOOL_LAYERS_H

#include "stream/cost/loop_nest.h"
#include "stream/support/text.h"

/* A layer of the model, priced as one whole tile. */
typedef struct {
    const char *name, *op_type;
    stream_loop_nest nest;
    bool linked; /* the memory operands of `nest` are set: they follow from the network */
    const char
        *error; /* why the cost model does not take it; `nest` has a location only; or NULL */
} cost_layer;

typedef struct {
    const cost_layer *layers;
    int32_t n_layers;
} cost_layers;

/* Reads the layers of `path`: .onnx, .mlir, .mlirbc; .yaml, .yml: layers in the form of ZigZag; -
 * is standard input, MLIR or a YAML list. MLIR is started for networks alone. `function` is the
 * network in a module with several; NULL: there is one.
 *
 * errs  IO, INVALID, UNSUPPORTED, LIMIT: reported */
STREAM_NODISCARD
stream_status cost_layers_read(const char *path, const char *function, stream_arena *arena,
                               const stream_diag *diag, cost_layers *out);

/* The network in a file (network.c). `text` is its text if it is on standard input, else NULL. */
STREAM_NODISCARD
stream_status cost_network_read(const char *path, const char *function, const stream_text *text,
                                stream_arena *arena, const stream_diag *diag, cost_layers *out);

#endif
