/* Growing string; see stream/support/text.h. */

#include "stream/support/text.h"
#include "stream/support/alloc.h"

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

void stream_text_clear(stream_text *text) {
    text->length = 0;
    if (text->data)
        text->data[0] = '\0';
}

void stream_text_free(stream_text *text) {
    free(text->data);
    *text = (stream_text){0};
}
