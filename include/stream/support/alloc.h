#ifndef STREAM_SUPPORT_ALLOC_H
#define STREAM_SUPPORT_ALLOC_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Memory of the C library that is there, or the program ends with a message. Owner frees. No number
 * of elements is too small: there is room for one at least. */
void *stream_alloc_zeroed(size_t n, size_t element_bytes);
/* `p` (NULL: nothing) with room for n elements. */
void *stream_alloc_grown(void *p, size_t n, size_t element_bytes);
/* `p`, which an allocation gave. */
void *stream_alloc_must(void *p);

#ifdef __cplusplus
}
#endif

#endif
