/* Finding and reading core files; see core_file.h. */

#define _POSIX_C_SOURCE 200809L

#include "core_file.h"

#include "core.h"
#include "stream/import/core.h"
#include "stream/support/text_file.h"

#include <string.h>
#include <sys/stat.h>

typedef struct {
    const char *path;
    stream_core core;
} core_file;

static bool exists(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* Standard input and pipes are in no directory: their core files are in the working directory. */
static bool is_in_directory(const char *path) {
    struct stat info;
    return path && strcmp(path, "-") != 0 && (stat(path, &info) != 0 || S_ISREG(info.st_mode));
}

static bool has_extension(const char *name) {
    size_t n = strlen(name);
    return (n > 5 && !strcmp(name + n - 5, ".yaml")) || (n > 4 && !strcmp(name + n - 4, ".yml"));
}

/* `directory` (with its slash), `middle`, `name` and an extension if it has none. */
static bool try_path(stream_text *path, const char *directory, size_t n, const char *middle,
                     const char *name) {
    stream_text_clear(path);
    stream_text_append(path, directory, n);
    stream_text_print(path, "%s%s%s", middle, name, has_extension(name) ? "" : ".yaml");
    return exists(path->data);
}

static bool find(const char *accelerator, const char *name, stream_text *path) {
    const char *slash = is_in_directory(accelerator) ? strrchr(accelerator, '/') : NULL;
    const char *directory = slash ? accelerator : "";
    size_t n = slash ? (size_t)(slash - accelerator) + 1 : 0;
    while (name[0] == '.' && name[1] == '/')
        name += 2;
    if (*name == '/')
        return try_path(path, "", 0, "", name);
    for (const char *rest = name; rest;) {
        if (try_path(path, directory, n, "", rest) || try_path(path, directory, n, "cores/", rest))
            return true;
        const char *next = strchr(rest, '/');
        rest = next ? next + 1 : NULL;
    }
    return false;
}

static stream_status read_file(const char *path, stream_arena *arena, const stream_diag *diag,
                               stream_core *out) {
    stream_text bytes = {0};
    stream_status status = stream_file_read(path, STREAM_YAML_MAX_BYTES, diag, &bytes);
    if (status == STREAM_OK)
        status = stream_core_import(path, bytes.data, bytes.length, arena, diag, out);
    stream_text_free(&bytes);
    return status;
}

static stream_status read_once(stream_core_files *files, const char *path, stream_arena *arena,
                               const stream_diag *diag, stream_core *out) {
    for (size_t i = 0; i < files->known.n; ++i)
        if (!strcmp(STREAM_AT(core_file, files->known, i).path, path)) {
            *out = STREAM_AT(core_file, files->known, i).core;
            return STREAM_OK;
        }
    const char *kept = stream_arena_strdup(arena, path);
    STREAM_TRY(read_file(kept, arena, diag, out));
    if (!files->known.element_bytes)
        files->known = STREAM_VEC(core_file);
    *(core_file *)stream_vec_push(&files->known) = (core_file){kept, *out};
    return STREAM_OK;
}

stream_status stream_core_file_read(stream_core_files *files, const stream_yaml *node,
                                    stream_arena *arena, const stream_diag *diag,
                                    stream_core *out) {
    const char *name;
    STREAM_TRY(stream_yaml_string(node, "a core", diag, &name));
    if (strlen(name) > 1024)
        return stream_error(diag, STREAM_LIMIT, node->loc,
                            "the name of a core file has %zu characters; the limit is 1024",
                            strlen(name));
    stream_text path = {0};
    stream_status status =
        find(files->path, name, &path) ? read_once(files, path.data, arena, diag, out)
        : is_in_directory(files->path)
            ? stream_error(diag, STREAM_INVALID, node->loc,
                           "no core file '%s' beside '%s', nor in 'cores/' there", name,
                           files->path)
            : stream_error(diag, STREAM_INVALID, node->loc,
                           "no core file '%s' in the working directory, nor in 'cores/' there",
                           name);
    stream_text_free(&path);
    return status;
}

void stream_core_files_close(stream_core_files *files) {
    stream_vec_free(&files->known);
}
