#ifndef GOLDEN_COALA_COMPARE_PARTS_H
#define GOLDEN_COALA_COMPARE_PARTS_H

#include "compare.h"

#include "stream/support/diag.h"

/* What the files of the comparison share. */

/* Counts one figure; the text is printed, if it differs, after the name of the file. */
STREAM_PRINTF(3, 4)
void compare_count(comparison *c, bool same, const char *format, ...);

/* Widths of links, and all their uses. */
void compare_links(comparison *c);

#endif
