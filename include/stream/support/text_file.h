#ifndef STREAM_SUPPORT_TEXT_FILE_H
#define STREAM_SUPPORT_TEXT_FILE_H

#include "stream/support/diag.h"
#include "stream/support/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Reads all of `path` ("-": standard input) into `out`.
 * errs  IO: cannot be read, or is larger than `max_bytes` */
STREAM_NODISCARD
stream_status stream_file_read(const char *path, size_t max_bytes, const stream_diag *diag,
                               stream_text *out);

/* Writes `bytes` to `path` ("-": standard output): to a temporary file beside it, then renamed, so
 * that a reader never sees half a file and a failure leaves the old one. Symbolic links are
 * followed, and a file that is there keeps its mode. What is no file (a device, a pipe) is written
 * as it is; nothing takes its place.
 * errs  IO */
STREAM_NODISCARD
stream_status stream_file_write(const char *path, const char *bytes, size_t n,
                                const stream_diag *diag);

#ifdef __cplusplus
}
#endif

#endif
