#ifndef STREAM_SUPPORT_SORT_H
#define STREAM_SUPPORT_SORT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Ascending. Fast for few numbers, and for those that are sorted but for the last ones. */
void stream_sort_i32(int32_t *ids, size_t n);

#ifdef __cplusplus
}
#endif

#endif
