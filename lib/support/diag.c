/* Diagnostics; see stream/support/diag.h and status.h. */

#include "stream/support/diag.h"

#include "stream/support/text.h"

#include <stdarg.h>
#include <stdio.h>

/* Of a message: names may be of any length. */
#define MOST_BYTES 4096

const char *stream_status_str(stream_status s) {
    switch (s) {
#define X(name, text)                                                                              \
    case STREAM_##name:                                                                            \
        return text;
        STREAM_STATUS_MAP(X)
#undef X
    }
    return "unknown status";
}

static void emit(const stream_diag *diag, stream_severity severity, stream_loc loc,
                 const char *format, va_list args) {
    char text[MOST_BYTES];
    stream_text readable = {0};
    vsnprintf(text, sizeof text, format, args);
    if (!diag || !diag->emit)
        return;
    stream_text_readable(&readable, text);
    diag->emit(diag->user, severity, loc, readable.data ? readable.data : "");
    stream_text_free(&readable);
}

stream_status stream_error(const stream_diag *diag, stream_status status, stream_loc loc,
                           const char *format, ...) {
    va_list args;
    va_start(args, format);
    emit(diag, STREAM_ERROR, loc, format, args);
    va_end(args);
    return status;
}

void stream_warn(const stream_diag *diag, stream_loc loc, const char *format, ...) {
    va_list args;
    va_start(args, format);
    emit(diag, STREAM_WARNING, loc, format, args);
    va_end(args);
}

void stream_remark(const stream_diag *diag, stream_loc loc, const char *format, ...) {
    va_list args;
    va_start(args, format);
    emit(diag, STREAM_NOTE, loc, format, args);
    va_end(args);
}
