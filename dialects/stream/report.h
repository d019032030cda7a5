#ifndef STREAM_DIALECT_REPORT_H
#define STREAM_DIALECT_REPORT_H

#include "stream/support/status.h"
#include "verify.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>

/* How verifiers speak and read. Attributes have the kinds that ODS demands when a verifier runs; an
 * optional one may be null. */

/* Reports "'<op name>' op <text>" at `op`. Returns false, so that refusing reads as one line. */
STREAM_PRINTF(2, 3) bool stream_refuse(MlirOperation op, const char *format, ...);
/* Leaves the text in `out` and returns false. */
STREAM_PRINTF(2, 3) bool stream_refuse_attr(stream_message *out, const char *format, ...);

/* For "%.*s". */
#define STREAM_SV(s) (int)(s).length, (s).data

MlirAttribute stream_get(MlirOperation op, const char *name); /* null if absent */
bool stream_present(MlirOperation op, const char *name);
int64_t stream_int(MlirOperation op, const char *name); /* 0 if absent */
MlirStringRef stream_string(MlirOperation op,
                            const char *name); /* string or flat symbol; else empty */
bool stream_is(MlirOperation op, const char *name);
bool stream_same(MlirStringRef s, const char *text);

/* ints of array<i64: ...>, elements of [...]; 0 of null. */
intptr_t stream_n_ints(MlirAttribute attr);
intptr_t stream_n_elements(MlirAttribute attr);

/* Index of the first key that equals an earlier one, or -1. Attributes, and strings that belong to
 * them, exist once in a context, so their addresses are their identity. n log n. */
intptr_t stream_first_repeat(const void *const *keys, intptr_t n);

/* Two elements of an array attribute are equal: reports and returns false. `what` names one. */
bool stream_verify_unique(MlirOperation op, MlirAttribute array, const char *what);
/* An optional float attribute is finite and not negative. */
bool stream_verify_amount(MlirOperation op, const char *name);
/* An optional integer attribute is at least `least`. */
bool stream_verify_least(MlirOperation op, const char *name, int64_t least);

/* ---- verify_streaming.c */

/* `streaming` of a CT, which may be missing. */
bool stream_verify_streaming(MlirOperation op, bool scheduled);
/* Calls `look` with each list of links in it (or null) until it returns false; true: it never did.
 */
bool stream_each_streamed_link(MlirOperation op,
                               bool (*look)(MlirOperation op, MlirAttribute over, const void *user),
                               const void *user);

#endif
