/* Diagnostics; see stream/support/diag.h and status.h. */

#include "stream/support/diag.h"

#include <stdarg.h>
#include <stdio.h>

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

stream_status stream_error(const stream_diag *diag, stream_status status, stream_loc loc,
                           const char *format, ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (diag && diag->emit)
        diag->emit(diag->user, STREAM_ERROR, loc, text);
    return status;
}

void stream_warn(const stream_diag *diag, stream_loc loc, const char *format, ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (diag && diag->emit)
        diag->emit(diag->user, STREAM_WARNING, loc, text);
}
