/* Which paths are one file; see paths.h. */

#define _XOPEN_SOURCE 700 /* stat */

#include "paths.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_standard(const char *path) {
    return !strcmp(path, "-");
}

/* The directory of a path; owner frees. */
static char *directory_of(const char *path) {
    stream_text text = {0};
    const char *slash = strrchr(path, '/');
    stream_text_append(&text, path, slash ? (size_t)(slash - path) + 1 : 0);
    stream_text_str(&text, slash ? "" : ".");
    return text.data;
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_one(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Files that are not there yet, of one name in one directory. */
static bool will_be_one(const char *a, const char *b) {
    struct stat in_a, in_b;
    char *dir_a = directory_of(a), *dir_b = directory_of(b);
    bool same = !strcmp(base_name(a), base_name(b)) && stat(dir_a, &in_a) == 0 &&
                stat(dir_b, &in_b) == 0 && is_one(&in_a, &in_b);
    free(dir_a);
    free(dir_b);
    return same;
}

static bool are_one(const char *a, const char *b) {
    struct stat at_a, at_b;
    if (is_standard(a) || is_standard(b))
        return false;
    bool has_a = stat(a, &at_a) == 0, has_b = stat(b, &at_b) == 0;
    if (has_a != has_b)
        return false;
    return has_a ? S_ISREG(at_a.st_mode) && is_one(&at_a, &at_b) : will_be_one(a, b);
}

static bool apart(const named_path *output, const named_path *other, bool is_input,
                  stream_text *message) {
    if (!output->path || !other->path)
        return true;
    bool both_standard = !is_input && is_standard(output->path) && is_standard(other->path);
    if (both_standard)
        stream_text_print(message, "%s and %s both write to standard output", output->name,
                          other->name);
    else if (are_one(output->path, other->path))
        stream_text_print(message,
                          is_input ? "%s would replace the %s, '%s'"
                                   : "%s and %s write the same file, '%s'",
                          output->name, other->name, output->path);
    return message->length == 0;
}

bool paths_are_apart(const named_path *outputs, int n_outputs, const named_path *inputs,
                     int n_inputs, stream_text *message) {
    for (int i = 0; i < n_outputs; ++i) {
        for (int k = 0; k < i; ++k)
            if (!apart(&outputs[k], &outputs[i], false, message))
                return false;
        for (int k = 0; k < n_inputs; ++k)
            if (!apart(&outputs[i], &inputs[k], true, message))
                return false;
    }
    return true;
}
