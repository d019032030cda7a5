/* Whole files; see stream/support/text_file.h. */

#define _XOPEN_SOURCE 700 /* lstat, realpath */

#include "stream/support/text_file.h"

#include "stream/support/alloc.h"

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

bool stream_file_is_regular(const char *path) {
    struct stat info;
    return strcmp(path, "-") != 0 && stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

stream_status stream_file_check(const char *path, const stream_diag *diag) {
    struct stat info;
    if (access(path, R_OK) != 0 || stat(path, &info) != 0)
        return fail(diag, path, "open");
    if (S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return fail(diag, path, "open");
    }
    return STREAM_OK;
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

/* Writes what belongs to `file` to `path`, which may be another. */
static stream_status write_all(const stream_file *file, const char *path, const stream_diag *diag) {
    FILE *to = fopen(path, "wb");
    if (!to)
        return fail(diag, file->path, "create");
    bool good = fwrite(file->bytes, 1, file->n, to) == file->n;
    good &= fclose(to) == 0;
    return good ? STREAM_OK : fail(diag, file->path, "write");
}

/* A file on its way to its place. */
typedef struct {
    char *target; /* what it replaces; NULL: it is written as it is, with nothing prepared */
    stream_text temporary; /* what will be renamed; empty: it has been */
} draft;

/* The file that `path` leads to, or NULL if that is no file; owner frees. Its mode, or 0. */
static stream_status find_target(const char *path, const stream_diag *diag, char **out_target,
                                 mode_t *out_mode) {
    struct stat at, link;
    *out_target = NULL;
    *out_mode = 0;
    if (strcmp(path, "-") == 0)
        return STREAM_OK;
    bool is_there = stat(path, &at) == 0;
    if (is_there && S_ISDIR(at.st_mode)) {
        errno = EISDIR;
        return fail(diag, path, "create");
    }
    if (is_there ? !S_ISREG(at.st_mode) : lstat(path, &link) == 0)
        return STREAM_OK;
    *out_target = is_there ? realpath(path, NULL) : strdup(path);
    *out_mode = is_there ? at.st_mode & 07777 : 0;
    return *out_target ? STREAM_OK : fail(diag, path, "open");
}

/* Writes what will be renamed. The mode of a file that is there stays. */
static stream_status prepare(const stream_file *file, const stream_diag *diag, draft *out) {
    mode_t mode;
    STREAM_TRY(find_target(file->path, diag, &out->target, &mode));
    if (!out->target)
        return STREAM_OK;
    stream_text_print(&out->temporary, "%s.%ld.partial", out->target, (long)getpid());
    STREAM_TRY(write_all(file, out->temporary.data, diag));
    return mode == 0 || chmod(out->temporary.data, mode) == 0 ? STREAM_OK
                                                              : fail(diag, file->path, "write");
}

/* Standard output, a device, a pipe, a link that leads nowhere. */
static stream_status write_as_it_is(const stream_file *file, const stream_diag *diag) {
    if (strcmp(file->path, "-") != 0)
        return write_all(file, file->path, diag);
    return fwrite(file->bytes, 1, file->n, stdout) == file->n && fflush(stdout) == 0
               ? STREAM_OK
               : fail(diag, "<standard output>", "write");
}

static stream_status commit(const stream_file *file, draft *prepared, const stream_diag *diag) {
    if (rename(prepared->temporary.data, prepared->target) != 0)
        return fail(diag, file->path, "write");
    stream_text_clear(&prepared->temporary);
    return STREAM_OK;
}

static void abandon(draft *prepared) {
    if (prepared->temporary.length)
        remove(prepared->temporary.data);
    stream_text_free(&prepared->temporary);
    free(prepared->target);
}

static stream_status write_in_steps(const stream_file *files, int32_t n, const stream_diag *diag,
                                    draft *drafts) {
    for (int32_t i = 0; i < n; ++i)
        STREAM_TRY(prepare(&files[i], diag, &drafts[i]));
    for (int32_t i = 0; i < n; ++i)
        if (!drafts[i].target)
            STREAM_TRY(write_as_it_is(&files[i], diag));
    for (int32_t i = 0; i < n; ++i)
        if (drafts[i].target)
            STREAM_TRY(commit(&files[i], &drafts[i], diag));
    return STREAM_OK;
}

stream_status stream_files_write(const stream_file *files, int32_t n, const stream_diag *diag) {
    draft *drafts = stream_alloc_zeroed((size_t)n, sizeof *drafts);
    stream_status status = write_in_steps(files, n, diag, drafts);
    for (int32_t i = 0; i < n; ++i)
        abandon(&drafts[i]);
    free(drafts);
    return status;
}

stream_status stream_file_write(const char *path, const char *bytes, size_t n,
                                const stream_diag *diag) {
    return stream_files_write(&(stream_file){path, bytes, n}, 1, diag);
}
