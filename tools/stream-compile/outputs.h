#ifndef STREAM_COMPILE_OUTPUTS_H
#define STREAM_COMPILE_OUTPUTS_H

#include "options.h"

#include "stream/support/diag.h"

#include "mlir-c/IR.h"

/* What will be written, made before anything is. Owner calls outputs_free. */
typedef struct {
    stream_text ir, json, trace, html, svg, summary;
} stream_outputs;

/* Makes what `options` asks for of a scheduled module.
 * errs  INVALID: the schedule cannot be read back (reported) */
STREAM_NODISCARD
stream_status outputs_make(const compile_options *options, MlirModule module, stream_outputs *out);
/* The summary, to standard output, or to standard error if a file goes there. */
void outputs_print(const compile_options *options, const stream_outputs *outputs);
/* Writes the files, all or none.
 * errs  IO */
STREAM_NODISCARD
stream_status outputs_write(const compile_options *options, const stream_outputs *outputs,
                            const stream_diag *diag);
void outputs_free(stream_outputs *outputs);

#endif
