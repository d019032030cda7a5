#ifndef STREAM_LIB_TILE_KERNEL_TABLE_H
#define STREAM_LIB_TILE_KERNEL_TABLE_H

#include "stream/support/vec.h"

#include <stdint.h>

/* Finds equal kernels: a key is a sequence of integers that says everything a kernel computes but
 * where. */
typedef struct {
    stream_vec ints;    /* of int64_t: all keys, one behind the other */
    stream_vec entries; /* of stream_kernel_entry */
    int32_t *slots;     /* open addressing, entry index or -1 */
    uint64_t mask;
    int32_t last; /* found: mostly the next one, too; -1: none yet */
} stream_kernel_table;

typedef struct {
    size_t first, n;
    uint64_t hash;
} stream_kernel_entry;

void stream_kernel_table_init(stream_kernel_table *table);
void stream_kernel_table_free(stream_kernel_table *table);
/* Index of the key, in order of first appearance; *out_new tells whether it is new. Expected O(n).
 */
int32_t stream_kernel_table_find(stream_kernel_table *table, const int64_t *key, size_t n,
                                 int *out_new);

#endif
