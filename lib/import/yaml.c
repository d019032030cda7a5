/* YAML documents as trees; see yaml.h. */

#include "yaml.h"

#include "stream/support/vec.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

typedef struct {
    const char *name;
    const stream_yaml *node; /* NULL while the node is being read */
} anchor;

typedef struct {
    const char *path;
    const char *bytes; /* [n_bytes] the file */
    size_t n_bytes;
    yaml_parser_t yaml;
    stream_arena *arena;
    const stream_diag *diag;
    stream_vec anchors;
    int64_t n_nodes;
    bool last_counts;         /* of a key that is there twice */
    const stream_loc *places; /* [n_places] of lines; NULL: what is in the file is there */
    int32_t n_places;
} reader;

static stream_loc at(const reader *r, yaml_mark_t mark) {
    if (r->places)
        return r->places[mark.line < (size_t)r->n_places ? mark.line : (size_t)r->n_places - 1];
    return (stream_loc){
        .file = r->path, .line = (unsigned)mark.line + 1, .column = (unsigned)mark.column + 1};
}

/* Bytes that are no characters, of which a column would be counted: the line alone is said. */
static stream_status no_text(const reader *r) {
    yaml_mark_t mark = {0};
    for (size_t i = 0; i < r->yaml.problem_offset && i < r->n_bytes; ++i)
        mark.line += r->bytes[i] == '\n';
    stream_loc loc = at(r, mark);
    loc.column = 0;
    if (r->yaml.problem_value < 0)
        return stream_error(r->diag, STREAM_INVALID, loc, "not YAML: %s", r->yaml.problem);
    return stream_error(r->diag, STREAM_INVALID, loc, "not YAML: %s: 0x%02X", r->yaml.problem,
                        (unsigned)r->yaml.problem_value);
}

static stream_status next(reader *r, yaml_event_t *event) {
    if (yaml_parser_parse(&r->yaml, event))
        return STREAM_OK;
    if (r->yaml.error == YAML_READER_ERROR)
        return no_text(r);
    return stream_error(r->diag, STREAM_INVALID, at(r, r->yaml.problem_mark), "not YAML: %s%s%s",
                        r->yaml.problem ? r->yaml.problem : "unreadable text",
                        r->yaml.context ? ", " : "", r->yaml.context ? r->yaml.context : "");
}

static stream_status count(reader *r, int64_t nodes, stream_loc loc) {
    r->n_nodes += nodes;
    if (r->n_nodes > STREAM_YAML_MAX_NODES)
        return stream_error(r->diag, STREAM_LIMIT, loc,
                            "more than %d values, counting every use of an alias",
                            STREAM_YAML_MAX_NODES);
    return STREAM_OK;
}

static stream_status check_depth(const reader *r, int depth, stream_loc loc) {
    if (depth <= STREAM_YAML_MAX_DEPTH)
        return STREAM_OK;
    return stream_error(r->diag, STREAM_LIMIT, loc,
                        "nested more than %d levels deep, counting what aliases stand for",
                        STREAM_YAML_MAX_DEPTH);
}

/* `depth`: levels above the node. */
static stream_status read_node(reader *r, const yaml_event_t *event, int depth,
                               const stream_yaml **out);

static stream_status read_alias(reader *r, const char *name, int depth, stream_loc loc,
                                const stream_yaml **out) {
    for (size_t i = r->anchors.n; i-- > 0;) {
        const anchor *a = &STREAM_AT(anchor, r->anchors, i);
        if (strcmp(a->name, name) != 0)
            continue;
        if (!a->node)
            return stream_error(r->diag, STREAM_INVALID, loc,
                                "the alias '*%s' is inside what it names", name);
        *out = a->node;
        STREAM_TRY(check_depth(r, depth + a->node->depth, loc));
        return count(r, a->node->weight, loc);
    }
    return stream_error(r->diag, STREAM_INVALID, loc, "nothing is named '&%s'", name);
}

/* A key and its place in the map. */
typedef struct {
    const stream_yaml *node;
    int32_t at;
} map_key;

/* By text ("1" and 1 are the same key), then by place. */
static int compare_keys(const void *a, const void *b) {
    const map_key *x = a, *y = b;
    int order = strcmp(x->node->text, y->node->text);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

static stream_status repeated_key(const reader *r, const map_key *first, const map_key *second) {
    if (!r->last_counts)
        return stream_error(r->diag, STREAM_INVALID, second->node->loc,
                            "the key '%s' is here twice; the first is in line %u",
                            second->node->text, first->node->loc.line);
    stream_warn(r->diag, second->node->loc,
                "the key '%s' is here twice; the first, in line %u, is left out",
                second->node->text, first->node->loc.line);
    return STREAM_OK;
}

/* Takes out the entries [n] that are marked. */
static void drop(reader *r, const bool *marked, stream_yaml *map) {
    const stream_yaml **keys = STREAM_NEW(r->arena, const stream_yaml *, (size_t)map->n);
    const stream_yaml **items = STREAM_NEW(r->arena, const stream_yaml *, (size_t)map->n);
    int32_t n = 0;
    for (int32_t i = 0; i < map->n; ++i)
        if (!marked[i]) {
            keys[n] = map->keys[i];
            items[n++] = map->items[i];
        }
    map->keys = keys;
    map->items = items;
    map->n = n;
}

static stream_status check_keys(reader *r, stream_yaml *map) {
    map_key *sorted = STREAM_NEW(r->arena, map_key, (size_t)map->n);
    bool *repeated = STREAM_NEW(r->arena, bool, (size_t)map->n), any = false;
    for (int32_t i = 0; i < map->n; ++i) {
        const stream_yaml *key = map->keys[i];
        if (key->kind != STREAM_YAML_SCALAR || !*key->text)
            return stream_error(r->diag, STREAM_INVALID, key->loc,
                                "a key must be a word or a number");
        sorted[i] = (map_key){key, i};
    }
    qsort(sorted, (size_t)map->n, sizeof *sorted, compare_keys);
    for (int32_t i = 1; i < map->n; ++i)
        if (strcmp(sorted[i - 1].node->text, sorted[i].node->text) == 0) {
            STREAM_TRY(repeated_key(r, &sorted[i - 1], &sorted[i]));
            repeated[sorted[i - 1].at] = any = true;
        }
    if (any)
        drop(r, repeated, map);
    return STREAM_OK;
}

/* Children until the end event of the collection, keys and values alternating in a map. */
static stream_status read_children(reader *r, yaml_event_type_t end, int depth, stream_vec *keys,
                                   stream_vec *items, stream_yaml *node) {
    bool is_map = end == YAML_MAPPING_END_EVENT;
    for (bool key = is_map;; key = is_map && !key) {
        yaml_event_t event;
        const stream_yaml *child = NULL;
        STREAM_TRY(next(r, &event));
        bool ends = event.type == end;
        stream_status status = ends ? STREAM_OK : read_node(r, &event, depth, &child);
        yaml_event_delete(&event);
        if (ends || status != STREAM_OK)
            return status;
        node->weight += child->weight;
        node->depth = child->depth >= node->depth ? child->depth + 1 : node->depth;
        *(const stream_yaml **)stream_vec_push(key ? keys : items) = child;
    }
}

static stream_status read_collection(reader *r, yaml_event_type_t end, int depth,
                                     stream_yaml *node) {
    STREAM_TRY(check_depth(r, depth + 1, node->loc));
    stream_vec keys = STREAM_VEC(const stream_yaml *), items = STREAM_VEC(const stream_yaml *);
    stream_status status = read_children(r, end, depth + 1, &keys, &items, node);
    node->n = (int32_t)items.n;
    node->keys = stream_vec_freeze(&keys, r->arena);
    node->items = stream_vec_freeze(&items, r->arena);
    if (status == STREAM_OK && end == YAML_MAPPING_END_EVENT)
        status = check_keys(r, node);
    return status;
}

static stream_status read_scalar(reader *r, const yaml_event_t *event, stream_yaml *node) {
    const char *text = (const char *)event->data.scalar.value;
    if (strlen(text) != event->data.scalar.length)
        return stream_error(r->diag, STREAM_INVALID, node->loc, "a value holds a NUL character");
    node->text = stream_arena_strdup(r->arena, text);
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return STREAM_OK;
}

static stream_status read_node(reader *r, const yaml_event_t *event, int depth,
                               const stream_yaml **out) {
    stream_loc loc = at(r, event->start_mark);
    if (event->type == YAML_ALIAS_EVENT)
        return read_alias(r, (const char *)event->data.alias.anchor, depth, loc, out);
    STREAM_TRY(count(r, 1, loc));
    const yaml_char_t *name = event->type == YAML_SCALAR_EVENT ? event->data.scalar.anchor
                              : event->type == YAML_SEQUENCE_START_EVENT
                                  ? event->data.sequence_start.anchor
                                  : event->data.mapping_start.anchor;
    size_t slot = r->anchors.n;
    if (name && slot >= STREAM_YAML_MAX_ANCHORS)
        return stream_error(r->diag, STREAM_LIMIT, loc, "more than %d anchors",
                            STREAM_YAML_MAX_ANCHORS);
    if (name)
        *(anchor *)stream_vec_push(&r->anchors) =
            (anchor){stream_arena_strdup(r->arena, (const char *)name), NULL};
    stream_yaml *node = STREAM_NEW(r->arena, stream_yaml, 1);
    *node = (stream_yaml){.kind = STREAM_YAML_SCALAR, .weight = 1, .depth = 1, .loc = loc};
    if (event->type == YAML_SCALAR_EVENT) {
        STREAM_TRY(read_scalar(r, event, node));
    } else {
        bool is_map = event->type == YAML_MAPPING_START_EVENT;
        node->kind = is_map ? STREAM_YAML_MAP : STREAM_YAML_LIST;
        STREAM_TRY(read_collection(r, is_map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT,
                                   depth, node));
    }
    if (name)
        STREAM_AT(anchor, r->anchors, slot).node = node;
    *out = node;
    return STREAM_OK;
}

/* STREAM-START DOCUMENT-START node DOCUMENT-END STREAM-END, and nothing else. */
static stream_status read_document(reader *r, const stream_yaml **out) {
    for (bool more = true; more;) {
        yaml_event_t event;
        STREAM_TRY(next(r, &event));
        stream_loc loc = at(r, event.start_mark);
        stream_status status = STREAM_OK;
        more = event.type != YAML_STREAM_END_EVENT;
        if (event.type == YAML_DOCUMENT_START_EVENT && *out)
            status = stream_error(r->diag, STREAM_INVALID, loc,
                                  "a second document begins here; "
                                  "one file is one document");
        else if (event.type == YAML_SCALAR_EVENT || event.type == YAML_SEQUENCE_START_EVENT ||
                 event.type == YAML_MAPPING_START_EVENT || event.type == YAML_ALIAS_EVENT)
            status = read_node(r, &event, 0, out);
        yaml_event_delete(&event);
        STREAM_TRY(status);
    }
    if (!*out)
        return stream_error(r->diag, STREAM_INVALID, (stream_loc){.file = r->path},
                            "the file is empty");
    return STREAM_OK;
}

static stream_status parse(reader r, const void *bytes, size_t n, const stream_yaml **out) {
    if (n > STREAM_YAML_MAX_BYTES)
        return stream_error(r.diag, STREAM_LIMIT, (stream_loc){.file = r.path},
                            "the file has %zu bytes; the limit is %d", n, STREAM_YAML_MAX_BYTES);
    if (!yaml_parser_initialize(&r.yaml))
        abort(); /* out of memory */
    r.bytes = bytes;
    r.n_bytes = n;
    yaml_parser_set_input_string(&r.yaml, n ? bytes : "", n);
    *out = NULL;
    stream_status status = read_document(&r, out);
    yaml_parser_delete(&r.yaml);
    stream_vec_free(&r.anchors);
    return status;
}

stream_status stream_yaml_parse(const char *path, const void *bytes, size_t n, stream_arena *arena,
                                const stream_diag *diag, const stream_yaml **out) {
    return parse(
        (reader){.path = path, .arena = arena, .diag = diag, .anchors = STREAM_VEC(anchor)}, bytes,
        n, out);
}

stream_status stream_yaml_parse_last(const char *path, const void *bytes, size_t n,
                                     stream_arena *arena, const stream_diag *diag,
                                     const stream_yaml **out) {
    return parse((reader){.path = path,
                          .arena = arena,
                          .diag = diag,
                          .anchors = STREAM_VEC(anchor),
                          .last_counts = true},
                 bytes, n, out);
}

stream_status stream_yaml_parse_placed(const void *bytes, size_t n, const stream_loc *places,
                                       int32_t n_places, stream_arena *arena,
                                       const stream_diag *diag, const stream_yaml **out) {
    return parse((reader){.arena = arena,
                          .diag = diag,
                          .anchors = STREAM_VEC(anchor),
                          .places = places,
                          .n_places = n_places},
                 bytes, n, out);
}
