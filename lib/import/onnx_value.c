/* Types, values and constants of the ONNX importer; see onnx_import.h. */

#include "onnx_import.h"

#include "stream/support/integer.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    int32_t number;
    const char *name, *mlir;
    size_t bytes;
    unsigned kind;
} type_row;

static const type_row types[] = {
#define X(name, number, mlir, bytes, kind) {number, #name, mlir, bytes, ONNX_##kind},
    ONNX_TYPE_MAP(X)
#undef X
};

static const type_row *row_of(int32_t number) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; ++i)
        if (types[i].number == number)
            return &types[i];
    return NULL;
}

bool stream_onnx_type_known(int32_t type) {
    return row_of(type) != NULL;
}
const char *stream_onnx_type_name(onnx_type type) {
    return row_of((int32_t)type)->name;
}

const char *stream_onnx_any_type_name(onnx_ctx *c, int64_t number) {
    static const struct {
        int32_t number;
        const char *name;
    } others[] = {{0, "UNDEFINED"},     {8, "STRING"},
                  {14, "COMPLEX64"},    {15, "COMPLEX128"},
                  {17, "FLOAT8E4M3FN"}, {18, "FLOAT8E4M3FNUZ"},
                  {19, "FLOAT8E5M2"},   {20, "FLOAT8E5M2FNUZ"},
                  {21, "UINT4"},        {22, "INT4"},
                  {23, "FLOAT4E2M1"},   {24, "FLOAT8E8M0"},
                  {25, "UINT2"},        {26, "INT2"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; ++i)
        if (others[i].number == number)
            return others[i].name;
    if (number > 0 && number <= INT32_MAX && stream_onnx_type_known((int32_t)number))
        return stream_onnx_type_name((onnx_type)number);
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    return stream_arena_strdup(c->arena, text);
}

const char *stream_onnx_mlir(onnx_type type) {
    return row_of((int32_t)type)->mlir;
}
size_t stream_onnx_bytes(onnx_type type) {
    return row_of((int32_t)type)->bytes;
}
unsigned stream_onnx_kind(onnx_type type) {
    return row_of((int32_t)type)->kind;
}
bool stream_onnx_is_float(onnx_type type) {
    return stream_onnx_kind(type) == ONNX_FLOATING;
}
bool stream_onnx_is_unsigned(onnx_type type) {
    return stream_onnx_kind(type) == ONNX_UNSIGNED;
}

onnx_type stream_onnx_accumulator(onnx_type type) {
    if (type == ONNX_FLOAT16 || type == ONNX_BFLOAT16)
        return ONNX_FLOAT;
    if (stream_onnx_kind(type) & ONNX_INTEGER && stream_onnx_bytes(type) <= 2)
        return ONNX_INT32;
    return type;
}

/* Open addressing over FNV-1a; grows at half load. Only looked up, never iterated. */
typedef struct {
    const char *name;
    onnx_value *value;
} slot;

struct onnx_names {
    slot *slots;
    size_t n, capacity; /* a power of two */
};

onnx_names *stream_onnx_names_create(stream_arena *arena) {
    onnx_names *names = STREAM_NEW(arena, onnx_names, 1);
    names->capacity = 64;
    names->slots = STREAM_NEW(arena, slot, names->capacity);
    return names;
}

static slot *probe(const onnx_names *names, const char *name) {
    uint64_t hash = 14695981039346656037u;
    for (const char *s = name; *s; ++s)
        hash = (hash ^ (uint8_t)*s) * 1099511628211u;
    for (size_t i = (size_t)(hash ^ hash >> 32);; ++i) {
        slot *at = &names->slots[i & (names->capacity - 1)];
        if (!at->name || !strcmp(at->name, name))
            return at;
    }
}

onnx_value *stream_onnx_names_find(const onnx_names *names, const char *name) {
    return probe(names, name)->value;
}

static void grow(onnx_names *names, stream_arena *arena) {
    onnx_names old = *names;
    names->capacity *= 2;
    names->slots = STREAM_NEW(arena, slot, names->capacity);
    for (size_t i = 0; i < old.capacity; ++i)
        if (old.slots[i].name)
            *probe(names, old.slots[i].name) = old.slots[i];
}

void stream_onnx_names_add(onnx_names *names, stream_arena *arena, const char *name,
                           onnx_value *value) {
    if (2 * (names->n + 1) > names->capacity)
        grow(names, arena);
    slot *at = probe(names, name);
    names->n += !at->name;
    *at = (slot){name, value};
}

int64_t stream_onnx_count(int32_t rank, const int64_t *dims) {
    int64_t n = 1;
    bool zero = false;
    for (int32_t d = 0; d < rank; ++d) {
        if (dims[d] < 0 || dims[d] > INT32_MAX)
            return -1;
        zero |= dims[d] == 0;
        if (dims[d] && (!stream_mul_i64(n, dims[d], &n) || n > (int64_t)1 << 40))
            return -1;
    }
    return zero ? 0 : n;
}

int64_t stream_onnx_elements(const onnx_value *v) {
    return stream_onnx_count(v->rank, v->dims);
}

onnx_value *stream_onnx_new(onnx_ctx *c, onnx_type type, int32_t rank, const int64_t *dims) {
    onnx_value *v = STREAM_NEW(c->arena, onnx_value, 1);
    v->type = type;
    v->rank = rank;
    v->name = "";
    for (int32_t d = 0; d < rank; ++d)
        v->dims[d] = dims[d];
    return v;
}

onnx_value *stream_onnx_constant_new(onnx_ctx *c, onnx_type type, int32_t rank, const int64_t *dims,
                                     const void *data, bool splat) {
    onnx_value *v = stream_onnx_new(c, type, rank, dims);
    v->blob = STREAM_NEW(c->arena, onnx_blob, 1);
    *v->blob = (onnx_blob){data, -1};
    v->splat = splat;
    return v;
}

onnx_value *stream_onnx_nothing(onnx_ctx *c, onnx_type type, int32_t rank, const int64_t *dims) {
    return stream_onnx_constant_new(c, type, rank, dims, stream_arena_alloc(c->arena, 1, 8), false);
}

static const uint8_t *element(const onnx_value *v, int64_t i) {
    return v->blob->data + (v->splat ? 0 : (size_t)i * stream_onnx_bytes(v->type));
}

double stream_onnx_get(const onnx_value *v, int64_t i) {
    return stream_onnx_load(v->type, element(v, i));
}

int64_t stream_onnx_get_int(const onnx_value *v, int64_t i) {
    return stream_onnx_load_int(v->type, element(v, i));
}

bool stream_onnx_is_scalar(const onnx_value *v) {
    return v->blob && (v->splat || stream_onnx_elements(v) == 1);
}

void stream_onnx_print_type(stream_text *text, const onnx_value *v) {
    stream_text_str(text, "tensor<");
    for (int32_t d = 0; d < v->rank; ++d)
        stream_text_print(text, "%lldx", (long long)v->dims[d]);
    stream_text_print(text, "%s>", stream_onnx_mlir(v->type));
}
