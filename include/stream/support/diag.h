#ifndef STREAM_SUPPORT_DIAG_H
#define STREAM_SUPPORT_DIAG_H

#include "stream/support/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    STREAM_NOTE,
    STREAM_WARNING,
    STREAM_ERROR
} stream_severity;

/* Where a message points. Importers fill file/line; passes fill `handle` with MlirLocation.ptr.
 * lib/ copies locations around and never looks inside. */
typedef struct {
    const char *file;
    unsigned line, column;
    const void *handle;
} stream_loc;

/* Receives every message, in order, as it is found. `text` is UTF-8 (what names
 * hold of other bytes is \xNN), of at most some thousand bytes, and borrowed for the call only. */
typedef struct {
    void (*emit)(void *user, stream_severity severity, stream_loc loc, const char *text);
    void *user;
} stream_diag;

/* Report and return `status`, so that detection reads as one line:
 *     return stream_error(diag, STREAM_INVALID, loc, "core %d has no memory", core);   */
STREAM_PRINTF(4, 5)
stream_status stream_error(const stream_diag *diag, stream_status status, stream_loc loc,
                           const char *format, ...);

/* Something the user should know that ends nothing. */
STREAM_PRINTF(3, 4)
void stream_warn(const stream_diag *diag, stream_loc loc, const char *format, ...);

/* Why something was decided as it was. */
STREAM_PRINTF(3, 4)
void stream_remark(const stream_diag *diag, stream_loc loc, const char *format, ...);

#ifdef __cplusplus
}
#endif

#endif
