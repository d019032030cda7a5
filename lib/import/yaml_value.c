/* Values of a YAML tree, with messages; see yaml.h. */

#include "yaml.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const kind_names[] = {"a value", "a list", "a dictionary"};

bool stream_yaml_is_null(const stream_yaml *node) {
    return node->kind == STREAM_YAML_SCALAR && node->plain &&
           (!*node->text || !strcmp(node->text, "~") || !strcasecmp(node->text, "null"));
}

const stream_yaml *stream_yaml_find(const stream_yaml *map, const char *key) {
    for (int32_t i = 0; map->kind == STREAM_YAML_MAP && i < map->n; ++i)
        if (strcmp(map->keys[i]->text, key) == 0)
            return stream_yaml_is_null(map->items[i]) ? NULL : map->items[i];
    return NULL;
}

stream_status stream_yaml_need(const stream_yaml *map, const char *key, const char *what,
                               const stream_diag *diag, const stream_yaml **out) {
    *out = stream_yaml_find(map, key);
    if (*out)
        return STREAM_OK;
    return stream_error(diag, STREAM_INVALID, map->loc, "%s has no '%s'", what, key);
}

stream_status stream_yaml_expect(const stream_yaml *node, stream_yaml_kind kind, const char *what,
                                 const stream_diag *diag) {
    if (node->kind == kind)
        return STREAM_OK;
    return stream_error(diag, STREAM_INVALID, node->loc, "%s must be %s, not %s", what,
                        kind_names[kind], kind_names[node->kind]);
}

static bool is_known(const char *key, const char *const *known) {
    for (; *known; ++known)
        if (strcmp(key, *known) == 0)
            return true;
    return false;
}

stream_status stream_yaml_keys(const stream_yaml *node, const char *const *known, const char *what,
                               const stream_diag *diag) {
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_MAP, what, diag));
    for (int32_t i = 0; i < node->n; ++i) {
        if (is_known(node->keys[i]->text, known))
            continue;
        stream_text list = {0};
        for (const char *const *k = known; *k; ++k)
            stream_text_print(&list, "%s%s", k == known ? "" : ", ", *k);
        stream_status status =
            stream_error(diag, STREAM_INVALID, node->keys[i]->loc,
                         "unknown key '%s' in %s; known: %s", node->keys[i]->text, what, list.data);
        stream_text_free(&list);
        return status;
    }
    return STREAM_OK;
}

/* Copies `text` without the underscores between digits; false if that makes no short number. */
static bool strip(const char *text, char *out, size_t room) {
    size_t n = 0;
    for (const char *c = text; *c; ++c) {
        if (*c == '_' && c > text && isdigit((unsigned char)c[-1]) && isdigit((unsigned char)c[1]))
            continue;
        if (!strchr("+-.0123456789eE", *c) || n + 1 >= room)
            return false;
        out[n++] = *c;
    }
    out[n] = '\0';
    return n > 0;
}

/* YAML 1.1 reads 010 as eight, YAML 1.2 as ten: what the writer meant is not clear. */
static bool is_octal(const char *digits) {
    digits += *digits == '+' || *digits == '-';
    return digits[0] == '0' && digits[1] && !strpbrk(digits, ".eE");
}

static bool parse_integer(const char *text, int64_t *out) {
    char digits[32], *end;
    if (!strip(text, digits, sizeof digits) || strpbrk(digits, ".eE"))
        return false;
    const char *first = digits + (*digits == '+' || *digits == '-');
    if (!isdigit((unsigned char)*first) || is_octal(digits))
        return false;
    errno = 0;
    *out = strtoll(digits, &end, 10);
    return !*end && errno == 0;
}

static bool parse_number(const char *text, double *out) {
    char digits[64], *end;
    if (!strip(text, digits, sizeof digits) || is_octal(digits))
        return false;
    *out = strtod(digits, &end);
    return end != digits && !*end && isfinite(*out);
}

static bool parse_flag(const char *text, bool *out) {
    *out = !strcasecmp(text, "true") || !strcasecmp(text, "yes") || !strcasecmp(text, "on");
    return *out || !strcasecmp(text, "false") || !strcasecmp(text, "no") ||
           !strcasecmp(text, "off");
}

/* "`what` must be `kind`, not ...", and why it is not. */
static stream_status no_number(const stream_yaml *node, const char *what, const char *kind,
                               const stream_diag *diag) {
    char digits[64];
    double value;
    bool number = strip(node->text, digits, sizeof digits);
    const char *why = "";
    if (number && is_octal(digits))
        why = ": the 0 in front makes it octal for some readers of YAML, and not for others";
    else if (!node->plain && parse_number(node->text, &value))
        why = ": quotes make it a text; write it without";
    return stream_error(diag, STREAM_INVALID, node->loc, "%s must be %s, not %s%s%s%s", what, kind,
                        node->plain ? "'" : "\"", node->text, node->plain ? "'" : "\"", why);
}

/* Digits alone, so that a number that is not read is too large. */
static bool is_whole(const char *text) {
    text += *text == '+' || *text == '-';
    return isdigit((unsigned char)*text) && !is_octal(text) && !text[strspn(text, "0123456789_")];
}

stream_status stream_yaml_integer(const stream_yaml *node, const char *what, int64_t min,
                                  int64_t max, const stream_diag *diag, int64_t *out) {
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_SCALAR, what, diag));
    bool read = node->plain && parse_integer(node->text, out);
    if (!read && node->plain && is_whole(node->text))
        return stream_error(diag, STREAM_INVALID, node->loc,
                            "%s is %s; it must be %" PRId64 " to %" PRId64, what, node->text, min,
                            max);
    if (!read)
        return no_number(node, what, "a whole number", diag);
    if (*out < min || *out > max)
        return stream_error(diag, STREAM_INVALID, node->loc,
                            "%s is %" PRId64 "; it must be %" PRId64 " to %" PRId64, what, *out,
                            min, max);
    return STREAM_OK;
}

stream_status stream_yaml_number(const stream_yaml *node, const char *what, double min, double max,
                                 const stream_diag *diag, double *out) {
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_SCALAR, what, diag));
    if (!node->plain || !parse_number(node->text, out))
        return no_number(node, what, "a finite number", diag);
    if (*out < min)
        return stream_error(diag, STREAM_INVALID, node->loc, "%s is %.60s; it must be at least %g",
                            what, node->text, min);
    if (*out > max)
        return stream_error(diag, STREAM_INVALID, node->loc,
                            "%s is %.60s; it must be at most %.12g", what, node->text, max);
    return STREAM_OK;
}

stream_status stream_yaml_flag(const stream_yaml *node, const char *what, const stream_diag *diag,
                               bool *out) {
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_SCALAR, what, diag));
    if (node->plain && parse_flag(node->text, out))
        return STREAM_OK;
    return stream_error(diag, STREAM_INVALID, node->loc, "%s must be true or false, not '%s'", what,
                        node->text);
}

stream_status stream_yaml_string(const stream_yaml *node, const char *what, const stream_diag *diag,
                                 const char **out) {
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_SCALAR, what, diag));
    if (!*node->text || stream_yaml_is_null(node))
        return stream_error(diag, STREAM_INVALID, node->loc, "%s is empty", what);
    *out = node->text;
    return STREAM_OK;
}

static void quoted(const char *text, stream_text *out) {
    stream_text_str(out, "\"");
    for (const unsigned char *c = (const unsigned char *)text; *c; ++c)
        if (*c < 0x20 || *c >= 0x7f || *c == '"' || *c == '\\')
            stream_text_print(out, "\\%02X", *c);
        else
            stream_text_append(out, (const char *)c, 1);
    stream_text_str(out, "\"");
}

/* MLIR wants a point in every float. */
static void put_number(double value, stream_text *out) {
    char text[40];
    snprintf(text, sizeof text, "%.17g", value);
    size_t mantissa = strcspn(text, "e");
    stream_text_append(out, text, mantissa);
    if (!memchr(text, '.', mantissa))
        stream_text_str(out, ".0");
    stream_text_print(out, "%s : f64", text + mantissa);
}

static void scalar_attr(const stream_yaml *node, stream_text *out) {
    int64_t integer;
    double number;
    bool flag;
    if (stream_yaml_is_null(node))
        stream_text_str(out, "unit");
    else if (node->plain && parse_integer(node->text, &integer))
        stream_text_print(out, "%" PRId64 " : i64", integer);
    else if (node->plain && parse_number(node->text, &number))
        put_number(number, out);
    else if (node->plain && parse_flag(node->text, &flag))
        stream_text_str(out, flag ? "true" : "false");
    else
        quoted(node->text, out);
}

static bool is_identifier(const char *text) {
    if (!isalpha((unsigned char)*text) && *text != '_')
        return false;
    for (; *text; ++text)
        if (!isalnum((unsigned char)*text) && *text != '_')
            return false;
    return true;
}

static void entry(const stream_yaml *key, const stream_yaml *value, stream_text *out) {
    if (is_identifier(key->text))
        stream_text_str(out, key->text);
    else
        quoted(key->text, out);
    stream_text_str(out, " = ");
    stream_yaml_attr(value, out);
}

void stream_yaml_attr(const stream_yaml *node, stream_text *out) {
    if (node->kind == STREAM_YAML_SCALAR) {
        scalar_attr(node, out);
        return;
    }
    bool is_map = node->kind == STREAM_YAML_MAP;
    stream_text_str(out, is_map ? "{" : "[");
    for (int32_t i = 0; i < node->n; ++i) {
        stream_text_str(out, i ? ", " : "");
        if (is_map)
            entry(node->keys[i], node->items[i], out);
        else
            stream_yaml_attr(node->items[i], out);
    }
    stream_text_str(out, is_map ? "}" : "]");
}

void stream_yaml_entries(const stream_yaml *map, const char *const *keys, stream_text *out) {
    for (int32_t i = 0; i < map->n; ++i)
        if (is_known(map->keys[i]->text, keys) && !stream_yaml_is_null(map->items[i])) {
            stream_text_str(out, out->length ? ", " : "");
            entry(map->keys[i], map->items[i], out);
        }
}

const char *stream_yaml_dictionary(stream_text *entries, stream_arena *arena) {
    char *out = NULL;
    if (entries->length) {
        out = STREAM_NEW(arena, char, entries->length + 3);
        out[0] = '{';
        memcpy(out + 1, entries->data, entries->length);
        out[entries->length + 1] = '}';
    }
    stream_text_free(entries);
    return out;
}
