/* Whole files; see stream/support/text_file.h. */

#define _XOPEN_SOURCE 700 /* lstat, realpath */

#include "stream/support/text_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static stream_status fail(const stream_diag *diag, const char *path, const char *what) {
    return stream_error(diag, STREAM_IO, (stream_loc){.file = path}, "cannot %s: %s", what,
                        strerror(errno));
}

stream_status stream_file_read(const char *path, size_t max_bytes, const stream_diag *diag,
                               stream_text *out) {
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (!file)
        return fail(diag, path, "open");
    char chunk[1 << 16];
    size_t n;
    stream_text_clear(out);
    stream_text_str(out, "");
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0 && out->length + n <= max_bytes)
        stream_text_append(out, chunk, n);
    int bad = ferror(file);
    int saved = errno;
    if (file != stdin)
        fclose(file);
    errno = saved;
    if (bad)
        return fail(diag, path, "read");
    if (n > 0)
        return stream_error(diag, STREAM_IO, (stream_loc){.file = path},
                            "larger than the limit of %zu bytes", max_bytes);
    return STREAM_OK;
}

static stream_status write_all(const char *path, const char *bytes, size_t n,
                               const stream_diag *diag) {
    FILE *file = fopen(path, "wb");
    if (!file)
        return fail(diag, path, "create");
    bool good = fwrite(bytes, 1, n, file) == n;
    good &= fclose(file) == 0;
    return good ? STREAM_OK : fail(diag, path, "write");
}

/* Its mode stays, if there is one. */
static stream_status replace(const char *path, const struct stat *old, const char *bytes, size_t n,
                             const stream_diag *diag) {
    stream_text temporary = {0};
    stream_text_print(&temporary, "%s.%ld.partial", path, (long)getpid());
    stream_status status = write_all(temporary.data, bytes, n, diag);
    if (status == STREAM_OK && ((old && chmod(temporary.data, old->st_mode & 07777) != 0) ||
                                rename(temporary.data, path) != 0))
        status = fail(diag, path, "write");
    if (status != STREAM_OK)
        remove(temporary.data);
    stream_text_free(&temporary);
    return status;
}

stream_status stream_file_write(const char *path, const char *bytes, size_t n,
                                const stream_diag *diag) {
    struct stat at, link;
    if (strcmp(path, "-") == 0)
        return fwrite(bytes, 1, n, stdout) == n && fflush(stdout) == 0
                   ? STREAM_OK
                   : fail(diag, "<standard output>", "write");
    if (stat(path, &at) != 0) {
        bool leads_nowhere = lstat(path, &link) == 0;
        return leads_nowhere ? write_all(path, bytes, n, diag)
                             : replace(path, NULL, bytes, n, diag);
    }
    if (!S_ISREG(at.st_mode))
        return write_all(path, bytes, n, diag);
    char *target = realpath(path, NULL);
    stream_status status = target ? replace(target, &at, bytes, n, diag) : fail(diag, path, "open");
    free(target);
    return status;
}
