#ifndef STREAM_LIB_EXPORT_WORDS_H
#define STREAM_LIB_EXPORT_WORDS_H

#include "report.h"

/* Parts of stream_report_words. All append. */

/* A fraction: "12.3 %" */
void stream_words_percent(double fraction, stream_text *out);

/* Ends a sentence, by a byte that no name has in it. */
static inline void stream_words_end(stream_text *out) {
    stream_text_append(out, "", 1);
}

/* What is read and written off-chip, what of it again, and what of it is no result, and why. */
void stream_words_traffic(const stream_report *r, stream_text *out);

/* What CTs read and write off-chip themselves (rule R9). Nothing if none does. */
void stream_words_streams(const stream_report *r, stream_text *out);

#endif
