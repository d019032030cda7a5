// RUN: unit-support-text

/* Values with a unit. */

#include "stream/support/text.h"

#include "test.h"

#include <string.h>

static void scaled(double value, int exponent, const char *expected) {
    stream_text text = {0};
    stream_text_scaled(&text, value, "J", exponent);
    if (strcmp(text.data, expected) != 0)
        printf("# %s, not %s\n", text.data, expected);
    CHECK(!strcmp(text.data, expected));
    stream_text_free(&text);
}

int main(void) {
    scaled(0, -12, "0 pJ");
    scaled(0.4, -12, "0.4 pJ");
    scaled(12, -15, "12 fJ");
    scaled(999, -12, "999 pJ");
    scaled(1000, -12, "1 nJ");
    scaled(1234567, -12, "1.235 uJ");
    scaled(2.5e9, -12, "2.5 mJ");
    scaled(7e12, -12, "7 J");
    return test_done();
}
