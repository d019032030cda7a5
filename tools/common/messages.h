#ifndef STREAM_TOOLS_MESSAGES_H
#define STREAM_TOOLS_MESSAGES_H

#include "stream/support/arena.h"
#include "stream/support/diag.h"

#include "mlir-c/IR.h"

/* One line per message on standard error: "stream-compile: file:line: error: text". */

/* The name of the program, static; first of all calls. */
void messages_start(const char *program);

/* A sink for messages of lib/ (importers, files). */
stream_diag messages_diag(void);
/* From now on MLIR's diagnostics of `context` come out in that form. */
void messages_attach(MlirContext context);
/* What a text that MLIR reads without a file is called from now on; "<stdin>" at first. Kept. */
void messages_name_text(const char *path);
/* The file, line and column behind a location of passes, which outlive the context, in `arena`. */
stream_loc messages_loc(stream_loc loc, stream_arena *arena);
/* "importing ..." on a terminal, overwritten by the next; NULL ends it. */
void messages_progress(const char *what);
/* "program: error: text"; usage errors and such. */
STREAM_PRINTF(1, 2) void messages_error(const char *format, ...);

#endif
