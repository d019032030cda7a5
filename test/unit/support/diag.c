// RUN: unit-support-diag
/* Messages are UTF-8, whatever the names in them are. */

#include "stream/support/diag.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static char said[8192];

static void emit(void *user, stream_severity severity, stream_loc loc, const char *text) {
    (void)user;
    (void)severity;
    (void)loc;
    snprintf(said, sizeof said, "%s", text);
}

int main(void) {
    const stream_diag diag = {emit, NULL};
    static char name[6000];
    stream_warn(&diag, (stream_loc){0}, "'caf\xe9' and '%s'", "caf\xc3\xa9");
    CHECK(!strcmp(said, "'caf\\xE9' and 'caf\xc3\xa9'"));
    memset(name, 'a', sizeof name - 1);
    CHECK_EQ(stream_error(&diag, STREAM_INVALID, (stream_loc){0}, "'%s'", name), STREAM_INVALID);
    CHECK_EQ(strlen(said), 4095);
    stream_remark(&diag, (stream_loc){0}, "%s", "");
    CHECK_EQ(strlen(said), 0);
    return test_done();
}
