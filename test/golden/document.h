/* A reference row or mapping file: JSON or YAML, read with libyaml into its document tree. */
#ifndef GOLDEN_DOCUMENT_H
#define GOLDEN_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>
#include <yaml.h>

typedef struct {
    yaml_document_t tree;
} document;

bool document_open(document *doc, const char *path);
void document_close(document *doc);

/* Nodes are borrowed from the document; NULL stands for "not there" and is accepted everywhere. */
yaml_node_t *document_root(document *doc);
yaml_node_t *member(document *doc, yaml_node_t *map, const char *key);
int32_t length(yaml_node_t *node); /* items of a sequence, pairs of a map */
yaml_node_t *item(document *doc, yaml_node_t *seq, int32_t i);
const char *key_at(document *doc, yaml_node_t *map, int32_t i);
yaml_node_t *value_at(document *doc, yaml_node_t *map, int32_t i);
const char *text(yaml_node_t *scalar); /* "" if it is none */
bool is_null(yaml_node_t *node);
double number(yaml_node_t *scalar);
int64_t integer(yaml_node_t *scalar);

#endif
