/* The entry of a mapping that counts for a row's layer; see row_mapping.h. */

#include "row_mapping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A dim that is listed again keeps its place and gets the last factor. */
static void parse_factor(const golden_row *r, const char *s, stream_unrolled_level *level) {
    size_t n = strcspn(s, ",");
    int32_t dim = golden_dim(&r->nest, s, n), at = 0;
    if (dim < 0 || !s[n])
        return;
    while (at < level->n && level->at[at].dim != dim)
        ++at;
    level->at[at] = (stream_unrolled_dim){dim, strtod(s + n + 1, NULL)};
    level->n += at == level->n;
}

static void read_spatial(golden_row *r, document *doc, yaml_node_t *entry) {
    yaml_node_t *given = member(doc, entry, "spatial_mapping");
    yaml_node_t *hints = member(doc, entry, "spatial_mapping_hint");
    for (int32_t x = 0; x < r->core->n_array_dims; ++x) {
        char name[16];
        snprintf(name, sizeof name, "D%d", x + 1);
        yaml_node_t *factors = member(doc, given, name), *names = member(doc, hints, name);
        r->spatial.given[x] = factors != NULL;
        for (int32_t i = 0; i < length(factors); ++i)
            parse_factor(r, text(item(doc, factors, i)), &r->spatial.unroll[x]);
        for (int32_t i = 0; i < length(names); ++i) {
            const char *dim = text(item(doc, names, i));
            int32_t d = golden_dim(&r->nest, dim, strlen(dim));
            if (d >= 0)
                r->spatial.hints[x][r->spatial.n_hints[x]++] = d;
        }
    }
}

/* Pairs whose dim the layer lacks are dropped, and so is the ["*", "*"] separator [Q]. */
static void read_pins(golden_row *r, document *doc, yaml_node_t *entry) {
    yaml_node_t *order = member(doc, entry, "temporal_ordering");
    for (int32_t i = 0; i < length(order); ++i) {
        const char *name = text(item(doc, item(doc, order, i), 0));
        const char *size = text(item(doc, item(doc, order, i), 1));
        int32_t dim = golden_dim(&r->nest, name, strlen(name));
        if (dim >= 0)
            r->pins[r->loma.n_inner++] =
                (stream_loop_pin){dim, strcmp(size, "*") == 0 ? 0 : strtoll(size, NULL, 10)};
    }
    r->loma.inner = r->pins;
}

static yaml_node_t *entry_named(document *doc, yaml_node_t *list, const char *name) {
    for (int32_t i = 0; i < length(list); ++i)
        if (strcmp(text(member(doc, item(doc, list, i), "name")), name) == 0)
            return item(doc, list, i);
    return NULL;
}

static void read_entry(golden_row *r, document *doc, yaml_node_t *list, yaml_node_t *layer) {
    yaml_node_t *entry = NULL, *name = member(&r->doc, layer, "name");
    if (!is_null(name))
        entry = entry_named(doc, list, text(name));
    if (!entry)
        entry = entry_named(doc, list, text(member(&r->doc, layer, "operator_type")));
    if (!entry)
        entry = entry_named(doc, list, "default");
    read_spatial(r, doc, entry);
    read_pins(r, doc, entry);
}

bool golden_read_mapping(golden_row *r, yaml_node_t *layer, const char *inputs) {
    yaml_node_t *mapping = member(&r->doc, r->row, "mapping");
    if (is_null(mapping))
        return true;
    if (length(mapping) > 0) {
        read_entry(r, &r->doc, mapping, layer);
        return true;
    }
    char path[1024];
    document file;
    snprintf(path, sizeof path, "%s/%s", inputs, text(mapping));
    if (!document_open(&file, path)) {
        printf("# cannot read mapping %s\n", path);
        return false;
    }
    read_entry(r, &file, document_root(&file), layer);
    document_close(&file);
    return true;
}
