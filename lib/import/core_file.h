/* Core files that an accelerator file names, each read once. */
#ifndef STREAM_IMPORT_CORE_FILE_H
#define STREAM_IMPORT_CORE_FILE_H

#include "yaml.h"

#include "stream/hardware/accelerator.h"
#include "stream/support/vec.h"

typedef struct {
    const char *path; /* of the accelerator file, or NULL */
    stream_vec known; /* core_file; {0} is empty */
} stream_core_files;

/* The core in the file that `node` names: beside the accelerator file, in `cores/` there, then
 * shorter and shorter ends of the path in both places.
 * errs  INVALID: no such file (all names tried are in the message), or a bad one;  IO */
STREAM_NODISCARD
stream_status stream_core_file_read(stream_core_files *files, const stream_yaml *node,
                                    stream_arena *arena, const stream_diag *diag, stream_core *out);

void stream_core_files_close(stream_core_files *files);

#endif
