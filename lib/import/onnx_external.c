/* Tensor data in files beside the model; see stream_onnx_external in onnx_import.h. */

#define _POSIX_C_SOURCE 200809L /* fileno, fseeko */

#include "onnx_import.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Where the data of one tensor is: `length` -1 when not given (to the end of the tensor). */
typedef struct {
    const char *location;
    int64_t offset, length;
} place;

static const char *label(const Onnx__TensorProto *t) {
    return t->name ? t->name : "";
}

static stream_status number(onnx_ctx *c, const Onnx__TensorProto *t, const char *key,
                            const char *text, int64_t *out) {
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end || errno || value < 0)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "external data of '%s' has %s '%.40s', not a "
                                 "non-negative number",
                                 label(t), key, text);
    *out = value;
    return STREAM_OK;
}

static stream_status read_place(onnx_ctx *c, const Onnx__TensorProto *t, place *out) {
    *out = (place){NULL, 0, -1};
    for (size_t i = 0; i < t->n_external_data; ++i) {
        const char *key = t->external_data[i]->key, *value = t->external_data[i]->value;
        if (!key || !value)
            continue;
        if (!strcmp(key, "location"))
            out->location = value;
        else if (!strcmp(key, "offset"))
            STREAM_TRY(number(c, t, key, value, &out->offset));
        else if (!strcmp(key, "length"))
            STREAM_TRY(number(c, t, key, value, &out->length));
    }
    return STREAM_OK;
}

/* A relative path that stays in the directory of the model. */
static bool stays_inside(const char *location) {
    if (!*location || *location == '/' || strchr(location, '\\'))
        return false;
    for (const char *part = location; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (!strncmp(part, "..", 2) && (part[2] == '/' || !part[2]))
            return false;
    }
    return true;
}

static char *beside(onnx_ctx *c, const char *location) {
    const char *slash = strrchr(c->path, '/');
    size_t directory = slash ? (size_t)(slash - c->path) + 1 : 0, n = strlen(location);
    char *path = stream_arena_alloc(c->arena, directory + n + 1, 1);
    memcpy(path, c->path, directory);
    memcpy(path + directory, location, n);
    return path;
}

static stream_status read_range(onnx_ctx *c, const Onnx__TensorProto *t, FILE *file,
                                const char *path, int64_t offset, size_t n_bytes,
                                const uint8_t **out) {
    struct stat info;
    if (fstat(fileno(file), &info) || !S_ISREG(info.st_mode))
        return stream_onnx_error(c, STREAM_IO, "external data of '%s': %s is not a regular file",
                                 label(t), path);
    if (offset > info.st_size || (int64_t)n_bytes > info.st_size - offset)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "external data of '%s' is %zu bytes at offset %lld of %s, which "
                                 "has %lld",
                                 label(t), n_bytes, (long long)offset, path,
                                 (long long)info.st_size);
    uint8_t *data = stream_arena_alloc(c->arena, n_bytes, 1);
    if (fseeko(file, offset, SEEK_SET) || fread(data, 1, n_bytes, file) != n_bytes)
        return stream_onnx_error(c, STREAM_IO, "external data of '%s': cannot read %s: %s",
                                 label(t), path, strerror(errno));
    *out = data;
    return STREAM_OK;
}

/* One warning per file, not per tensor. */
static stream_status absent(onnx_ctx *c, const char *location) {
    bool again = c->absent_file && !strcmp(c->absent_file, location);
    c->absent_file = location;
    if (!again)
        stream_warn(c->diag, (stream_loc){.file = c->path},
                    "external data file '%.200s' does not exist; the tensors stored there become "
                    "arguments",
                    location);
    return STREAM_OK;
}

stream_status stream_onnx_external(onnx_ctx *c, const Onnx__TensorProto *t, size_t n_bytes,
                                   const uint8_t **out_data) {
    place at;
    STREAM_TRY(read_place(c, t, &at));
    const char *name = label(t);
    if (!at.location)
        return stream_onnx_error(c, STREAM_INVALID, "external data of '%s' has no location", name);
    if (!stays_inside(at.location))
        return stream_onnx_error(
            c, STREAM_INVALID,
            "external data of '%s' is at '%.200s', outside the model's directory", name,
            at.location);
    if (at.length >= 0 && (size_t)at.length != n_bytes)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "external data of '%s' has %lld bytes, its shape needs %zu", name,
                                 (long long)at.length, n_bytes);
    if (!c->path)
        return absent(c, at.location);
    const char *path = beside(c, at.location);
    FILE *file = fopen(path, "rb");
    if (!file && errno == ENOENT)
        return absent(c, at.location);
    if (!file)
        return stream_onnx_error(c, STREAM_IO, "external data of '%s': cannot open %s: %s", name,
                                 path, strerror(errno));
    stream_status status = read_range(c, t, file, path, at.offset, n_bytes, out_data);
    fclose(file);
    return status;
}
