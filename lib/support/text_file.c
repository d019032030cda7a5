/* Whole files; see stream/support/text_file.h. */

#include "stream/support/text_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

stream_status stream_file_write(const char *path, const char *bytes, size_t n,
                                const stream_diag *diag) {
    if (strcmp(path, "-") == 0)
        return fwrite(bytes, 1, n, stdout) == n && fflush(stdout) == 0
                   ? STREAM_OK
                   : fail(diag, "<standard output>", "write");
    stream_text temporary = {0};
    stream_text_print(&temporary, "%s.%ld.partial", path, (long)getpid());
    FILE *file = fopen(temporary.data, "wb");
    stream_status status = STREAM_OK;
    if (!file) {
        status = fail(diag, temporary.data, "create");
    } else {
        int bad = fwrite(bytes, 1, n, file) != n;
        bad |= fclose(file) != 0;
        if (bad || rename(temporary.data, path) != 0) {
            status = fail(diag, path, "write");
            remove(temporary.data);
        }
    }
    stream_text_free(&temporary);
    return status;
}
