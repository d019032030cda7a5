/* Mapping files; see stream/import/mapping.h. */

#include "stream/import/mapping.h"

#include "mapping_read.h"

#include <string.h>

typedef stream_mapping_reader reader;

/* "K, *": a loop and a number, `*` or `all`. */
static stream_status read_pair(const reader *r, const stream_yaml *node, const char *what,
                               stream_mapping_factor *out) {
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_SCALAR, what, r->diag));
    char *text = stream_arena_strdup(r->arena, node->text);
    char *comma = strchr(text, ',');
    if (!comma || comma == text)
        return stream_error(r->diag, STREAM_INVALID, node->loc,
                            "'%s' in %s is no loop and number; write for example 'K, 4'", text,
                            what);
    *comma = '\0';
    const char *value = comma + 1 + strspn(comma + 1, " ");
    *out = (stream_mapping_factor){
        .loop = text, .size = STREAM_MAPPING_ALL, .loc = node->loc, .size_loc = node->loc};
    if (!strcmp(value, "*") || !strcmp(value, "all"))
        return STREAM_OK;
    stream_yaml number = {
        .kind = STREAM_YAML_SCALAR, .text = value, .plain = true, .loc = node->loc};
    return stream_yaml_integer(&number, what, 1, INT32_MAX, r->diag, &out->size);
}

stream_status stream_mapping_read_entry(const reader *r, const stream_yaml *node,
                                        const char *size_key, const char *what,
                                        stream_mapping_factor *out) {
    const char *const known[] = {"dim", size_key, NULL};
    const stream_yaml *dim, *size;
    STREAM_TRY(stream_yaml_keys(node, known, what, r->diag));
    STREAM_TRY(stream_yaml_need(node, "dim", what, r->diag, &dim));
    STREAM_TRY(stream_yaml_need(node, size_key, what, r->diag, &size));
    *out = (stream_mapping_factor){.loc = dim->loc, .size_loc = size->loc};
    STREAM_TRY(stream_yaml_string(dim, "dim", r->diag, &out->loop));
    return stream_yaml_integer(size, size_key, 1, INT32_MAX, r->diag, &out->size);
}

/* The only group of cores: [[0, 1]] or, in old files, [0, 1]. */
static stream_status one_group(const reader *r, const stream_yaml *list, const char *what,
                               const stream_yaml **out) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, what, r->diag));
    *out = list;
    if (list->n == 0 || list->items[0]->kind != STREAM_YAML_LIST)
        return STREAM_OK;
    if (list->n > 1)
        return stream_error(r->diag, STREAM_INVALID, list->items[1]->loc,
                            "%s has %d groups of cores; one is possible", what, list->n);
    *out = list->items[0];
    return STREAM_OK;
}

/* Flat lists of older files say which core runs each part. */
static stream_status check_once(const reader *r, const stream_yaml *group, const int32_t *cores,
                                int32_t i) {
    for (int32_t k = 0; k < i; ++k)
        if (cores[k] == cores[i])
            return stream_error(r->diag, STREAM_INVALID, group->items[i]->loc,
                                "core_allocation names core %d twice", cores[i]);
    return STREAM_OK;
}

static stream_status read_cores(const reader *r, const stream_yaml *node,
                                stream_mapping_rule *out) {
    const stream_yaml *list;
    STREAM_TRY(one_group(r, node, "core_allocation", &list));
    int32_t *cores = STREAM_NEW(r->arena, int32_t, (size_t)list->n);
    stream_loc *locs = STREAM_NEW(r->arena, stream_loc, (size_t)list->n);
    if (list->n < 1 || list->n > STREAM_MAX_CORES)
        return stream_error(r->diag, STREAM_INVALID, list->loc,
                            "core_allocation names %d cores; it must name 1 to %d", list->n,
                            STREAM_MAX_CORES);
    for (int32_t i = 0; i < list->n; ++i) {
        int64_t id;
        STREAM_TRY(stream_yaml_integer(list->items[i], "a core id", 0, INT32_MAX, r->diag, &id));
        cores[i] = (int32_t)id;
        locs[i] = list->items[i]->loc;
        if (list != node)
            STREAM_TRY(check_once(r, list, cores, i));
    }
    out->cores = cores;
    out->core_locs = locs;
    out->n_cores = list->n;
    return STREAM_OK;
}

/* Entries of either kind; without `size_key` only words. */
static stream_status read_factors(const reader *r, const stream_yaml *list, const char *size_key,
                                  const char *what, const stream_mapping_factor **out,
                                  int32_t *out_n) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, what, r->diag));
    stream_mapping_factor *factors = STREAM_NEW(r->arena, stream_mapping_factor, (size_t)list->n);
    for (int32_t i = 0; i < list->n; ++i)
        STREAM_TRY(!size_key || list->items[i]->kind == STREAM_YAML_SCALAR
                       ? read_pair(r, list->items[i], what, &factors[i])
                       : stream_mapping_read_entry(r, list->items[i], size_key, what, &factors[i]));
    *out = factors;
    *out_n = list->n;
    return STREAM_OK;
}

static stream_status check_kernel(const reader *r, const stream_yaml *kernel) {
    static const char *const known[] = {"name", "kwargs", NULL};
    const stream_yaml *kwargs;
    STREAM_TRY(stream_yaml_keys(kernel, known, "kernel", r->diag));
    if ((kwargs = stream_yaml_find(kernel, "kwargs")))
        STREAM_TRY(stream_yaml_expect(kwargs, STREAM_YAML_MAP, "kwargs", r->diag));
    return STREAM_OK;
}

static bool has_words(const stream_yaml *list) {
    return list->n > 0 && list->items[0]->kind == STREAM_YAML_SCALAR;
}

static stream_status read_fuse(const reader *r, const stream_yaml *node, stream_mapping_rule *out) {
    const char *word;
    STREAM_TRY(stream_yaml_string(node, "fuse", r->diag, &word));
    bool never = !strcmp(word, "never"), always = !strcmp(word, "always");
    if (!never && !always)
        return stream_error(r->diag, STREAM_INVALID, node->loc,
                            "fuse is 'never' or 'always', not '%s'", word);
    out->fuse = never ? STREAM_FUSE_NEVER : STREAM_FUSE_ALWAYS;
    return STREAM_OK;
}

static stream_status read_streams(const reader *r, const stream_yaml *list,
                                  stream_mapping_rule *out) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, "streams", r->diag));
    for (int32_t i = 0; i < list->n; ++i) {
        const char *word;
        int32_t o = 0;
        STREAM_TRY(stream_yaml_string(list->items[i], "an operand class", r->diag, &word));
        while (o < STREAM_N_OPERANDS &&
               strcmp(word, stream_operand_class_name((stream_operand_class)o)) != 0)
            ++o;
        if (o == STREAM_N_OPERANDS)
            return stream_error(r->diag, STREAM_INVALID, list->items[i]->loc,
                                "streams are I1, I2 or O, not '%s'", word);
        out->streamed |= (uint8_t)(1u << o);
    }
    return STREAM_OK;
}

static stream_status read_rule(const reader *r, const stream_yaml *node, stream_mapping_rule *out) {
    static const char *const known[] = {"name",
                                        "core_allocation",
                                        "core_allocation_is_fixed",
                                        "inter_core_tiling",
                                        "intra_core_tiling",
                                        "kernel",
                                        "fuse",
                                        "streams",
                                        NULL};
    const stream_yaml *value;
    bool fixed;
    *out = (stream_mapping_rule){.loc = node->loc};
    STREAM_TRY(stream_yaml_keys(node, known, "a layer", r->diag));
    STREAM_TRY(stream_yaml_need(node, "name", "a layer", r->diag, &value));
    STREAM_TRY(stream_yaml_string(value, "name", r->diag, &out->name));
    if ((value = stream_yaml_find(node, "fuse")))
        STREAM_TRY(read_fuse(r, value, out));
    if ((value = stream_yaml_find(node, "streams")))
        STREAM_TRY(read_streams(r, value, out));
    int32_t apart = 1 + (out->fuse != STREAM_FUSE_UNSAID) + (value != NULL);
    if (apart > 1 && node->n == apart)
        return STREAM_OK;
    STREAM_TRY(stream_yaml_need(node, "core_allocation", "a layer", r->diag, &value));
    STREAM_TRY(read_cores(r, value, out));
    if (value->items[0]->kind == STREAM_YAML_SCALAR)
        out->lenient = true;
    if ((value = stream_yaml_find(node, "core_allocation_is_fixed")))
        STREAM_TRY(stream_yaml_flag(value, "core_allocation_is_fixed", r->diag, &fixed));
    if ((value = stream_yaml_find(node, "inter_core_tiling"))) {
        const stream_yaml *list;
        STREAM_TRY(one_group(r, value, "inter_core_tiling", &list));
        out->lenient |= has_words(list);
        STREAM_TRY(
            read_factors(r, list, "split", "inter_core_tiling", &out->splits, &out->n_splits));
    }
    if ((value = stream_yaml_find(node, "intra_core_tiling")))
        STREAM_TRY(read_factors(r, value, NULL, "intra_core_tiling", &out->pieces, &out->n_pieces));
    if ((value = stream_yaml_find(node, "kernel")))
        STREAM_TRY(check_kernel(r, value));
    return STREAM_OK;
}

static stream_status read_rules(const reader *r, const stream_yaml *list, stream_mapping *out) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, "layers", r->diag));
    if (list->n > STREAM_MAPPING_MAX_ENTRIES)
        return stream_error(r->diag, STREAM_LIMIT, list->loc, "%d layers; the limit is %d", list->n,
                            STREAM_MAPPING_MAX_ENTRIES);
    stream_mapping_rule *rules = STREAM_NEW(r->arena, stream_mapping_rule, (size_t)list->n);
    out->rules = rules;
    for (int32_t i = 0; i < list->n; ++i)
        STREAM_TRY(read_rule(r, list->items[i], &rules[i]));
    out->n_rules = list->n;
    return STREAM_OK;
}

static stream_status read_root(const reader *r, const stream_yaml *root, stream_mapping *out) {
    static const char *const known[] = {"layers", "fused_groups", "runtime_args", NULL};
    const stream_yaml *value;
    if (root->kind == STREAM_YAML_LIST)
        return read_rules(r, root, out);
    STREAM_TRY(stream_yaml_keys(root, known, "a mapping", r->diag));
    STREAM_TRY(stream_yaml_need(root, "layers", "a mapping", r->diag, &value));
    STREAM_TRY(read_rules(r, value, out));
    if ((value = stream_yaml_find(root, "fused_groups")))
        STREAM_TRY(stream_mapping_read_groups(r, value, out));
    if ((value = stream_yaml_find(root, "runtime_args")))
        STREAM_TRY(stream_yaml_expect(value, STREAM_YAML_MAP, "runtime_args", r->diag));
    return STREAM_OK;
}

static const char *const all[] = {"fused_groups", "layers", "runtime_args", NULL};

/* The dictionary form, also of a list. */
static const char *contents(const reader *r, const stream_yaml *root) {
    stream_text text = {0};
    if (root->kind == STREAM_YAML_LIST) {
        stream_text_str(&text, "layers = ");
        stream_yaml_attr(root, &text);
    } else
        stream_yaml_entries(root, all, &text);
    return stream_yaml_dictionary(&text, r->arena);
}

static void find_places(const reader *r, const stream_yaml *root, stream_mapping *out) {
    stream_vec places = STREAM_VEC(stream_loc);
    *(stream_loc *)stream_vec_push(&places) = root->loc;
    if (root->kind == STREAM_YAML_LIST)
        stream_yaml_places(root, &places);
    for (int k = 0; all[k]; ++k) {
        const stream_yaml *value = stream_yaml_find(root, all[k]);
        if (value)
            stream_yaml_places(value, &places);
    }
    out->n_places = (int32_t)places.n;
    out->places = stream_vec_freeze(&places, r->arena);
}

static stream_status read_mapping(const reader *r, const stream_yaml *root, stream_mapping *out) {
    *out = (stream_mapping){.loc = root->loc};
    STREAM_TRY(read_root(r, root, out));
    out->contents = contents(r, root);
    find_places(r, root, out);
    return STREAM_OK;
}

stream_status stream_mapping_import(const char *path, const void *bytes, size_t n,
                                    stream_arena *arena, const stream_diag *diag,
                                    stream_mapping *out) {
    reader r = {arena, diag};
    const stream_yaml *root;
    const char *kept = path ? stream_arena_strdup(arena, path) : NULL;
    STREAM_TRY(stream_yaml_parse_last(kept, bytes, n, arena, diag, &root));
    return read_mapping(&r, root, out);
}

stream_status stream_mapping_import_placed(const void *bytes, size_t n, const stream_loc *places,
                                           int32_t n_places, stream_arena *arena,
                                           const stream_diag *diag, stream_mapping *out) {
    reader r = {arena, diag};
    const stream_yaml *root;
    STREAM_TRY(stream_yaml_parse_placed(bytes, n, places, n_places, arena, diag, &root));
    return read_mapping(&r, root, out);
}
