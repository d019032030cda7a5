#ifndef STREAM_SUPPORT_TEXT_H
#define STREAM_SUPPORT_TEXT_H

#include "stream/support/status.h"

#include <stdarg.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A growing, NUL-terminated string. {0} is an empty one; `data` is NULL until the first append.
 * Running out of memory aborts. Owner calls stream_text_free. */
typedef struct {
    char *data;
    size_t length, capacity;
} stream_text;

void stream_text_append(stream_text *text, const char *bytes, size_t n);
void stream_text_str(stream_text *text, const char *s);
STREAM_PRINTF(2, 3) void stream_text_print(stream_text *text, const char *format, ...);
void stream_text_vprint(stream_text *text, const char *format, va_list args);
/* `value` of a unit with a prefix: 1234567 pJ -> "1.235 uJ" from a base exponent of -12. */
void stream_text_scaled(stream_text *text, double value, const char *unit, int exponent);
/* Bytes that are no UTF-8 become \xNN. */
void stream_text_readable(stream_text *text, const char *s);
void stream_text_clear(stream_text *text); /* empties, keeps the memory */
void stream_text_free(stream_text *text);

/* Bytes of the UTF-8 character at `s`; 0: there is none (names may be any bytes). */
size_t stream_utf8_bytes(const char *s);

#ifdef __cplusplus
}
#endif

#endif
