/* Hash table of kernel keys; see kernel_table.h. */

#include "kernel_table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static uint64_t hash_key(const int64_t *key, size_t n) {
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < n; ++i)
        h = (h ^ (uint64_t)key[i]) * 1099511628211u;
    return h ^ h >> 31;
}

static void resize(stream_kernel_table *table, uint64_t size) {
    free(table->slots);
    table->slots = malloc(size * sizeof *table->slots);
    if (!table->slots)
        abort();
    memset(table->slots, 0xff, size * sizeof *table->slots);
    table->mask = size - 1;
    for (size_t e = 0; e < table->entries.n; ++e) {
        uint64_t i = STREAM_AT(stream_kernel_entry, table->entries, e).hash & table->mask;
        while (table->slots[i] >= 0)
            i = (i + 1) & table->mask;
        table->slots[i] = (int32_t)e;
    }
}

void stream_kernel_table_init(stream_kernel_table *table) {
    *table = (stream_kernel_table){
        .ints = STREAM_VEC(int64_t), .entries = STREAM_VEC(stream_kernel_entry), .last = -1};
    resize(table, 64);
}

void stream_kernel_table_free(stream_kernel_table *table) {
    stream_vec_free(&table->ints);
    stream_vec_free(&table->entries);
    free(table->slots);
    table->slots = NULL;
}

static bool is_key(const stream_kernel_table *table, int32_t entry, const int64_t *key, size_t n) {
    const stream_kernel_entry *e = &STREAM_AT(stream_kernel_entry, table->entries, entry);
    return e->n == n &&
           memcmp(&STREAM_AT(int64_t, table->ints, e->first), key, n * sizeof *key) == 0;
}

int32_t stream_kernel_table_find(stream_kernel_table *table, const int64_t *key, size_t n,
                                 int *out_new) {
    *out_new = 0;
    if (table->last >= 0 && is_key(table, table->last, key, n))
        return table->last;
    uint64_t hash = hash_key(key, n), i = hash & table->mask;
    for (; table->slots[i] >= 0; i = (i + 1) & table->mask) {
        int32_t entry = table->slots[i];
        if (STREAM_AT(stream_kernel_entry, table->entries, entry).hash == hash &&
            is_key(table, entry, key, n))
            return table->last = entry;
    }
    *out_new = 1;
    int32_t id = (int32_t)table->entries.n;
    size_t first = table->ints.n;
    memcpy(stream_vec_push_n(&table->ints, n), key, n * sizeof *key);
    *(stream_kernel_entry *)stream_vec_push(&table->entries) =
        (stream_kernel_entry){first, n, hash};
    table->slots[i] = id;
    if (2 * table->entries.n > table->mask)
        resize(table, 2 * (table->mask + 1));
    return table->last = id;
}
