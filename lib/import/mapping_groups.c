/* Fused groups of mapping files; see stream/import/mapping.h. */

#include "mapping_read.h"

#include <string.h>

#define MAX_NAMES 65536

typedef stream_mapping_reader reader;

/* "<layer>.D0": the layer's name may hold dots. */
static stream_status split_dim(const reader *r, stream_mapping_factor *tile) {
    char *text = tile->loop ? stream_arena_strdup(r->arena, tile->loop) : NULL;
    char *dot = text ? strrchr(text, '.') : NULL;
    if (!dot || dot == text || !dot[1])
        return stream_error(r->diag, STREAM_INVALID, tile->loc,
                            "'%s' is no loop of a layer; write for example 'Conv1.D0'", tile->loop);
    *dot = '\0';
    tile->layer = text;
    tile->loop = dot + 1;
    return STREAM_OK;
}

static stream_status read_tiles(const reader *r, const stream_yaml *list,
                                stream_mapping_group *out) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, "intra_core_tiling", r->diag));
    stream_mapping_factor *tiles = STREAM_NEW(r->arena, stream_mapping_factor, (size_t)list->n);
    for (int32_t i = 0; i < list->n; ++i) {
        STREAM_TRY(
            stream_mapping_read_entry(r, list->items[i], "tile", "intra_core_tiling", &tiles[i]));
        STREAM_TRY(split_dim(r, &tiles[i]));
    }
    out->tiles = tiles;
    out->n_tiles = list->n;
    return STREAM_OK;
}

static bool has_rule(const stream_mapping *mapping, const char *name) {
    for (int32_t i = 0; i < mapping->n_rules; ++i)
        if (!strcmp(mapping->rules[i].name, name))
            return true;
    return false;
}

static stream_status read_group(const reader *r, const stream_yaml *node,
                                const stream_mapping *mapping, int32_t *n_names,
                                stream_mapping_group *out) {
    static const char *const known[] = {"name", "layers", "intra_core_tiling", NULL};
    const stream_yaml *value;
    *out = (stream_mapping_group){.loc = node->loc};
    STREAM_TRY(stream_yaml_keys(node, known, "a fused group", r->diag));
    STREAM_TRY(stream_yaml_need(node, "name", "a fused group", r->diag, &value));
    STREAM_TRY(stream_yaml_string(value, "name", r->diag, &out->name));
    STREAM_TRY(stream_yaml_need(node, "layers", "a fused group", r->diag, &value));
    STREAM_TRY(stream_yaml_expect(value, STREAM_YAML_LIST, "layers", r->diag));
    if (value->n > MAX_NAMES - *n_names)
        return stream_error(r->diag, STREAM_LIMIT, value->loc,
                            "fused groups name more than %d layers", MAX_NAMES);
    *n_names += value->n;
    const char **layers = STREAM_NEW(r->arena, const char *, (size_t)value->n);
    for (int32_t i = 0; i < value->n; ++i) {
        STREAM_TRY(stream_yaml_string(value->items[i], "a layer", r->diag, &layers[i]));
        if (!has_rule(mapping, layers[i]))
            return stream_error(r->diag, STREAM_INVALID, value->items[i]->loc,
                                "fused group '%s' names '%s', which is not in 'layers'", out->name,
                                layers[i]);
    }
    out->layers = layers;
    out->n_layers = value->n;
    if ((value = stream_yaml_find(node, "intra_core_tiling")))
        STREAM_TRY(read_tiles(r, value, out));
    return STREAM_OK;
}

stream_status stream_mapping_read_groups(const reader *r, const stream_yaml *list,
                                         stream_mapping *out) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, "fused_groups", r->diag));
    if (list->n > STREAM_MAPPING_MAX_ENTRIES)
        return stream_error(r->diag, STREAM_LIMIT, list->loc, "%d fused groups; the limit is %d",
                            list->n, STREAM_MAPPING_MAX_ENTRIES);
    stream_mapping_group *groups = STREAM_NEW(r->arena, stream_mapping_group, (size_t)list->n);
    int32_t n_names = 0;
    for (int32_t i = 0; i < list->n; ++i)
        STREAM_TRY(read_group(r, list->items[i], out, &n_names, &groups[i]));
    out->groups = groups;
    out->n_groups = list->n;
    return STREAM_OK;
}
