/* JSON; see json.h. */

#include "json.h"

#include "whole_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_DEPTH = 64
};

/* 2^53: doubles up to it are exact whole numbers. */
#define MOST_WHOLE 9007199254740992.0

typedef struct {
    char *at; /* strings end in place */
    const char *begin;
    stream_arena *arena;
    const char *error;
} reader;

static void skip_space(reader *r) {
    r->at += strspn(r->at, " \t\r\n");
}

static bool fail(reader *r, const char *error) {
    if (!r->error)
        r->error = error;
    return false;
}

static bool accept(reader *r, const char *word) {
    size_t n = strlen(word);
    if (strncmp(r->at, word, n) != 0)
        return false;
    r->at += n;
    return true;
}

static int32_t hex4(const char *s) {
    char digits[5] = {0};
    strncpy(digits, s, 4);
    return strspn(digits, "0123456789abcdefABCDEF") == 4 ? (int32_t)strtol(digits, NULL, 16) : -1;
}

static char *put_utf8(char *to, int32_t code) {
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
        *to++ = (char)(0x80 | (code & 0x3f));
    } else {
        *to++ = (char)(0xe0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    }
    return to;
}

/* The escape after a backslash; each is at least as long as what it stands for. */
static bool read_escape(reader *r, char **to) {
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    const char *known = *r->at ? strchr(from, *r->at) : NULL;
    if (known) {
        *(*to)++ = into[known - from];
        ++r->at;
        return true;
    }
    int32_t code = *r->at == 'u' ? hex4(r->at + 1) : -1;
    if (code < 0)
        return fail(r, "bad escape in a string");
    *to = put_utf8(*to, code);
    r->at += 5;
    return true;
}

static bool read_string(reader *r, const char **out) {
    char *to = ++r->at;
    *out = to;
    for (;;) {
        size_t n = strcspn(r->at, "\"\\");
        memmove(to, r->at, n);
        to += n;
        r->at += n;
        if (*r->at == '"')
            break;
        if (!*r->at)
            return fail(r, "a string does not end");
        ++r->at;
        if (!read_escape(r, &to))
            return false;
    }
    ++r->at;
    *to = 0;
    return true;
}

/* Whole numbers of up to 15 digits without strtod. */
static bool read_number(reader *r, double *out) {
    char *s = r->at;
    int64_t value = 0;
    bool negative = *s == '-';
    s += negative;
    char *digits = s;
    while (*s >= '0' && *s <= '9' && s - digits < 16)
        value = 10 * value + (*s++ - '0');
    if (s > digits && s - digits < 16 && !strchr(".eE0123456789", *s ? *s : ' ')) {
        *out = negative ? -(double)value : (double)value;
        r->at = s;
        return true;
    }
    *out = strtod(r->at, &s);
    if (s == r->at)
        return fail(r, "neither a value nor a number");
    r->at = s;
    return true;
}

static bool read_value(reader *r, json *out, int depth);

static bool read_items(reader *r, json *out, char close, int depth) {
    json **end = &out->first;
    ++r->at;
    skip_space(r);
    while (*r->at != close) {
        json *item = STREAM_NEW(r->arena, json, 1);
        if (close == '}') {
            if (*r->at != '"')
                return fail(r, "a member without a name");
            if (!read_string(r, &item->key))
                return false;
            if (json_member(out, item->key))
                return fail(r, "a member comes twice");
            skip_space(r);
            if (*r->at != ':')
                return fail(r, "no colon after the name of a member");
            ++r->at;
        }
        if (!read_value(r, item, depth + 1))
            return false;
        *end = item;
        end = &item->next;
        ++out->n;
        skip_space(r);
        if (*r->at == ',') {
            ++r->at;
            skip_space(r);
        } else if (*r->at != close) {
            return fail(r, "neither a comma nor an end after an item");
        }
    }
    ++r->at;
    return true;
}

static bool read_value(reader *r, json *out, int depth) {
    if (depth > MAX_DEPTH)
        return fail(r, "nested too deeply");
    skip_space(r);
    if (*r->at == '{' || *r->at == '[') {
        out->kind = *r->at == '{' ? JSON_OBJECT : JSON_ARRAY;
        return read_items(r, out, *r->at == '{' ? '}' : ']', depth);
    }
    if (*r->at == '"') {
        out->kind = JSON_STRING;
        return read_string(r, &out->text);
    }
    if (accept(r, "null"))
        return true;
    out->number = *r->at == 't';
    out->kind = JSON_BOOL;
    if (accept(r, "true") || accept(r, "false"))
        return true;
    out->kind = JSON_NUMBER;
    return read_number(r, &out->number);
}

json *json_read(const char *path, stream_arena *arena) {
    char *data = read_whole_file(path, arena);
    if (!data) {
        fprintf(stderr, "%s: cannot be read, or is compressed and damaged\n", path);
        return NULL;
    }
    reader r = {.at = data, .begin = data, .arena = arena};
    json *root = STREAM_NEW(arena, json, 1);
    bool ok = read_value(&r, root, 0);
    skip_space(&r);
    if (ok && *r.at)
        ok = fail(&r, "something after the value");
    if (!ok)
        fprintf(stderr, "%s: byte %td: %s\n", path, r.at - r.begin, r.error);
    return ok ? root : NULL;
}

json *json_member(const json *object, const char *key) {
    if (!object || object->kind != JSON_OBJECT)
        return NULL;
    json *at = object->first;
    while (at && strcmp(at->key, key) != 0)
        at = at->next;
    return at;
}

json *json_item(const json *array, int32_t i) {
    if (!array || (array->kind != JSON_ARRAY && array->kind != JSON_OBJECT))
        return NULL;
    json *at = array->first;
    while (at && i-- > 0)
        at = at->next;
    return at;
}

double json_number(const json *value, double otherwise) {
    return value && (value->kind == JSON_NUMBER || value->kind == JSON_BOOL) ? value->number
                                                                             : otherwise;
}

int64_t json_whole(const json *value, int64_t otherwise) {
    double x = json_number(value, NAN);
    return fabs(x) <= MOST_WHOLE && x == trunc(x) ? (int64_t)x : otherwise;
}

const char *json_text(const json *value, const char *otherwise) {
    return value && value->kind == JSON_STRING ? value->text : otherwise;
}
