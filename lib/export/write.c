/* Numbers and strings as exporters write them. */

#include "write.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

void stream_write_string(stream_text *out, const char *s) {
    stream_text_str(out, "\"");
    while (*s) {
        unsigned char c = (unsigned char)*s;
        size_t n = stream_utf8_bytes(s);
        if (n == 0)
            stream_text_str(out, "\\ufffd");
        else if (c == '"' || c == '\\')
            stream_text_print(out, "\\%c", c);
        else if (c < 0x20)
            stream_text_print(out, "\\u%04x", c);
        else
            stream_text_append(out, s, n);
        s += n ? n : 1;
    }
    stream_text_str(out, "\"");
}

/* U+FFFE and U+FFFF, which XML does not have. */
static bool is_noncharacter(const unsigned char *s, size_t n) {
    return n == 3 && s[0] == 0xef && s[1] == 0xbf && s[2] >= 0xbe;
}

void stream_write_markup(stream_text *out, const char *s) {
    while (*s) {
        unsigned char c = (unsigned char)*s;
        size_t n = stream_utf8_bytes(s);
        bool control = (c < 0x20 && c != '\t' && c != '\n') || c == 0x7f;
        if (n == 0 || control || is_noncharacter((const unsigned char *)s, n))
            stream_text_str(out, "\xef\xbf\xbd");
        else if (c == '<' || c == '>' || c == '&' || c == '"' || c == '\'')
            stream_text_print(out, "&#%d;", c);
        else
            stream_text_append(out, s, n);
        s += n ? n : 1;
    }
}

void stream_write_real(stream_text *out, double value) {
    char text[40];
    for (int digits = 15; digits <= 17; ++digits) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    stream_text_str(out, text);
}

void stream_write_grouped(stream_text *out, int64_t value) {
    char digits[32];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)value);
    for (int i = 0; i < n; ++i) {
        stream_text_append(out, &digits[i], 1);
        int left = n - i - 1;
        if (left > 0 && left % 3 == 0 && digits[i] != '-')
            stream_text_str(out, ",");
    }
}

void stream_write_bytes(int64_t bits, stream_text *out) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = (double)bits / 8;
    int i = 0;
    for (; value >= 1024 && i < 4; ++i)
        value /= 1024;
    stream_text_print(out, value == (double)(int64_t)value ? "%.0f %s" : "%.2f %s", value,
                      units[i]);
}

void stream_write_pj(stream_text *out, int64_t fj) {
    uint64_t size = fj < 0 ? -(uint64_t)fj : (uint64_t)fj;
    stream_text_print(out, "%s%llu.%03llu", fj < 0 ? "-" : "", (unsigned long long)(size / 1000),
                      (unsigned long long)(size % 1000));
}
