/* Workload files of ZigZag; see stream/import/zigzag_workload.h. */

#include "stream/import/zigzag_workload.h"

#include "zigzag.h"

#include "stream/support/integer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LAYERS    4096
#define MAX_PRECISION 4096

typedef struct {
    stream_arena *arena;
    const stream_diag *diag;
    stream_zigzag_layer *layer;
} reader;

/* ---- loops */

static stream_status read_dim(const reader *r, const stream_yaml *node, const stream_yaml *size) {
    stream_loop_nest *nest = &r->layer->nest;
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_SCALAR, "a loop dimension", r->diag));
    stream_nest_dim *dim = &nest->dims[nest->n_dims];
    dim->name = stream_zigzag_upper(node->text, strlen(node->text), r->arena);
    if (!dim->name)
        return stream_error(r->diag, STREAM_INVALID, node->loc,
                            "'%s' in loop_dims is no name of a loop", node->text);
    if (stream_zigzag_dim(nest, dim->name) >= 0)
        return stream_error(r->diag, STREAM_INVALID, node->loc, "loop_dims names '%s' twice",
                            dim->name);
    nest->n_dims++;
    return stream_yaml_integer(size, "a loop size", 1, (int64_t)1 << 51, r->diag, &dim->size);
}

static stream_status read_dims(const reader *r, const stream_yaml *map) {
    const stream_yaml *dims, *sizes;
    STREAM_TRY(stream_yaml_need(map, "loop_dims", "a layer", r->diag, &dims));
    STREAM_TRY(stream_yaml_need(map, "loop_sizes", "a layer", r->diag, &sizes));
    STREAM_TRY(stream_yaml_expect(dims, STREAM_YAML_LIST, "loop_dims", r->diag));
    STREAM_TRY(stream_yaml_expect(sizes, STREAM_YAML_LIST, "loop_sizes", r->diag));
    if (dims->n < 1 || dims->n > STREAM_NEST_MAX_DIMS)
        return stream_error(r->diag, STREAM_INVALID, dims->loc,
                            "a layer has %d loop_dims; it must have 1 to %d", dims->n,
                            STREAM_NEST_MAX_DIMS);
    if (dims->n != sizes->n)
        return stream_error(r->diag, STREAM_INVALID, sizes->loc,
                            "a layer has %d loop_dims but %d loop_sizes", dims->n, sizes->n);
    int64_t all = 1;
    for (int32_t i = 0; i < dims->n; ++i) {
        STREAM_TRY(read_dim(r, dims->items[i], sizes->items[i]));
        if (!stream_mul_i64(all, r->layer->nest.dims[i].size, &all) || all > (int64_t)1 << 51)
            return stream_error(r->diag, STREAM_INVALID, sizes->loc,
                                "the loops have more than 2^51 iterations");
    }
    return STREAM_OK;
}

/* ---- related dims */

/* What the loops touch, without padding taken off; 0: too large for the cost model. */
static int64_t touched(const stream_loop_nest *nest, const stream_nest_relation *rel) {
    int64_t a = nest->dims[rel->a].size, b = nest->dims[rel->b].size, largest;
    if (!stream_mul_i64(b, stream_max_i64(a, rel->b_factor), &largest) || largest > (int64_t)1
                                                                                        << 60)
        return 0;
    return stream_nest_extent(rel->a_factor, a, rel->b_factor, b, false);
}

static stream_status touch_all(const reader *r, const stream_yaml *map) {
    stream_loop_nest *nest = &r->layer->nest;
    for (int32_t i = 0; i < nest->n_relations; ++i) {
        nest->relations[i].clip = touched(nest, &nest->relations[i]);
        if (nest->relations[i].clip < 1)
            return stream_error(r->diag, STREAM_INVALID, map->loc,
                                "the extent of '%s' is not representable: factor %" PRId64
                                " of a loop with %" PRId64 " iterations",
                                nest->relations[i].name, nest->relations[i].b_factor,
                                nest->dims[nest->relations[i].b].size);
    }
    return STREAM_OK;
}

/* A list beside pr_loop_dims, of equal length; NULL: not given. */
static stream_status find_parallel(const reader *r, const stream_yaml *map, const char *key,
                                   const stream_yaml *dims, const stream_yaml **out) {
    *out = stream_yaml_find(map, key);
    if (!*out)
        return STREAM_OK;
    STREAM_TRY(stream_yaml_expect(*out, STREAM_YAML_LIST, key, r->diag));
    if (!dims)
        return stream_error(r->diag, STREAM_INVALID, (*out)->loc,
                            "%s is given without pr_loop_dims", key);
    if ((*out)->n != dims->n)
        return stream_error(r->diag, STREAM_INVALID, (*out)->loc,
                            "a layer has %d pr_loop_dims but %d %s", dims->n, (*out)->n, key);
    return STREAM_OK;
}

static stream_status read_padding(const reader *r, const stream_yaml *pair, int64_t *total) {
    *total = 0;
    STREAM_TRY(stream_yaml_expect(pair, STREAM_YAML_LIST, "padding of a dimension", r->diag));
    if (pair->n != 2)
        return stream_error(r->diag, STREAM_INVALID, pair->loc,
                            "padding of a dimension is [before, after], not %d numbers", pair->n);
    for (int32_t i = 0; i < 2; ++i) {
        int64_t part;
        STREAM_TRY(stream_yaml_integer(pair->items[i], "padding", 0, INT32_MAX, r->diag, &part));
        *total += part;
    }
    return STREAM_OK;
}

static stream_status find_relation(const reader *r, const stream_yaml *node, uint32_t *seen,
                                   stream_nest_relation **out) {
    stream_loop_nest *nest = &r->layer->nest;
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_SCALAR, "a related dimension", r->diag));
    const char *name = stream_zigzag_upper(node->text, strlen(node->text), r->arena);
    int32_t i = name ? stream_zigzag_relation(nest, name) : -1;
    if (i < 0)
        return stream_error(r->diag, STREAM_INVALID, node->loc,
                            "'%s' in pr_loop_dims is in no relation of the layer", node->text);
    if (*seen >> i & 1)
        return stream_error(r->diag, STREAM_INVALID, node->loc, "pr_loop_dims names '%s' twice",
                            name);
    *seen |= 1u << i;
    *out = &nest->relations[i];
    return STREAM_OK;
}

/* A given size counts; padding beside it is what ZigZag keeps for its own drawings. */
static stream_status read_clips(const reader *r, const stream_yaml *map) {
    const stream_yaml *dims = stream_yaml_find(map, "pr_loop_dims"), *sizes, *padding;
    uint32_t seen = 0;
    STREAM_TRY(touch_all(r, map));
    STREAM_TRY(find_parallel(r, map, "pr_loop_sizes", dims, &sizes));
    STREAM_TRY(find_parallel(r, map, "padding", dims, &padding));
    if (dims)
        STREAM_TRY(stream_yaml_expect(dims, STREAM_YAML_LIST, "pr_loop_dims", r->diag));
    for (int32_t i = 0; dims && i < dims->n; ++i) {
        stream_nest_relation *rel = NULL;
        int64_t pad = 0;
        STREAM_TRY(find_relation(r, dims->items[i], &seen, &rel));
        if (padding)
            STREAM_TRY(read_padding(r, padding->items[i], &pad));
        if (sizes)
            STREAM_TRY(stream_yaml_integer(sizes->items[i], "a size in pr_loop_sizes", 1,
                                           (int64_t)1 << 51, r->diag, &rel->clip));
        else if (rel->clip <= pad)
            return stream_error(r->diag, STREAM_INVALID, padding->items[i]->loc,
                                "'%s' has %" PRId64 " elements, of which %" PRId64 " are padding",
                                rel->name, rel->clip, pad);
        else
            rel->clip -= pad;
    }
    return STREAM_OK;
}

/* ---- operands */

static stream_status read_bits(const reader *r, const stream_yaml *map, const char *key,
                               int64_t min, int64_t *out) {
    const stream_yaml *value;
    STREAM_TRY(stream_yaml_need(map, key, "operand_precision", r->diag, &value));
    return stream_yaml_integer(value, "a precision", min, MAX_PRECISION, r->diag, out);
}

/* ZigZag's pooling layers give their weights, which do not exist, no bits. */
static stream_status read_precision(const reader *r, const stream_yaml *map) {
    const stream_yaml *precision;
    stream_loop_nest *nest = &r->layer->nest;
    STREAM_TRY(stream_yaml_need(map, "operand_precision", "a layer", r->diag, &precision));
    STREAM_TRY(stream_yaml_expect(precision, STREAM_YAML_MAP, "operand_precision", r->diag));
    for (int32_t i = 0; i < precision->n; ++i)
        if (strcmp(precision->keys[i]->text, "O_final") != 0 &&
            stream_zigzag_operand(nest, precision->keys[i]->text) < 0)
            return stream_error(r->diag, STREAM_INVALID, precision->keys[i]->loc,
                                "operand_precision names '%s', which is not in the equation",
                                precision->keys[i]->text);
    for (int32_t o = 0; o < nest->n_operands; ++o) {
        stream_nest_operand *operand = &nest->operands[o];
        STREAM_TRY(read_bits(r, precision, operand->name, o == 0, &operand->bits));
        operand->final_bits = operand->bits;
    }
    if (stream_yaml_find(precision, "O_final"))
        STREAM_TRY(read_bits(r, precision, "O_final", 1, &nest->operands[0].final_bits));
    return STREAM_OK;
}

static stream_status check_sources(const reader *r, const stream_yaml *map) {
    const stream_yaml *sources = stream_yaml_find(map, "operand_source");
    int64_t id;
    if (!sources)
        return STREAM_OK;
    STREAM_TRY(stream_yaml_expect(sources, STREAM_YAML_MAP, "operand_source", r->diag));
    for (int32_t i = 0; i < sources->n; ++i) {
        if (stream_zigzag_operand(&r->layer->nest, sources->keys[i]->text) < 1)
            return stream_error(r->diag, STREAM_INVALID, sources->keys[i]->loc,
                                "operand_source names '%s', which is no input of the equation",
                                sources->keys[i]->text);
        STREAM_TRY(stream_yaml_integer(sources->items[i], "the id of a source", 0, INT32_MAX,
                                       r->diag, &id));
    }
    return STREAM_OK;
}

/* ---- layers */

static stream_status read_names(const reader *r, const stream_yaml *map) {
    const stream_yaml *value;
    stream_zigzag_layer *layer = r->layer;
    STREAM_TRY(stream_yaml_need(map, "id", "a layer", r->diag, &value));
    STREAM_TRY(stream_yaml_integer(value, "id", 0, INT32_MAX, r->diag, &layer->id));
    STREAM_TRY(stream_yaml_need(map, "operator_type", "a layer", r->diag, &value));
    STREAM_TRY(stream_yaml_string(value, "operator_type", r->diag, &layer->operator_type));
    value = stream_yaml_find(map, "name");
    if (value)
        return stream_yaml_string(value, "name", r->diag, &layer->name);
    stream_text name = {0};
    stream_text_print(&name, "Layer%" PRId64, layer->id);
    layer->name = stream_arena_strdup(r->arena, name.data);
    stream_text_free(&name);
    return STREAM_OK;
}

static stream_status read_layer(const reader *r, const stream_yaml *map) {
    static const char *const known[] = {"id",
                                        "name",
                                        "operator_type",
                                        "equation",
                                        "dimension_relations",
                                        "loop_dims",
                                        "loop_sizes",
                                        "operand_precision",
                                        "operand_source",
                                        "pr_loop_dims",
                                        "pr_loop_sizes",
                                        "padding",
                                        NULL};
    const stream_yaml *value;
    *r->layer = (stream_zigzag_layer){.loc = map->loc, .nest = {.cycles_per_op = 1}};
    r->layer->nest.loc = map->loc;
    STREAM_TRY(stream_yaml_keys(map, known, "a layer", r->diag));
    STREAM_TRY(read_names(r, map));
    STREAM_TRY(read_dims(r, map));
    if ((value = stream_yaml_find(map, "dimension_relations")))
        STREAM_TRY(stream_zigzag_read_relations(value, r->arena, r->diag, &r->layer->nest));
    STREAM_TRY(read_clips(r, map));
    STREAM_TRY(stream_yaml_need(map, "equation", "a layer", r->diag, &value));
    STREAM_TRY(stream_zigzag_read_equation(value, r->arena, r->diag, &r->layer->nest));
    STREAM_TRY(read_precision(r, map));
    STREAM_TRY(check_sources(r, map));
    return stream_loop_nest_check(&r->layer->nest, r->diag);
}

static int compare_ids(const void *a, const void *b) {
    const stream_zigzag_layer *x = *(const stream_zigzag_layer *const *)a,
                              *y = *(const stream_zigzag_layer *const *)b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return (x->loc.line > y->loc.line) - (x->loc.line < y->loc.line);
}

static stream_status check_unique(const stream_zigzag_layer *layers, int32_t n, stream_arena *arena,
                                  const stream_diag *diag) {
    const stream_zigzag_layer **sorted = STREAM_NEW(arena, const stream_zigzag_layer *, (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        sorted[i] = &layers[i];
    qsort(sorted, (size_t)n, sizeof *sorted, compare_ids);
    for (int32_t i = 1; i < n; ++i)
        if (sorted[i]->id == sorted[i - 1]->id)
            return stream_error(diag, STREAM_INVALID, sorted[i]->loc,
                                "id %" PRId64 " is that of the layer in line %u already",
                                sorted[i]->id, sorted[i - 1]->loc.line);
    return STREAM_OK;
}

stream_status stream_zigzag_workload_import(const char *path, const void *bytes, size_t n,
                                            stream_arena *arena, const stream_diag *diag,
                                            stream_zigzag_workload *out) {
    const stream_yaml *root;
    const char *kept = path ? stream_arena_strdup(arena, path) : NULL;
    STREAM_TRY(stream_yaml_parse(kept, bytes, n, arena, diag, &root));
    STREAM_TRY(stream_yaml_expect(root, STREAM_YAML_LIST, "a workload", diag));
    if (root->n < 1 || root->n > MAX_LAYERS)
        return stream_error(diag, STREAM_INVALID, root->loc, "%d layers; a workload has 1 to %d",
                            root->n, MAX_LAYERS);
    stream_zigzag_layer *layers = STREAM_NEW(arena, stream_zigzag_layer, (size_t)root->n);
    for (int32_t i = 0; i < root->n; ++i) {
        reader r = {arena, diag, &layers[i]};
        STREAM_TRY(read_layer(&r, root->items[i]));
    }
    *out = (stream_zigzag_workload){layers, root->n};
    return check_unique(layers, root->n, arena, diag);
}
