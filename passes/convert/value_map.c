#include "builder.h"

#include <stdlib.h>

static size_t slot_of(const value_map *map, const void *key) {
    size_t hash = (size_t)((uintptr_t)key >> 4) * 0x9e3779b97f4a7c15u;
    size_t slot = (hash >> 20) & (map->capacity - 1);
    while (map->keys[slot] && map->keys[slot] != key)
        slot = (slot + 1) & (map->capacity - 1);
    return slot;
}

static void grow(value_map *map) {
    value_map bigger = {.n = map->n, .capacity = map->capacity ? 2 * map->capacity : 64};
    bigger.keys = calloc(bigger.capacity, sizeof *bigger.keys);
    bigger.ids = calloc(bigger.capacity, sizeof *bigger.ids);
    if (!bigger.keys || !bigger.ids)
        abort();
    for (size_t i = 0; i < map->capacity; ++i)
        if (map->keys[i]) {
            size_t slot = slot_of(&bigger, map->keys[i]);
            bigger.keys[slot] = map->keys[i];
            bigger.ids[slot] = map->ids[i];
        }
    value_map_free(map);
    *map = bigger;
}

int32_t value_map_get(const value_map *map, MlirValue value) {
    if (!map->capacity)
        return -1;
    size_t slot = slot_of(map, value.ptr);
    return map->keys[slot] ? map->ids[slot] : -1;
}

void value_map_set(value_map *map, MlirValue value, int32_t id) {
    if (2 * (map->n + 1) > map->capacity)
        grow(map);
    size_t slot = slot_of(map, value.ptr);
    if (!map->keys[slot])
        map->n++;
    map->keys[slot] = value.ptr;
    map->ids[slot] = id;
}

void value_map_free(value_map *map) {
    free(map->keys);
    free(map->ids);
    *map = (value_map){0};
}
