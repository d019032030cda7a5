#ifndef STREAM_SUPPORT_ALLOC_H
#define STREAM_SUPPORT_ALLOC_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Arrays of at least so many bytes begin on a line of the cache: a record of 64 bytes is one line,
 * not parts of two. */
enum {
    STREAM_LINE_BYTES = 64,
    STREAM_LINES_LEAST = 1 << 10
};

/* Memory of the C library that is there, or the program ends with a message. Owner frees. No number
 * of elements is too small: there is room for one at least. */
void *stream_alloc_zeroed(size_t n, size_t element_bytes);
/* `p` (NULL: nothing) with room for n elements. */
void *stream_alloc_grown(void *p, size_t n, size_t element_bytes);
/* The first `used_bytes` of `p` (NULL: nothing), in an allocation that begins on a line of the
 * cache; `p` is freed. */
void *stream_alloc_grown_lines(void *p, size_t used_bytes, size_t bytes);
/* `p`, which an allocation gave. */
void *stream_alloc_must(void *p);

#ifdef __cplusplus
}
#endif

#endif
