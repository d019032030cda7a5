#ifndef STREAM_TOOLS_PATHS_H
#define STREAM_TOOLS_PATHS_H

#include "stream/support/text.h"

#include <stdbool.h>

typedef struct {
    const char *name; /* "--json" */
    const char *path; /* NULL: not given */
} named_path;

/* True if no output leads to the file of another output or of an input (also by a link or another
 * way to say its name), and one at most is standard output. Devices and pipes may be given twice.
 * False: `message` says which. */
bool paths_are_apart(const named_path *outputs, int n_outputs, const named_path *inputs,
                     int n_inputs, stream_text *message);

#endif
