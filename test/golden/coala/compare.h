#ifndef GOLDEN_COALA_COMPARE_H
#define GOLDEN_COALA_COMPARE_H

#include "dump.h"

typedef struct {
    const dump *d;
    const stream_coala_v0_schedule *s;
    int64_t most;       /* mismatches to print */
    int64_t equal, all; /* figures */
} comparison;

/* Compares all that the dump holds of a schedule, and counts what one of the two does not hold. */
void compare(comparison *c);

#endif
