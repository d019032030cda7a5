/* Text of constants and structural ops; see onnx_import.h. */

#include "onnx_import.h"

#include <stdio.h>
#include <string.h>

enum {
    LIST_ELEMENTS = 16,
    INLINE_BYTES = 1024
};

static void print_hex(stream_text *text, const uint8_t *bytes, size_t n) {
    static const char digit[] = "0123456789ABCDEF";
    char chunk[512];
    size_t filled = 0;
    for (size_t i = 0; i < n; ++i) {
        chunk[filled++] = digit[bytes[i] >> 4];
        chunk[filled++] = digit[bytes[i] & 15];
        if (filled == sizeof chunk || i + 1 == n) {
            stream_text_append(text, chunk, filled);
            filled = 0;
        }
    }
}

/* dense<[[1, 2], [3, 4]]>, recursively over the dims. */
static void print_nested(stream_text *text, const onnx_value *v, int32_t dim, int64_t *at) {
    if (dim == v->rank) {
        stream_onnx_print_literal(text, v->type,
                                  v->blob->data + (size_t)*at * stream_onnx_bytes(v->type));
        ++*at;
        return;
    }
    stream_text_str(text, "[");
    for (int64_t i = 0; i < v->dims[dim]; ++i) {
        stream_text_str(text, i ? ", " : "");
        print_nested(text, v, dim + 1, at);
    }
    stream_text_str(text, "]");
}

/* Hex blobs start with their alignment, 4 bytes little endian. */
static void print_resource(onnx_ctx *c, const onnx_value *v, size_t n_bytes) {
    static const uint8_t align4[] = {4, 0, 0, 0}, align8[] = {8, 0, 0, 0};
    if (v->blob->resource < 0) {
        v->blob->resource = c->n_resources++;
        stream_text_print(&c->resources, "%s\n      w%d: \"0x", v->blob->resource ? "," : "",
                          v->blob->resource);
        print_hex(&c->resources, stream_onnx_bytes(v->type) == 8 ? align8 : align4, 4);
        print_hex(&c->resources, v->blob->data, n_bytes);
        stream_text_str(&c->resources, "\"");
    }
    stream_text_print(&c->constants, "dense_resource<w%d>", v->blob->resource);
}

static void print_elements(onnx_ctx *c, const onnx_value *v) {
    int64_t n = stream_onnx_elements(v), at = 0;
    size_t n_bytes = (size_t)n * stream_onnx_bytes(v->type);
    if (n == 0) {
        stream_text_str(&c->constants, "dense<>");
    } else if (v->splat || n == 1) {
        stream_text_str(&c->constants, "dense<");
        stream_onnx_print_literal(&c->constants, v->type, v->blob->data);
        stream_text_str(&c->constants, ">");
    } else if (n <= LIST_ELEMENTS || v->type == ONNX_BOOL) {
        stream_text_str(&c->constants, "dense<");
        print_nested(&c->constants, v, 0, &at);
        stream_text_str(&c->constants, ">");
    } else if (n_bytes <= INLINE_BYTES) {
        stream_text_str(&c->constants, "dense<\"0x");
        print_hex(&c->constants, v->blob->data, n_bytes);
        stream_text_str(&c->constants, "\">");
    } else {
        print_resource(c, v, n_bytes);
    }
}

const char *stream_onnx_ssa(onnx_ctx *c, onnx_value *v) {
    v->used = true;
    if (v->ssa[0])
        return v->ssa;
    snprintf(v->ssa, sizeof v->ssa, "%%cst%d", c->n_constants++);
    stream_text_print(&c->constants, "    %s = arith.constant ", v->ssa);
    print_elements(c, v);
    stream_text_str(&c->constants, " : ");
    stream_onnx_print_type(&c->constants, v);
    stream_text_str(&c->constants, "\n");
    return v->ssa;
}

onnx_value *stream_onnx_result(onnx_ctx *c, onnx_type type, int32_t rank, const int64_t *dims) {
    onnx_value *v = stream_onnx_new(c, type, rank, dims);
    snprintf(v->ssa, sizeof v->ssa, "%%%d", c->n_ssa++);
    return v;
}

void stream_onnx_print_list(stream_text *text, int32_t n, const int64_t *values) {
    stream_text_str(text, "[");
    for (int32_t i = 0; i < n; ++i)
        stream_text_print(text, "%s%lld", i ? ", " : "", (long long)values[i]);
    stream_text_str(text, "]");
}

/* "<layer><suffix>", with the node's number where another node is called that. */
static const char *part_name(onnx_ctx *c, const char *suffix) {
    size_t n = strlen(c->layer) + strlen(suffix) + 16;
    char *name = stream_arena_alloc(c->arena, n, 1);
    snprintf(name, n, "%s%s", c->layer, suffix);
    if (!*suffix)
        return name;
    if (stream_onnx_names_find(c->layers, name))
        snprintf(name, n, "%s%s_%d", c->layer, suffix, c->node_index);
    stream_onnx_names_add(c->layers, c->arena, name, STREAM_NEW(c->arena, onnx_value, 1));
    return name;
}

void stream_onnx_print_layer(onnx_ctx *c, stream_text *text, const char *suffix) {
    stream_text_str(text, "stream.layer = ");
    stream_onnx_print_string(text, part_name(c, suffix));
    stream_text_str(text, ", stream.operator = ");
    stream_onnx_print_string(text, c->node->op_type);
}

void stream_onnx_print_loc(onnx_ctx *c, stream_text *text) {
    stream_text_str(text, " loc(");
    stream_onnx_print_string(text, c->layer);
    stream_text_str(text, ")\n");
}

onnx_value *stream_onnx_empty(onnx_ctx *c, onnx_type type, int32_t rank, const int64_t *dims) {
    onnx_value *v = stream_onnx_result(c, type, rank, dims);
    stream_text_print(&c->body, "    %s = tensor.empty() : ", v->ssa);
    stream_onnx_print_type(&c->body, v);
    stream_text_str(&c->body, "\n");
    return v;
}

/* A scalar arith.constant in the function body; its name goes to `out` [16]. */
static void scalar_constant(onnx_ctx *c, onnx_type type, double value, char *out) {
    uint8_t bytes[8];
    stream_onnx_store(type, bytes, value);
    snprintf(out, 16, "%%%d", c->n_ssa++);
    stream_text_print(&c->body, "    %s = arith.constant ", out);
    stream_onnx_print_literal(&c->body, type, bytes);
    if (type != ONNX_BOOL)
        stream_text_print(&c->body, " : %s", stream_onnx_mlir(type));
    stream_text_str(&c->body, "\n");
}

onnx_value *stream_onnx_fill(onnx_ctx *c, onnx_type type, double value, int32_t rank,
                             const int64_t *dims) {
    char scalar[16];
    scalar_constant(c, type, value, scalar);
    onnx_value *empty = stream_onnx_empty(c, type, rank, dims);
    onnx_value *v = stream_onnx_result(c, type, rank, dims);
    stream_text_print(&c->body, "    %s = linalg.fill ins(%s : %s) outs(%s : ", v->ssa, scalar,
                      stream_onnx_mlir(type), empty->ssa);
    stream_onnx_print_type(&c->body, v);
    stream_text_str(&c->body, ") -> ");
    stream_onnx_print_type(&c->body, v);
    stream_text_str(&c->body, "\n");
    return v;
}

onnx_value *stream_onnx_pad(onnx_ctx *c, onnx_value *v, const int64_t *low, const int64_t *high,
                            double value) {
    int64_t dims[STREAM_MAX_RANK];
    bool any = false;
    for (int32_t d = 0; d < v->rank; ++d) {
        dims[d] = v->dims[d] + low[d] + high[d];
        any |= low[d] || high[d];
    }
    if (!any)
        return v;
    char scalar[16];
    const char *source = stream_onnx_ssa(c, v);
    scalar_constant(c, v->type, value, scalar);
    onnx_value *out = stream_onnx_result(c, v->type, v->rank, dims);
    stream_text_print(&c->body, "    %s = tensor.pad %s low", out->ssa, source);
    stream_onnx_print_list(&c->body, v->rank, low);
    stream_text_str(&c->body, " high");
    stream_onnx_print_list(&c->body, v->rank, high);
    stream_text_str(&c->body, " {\n    ^bb0(");
    for (int32_t d = 0; d < v->rank; ++d)
        stream_text_print(&c->body, "%s%%i%d: index", d ? ", " : "", d);
    stream_text_print(&c->body, "):\n      tensor.yield %s : %s\n    } : ", scalar,
                      stream_onnx_mlir(v->type));
    stream_onnx_print_type(&c->body, v);
    stream_text_str(&c->body, " to ");
    stream_onnx_print_type(&c->body, out);
    stream_onnx_print_loc(c, &c->body);
    return out;
}

static void print_window(onnx_ctx *c, int32_t rank, const int64_t *offset, const int64_t *size,
                         const int64_t *stride) {
    stream_onnx_print_list(&c->body, rank, offset);
    stream_text_str(&c->body, " ");
    stream_onnx_print_list(&c->body, rank, size);
    stream_text_str(&c->body, " ");
    stream_onnx_print_list(&c->body, rank, stride);
    stream_text_str(&c->body, " : ");
}

onnx_value *stream_onnx_slice(onnx_ctx *c, onnx_value *v, const int64_t *offset,
                              const int64_t *size, const int64_t *stride) {
    const char *source = stream_onnx_ssa(c, v);
    onnx_value *out = stream_onnx_result(c, v->type, v->rank, size);
    stream_text_print(&c->body, "    %s = tensor.extract_slice %s", out->ssa, source);
    print_window(c, v->rank, offset, size, stride);
    stream_onnx_print_type(&c->body, v);
    stream_text_str(&c->body, " to ");
    stream_onnx_print_type(&c->body, out);
    stream_onnx_print_loc(c, &c->body);
    return out;
}

onnx_value *stream_onnx_insert(onnx_ctx *c, onnx_value *v, onnx_value *into, const int64_t *offset,
                               const int64_t *stride) {
    const char *source = stream_onnx_ssa(c, v), *target = stream_onnx_ssa(c, into);
    onnx_value *out = stream_onnx_result(c, v->type, into->rank, into->dims);
    stream_text_print(&c->body, "    %s = tensor.insert_slice %s into %s", out->ssa, source,
                      target);
    print_window(c, v->rank, offset, v->dims, stride);
    stream_onnx_print_type(&c->body, v);
    stream_text_str(&c->body, " into ");
    stream_onnx_print_type(&c->body, out);
    stream_onnx_print_loc(c, &c->body);
    return out;
}

/* A named data-movement op with one input and one `outs`: linalg.transpose, linalg.broadcast. */
static onnx_value *move(onnx_ctx *c, const char *op, onnx_value *v, onnx_value *empty,
                        const char *key, int32_t n, const int64_t *list, const char *suffix) {
    const char *source = stream_onnx_ssa(c, v);
    onnx_value *out = stream_onnx_result(c, v->type, empty->rank, empty->dims);
    stream_text_print(&c->body, "    %s = %s ins(%s : ", out->ssa, op, source);
    stream_onnx_print_type(&c->body, v);
    stream_text_print(&c->body, ") outs(%s : ", empty->ssa);
    stream_onnx_print_type(&c->body, empty);
    stream_text_print(&c->body, ") %s = ", key);
    stream_onnx_print_list(&c->body, n, list);
    if (suffix) {
        stream_text_str(&c->body, " {");
        stream_onnx_print_layer(c, &c->body, suffix);
        stream_text_str(&c->body, "}");
    }
    stream_onnx_print_loc(c, &c->body);
    return out;
}

onnx_value *stream_onnx_transpose(onnx_ctx *c, onnx_value *v, const int32_t *perm,
                                  const char *suffix) {
    int64_t dims[STREAM_MAX_RANK], list[STREAM_MAX_RANK];
    for (int32_t d = 0; d < v->rank; ++d) {
        list[d] = perm[d];
        dims[d] = v->dims[perm[d]];
    }
    onnx_value *empty = stream_onnx_empty(c, v->type, v->rank, dims);
    return move(c, "linalg.transpose", v, empty, "permutation", v->rank, list, suffix);
}

onnx_value *stream_onnx_broadcast(onnx_ctx *c, onnx_value *v, onnx_type type, int32_t rank,
                                  const int64_t *dims, const bool *kept) {
    int64_t added[STREAM_MAX_RANK];
    int32_t n = 0;
    char kinds[STREAM_MAX_RANK + 1] = {0};
    for (int32_t d = 0; d < rank; ++d) {
        kinds[d] = 'p';
        if (!kept[d])
            added[n++] = d;
    }
    onnx_value *empty = stream_onnx_empty(c, type, rank, dims);
    if (v->type == type)
        return move(c, "linalg.broadcast", v, empty, "dimensions", n, added, NULL);
    stream_onnx_g_begin(c, kinds);
    onnx_scalar s = stream_onnx_g_in(c, v, stream_onnx_dims_map(c, rank, kept));
    stream_onnx_g_out(c, empty, stream_onnx_dims_map(c, rank, NULL));
    return stream_onnx_g_end(c, stream_onnx_s_cast(c, s, type), NULL);
}
