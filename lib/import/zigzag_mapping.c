/* Mapping files of ZigZag; see stream/import/zigzag_mapping.h. */

#include "stream/import/zigzag_mapping.h"

#include "zigzag.h"

#include <inttypes.h>
#include <string.h>

#define MAX_RULES 4096

typedef struct {
    stream_arena *arena;
    const stream_diag *diag;
} reader;

static stream_status read_name(const reader *r, const char *text, size_t n, const char *what,
                               stream_loc loc, const char **out) {
    *out = stream_zigzag_upper(text, n, r->arena);
    if (*out)
        return STREAM_OK;
    return stream_error(r->diag, STREAM_INVALID, loc, "'%s' in %s is no name of a loop", text,
                        what);
}

static stream_status read_factor(const reader *r, const char *text, const char *what,
                                 stream_loc loc, int64_t *out) {
    stream_yaml number = {.kind = STREAM_YAML_SCALAR, .text = text, .plain = true, .loc = loc};
    return stream_yaml_integer(&number, what, 1, INT32_MAX, r->diag, out);
}

/* ---- array dims */

/* "OX, 25" */
static stream_status read_text_pair(const reader *r, const stream_yaml *node,
                                    stream_zigzag_loop *out) {
    const char *comma = strchr(node->text, ',');
    if (!comma)
        return stream_error(r->diag, STREAM_INVALID, node->loc,
                            "'%s' in spatial_mapping is no loop and factor; write for example "
                            "'OX, 25'",
                            node->text);
    char *name = stream_arena_strdup(r->arena, node->text);
    name[comma - node->text] = '\0';
    STREAM_TRY(read_name(r, name, strlen(name), "spatial_mapping", node->loc, &out->name));
    const char *number = comma + 1 + strspn(comma + 1, " ");
    return read_factor(r, number, "a factor in spatial_mapping", node->loc, &out->factor);
}

/* [OX, 25] */
static stream_status read_list_pair(const reader *r, const stream_yaml *node,
                                    stream_zigzag_loop *out) {
    STREAM_TRY(stream_yaml_expect(node->items[0], STREAM_YAML_SCALAR, "a loop", r->diag));
    const char *name = node->items[0]->text;
    STREAM_TRY(
        read_name(r, name, strlen(name), "spatial_mapping", node->items[0]->loc, &out->name));
    return stream_yaml_integer(node->items[1], "a factor in spatial_mapping", 1, INT32_MAX, r->diag,
                               &out->factor);
}

static stream_status read_unroll(const reader *r, const stream_yaml *node,
                                 stream_zigzag_loop *out) {
    out->loc = node->loc;
    if (node->kind == STREAM_YAML_SCALAR)
        return read_text_pair(r, node, out);
    if (node->kind == STREAM_YAML_LIST && node->n == 2)
        return read_list_pair(r, node, out);
    return stream_error(r->diag, STREAM_INVALID, node->loc,
                        "a loop of spatial_mapping is written 'OX, 25' or [OX, 25]");
}

static stream_status read_hint(const reader *r, const stream_yaml *node, stream_zigzag_loop *out) {
    out->loc = node->loc;
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_SCALAR, "a loop", r->diag));
    return read_name(r, node->text, strlen(node->text), "spatial_mapping_hint", node->loc,
                     &out->name);
}

/* [OX, 25]: one pair that is not in a list of its own. */
static bool is_bare_pair(const stream_yaml *list) {
    return list->n == 2 && list->items[0]->kind == STREAM_YAML_SCALAR &&
           list->items[1]->kind == STREAM_YAML_SCALAR && !strchr(list->items[0]->text, ',');
}

static stream_status check_distinct(const reader *r, const stream_zigzag_array_dim *dim) {
    for (int32_t i = 0; i < dim->n_loops; ++i)
        for (int32_t k = 0; k < i; ++k)
            if (!strcmp(dim->loops[i].name, dim->loops[k].name))
                return stream_error(r->diag, STREAM_INVALID, dim->loops[i].loc,
                                    "D%d names loop '%s' twice", dim->array_dim + 1,
                                    dim->loops[i].name);
    return STREAM_OK;
}

static stream_status read_array_dim(const reader *r, const stream_yaml *key,
                                    const stream_yaml *list, bool hint, const char *what,
                                    stream_zigzag_array_dim *out) {
    if (key->text[0] != 'D' || key->text[1] < '1' || key->text[1] > '0' + STREAM_MAX_ARRAY_DIMS ||
        key->text[2])
        return stream_error(r->diag, STREAM_INVALID, key->loc,
                            "'%s' in %s is no array dimension: they are D1 to D%d", key->text, what,
                            STREAM_MAX_ARRAY_DIMS);
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, key->text, r->diag));
    bool bare = !hint && is_bare_pair(list);
    int32_t n = bare ? 1 : list->n;
    if (n > STREAM_NEST_MAX_DIMS)
        return stream_error(r->diag, STREAM_INVALID, list->loc,
                            "%s has %d loops; at most %d are possible", key->text, n,
                            STREAM_NEST_MAX_DIMS);
    stream_zigzag_loop *loops = STREAM_NEW(r->arena, stream_zigzag_loop, (size_t)n);
    for (int32_t i = 0; i < n; ++i) {
        const stream_yaml *node = bare ? list : list->items[i];
        STREAM_TRY(hint ? read_hint(r, node, &loops[i]) : read_unroll(r, node, &loops[i]));
    }
    *out = (stream_zigzag_array_dim){key->text[1] - '1', loops, n, key->loc};
    return check_distinct(r, out);
}

static stream_status read_array_dims(const reader *r, const stream_yaml *map, bool hint,
                                     const char *what, const stream_zigzag_array_dim **out,
                                     int32_t *out_n) {
    STREAM_TRY(stream_yaml_expect(map, STREAM_YAML_MAP, what, r->diag));
    stream_zigzag_array_dim *dims = STREAM_NEW(r->arena, stream_zigzag_array_dim, (size_t)map->n);
    for (int32_t i = 0; i < map->n; ++i)
        STREAM_TRY(read_array_dim(r, map->keys[i], map->items[i], hint, what, &dims[i]));
    *out = dims;
    *out_n = map->n;
    return STREAM_OK;
}

/* ---- links, ordering */

static stream_status read_link(const reader *r, const stream_yaml *key, const stream_yaml *value,
                               stream_zigzag_link *out) {
    *out = (stream_zigzag_link){.operand = key->text, .loc = value->loc};
    STREAM_TRY(stream_yaml_expect(value, STREAM_YAML_SCALAR, "a memory operand", r->diag));
    for (int o = 0; o < STREAM_N_OPERANDS; ++o)
        if (!strcmp(value->text, stream_operand_class_name((stream_operand_class)o))) {
            out->memory = (stream_operand_class)o;
            return STREAM_OK;
        }
    return stream_error(r->diag, STREAM_INVALID, value->loc,
                        "'%s' is no memory operand; they are I1, I2 and O", value->text);
}

static stream_status read_links(const reader *r, const stream_yaml *map, stream_zigzag_rule *out) {
    STREAM_TRY(stream_yaml_expect(map, STREAM_YAML_MAP, "memory_operand_links", r->diag));
    stream_zigzag_link *links = STREAM_NEW(r->arena, stream_zigzag_link, (size_t)map->n);
    for (int32_t i = 0; i < map->n; ++i)
        STREAM_TRY(read_link(r, map->keys[i], map->items[i], &links[i]));
    out->links = links;
    out->n_links = map->n;
    return STREAM_OK;
}

static stream_status read_ordered(const reader *r, const stream_yaml *pair,
                                  stream_zigzag_loop *out) {
    out->loc = pair->loc;
    STREAM_TRY(stream_yaml_expect(pair, STREAM_YAML_LIST, "a loop of temporal_ordering", r->diag));
    if (pair->n != 2 || pair->items[0]->kind != STREAM_YAML_SCALAR ||
        pair->items[1]->kind != STREAM_YAML_SCALAR)
        return stream_error(r->diag, STREAM_INVALID, pair->loc,
                            "a loop of temporal_ordering is written [OX, 7] or [OX, '*']");
    const char *name = pair->items[0]->text, *factor = pair->items[1]->text;
    if (strcmp(factor, "*") != 0)
        STREAM_TRY(read_factor(r, factor, "a factor in temporal_ordering", pair->items[1]->loc,
                               &out->factor));
    if (!strcmp(name, "*") && out->factor == 0)
        return STREAM_OK;
    return read_name(r, name, strlen(name), "temporal_ordering", pair->items[0]->loc, &out->name);
}

static stream_status read_ordering(const reader *r, const stream_yaml *list,
                                   stream_zigzag_rule *out) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, "temporal_ordering", r->diag));
    if (list->n > STREAM_MAP_MAX_LOOPS)
        return stream_error(r->diag, STREAM_INVALID, list->loc,
                            "temporal_ordering has %d loops; at most %d are possible", list->n,
                            STREAM_MAP_MAX_LOOPS);
    stream_zigzag_loop *loops = STREAM_NEW(r->arena, stream_zigzag_loop, (size_t)list->n);
    int32_t separators = 0;
    for (int32_t i = 0; i < list->n; ++i) {
        STREAM_TRY(read_ordered(r, list->items[i], &loops[i]));
        separators += !loops[i].name;
        if (separators > 1)
            return stream_error(r->diag, STREAM_INVALID, loops[i].loc,
                                "temporal_ordering has a second separator ['*', '*']");
    }
    out->ordering = loops;
    out->n_ordering = list->n;
    return STREAM_OK;
}

static stream_status read_evenness(const reader *r, const stream_yaml *node,
                                   stream_zigzag_rule *out) {
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_SCALAR, "temporal_mapping_type", r->diag));
    bool even = !strcmp(node->text, "even");
    out->evenness = even ? STREAM_ZIGZAG_EVEN : STREAM_ZIGZAG_UNEVEN;
    if (even || !strcmp(node->text, "uneven"))
        return STREAM_OK;
    return stream_error(r->diag, STREAM_INVALID, node->loc,
                        "temporal_mapping_type is '%s'; it is 'even' or 'uneven'", node->text);
}

static stream_status check_cores(const reader *r, const stream_yaml *node) {
    int64_t id;
    if (node->kind == STREAM_YAML_SCALAR)
        return stream_yaml_integer(node, "core_allocation", 0, INT32_MAX, r->diag, &id);
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_LIST, "core_allocation", r->diag));
    for (int32_t i = 0; i < node->n; ++i)
        STREAM_TRY(stream_yaml_integer(node->items[i], "a core of core_allocation", 0, INT32_MAX,
                                       r->diag, &id));
    return STREAM_OK;
}

/* ---- entries */

static stream_status read_rule(const reader *r, const stream_yaml *map, stream_zigzag_rule *out) {
    static const char *const known[] = {"name",
                                        "spatial_mapping",
                                        "spatial_mapping_hint",
                                        "memory_operand_links",
                                        "temporal_ordering",
                                        "temporal_mapping_type",
                                        "core_allocation",
                                        NULL};
    const stream_yaml *value;
    *out = (stream_zigzag_rule){.loc = map->loc};
    STREAM_TRY(stream_yaml_keys(map, known, "an entry of the mapping", r->diag));
    STREAM_TRY(stream_yaml_need(map, "name", "an entry of the mapping", r->diag, &value));
    STREAM_TRY(stream_yaml_string(value, "name", r->diag, &out->name));
    if ((value = stream_yaml_find(map, "spatial_mapping")))
        STREAM_TRY(
            read_array_dims(r, value, false, "spatial_mapping", &out->spatial, &out->n_spatial));
    if ((value = stream_yaml_find(map, "spatial_mapping_hint")))
        STREAM_TRY(
            read_array_dims(r, value, true, "spatial_mapping_hint", &out->hints, &out->n_hints));
    if ((value = stream_yaml_find(map, "memory_operand_links")))
        STREAM_TRY(read_links(r, value, out));
    if ((value = stream_yaml_find(map, "temporal_ordering")))
        STREAM_TRY(read_ordering(r, value, out));
    if ((value = stream_yaml_find(map, "temporal_mapping_type")))
        STREAM_TRY(read_evenness(r, value, out));
    if ((value = stream_yaml_find(map, "core_allocation")))
        STREAM_TRY(check_cores(r, value));
    return STREAM_OK;
}

static const stream_zigzag_rule *named(const stream_zigzag_mapping *mapping, const char *name) {
    for (int32_t i = 0; name && i < mapping->n_rules; ++i)
        if (!strcmp(mapping->rules[i].name, name))
            return &mapping->rules[i];
    return NULL;
}

const stream_zigzag_rule *stream_zigzag_mapping_find(const stream_zigzag_mapping *mapping,
                                                     const char *name, const char *operator_type) {
    const stream_zigzag_rule *rule = named(mapping, name);
    rule = rule ? rule : named(mapping, operator_type);
    return rule ? rule : named(mapping, "default");
}

stream_status stream_zigzag_mapping_import(const char *path, const void *bytes, size_t n,
                                           stream_arena *arena, const stream_diag *diag,
                                           stream_zigzag_mapping *out) {
    const stream_yaml *root;
    const char *kept = path ? stream_arena_strdup(arena, path) : NULL;
    const reader r = {arena, diag};
    STREAM_TRY(stream_yaml_parse_last(kept, bytes, n, arena, diag, &root));
    STREAM_TRY(stream_yaml_expect(root, STREAM_YAML_LIST, "a mapping", diag));
    if (root->n > MAX_RULES)
        return stream_error(diag, STREAM_LIMIT, root->loc, "%d entries; the limit is %d", root->n,
                            MAX_RULES);
    stream_zigzag_rule *rules = STREAM_NEW(arena, stream_zigzag_rule, (size_t)root->n);
    *out = (stream_zigzag_mapping){.rules = rules, .loc = root->loc};
    for (int32_t i = 0; i < root->n; ++i) {
        STREAM_TRY(read_rule(&r, root->items[i], &rules[i]));
        const stream_zigzag_rule *first = named(out, rules[i].name);
        if (first)
            return stream_error(diag, STREAM_INVALID, rules[i].loc,
                                "a second entry for '%s'; the first is in line %u", rules[i].name,
                                first->loc.line);
        out->n_rules = i + 1;
    }
    return STREAM_OK;
}
