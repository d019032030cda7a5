#ifndef STREAM_LIB_EXPORT_WRITE_H
#define STREAM_LIB_EXPORT_WRITE_H

#include "stream/support/text.h"

#include <stdint.h>

/* A JSON string with its quotes; bytes that are no UTF-8 become U+FFFD. Appends. */
void stream_write_string(stream_text *out, const char *s);

/* `s` as text or attribute value of HTML or XML; bytes and characters that may not stand there
 * become U+FFFD. Appends. */
void stream_write_markup(stream_text *out, const char *s);

/* The shortest decimal that reads back as `value`. Appends. */
void stream_write_real(stream_text *out, double value);

/* 12345678 -> "12,345,678". Appends. */
void stream_write_grouped(stream_text *out, int64_t value);

/* Femtojoules as picojoules, exactly: 1234567 -> "1234.567". Appends. */
void stream_write_pj(stream_text *out, int64_t fj);

/* Bits as bytes with a binary prefix: "60.50 KiB". Appends. */
void stream_write_bytes(int64_t bits, stream_text *out);

/* a / b; 0 where b is not positive. */
static inline double stream_part(int64_t a, int64_t b) {
    return b > 0 ? (double)a / (double)b : 0;
}

#endif
