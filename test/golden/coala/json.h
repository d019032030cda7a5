#ifndef GOLDEN_COALA_JSON_H
#define GOLDEN_COALA_JSON_H

#include "stream/support/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A JSON reader for dumps of several MB: one tree in one arena. Numbers are doubles; NaN, Infinity
 * and -Infinity are numbers, as Python writes them. Members of an object keep their order. */

typedef enum {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
} json_kind;

typedef struct json {
    json_kind kind;
    double number;      /* BOOL: 0 or 1 */
    const char *text;   /* STRING */
    const char *key;    /* of a member of an object */
    int32_t n;          /* ARRAY, OBJECT */
    struct json *first; /* of them */
    struct json *next;  /* in the array or object that holds it */
} json;

/* Reads a file, gzipped or not. NULL, with the reason on stderr: it cannot be read or is not JSON.
 */
json *json_read(const char *path, stream_arena *arena);

/* NULL if there is none, or if `object` is NULL or not an object. */
json *json_member(const json *object, const char *key);

/* The i-th of an array or object; NULL beyond the end, or if it is NULL or neither. O(i). */
json *json_item(const json *array, int32_t i);

/* The number, whole number of up to 53 bits, or text of a value; the default if it is NULL or of
 * another kind. */
double json_number(const json *value, double otherwise);
int64_t json_whole(const json *value, int64_t otherwise);
const char *json_text(const json *value, const char *otherwise);

#endif
