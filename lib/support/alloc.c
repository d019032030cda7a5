/* Memory or the end; see stream/support/alloc.h. */

#include "stream/support/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *stream_alloc_must(void *p) {
    if (!p) {
        fputs("stream: out of memory\n", stderr);
        abort();
    }
    return p;
}

void *stream_alloc_zeroed(size_t n, size_t element_bytes) {
    return stream_alloc_must(calloc(n > 0 ? n : 1, element_bytes));
}

void *stream_alloc_grown(void *p, size_t n, size_t element_bytes) {
    n = n > 0 ? n : 1;
    return stream_alloc_must(n > SIZE_MAX / element_bytes ? NULL : realloc(p, n * element_bytes));
}

void *stream_alloc_grown_lines(void *p, size_t used_bytes, size_t bytes) {
    size_t lines = (bytes + STREAM_LINE_BYTES - 1) / STREAM_LINE_BYTES;
    void *grown = stream_alloc_must(aligned_alloc(STREAM_LINE_BYTES, lines * STREAM_LINE_BYTES));
    if (used_bytes)
        memcpy(grown, p, used_bytes);
    free(p);
    return grown;
}
