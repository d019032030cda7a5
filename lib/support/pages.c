/* Large arrays; see stream/support/pages.h. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* mremap */
#endif

#include "stream/support/pages.h"
#include "stream/support/alloc.h"

#include <stdlib.h>
#include <string.h>

#ifdef __linux__
#include <sys/mman.h>

static void *mapped(void *pages, size_t bytes) {
    if (pages == MAP_FAILED)
        return stream_alloc_must(NULL);
    madvise(pages, bytes, MADV_HUGEPAGE); /* a wish */
    return pages;
}

void *stream_pages_alloc(size_t bytes) {
    return mapped(mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
                  bytes);
}

void *stream_pages_grow(void *pages, size_t old_bytes, size_t bytes) {
    return mapped(mremap(pages, old_bytes, bytes, MREMAP_MAYMOVE), bytes);
}

void *stream_pages_trim(void *pages, size_t old_bytes, size_t bytes) {
    return mapped(mremap(pages, old_bytes, bytes, MREMAP_MAYMOVE), bytes);
}

void stream_pages_free(void *pages, size_t bytes) {
    if (pages)
        munmap(pages, bytes);
}
#else
void *stream_pages_alloc(size_t bytes) {
    return stream_alloc_must(calloc(1, bytes));
}

void *stream_pages_grow(void *pages, size_t old_bytes, size_t bytes) {
    unsigned char *grown = stream_alloc_must(realloc(pages, bytes));
    memset(grown + old_bytes, 0, bytes - old_bytes);
    return grown;
}

void *stream_pages_trim(void *pages, size_t old_bytes, size_t bytes) {
    (void)old_bytes;
    return stream_alloc_must(realloc(pages, bytes));
}

void stream_pages_free(void *pages, size_t bytes) {
    (void)bytes;
    free(pages);
}
#endif
