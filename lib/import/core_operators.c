/* What a core runs; see core.h. */

#include "core.h"
#include "operator_names.h"

#include <string.h>

#define MAX_OPERATORS 1024

static void warn_unknown(const stream_yaml *node, const char *name, const stream_diag *diag) {
    if (stream_operator_is_known(name))
        return;
    const char *nearest = stream_operator_nearest(name);
    stream_warn(
        diag, node->loc,
        "'%s' is no operator of ONNX: only an op with stream.operator = \"%s\" is one%s%s%s", name,
        name, nearest ? "; is '" : "", nearest ? nearest : "", nearest ? "' meant?" : "");
}

static stream_status read_names(const stream_yaml *list, const char *what, stream_arena *arena,
                                const stream_diag *diag, const char *const **out, int32_t *out_n) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, what, diag));
    const char **operators = STREAM_NEW(arena, const char *, (size_t)list->n);
    if (list->n > MAX_OPERATORS)
        return stream_error(diag, STREAM_LIMIT, list->loc, "%d operator types; the limit is %d",
                            list->n, MAX_OPERATORS);
    for (int32_t i = 0; i < list->n; ++i) {
        STREAM_TRY(stream_yaml_string(list->items[i], "an operator type", diag, &operators[i]));
        for (int32_t k = 0; k < i; ++k)
            if (!strcmp(operators[k], operators[i]))
                return stream_error(diag, STREAM_INVALID, list->items[i]->loc,
                                    "operator type '%s' is listed twice", operators[i]);
        warn_unknown(list->items[i], operators[i], diag);
    }
    *out = operators;
    *out_n = list->n;
    return STREAM_OK;
}

stream_status stream_core_read_operators(const stream_yaml *list, stream_arena *arena,
                                         const stream_diag *diag, stream_core *out) {
    if (list->kind == STREAM_YAML_LIST && list->n == 0)
        return stream_error(diag, STREAM_INVALID, list->loc,
                            "operator_types is empty: the core would run nothing; leave it out if "
                            "the core runs any operator");
    return read_names(list, "operator_types", arena, diag, &out->operators, &out->n_operators);
}

stream_status stream_core_read_post(const stream_yaml *map, stream_arena *arena,
                                    const stream_diag *diag, stream_core *out) {
    static const char *const known[] = {"operator_types", "ops_per_cycle", "unit_energy", NULL};
    stream_post_processing *post = STREAM_NEW(arena, stream_post_processing, 1);
    const stream_yaml *value;
    STREAM_TRY(stream_yaml_keys(map, known, "post_processing", diag));
    if (out->kind != STREAM_CORE_COMPUTE)
        return stream_error(diag, STREAM_INVALID, map->loc,
                            "post_processing belongs to compute cores");
    STREAM_TRY(stream_yaml_need(map, "operator_types", "post_processing", diag, &value));
    STREAM_TRY(read_names(value, "operator_types of post_processing", arena, diag, &post->operators,
                          &post->n_operators));
    if ((value = stream_yaml_find(map, "ops_per_cycle")))
        STREAM_TRY(
            stream_yaml_integer(value, "ops_per_cycle", 1, INT32_MAX, diag, &post->ops_per_cycle));
    if ((value = stream_yaml_find(map, "unit_energy")))
        STREAM_TRY(stream_yaml_number(value, "unit_energy", 0, STREAM_MAX_PJ, diag, &post->op_pj));
    out->post = post;
    return STREAM_OK;
}
