/* Reference rows; see document.h. */

#include "document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool document_open(document *doc, const char *path) {
    yaml_parser_t parser;
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_file(&parser, file);
    bool ok = yaml_parser_load(&parser, &doc->tree);
    yaml_parser_delete(&parser);
    fclose(file);
    return ok;
}

void document_close(document *doc) {
    yaml_document_delete(&doc->tree);
}

yaml_node_t *document_root(document *doc) {
    return yaml_document_get_root_node(&doc->tree);
}

const char *text(yaml_node_t *node) {
    return node && node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "";
}

bool is_null(yaml_node_t *node) {
    return !node || (node->type == YAML_SCALAR_NODE && strcmp(text(node), "null") == 0);
}

int32_t length(yaml_node_t *node) {
    if (node && node->type == YAML_SEQUENCE_NODE)
        return (int32_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    if (node && node->type == YAML_MAPPING_NODE)
        return (int32_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
    return 0;
}

yaml_node_t *item(document *doc, yaml_node_t *seq, int32_t i) {
    if (!seq || seq->type != YAML_SEQUENCE_NODE || i >= length(seq))
        return NULL;
    return yaml_document_get_node(&doc->tree, seq->data.sequence.items.start[i]);
}

const char *key_at(document *doc, yaml_node_t *map, int32_t i) {
    return text(yaml_document_get_node(&doc->tree, map->data.mapping.pairs.start[i].key));
}

yaml_node_t *value_at(document *doc, yaml_node_t *map, int32_t i) {
    return yaml_document_get_node(&doc->tree, map->data.mapping.pairs.start[i].value);
}

yaml_node_t *member(document *doc, yaml_node_t *map, const char *key) {
    for (int32_t i = 0; map && map->type == YAML_MAPPING_NODE && i < length(map); ++i)
        if (strcmp(key_at(doc, map, i), key) == 0)
            return value_at(doc, map, i);
    return NULL;
}

double number(yaml_node_t *node) {
    return strtod(text(node), NULL);
}

int64_t integer(yaml_node_t *node) {
    return (int64_t)number(node);
}
