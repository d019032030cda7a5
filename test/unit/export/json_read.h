#ifndef JSON_READ_H
#define JSON_READ_H

#include "stream/support/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A strict JSON reader: values are found by path, "cores.1.name". Anything that is not JSON (or
 * null) sets `bad`. */
enum {
    JSON_MAX_TEXT = 8192
};

typedef struct {
    const char *at, *path;
    bool bad, found;
    char text[JSON_MAX_TEXT];
    double number; /* of true and false: 1 and 0 */
    int n_values;
} json;

static inline void space(json *j) {
    while (*j->at == ' ' || *j->at == '\n' || *j->at == '\t' || *j->at == '\r')
        ++j->at;
}

static inline bool eat(json *j, char c) {
    space(j);
    if (*j->at != c)
        return false;
    ++j->at;
    return true;
}

static inline bool is_utf8_tail(const char *s, int n) {
    for (int i = 1; i <= n; ++i)
        if (((unsigned char)s[i] & 0xc0) != 0x80)
            return false;
    return true;
}

/* The characters of a string into `out` [JSON_MAX_TEXT]; only what the tests need of escapes is
 * decoded. */
static inline void read_string(json *j, char *out) {
    size_t n = 0;
    if (!eat(j, '"'))
        j->bad = true;
    while (!j->bad && *j->at != '"') {
        unsigned char c = (unsigned char)*j->at;
        int tail = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
        if (c < 0x20 || n > JSON_MAX_TEXT - 8 ||
            (c >= 0x80 && (c < 0xc2 || !is_utf8_tail(j->at, tail)))) {
            j->bad = true;
        } else if (c == '\\' && j->at[1] == 'u') {
            char digits[5] = {0};
            for (int i = 0; i < 4; ++i) {
                digits[i] = j->at[2 + i];
                j->bad |= !isxdigit((unsigned char)digits[i]);
            }
            long code = j->bad ? 0 : strtol(digits, NULL, 16);
            out[n++] = code < 0x80 ? (char)code : '?';
            j->at += 6;
        } else if (c == '\\') {
            j->bad |= !strchr("\"\\/bfnrt", j->at[1]) || !j->at[1];
            out[n++] = j->at[1];
            j->at += 2;
        } else {
            for (int i = 0; i <= tail; ++i)
                out[n++] = *j->at++;
        }
    }
    out[n] = '\0';
    j->at += !j->bad;
}

static inline void read_value(json *j, const char *path);

static inline void read_members(json *j, const char *path, char close, bool named) {
    char key[JSON_MAX_TEXT];
    if (eat(j, close))
        return;
    for (int i = 0; !j->bad; ++i) {
        snprintf(key, sizeof key, "%d", i);
        if (named) {
            read_string(j, key);
            j->bad |= !eat(j, ':');
        }
        stream_text child = {0};
        stream_text_print(&child, "%s%s%s", path, *path ? "." : "", key);
        read_value(j, child.data ? child.data : "");
        stream_text_free(&child);
        if (eat(j, close))
            return;
        j->bad |= !eat(j, ',');
    }
}

/* -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)? */
static inline double read_number(json *j) {
    const char *start = j->at;
    j->at += *j->at == '-';
    j->bad |=
        !isdigit((unsigned char)*j->at) || (*j->at == '0' && isdigit((unsigned char)j->at[1]));
    while (isdigit((unsigned char)*j->at))
        ++j->at;
    if (*j->at == '.') {
        j->bad |= !isdigit((unsigned char)*++j->at);
        while (isdigit((unsigned char)*j->at))
            ++j->at;
    }
    if (*j->at == 'e' || *j->at == 'E') {
        ++j->at;
        j->at += *j->at == '+' || *j->at == '-';
        j->bad |= !isdigit((unsigned char)*j->at);
        while (isdigit((unsigned char)*j->at))
            ++j->at;
    }
    return strtod(start, NULL);
}

static inline void read_value(json *j, const char *path) {
    char text[JSON_MAX_TEXT] = "";
    double number = 0;
    ++j->n_values;
    if (eat(j, '{'))
        read_members(j, path, '}', true);
    else if (eat(j, '['))
        read_members(j, path, ']', false);
    else if (*j->at == '"')
        read_string(j, text);
    else if (!strncmp(j->at, "true", 4) || !strncmp(j->at, "false", 5)) {
        bool yes = *j->at == 't';
        number = yes;
        j->at += yes ? 4 : 5;
    } else
        number = read_number(j);
    if (!strcmp(path, j->path)) {
        j->bad |= j->found; /* a key twice */
        j->found = true;
        memcpy(j->text, text, sizeof text);
        j->number = number;
    }
}

static inline json get(const stream_text *out, const char *path) {
    json j = {.at = out->data, .path = path};
    read_value(&j, "");
    space(&j);
    j.bad |= *j.at != '\0';
    if (j.bad || !j.found)
        printf("# '%s' is %s\n", path, j.bad ? "in bad JSON" : "absent");
    return j;
}

static inline bool has_number(const stream_text *out, const char *path, double want) {
    json j = get(out, path);
    bool right = !j.bad && j.found && j.number == want;
    if (!right)
        printf("# %s is %.17g, want %.17g\n", path, j.number, want);
    return right;
}

static inline bool has_text(const stream_text *out, const char *path, const char *want) {
    json j = get(out, path);
    return !j.bad && j.found && !strcmp(j.text, want);
}

#endif
