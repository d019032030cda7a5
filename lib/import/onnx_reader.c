/* Bytes to protobuf-c structs, and TensorProto to packed constants; see onnx_import.h. */

#include "onnx_import.h"

#include <string.h>

static void *arena_alloc(void *arena, size_t size) {
    return stream_arena_alloc(arena, size, 1);
}

static void arena_free(void *arena, void *pointer) {
    (void)arena;
    (void)pointer;
}

stream_status stream_onnx_unpack(onnx_ctx *c, const void *bytes, size_t n_bytes,
                                 Onnx__ModelProto **out_model) {
    ProtobufCAllocator allocator = {arena_alloc, arena_free, c->arena};
    stream_loc loc = {.file = c->path};
    if (n_bytes == 0)
        return stream_error(c->diag, STREAM_INVALID, loc, "the file is empty, not an ONNX model");
    *out_model = onnx__model_proto__unpack(&allocator, n_bytes, bytes);
    if (!*out_model)
        return stream_error(c->diag, STREAM_INVALID, loc,
                            "not an ONNX model, or a truncated one (%zu bytes)", n_bytes);
    if (!(*out_model)->graph)
        return stream_error(c->diag, STREAM_INVALID, loc,
                            "not an ONNX model: it has no graph (%zu bytes)", n_bytes);
    return STREAM_OK;
}

/* The typed field that holds elements of `type`: how many there are. */
static size_t typed_count(const Onnx__TensorProto *t, onnx_type type) {
    switch (type) {
    case ONNX_FLOAT:
        return t->n_float_data;
    case ONNX_DOUBLE:
        return t->n_double_data;
    case ONNX_INT64:
        return t->n_int64_data;
    case ONNX_UINT32:
    case ONNX_UINT64:
        return t->n_uint64_data;
    case ONNX_UNDEFINED:
    case ONNX_UINT8:
    case ONNX_INT8:
    case ONNX_UINT16:
    case ONNX_INT16:
    case ONNX_INT32:
    case ONNX_BOOL:
    case ONNX_FLOAT16:
    case ONNX_BFLOAT16:
        return t->n_int32_data;
    }
    return 0;
}

/* Element i of the typed field; f16 and bf16 are stored as bit patterns in int32_data. */
static void copy_typed(const Onnx__TensorProto *t, onnx_type type, size_t i, uint8_t *at) {
    if (type == ONNX_FLOAT)
        memcpy(at, &t->float_data[i], 4);
    else if (type == ONNX_DOUBLE)
        memcpy(at, &t->double_data[i], 8);
    else if (type == ONNX_INT64)
        memcpy(at, &t->int64_data[i], 8);
    else if (type == ONNX_UINT32 || type == ONNX_UINT64)
        memcpy(at, &t->uint64_data[i], stream_onnx_bytes(type));
    else if (type == ONNX_BOOL)
        *at = t->int32_data[i] != 0;
    else
        memcpy(at, &t->int32_data[i], stream_onnx_bytes(type));
}

static stream_status typed_data(onnx_ctx *c, const Onnx__TensorProto *t, const char *what,
                                const onnx_value *v, int64_t n, const uint8_t **out) {
    size_t stored = typed_count(t, v->type), bytes = stream_onnx_bytes(v->type);
    if (stored != (size_t)n)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "%s has %zu elements of %s, its shape needs %lld", what, stored,
                                 stream_onnx_type_name(v->type), (long long)n);
    uint8_t *data = stream_arena_alloc(c->arena, (size_t)n, bytes);
    for (size_t i = 0; i < stored; ++i)
        copy_typed(t, v->type, i, data + i * bytes);
    *out = data;
    return STREAM_OK;
}

static stream_status raw_data(onnx_ctx *c, const Onnx__TensorProto *t, const char *what,
                              const onnx_value *v, size_t n_bytes, const uint8_t **out) {
    if (t->raw_data.len != n_bytes)
        return stream_onnx_error(c, STREAM_INVALID, "%s has %zu bytes of data, its shape needs %zu",
                                 what, t->raw_data.len, n_bytes);
    if (v->type == ONNX_BOOL)
        for (size_t i = 0; i < n_bytes; ++i)
            t->raw_data.data[i] = t->raw_data.data[i] != 0;
    *out = t->raw_data.data;
    return STREAM_OK;
}

static stream_status shape_of(onnx_ctx *c, const Onnx__TensorProto *t, const char *what,
                              onnx_value *out, int64_t *out_n) {
    if (!stream_onnx_type_known(t->data_type))
        return stream_onnx_error(c, STREAM_UNSUPPORTED,
                                 "%s has element type %s, which is not supported", what,
                                 stream_onnx_any_type_name(c, t->data_type));
    if (t->n_dims > STREAM_MAX_RANK)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "%s has rank %zu, at most %d is supported",
                                 what, t->n_dims, STREAM_MAX_RANK);
    out->type = (onnx_type)t->data_type;
    out->rank = (int32_t)t->n_dims;
    for (size_t d = 0; d < t->n_dims; ++d)
        out->dims[d] = t->dims[d];
    *out_n = stream_onnx_count(out->rank, out->dims);
    if (*out_n < 0)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "%s has an impossible shape (a negative "
                                 "dimension, or more than 2^40 elements)",
                                 what);
    return STREAM_OK;
}

stream_status stream_onnx_tensor(onnx_ctx *c, const Onnx__TensorProto *t, const char *what,
                                 onnx_value *out, bool *out_absent) {
    int64_t n = 0;
    STREAM_TRY(shape_of(c, t, what, out, &n));
    if (t->segment.len)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "%s is stored in segments", what);
    const uint8_t *data = NULL;
    size_t n_bytes = (size_t)n * stream_onnx_bytes(out->type);
    bool external = t->data_location == 1 || (t->n_external_data && !t->has_raw_data);
    if (external)
        STREAM_TRY(stream_onnx_external(c, t, n_bytes, &data));
    else if (t->raw_data.len)
        STREAM_TRY(raw_data(c, t, what, out, n_bytes, &data));
    else if (n == 0 || typed_count(t, out->type))
        STREAM_TRY(typed_data(c, t, what, out, n, &data));
    *out_absent = !data;
    if (data) {
        out->blob = STREAM_NEW(c->arena, onnx_blob, 1);
        *out->blob = (onnx_blob){data, -1};
    }
    return STREAM_OK;
}
