/* Growing array; see stream/support/vec.h. */

#include "stream/support/vec.h"

#include "stream/support/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *stream_vec_push_n(stream_vec *vec, size_t n) {
    if (vec->capacity - vec->n < n) {
        size_t capacity = vec->capacity ? vec->capacity * 2 : 16;
        if (capacity < vec->n + n)
            capacity = vec->n + n;
        void *data = capacity > SIZE_MAX / vec->element_bytes
                         ? NULL
                         : realloc(vec->data, capacity * vec->element_bytes);
        if (!data) {
            fputs("stream: out of memory\n", stderr);
            abort();
        }
        vec->data = data;
        vec->capacity = capacity;
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
    free(vec->data);
    *vec = (stream_vec){.element_bytes = vec->element_bytes};
}

void *stream_vec_freeze(stream_vec *vec, stream_arena *arena) {
    void *frozen = stream_arena_alloc(arena, vec->n, vec->element_bytes);
    if (vec->n)
        memcpy(frozen, vec->data, vec->n * vec->element_bytes);
    stream_vec_free(vec);
    return frozen;
}
