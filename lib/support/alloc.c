/* Memory or the end; see stream/support/alloc.h. */

#include "stream/support/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

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
