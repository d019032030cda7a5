/* Growing string; see stream/support/text.h. */

#include "stream/support/text.h"
#include "stream/support/alloc.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(stream_text *text, size_t more) {
    if (text->capacity - text->length > more)
        return;
    size_t capacity = text->capacity ? text->capacity : 256;
    while (capacity - text->length <= more)
        capacity *= 2;
    text->data = stream_alloc_grown(text->data, capacity, 1);
    text->capacity = capacity;
}

void stream_text_append(stream_text *text, const char *bytes, size_t n) {
    reserve(text, n);
    memcpy(text->data + text->length, bytes, n);
    text->length += n;
    text->data[text->length] = '\0';
}

void stream_text_str(stream_text *text, const char *s) {
    stream_text_append(text, s, strlen(s));
}

void stream_text_vprint(stream_text *text, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n > 0) {
        reserve(text, (size_t)n);
        vsnprintf(text->data + text->length, (size_t)n + 1, format, again);
        text->length += (size_t)n;
    }
    va_end(again);
}

void stream_text_print(stream_text *text, const char *format, ...) {
    va_list args;
    va_start(args, format);
    stream_text_vprint(text, format, args);
    va_end(args);
}

void stream_text_scaled(stream_text *text, double value, const char *unit, int exponent) {
    static const struct {
        int exponent;
        const char *prefix;
    } prefixes[] = {{-15, "f"}, {-12, "p"}, {-9, "n"}, {-6, "u"},
                    {-3, "m"},  {0, ""},    {3, "k"},  {6, "M"}};
    size_t i = 0;
    while (prefixes[i].exponent < exponent)
        ++i;
    while (value >= 1000 && i + 1 < sizeof prefixes / sizeof *prefixes) {
        value /= 1000;
        ++i;
    }
    stream_text_print(text, "%.4g %s%s", value, prefixes[i].prefix, unit);
}

void stream_text_clear(stream_text *text) {
    text->length = 0;
    if (text->data)
        text->data[0] = '\0';
}

void stream_text_free(stream_text *text) {
    free(text->data);
    *text = (stream_text){0};
}

size_t stream_utf8_bytes(const char *text) {
    const unsigned char *s = (const unsigned char *)text;
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    if (s[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < n; ++i)
        if (s[i] < 0x80 || s[i] > 0xbf)
            return 0;
    bool overlong = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xf0 && s[1] < 0x90);
    bool surrogate = s[0] == 0xed && s[1] > 0x9f;
    return overlong || surrogate || (s[0] == 0xf4 && s[1] > 0x8f) ? 0 : n;
}

void stream_text_readable(stream_text *text, const char *s) {
    while (*s) {
        size_t n = stream_utf8_bytes(s);
        if (n > 0)
            stream_text_append(text, s, n);
        else
            stream_text_print(text, "\\x%02X", (unsigned)(unsigned char)*s);
        s += n ? n : 1;
    }
}
