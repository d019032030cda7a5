/* One reference row, every figure of it. */
#ifndef GOLDEN_RECORDED_H
#define GOLDEN_RECORDED_H

#include "compare.h"

/* Evaluates the recorded mapping and repeats the search, and prints each mismatch; or, with
 * `exact`, compares the exact mode with the winner. False: they differ, or the row cannot be read.
 */
bool golden_check_row(const char *path, const char *inputs, golden_comparison *exact);

#endif
