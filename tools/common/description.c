/* Accelerators and mappings in files; see description.h. */

#include "description.h"

#include "model.h"

#include "stream/support/text_file.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define MAX_DESCRIPTION_BYTES ((size_t)64 << 20)

/* The first bytes of MLIR bytecode. */
static const char bytecode[] = {'M', 'L', (char)0xef, 'R'};

static bool is_bytecode(const stream_text *text) {
    return text->length >= sizeof bytecode && !memcmp(text->data, bytecode, sizeof bytecode);
}

static bool is_text(const stream_text *text) {
    for (size_t i = 0; i < text->length; ++i) {
        unsigned char c = (unsigned char)text->data[i];
        if (c < ' ' && !isspace(c))
            return false;
    }
    return true;
}

/* Behind blanks and lines that begin with #, which are comments of YAML and aliases of MLIR. */
static const char *first_words(const char *at) {
    at += strspn(at, " \t\r\n");
    while (*at == '#') {
        at += strcspn(at, "\n");
        at += strspn(at, " \t\r\n");
    }
    return at;
}

/* MLIR begins with a comment, an alias of a type, an op in its generic form, or a word that is no
 * key of YAML. */
static bool begins_as_mlir(const char *at) {
    size_t word = 0;
    while (isalnum((unsigned char)at[word]) || at[word] == '_' || at[word] == '.')
        ++word;
    if (*at == '"') {
        const char *end = strchr(at + 1, '"');
        return end && end[1 + strspn(end + 1, " ")] == '(';
    }
    return word ? at[word + strspn(at + word, " \t")] != ':'
                : !strncmp(at, "//", 2) || *at == '!' || !strncmp(at, "{-#", 3);
}

static stream_status find_kind(const char *path, const char *what, const stream_text *text,
                               const stream_diag *diag, description_kind *out) {
    bool mlir = model_has_suffix(path, ".mlir") || model_has_suffix(path, ".mlirbc");
    bool yaml = model_has_suffix(path, ".yaml") || model_has_suffix(path, ".yml");
    *out = mlir ? DESCRIPTION_MLIR : DESCRIPTION_YAML;
    if (mlir || yaml)
        return STREAM_OK;
    if (!is_bytecode(text) && !is_text(text))
        return stream_error(diag, STREAM_INVALID, (stream_loc){.file = path},
                            "%s is a .yaml or .mlir file; this is no text", what);
    if (is_bytecode(text) || begins_as_mlir(first_words(text->data)))
        *out = DESCRIPTION_MLIR;
    return STREAM_OK;
}

stream_status description_read(const char *path, const char *what, const stream_diag *diag,
                               stream_text *out, description_kind *out_kind) {
    STREAM_TRY(stream_file_read(path, MAX_DESCRIPTION_BYTES, diag, out));
    return find_kind(path, what, out, diag, out_kind);
}
