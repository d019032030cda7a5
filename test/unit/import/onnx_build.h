/* ONNX models built in C, on the wire format alone: field numbers as in the standard. */
#ifndef IMPORT_ONNX_BUILD_H
#define IMPORT_ONNX_BUILD_H

#include "stream/import/onnx.h"

#include <stdbool.h>

#include "text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    FLOAT = 1,
    UINT8 = 2,
    INT8 = 3,
    INT32 = 6,
    INT64 = 7,
    BOOLEAN = 9,
    FLOAT16 = 10
};

static inline void put_varint(stream_text *b, uint64_t v) {
    for (; v >= 128; v >>= 7)
        stream_text_append(b, (char[]){(char)(v | 128)}, 1);
    stream_text_append(b, (char[]){(char)v}, 1);
}

static inline void put_int(stream_text *b, unsigned field, int64_t v) {
    put_varint(b, field << 3);
    put_varint(b, (uint64_t)v);
}

static inline void put_bytes(stream_text *b, unsigned field, const void *bytes, size_t n) {
    put_varint(b, field << 3 | 2);
    put_varint(b, n);
    stream_text_append(b, n ? bytes : "", n);
}

static inline void put_string(stream_text *b, unsigned field, const char *s) {
    put_bytes(b, field, s, strlen(s));
}

static inline void put_float(stream_text *b, unsigned field, float v) {
    put_varint(b, field << 3 | 5);
    stream_text_append(b, (const char *)&v, 4);
}

/* Takes and frees `inner`. */
static inline void put_message(stream_text *b, unsigned field, stream_text *inner) {
    put_bytes(b, field, inner->data, inner->length);
    stream_text_free(inner);
}

/* "3 -1 4" as repeated integers. */
static inline void put_list(stream_text *b, unsigned field, const char *list) {
    char *end = NULL;
    for (long long v = strtoll(list, &end, 10); end != list; v = strtoll(list, &end, 10)) {
        put_int(b, field, v);
        list = end;
    }
}

/* "x,w,,b" as repeated strings; "" is none. */
static inline void put_names(stream_text *b, unsigned field, const char *names) {
    while (*names) {
        size_t n = strcspn(names, ",");
        put_bytes(b, field, names, n);
        names += n;
        if (*names && !*++names)
            put_bytes(b, field, "", 0);
    }
}

/* Attributes of the next node, appended to `b`. */
static inline void attribute_int(stream_text *b, const char *name, int64_t v) {
    stream_text a = {0};
    put_string(&a, 1, name);
    put_int(&a, 3, v);
    put_int(&a, 20, 2);
    put_message(b, 5, &a);
}

static inline void attribute_ints(stream_text *b, const char *name, const char *list) {
    stream_text a = {0};
    put_string(&a, 1, name);
    put_list(&a, 8, list);
    put_int(&a, 20, 7);
    put_message(b, 5, &a);
}

static inline void attribute_float(stream_text *b, const char *name, float v) {
    stream_text a = {0};
    put_string(&a, 1, name);
    put_float(&a, 2, v);
    put_int(&a, 20, 1);
    put_message(b, 5, &a);
}

static inline void attribute_string(stream_text *b, const char *name, const char *s) {
    stream_text a = {0};
    put_string(&a, 1, name);
    put_string(&a, 4, s);
    put_int(&a, 20, 3);
    put_message(b, 5, &a);
}

/* Takes and frees `attributes` (NULL for none). */
static inline void node(stream_text *graph, const char *op, const char *name, const char *inputs,
                        const char *outputs, stream_text *attributes) {
    stream_text n = {0};
    put_names(&n, 1, inputs);
    put_names(&n, 2, outputs);
    put_string(&n, 3, name);
    put_string(&n, 4, op);
    if (attributes) {
        stream_text_append(&n, attributes->data ? attributes->data : "", attributes->length);
        stream_text_free(attributes);
    }
    put_message(graph, 1, &n);
}

/* A value with a shape like "1 3 8 8"; a word that is no number is a symbolic dim. NULL: none. */
static inline void value_info(stream_text *graph, unsigned field, const char *name, int type,
                              const char *dims) {
    stream_text value = {0}, outer = {0}, tensor = {0}, shape = {0};
    char word[32];
    int used = 0;
    put_int(&tensor, 1, type);
    for (; dims && sscanf(dims, "%31s%n", word, &used) == 1; dims += used) {
        stream_text dim = {0};
        char *end = NULL;
        long long v = strtoll(word, &end, 10);
        if (*end)
            put_string(&dim, 2, word);
        else
            put_int(&dim, 1, v);
        put_message(&shape, 1, &dim);
    }
    if (dims)
        put_message(&tensor, 2, &shape);
    put_message(&outer, 1, &tensor);
    put_string(&value, 1, name);
    put_message(&value, 2, &outer);
    put_message(graph, field, &value);
}

static inline void input(stream_text *graph, const char *name, int type, const char *dims) {
    value_info(graph, 11, name, type, dims);
}

static inline void output(stream_text *graph, const char *name, int type, const char *dims) {
    value_info(graph, 12, name, type, dims);
}

/* raw_data [n], or none at all when `data` is NULL. */
static inline void initializer(stream_text *graph, const char *name, int type, const char *dims,
                               const void *data, size_t n) {
    stream_text t = {0};
    put_list(&t, 1, dims);
    put_int(&t, 2, type);
    put_string(&t, 8, name);
    if (data)
        put_bytes(&t, 9, data, n);
    put_message(graph, 5, &t);
}

static inline void ints(stream_text *graph, const char *name, const char *list) {
    stream_text t = {0};
    int64_t n = 0;
    const char *at = list;
    char *end = NULL;
    for (strtoll(at, &end, 10); end != at; strtoll(at, &end, 10), ++n)
        at = end;
    put_int(&t, 1, n);
    put_int(&t, 2, INT64);
    put_list(&t, 7, list);
    put_string(&t, 8, name);
    put_message(graph, 5, &t);
}

/* Takes and frees `graph`; the caller frees the result. */
static inline stream_text model(stream_text *graph, int opset) {
    stream_text m = {0}, id = {0};
    put_int(&m, 1, 8);
    put_int(&id, 2, opset);
    put_message(&m, 8, &id);
    put_message(&m, 7, graph);
    return m;
}

/* Imports and frees `m`. The text is empty (data NULL) on failure. */
static inline stream_status import_model(stream_text *m, const char *path, messages *log,
                                         stream_text *out) {
    stream_arena *arena = stream_arena_create();
    stream_diag diag = {messages_emit, log};
    *log = (messages){.errors = 0};
    *out = (stream_text){0};
    stream_status status = stream_onnx_import(path, m->data, m->length, arena, &diag, out);
    stream_text_free(m);
    stream_arena_destroy(arena);
    return status;
}

/* The line's text occurs in `out`, which is shown if not. */
static inline void has(const stream_text *out, const char *want) {
    bool found = out->data && strstr(out->data, want);
    if (!found)
        printf("# want: %s\n%s\n", want, out->data ? out->data : "(nothing)");
    CHECK(found);
}

#endif
