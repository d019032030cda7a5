/* Accelerator, core and mapping files as read-only trees; yaml.c alone sees the YAML library. */
#ifndef STREAM_IMPORT_YAML_H
#define STREAM_IMPORT_YAML_H

#include "stream/support/arena.h"
#include "stream/support/diag.h"
#include "stream/support/text.h"
#include "stream/support/vec.h"

#include <float.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STREAM_YAML_MAX_BYTES   (4 << 20)
#define STREAM_YAML_MAX_DEPTH   64        /* aliases count as what they stand for */
#define STREAM_YAML_MAX_NODES   (1 << 20) /* aliases count as what they stand for */
#define STREAM_YAML_MAX_ANCHORS 1024

typedef enum {
    STREAM_YAML_SCALAR,
    STREAM_YAML_LIST,
    STREAM_YAML_MAP
} stream_yaml_kind;

/* A node. Keys of a map are scalars, not empty, and differ. An alias is the node it names. */
typedef struct stream_yaml {
    stream_yaml_kind kind;
    const char *text;                      /* SCALAR */
    bool plain;                            /* SCALAR: not quoted */
    const struct stream_yaml *const *keys; /* MAP: [n] */
    const struct stream_yaml *const *items;
    int32_t n;
    int32_t weight; /* nodes of the tree below, itself included, aliases expanded */
    int32_t depth;  /* levels of the tree below, itself included, aliases expanded */
    stream_loc loc;
} stream_yaml;

/* Reads one document. `path` is kept (by the locations).
 * errs  INVALID with line and column: not YAML, more than one document or none, a key twice, an
 *       alias inside what it names;  LIMIT: larger than STREAM_YAML_MAX_* */
STREAM_NODISCARD
stream_status stream_yaml_parse(const char *path, const void *bytes, size_t n, stream_arena *arena,
                                const stream_diag *diag, const stream_yaml **out);

/* The same, but of a key that a map has twice the last counts, as in the YAML library of Python,
 * which is how core and mapping files are read elsewhere; a warning says so. */
STREAM_NODISCARD
stream_status stream_yaml_parse_last(const char *path, const void *bytes, size_t n,
                                     stream_arena *arena, const stream_diag *diag,
                                     const stream_yaml **out);

/* The same of a text that was made of something else: what begins in line i is at places[i], in
 * lines from the last place on at that. n_places > 0. */
STREAM_NODISCARD
stream_status stream_yaml_parse_placed(const void *bytes, size_t n, const stream_loc *places,
                                       int32_t n_places, stream_arena *arena,
                                       const stream_diag *diag, const stream_yaml **out);

bool stream_yaml_is_null(const stream_yaml *node);

/* The value of `key`; NULL: absent or null. */
const stream_yaml *stream_yaml_find(const stream_yaml *map, const char *key);

/* The same; INVALID if there is none. `what` names the map in the message. */
STREAM_NODISCARD
stream_status stream_yaml_need(const stream_yaml *map, const char *key, const char *what,
                               const stream_diag *diag, const stream_yaml **out);

/* INVALID if `node` is of another kind. */
STREAM_NODISCARD
stream_status stream_yaml_expect(const stream_yaml *node, stream_yaml_kind kind, const char *what,
                                 const stream_diag *diag);

/* INVALID if `node` is no map or has a key outside `known` (ends with NULL). */
STREAM_NODISCARD
stream_status stream_yaml_keys(const stream_yaml *node, const char *const *known, const char *what,
                               const stream_diag *diag);

/* A whole number in [min, max]: decimal, with `_` between digits if wanted, and no 0 in front. */
STREAM_NODISCARD
stream_status stream_yaml_integer(const stream_yaml *node, const char *what, int64_t min,
                                  int64_t max, const stream_diag *diag, int64_t *out);

/* No limit of a number. */
#define STREAM_YAML_ANY DBL_MAX

/* A finite number in [min, max]. */
STREAM_NODISCARD
stream_status stream_yaml_number(const stream_yaml *node, const char *what, double min, double max,
                                 const stream_diag *diag, double *out);

STREAM_NODISCARD
stream_status stream_yaml_flag(const stream_yaml *node, const char *what, const stream_diag *diag,
                               bool *out);

/* A scalar that is not empty. Lives as long as the tree. */
STREAM_NODISCARD
stream_status stream_yaml_string(const stream_yaml *node, const char *what, const stream_diag *diag,
                                 const char **out);

/* Appends the node as the text of an MLIR attribute. */
void stream_yaml_attr(const stream_yaml *node, stream_text *out);

/* Appends where the node and all values below it stand (stream_loc), in the order of an MLIR
 * attribute: the values of a map by their keys, in the order of their bytes. */
void stream_yaml_places(const stream_yaml *node, stream_vec *out);

/* The entries of `map` under `keys` (ends with NULL) as the inside of an MLIR dictionary, after
 * what `out` holds already. */
void stream_yaml_entries(const stream_yaml *map, const char *const *keys, stream_text *out);

/* "{" entries "}" in `arena`, or NULL if there are none; frees `entries`. */
const char *stream_yaml_dictionary(stream_text *entries, stream_arena *arena);

#endif
