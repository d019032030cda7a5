#ifndef STREAM_SUPPORT_PAGES_H
#define STREAM_SUPPORT_PAGES_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Memory for large arrays, straight from the system, in huge pages where there are any: touching a
 * million records for the first time costs more in page faults than in work. Zeroed. Running out of
 * memory aborts. */
enum {
    STREAM_PAGES_LEAST = 4 << 20 /* bytes from which an array is worth it */
};

void *stream_pages_alloc(size_t bytes);
/* The first `old_bytes` stay, the rest is zeroed. */
void *stream_pages_grow(void *pages, size_t old_bytes, size_t bytes);
/* Gives back what lies behind the first `bytes` > 0. */
void *stream_pages_trim(void *pages, size_t old_bytes, size_t bytes);
void stream_pages_free(void *pages, size_t bytes); /* NULL is fine */

#ifdef __cplusplus
}
#endif

#endif
