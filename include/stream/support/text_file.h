#ifndef STREAM_SUPPORT_TEXT_FILE_H
#define STREAM_SUPPORT_TEXT_FILE_H

#include "stream/support/diag.h"
#include "stream/support/text.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Reads all of `path` ("-": standard input) into `out`.
 * errs  IO: cannot be read, or is larger than `max_bytes` */
STREAM_NODISCARD
stream_status stream_file_read(const char *path, size_t max_bytes, const stream_diag *diag,
                               stream_text *out);

/* Can `path` be read? errs  IO: says why not */
STREAM_NODISCARD
stream_status stream_file_check(const char *path, const stream_diag *diag);

/* A file that can be read again, unlike a pipe or standard input. */
bool stream_file_is_regular(const char *path);

typedef struct {
    const char *path; /* "-": standard output */
    const char *bytes;
    size_t n;
} stream_file;

/* Writes all of `files`, or none that takes the place of another: each to a temporary file beside
 * its place, then what has no such place, then all are renamed, so that a reader never sees half a
 * file and a failure leaves the old ones. Symbolic links are followed, and a file that is there
 * keeps its mode. What is no file (standard output, a device, a pipe) is written as it is; nothing
 * takes its place.
 *
 * files  [n], borrowed; no two lead to one file
 * errs   IO */
STREAM_NODISCARD
stream_status stream_files_write(const stream_file *files, int32_t n, const stream_diag *diag);

/* stream_files_write of one. */
STREAM_NODISCARD
stream_status stream_file_write(const char *path, const char *bytes, size_t n,
                                const stream_diag *diag);

#ifdef __cplusplus
}
#endif

#endif
