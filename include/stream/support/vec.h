#ifndef STREAM_SUPPORT_VEC_H
#define STREAM_SUPPORT_VEC_H

#include "stream/support/arena.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A growing array of records, for builders; freeze it with stream_vec_freeze when it is complete.
 *
 *     stream_vec cts = STREAM_VEC(stream_ct);
 *     *(stream_ct *)stream_vec_push(&cts) = (stream_ct){...};
 *
 * Pointers into it die at the next push. Running out of memory aborts. Owner calls stream_vec_free. */
typedef struct {
    void *data;
    size_t n, capacity, element_bytes;
} stream_vec;

#define STREAM_VEC(T)         ((stream_vec){.element_bytes = sizeof(T)})
#define STREAM_AT(T, vec, i)  (((T *)(vec).data)[i])

void *stream_vec_push(stream_vec *vec);             /* one more element, zeroed */
void *stream_vec_push_n(stream_vec *vec, size_t n); /* n more elements, zeroed; the first of them */
void stream_vec_reserve(stream_vec *vec, size_t n); /* room for n elements in all */
void stream_vec_free(stream_vec *vec);

/* Copies the elements into `arena` and frees the builder. Never NULL. */
void *stream_vec_freeze(stream_vec *vec, stream_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
