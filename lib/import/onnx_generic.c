/* linalg.generic, one at a time; see onnx_import.h. */

#include "onnx_import.h"

#include <stdio.h>
#include <string.h>

void stream_onnx_g_begin(onnx_ctx *c, const char *kinds) {
    onnx_generic *g = &c->generic;
    size_t n = strlen(kinds);
    char *copy = stream_arena_alloc(c->arena, n + 1, 1);
    memcpy(copy, kinds, n);
    g->kinds = copy;
    g->n_loops = (int32_t)n;
    g->n_scalars = 0;
    g->out = NULL;
    stream_text_clear(&g->maps);
    stream_text_clear(&g->ins);
    stream_text_clear(&g->in_types);
    stream_text_clear(&g->block);
    stream_text_clear(&g->body);
}

void stream_onnx_g_free(onnx_generic *g) {
    stream_text_free(&g->maps);
    stream_text_free(&g->ins);
    stream_text_free(&g->in_types);
    stream_text_free(&g->block);
    stream_text_free(&g->body);
}

const char *stream_onnx_dims_map(onnx_ctx *c, int32_t n, const bool *keep) {
    char *map = stream_arena_alloc(c->arena, (size_t)n * 6 + 1, 1);
    size_t at = 0;
    for (int32_t d = 0; d < n; ++d)
        if (!keep || keep[d])
            at += (size_t)snprintf(map + at, 8, "%sd%d", at ? ", " : "", d);
    return map;
}

static onnx_scalar operand(onnx_generic *g, onnx_type type, const char *map) {
    onnx_scalar s = {g->n_scalars++, type};
    stream_text_print(&g->maps, "%saffine_map<(", g->maps.length ? ", " : "");
    for (int32_t d = 0; d < g->n_loops; ++d)
        stream_text_print(&g->maps, "%sd%d", d ? ", " : "", d);
    stream_text_print(&g->maps, ") -> (%s)>", map);
    stream_text_print(&g->block, "%s%%s%d: %s", g->block.length ? ", " : "", s.id,
                      stream_onnx_mlir(type));
    return s;
}

onnx_scalar stream_onnx_g_in(onnx_ctx *c, onnx_value *v, const char *map) {
    onnx_generic *g = &c->generic;
    const char *ssa = stream_onnx_ssa(c, v);
    bool first = !g->ins.length;
    stream_text_print(&g->ins, "%s%s", first ? "" : ", ", ssa);
    stream_text_str(&g->in_types, first ? "" : ", ");
    stream_onnx_print_type(&g->in_types, v);
    return operand(g, v->type, map);
}

/* v without the size-1 dims that `dims` stretches; kept[d] for the loops it indexes. */
static onnx_value *squeeze(onnx_ctx *c, onnx_value *v, int32_t rank, const int64_t *dims,
                           bool *kept) {
    int64_t shape[STREAM_MAX_RANK];
    int32_t n = 0, shift = rank - v->rank;
    for (int32_t d = 0; d < rank; ++d) {
        kept[d] = d >= shift && !(v->dims[d - shift] == 1 && dims[d] != 1);
        if (kept[d])
            shape[n++] = v->dims[d - shift];
    }
    return stream_onnx_reshape_to(c, v, n, shape);
}

onnx_scalar stream_onnx_g_in_broadcast(onnx_ctx *c, onnx_value *v, int32_t rank,
                                       const int64_t *dims) {
    bool kept[STREAM_MAX_RANK] = {false};
    if (stream_onnx_is_scalar(v))
        return stream_onnx_s_constant(c, v);
    v = squeeze(c, v, rank, dims, kept);
    return stream_onnx_g_in(c, v, stream_onnx_dims_map(c, rank, kept));
}

onnx_scalar stream_onnx_g_in_along(onnx_ctx *c, onnx_value *v, int32_t dim) {
    char map[16];
    if (stream_onnx_is_scalar(v))
        return stream_onnx_s_constant(c, v);
    if (stream_onnx_elements(v) == 1)
        return stream_onnx_g_in(c, stream_onnx_reshape_to(c, v, 0, NULL), "");
    snprintf(map, sizeof map, "d%d", dim);
    return stream_onnx_g_in(c, v, map);
}

onnx_scalar stream_onnx_g_out(onnx_ctx *c, onnx_value *init, const char *map) {
    (void)stream_onnx_ssa(c, init);
    c->generic.out = init;
    return operand(&c->generic, init->type, map);
}

static void print_kinds(stream_text *text, const char *kinds) {
    for (const char *k = kinds; *k; ++k)
        stream_text_print(text, "%s\"%s\"", k == kinds ? "" : ", ",
                          *k == 'p' ? "parallel" : "reduction");
}

/* The end of the op without attributes, when the generic is no layer of its own (suffix NULL). */
static void print_head(onnx_ctx *c, const onnx_value *result) {
    onnx_generic *g = &c->generic;
    stream_text *b = &c->body;
    stream_text_print(b, "    %s = linalg.generic {indexing_maps = [%s], iterator_types = [",
                      result->ssa, g->maps.data);
    print_kinds(b, g->kinds);
    stream_text_str(b, "]}");
    if (g->ins.length)
        stream_text_print(b, " ins(%s : %s)", g->ins.data, g->in_types.data);
    stream_text_print(b, " outs(%s : ", g->out->ssa);
    stream_onnx_print_type(b, g->out);
    stream_text_str(b, ")");
}

/* Block arguments come in call order, so constants made before g_out do not disturb them: their
 * ids differ, and the block lists ids in operand order. */
onnx_value *stream_onnx_g_end(onnx_ctx *c, onnx_scalar yield, const char *suffix) {
    onnx_generic *g = &c->generic;
    stream_text *b = &c->body;
    onnx_value *result = stream_onnx_result(c, g->out->type, g->out->rank, g->out->dims);
    print_head(c, result);
    if (suffix) {
        stream_text_str(b, " attrs = {");
        stream_onnx_print_layer(c, b, suffix);
        stream_text_str(b, "}");
    }
    stream_text_print(b, " {\n    ^bb0(%s):\n%s      linalg.yield %%s%d : %s\n    } -> ",
                      g->block.data, g->body.length ? g->body.data : "", yield.id,
                      stream_onnx_mlir(yield.type));
    stream_onnx_print_type(b, result);
    stream_onnx_print_loc(c, b);
    return result;
}
