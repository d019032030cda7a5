/* Where the values of a YAML tree stand; see yaml.h. */

#include "yaml.h"

#include "stream/support/alloc.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *key;
    const stream_yaml *value;
} entry;

static int by_key(const void *a, const void *b) {
    return strcmp(((const entry *)a)->key, ((const entry *)b)->key);
}

static void places_of_map(const stream_yaml *map, stream_vec *out) {
    stream_vec entries = STREAM_VEC(entry);
    for (int32_t i = 0; i < map->n; ++i)
        *(entry *)stream_vec_push(&entries) = (entry){map->keys[i]->text, map->items[i]};
    if (entries.n > 1)
        qsort(entries.data, entries.n, sizeof(entry), by_key);
    for (size_t i = 0; i < entries.n; ++i)
        stream_yaml_places(STREAM_AT(entry, entries, i).value, out);
    stream_vec_free(&entries);
}

void stream_yaml_places(const stream_yaml *node, stream_vec *out) {
    *(stream_loc *)stream_vec_push(out) = node->loc;
    if (node->kind == STREAM_YAML_MAP)
        places_of_map(node, out);
    for (int32_t i = 0; node->kind == STREAM_YAML_LIST && i < node->n; ++i)
        stream_yaml_places(node->items[i], out);
}
