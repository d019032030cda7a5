/* Growing array; see stream/support/vec.h. */

#include "stream/support/vec.h"
#include "stream/support/alloc.h"

#include "stream/support/arena.h"
#include "stream/support/pages.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool in_pages(size_t bytes) {
    return bytes >= STREAM_PAGES_LEAST;
}

static void *resize(void *data, size_t old_bytes, size_t bytes) {
    if (in_pages(old_bytes))
        return stream_pages_grow(data, old_bytes, bytes);
    if (bytes < STREAM_LINES_LEAST)
        return stream_alloc_grown(data, bytes, 1);
    if (!in_pages(bytes))
        return stream_alloc_grown_lines(data, old_bytes, bytes);
    void *pages = stream_pages_alloc(bytes);
    if (old_bytes)
        memcpy(pages, data, old_bytes);
    free(data);
    return pages;
}

void stream_vec_reserve(stream_vec *vec, size_t n) {
    if (n <= vec->capacity)
        return;
    if (n > SIZE_MAX / 2 / vec->element_bytes)
        stream_alloc_must(NULL);
    vec->data = resize(vec->data, vec->capacity * vec->element_bytes, n * vec->element_bytes);
    vec->capacity = n;
}

void *stream_vec_push_n(stream_vec *vec, size_t n) {
    if (vec->capacity - vec->n < n) {
        size_t twice = vec->capacity ? vec->capacity * 2 : 16;
        stream_vec_reserve(vec, twice < vec->n + n ? vec->n + n : twice);
    }
    char *first = (char *)vec->data + vec->n * vec->element_bytes;
    memset(first, 0, n * vec->element_bytes);
    vec->n += n;
    return first;
}

void *stream_vec_push(stream_vec *vec) {
    return stream_vec_push_n(vec, 1);
}

void stream_vec_free(stream_vec *vec) {
    size_t bytes = vec->capacity * vec->element_bytes;
    if (in_pages(bytes))
        stream_pages_free(vec->data, bytes);
    else
        free(vec->data);
    *vec = (stream_vec){.element_bytes = vec->element_bytes};
}

void *stream_vec_freeze(stream_vec *vec, stream_arena *arena) {
    size_t bytes = vec->capacity * vec->element_bytes, used = vec->n * vec->element_bytes;
    void *frozen = vec->data;
    if (in_pages(bytes) && used >= bytes / 2) {
        frozen = stream_pages_trim(frozen, bytes, used);
        stream_arena_adopt(arena, frozen, used);
        *vec = (stream_vec){.element_bytes = vec->element_bytes};
        return frozen;
    }
    frozen = stream_arena_alloc(arena, vec->n, vec->element_bytes);
    if (vec->n)
        memcpy(frozen, vec->data, used);
    stream_vec_free(vec);
    return frozen;
}
