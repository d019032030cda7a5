#ifndef STREAM_TOOLS_DESCRIPTION_H
#define STREAM_TOOLS_DESCRIPTION_H

#include "stream/support/diag.h"
#include "stream/support/text.h"

/* Accelerators and mappings: YAML, or MLIR that holds their op. */

typedef enum {
    DESCRIPTION_YAML,
    DESCRIPTION_MLIR
} description_kind;

/* Reads the file, a pipe or standard input ("-") and says what it is: by its name (.yaml, .yml,
 * .mlir, .mlirbc), else by how it begins.
 *
 * what  "an accelerator": for messages
 * errs  IO;  INVALID: neither, such as a model */
STREAM_NODISCARD
stream_status description_read(const char *path, const char *what, const stream_diag *diag,
                               stream_text *out, description_kind *out_kind);

#endif
