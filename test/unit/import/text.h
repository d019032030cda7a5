/* Inputs that are one change away from a good one, and the message that each must bring. */
#ifndef IMPORT_TEXT_H
#define IMPORT_TEXT_H

#include "stream/support/diag.h"
#include "stream/support/text.h"

#include "test.h"

#include <string.h>

typedef struct {
    char text[1024];
    stream_loc loc;
    int errors, warnings;
} messages;

typedef struct {
    const char *from, *to; /* the first `from` becomes `to` */
    const char *want;      /* part of the message */
    unsigned line;         /* 0: do not care */
} change;

static inline void messages_emit(void *user, stream_severity severity, stream_loc loc,
                                 const char *text) {
    messages *m = user;
    m->errors += severity == STREAM_ERROR;
    m->warnings += severity == STREAM_WARNING;
    m->loc = loc;
    snprintf(m->text, sizeof m->text, "%s", text);
}

/* The changed text; the caller frees it. */
static inline stream_text changed(const char *good, const change *c) {
    stream_text out = {0};
    const char *at = strstr(good, c->from);
    CHECK(at != NULL);
    if (at) {
        stream_text_append(&out, good, (size_t)(at - good));
        stream_text_print(&out, "%s%s", c->to, at + strlen(c->from));
    }
    return out;
}

/* One error, located, that says what it must. */
static inline void check_message(const messages *m, const change *c, stream_status status) {
    bool right = status == STREAM_INVALID || status == STREAM_LIMIT;
    right &= m->errors == 1 && strstr(m->text, c->want) && m->loc.file && m->loc.line > 0 &&
             (!c->line || m->loc.line == c->line);
    if (!right)
        printf("# '%s' -> '%s': status %d, %d errors, line %u, %s\n", c->from, c->to, (int)status,
               m->errors, m->loc.line, m->text);
    CHECK(right);
}

#endif
