/* RotaryEmbedding: pairs of elements turned by an angle per position.
 *
 *   y[.., 0, j] = cos[j] x[.., 0, j] - sin[j] x[.., 1, j]
 *   y[.., 1, j] = cos[j] x[.., 1, j] + sin[j] x[.., 0, j]
 *
 * The rotated part is seen as [b, h, s, 2, half], interleaved as [b, h, s, half, 2]; inputs of rank
 * 3 as [b, s, h, ...]. */

#include "onnx_contract.h"
#include "onnx_elementwise.h"
#include "onnx_index.h"
#include "onnx_move.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    onnx_value *x; /* rank 4 */
    int64_t rotated, size;
    int32_t position, pair, half; /* loops: of the position, of the pair, inside a half */
} rotation;

static stream_status read_shape(onnx_ctx *c, rotation *r) {
    onnx_value *x = c->in[0];
    bool interleaved = false;
    int64_t heads = 0, rotated = 0;
    STREAM_TRY(stream_onnx_flag(c, "interleaved", false, &interleaved));
    STREAM_TRY(stream_onnx_int(c, "num_heads", 0, &heads));
    STREAM_TRY(stream_onnx_int(c, "rotary_embedding_dim", 0, &rotated));
    STREAM_TRY(stream_onnx_want_elements(c));
    bool flat = x->rank == 3;
    if (!flat)
        STREAM_TRY(stream_onnx_want_rank(c, 0, 4));
    if (flat && (heads < 1 || x->dims[2] % heads))
        return stream_onnx_error(c, STREAM_INVALID, "%lld heads of %lld elements", (long long)heads,
                                 (long long)x->dims[2]);
    if (flat) {
        int64_t dims[4] = {x->dims[0], x->dims[1], heads, x->dims[2] / heads};
        x = stream_onnx_reshape_to(c, x, 4, dims);
    }
    *r = (rotation){.x = x, .size = x->dims[3], .position = flat ? 1 : 2};
    r->rotated = rotated ? rotated : r->size;
    r->pair = interleaved ? 4 : 3;
    r->half = interleaved ? 3 : 4;
    if (r->rotated < 2 || r->rotated > r->size || r->rotated % 2)
        return stream_onnx_error(c, STREAM_INVALID, "%lld of %lld elements of a head are rotated",
                                 (long long)r->rotated, (long long)r->size);
    return STREAM_OK;
}

/* With positions the caches are [positions, half], without them [b, s, half]. */
static stream_status check_caches(onnx_ctx *c, const rotation *r) {
    const onnx_value *ids = stream_onnx_input(c, 3);
    int64_t want[3] = {r->x->dims[0], r->x->dims[r->position], r->rotated / 2};
    STREAM_TRY(stream_onnx_same_types(c, 0, 2));
    for (int32_t i = 1; i <= 2; ++i) {
        const onnx_value *v = c->in[i];
        bool good = v->rank == (ids ? 2 : 3) && v->dims[v->rank - 1] == want[2];
        good = good && (ids || (v->dims[0] == want[0] && v->dims[1] == want[1]));
        if (!good)
            return stream_onnx_error(c, STREAM_INVALID, "the cache '%s' does not fit the input",
                                     v->name);
    }
    if (!ids)
        return STREAM_OK;
    STREAM_TRY(stream_onnx_want_indices(c, 3));
    if (ids->rank != 2 || ids->dims[0] != want[0] || ids->dims[1] != want[1])
        return stream_onnx_error(c, STREAM_INVALID, "the positions do not fit the input");
    return STREAM_OK;
}

static onnx_value *cache(onnx_ctx *c, int32_t input, const char *suffix) {
    onnx_value *ids = stream_onnx_input(c, 3);
    return ids ? stream_onnx_gather_emit(c, c->in[input], 0, ids, false, suffix) : c->in[input];
}

/* x [b, h, s, 2, half] turned. */
static onnx_value *turn(onnx_ctx *c, const rotation *r, onnx_value *x) {
    char angle[32], other[16];
    onnx_value *cosines = cache(c, 1, ".cos"), *sines = cache(c, 2, ".sin");
    onnx_type type = stream_onnx_computing(x->type);
    snprintf(angle, sizeof angle, "d0, d%d, d%d", r->position, r->half);
    snprintf(other, sizeof other, "-d%d + 1", r->pair);
    onnx_scalar own = stream_onnx_map_in(c, x);
    onnx_scalar their = stream_onnx_g_in(c, x, stream_onnx_replaced_map(c, 5, r->pair, other));
    onnx_scalar cosine = stream_onnx_g_in(c, cosines, angle);
    onnx_scalar sine = stream_onnx_g_in(c, sines, angle);
    stream_onnx_map_out(c, x->type, 5, x->dims);
    own = stream_onnx_s_arith(c, '*', stream_onnx_s_cast(c, own, type),
                              stream_onnx_s_cast(c, cosine, type));
    their = stream_onnx_s_arith(c, '*', stream_onnx_s_cast(c, their, type),
                                stream_onnx_s_cast(c, sine, type));
    onnx_scalar first = stream_onnx_s_compare(c, "eq", stream_onnx_s_index(c, r->pair, ONNX_INT64),
                                              stream_onnx_s_number(c, ONNX_INT64, 0));
    onnx_scalar y = stream_onnx_s_select(c, first, stream_onnx_s_arith(c, '-', own, their),
                                         stream_onnx_s_arith(c, '+', own, their));
    return stream_onnx_g_end(c, stream_onnx_s_cast(c, y, x->type), "");
}

static stream_status rotary_embedding(onnx_ctx *c) {
    rotation r = {.x = c->in[0]};
    STREAM_TRY(read_shape(c, &r));
    STREAM_TRY(check_caches(c, &r));
    int64_t zero[4] = {0}, one[4] = {1, 1, 1, 1}, part[4], rest[4], split[5];
    memcpy(part, r.x->dims, sizeof part);
    memcpy(rest, r.x->dims, sizeof rest);
    memcpy(split, r.x->dims, sizeof rest);
    part[3] = r.rotated;
    rest[3] = r.size - r.rotated;
    split[r.pair] = 2;
    split[r.half] = r.rotated / 2;
    onnx_value *x = rest[3] ? stream_onnx_slice(c, r.x, zero, part, one) : r.x;
    x = turn(c, &r, stream_onnx_reshape_to(c, x, 5, split));
    x = stream_onnx_reshape_to(c, x, 4, part);
    if (rest[3]) {
        zero[3] = r.rotated;
        onnx_value *parts[2] = {x, stream_onnx_slice(c, r.x, zero, rest, one)};
        x = stream_onnx_concat(c, parts, 2, 3);
    }
    c->out[0] = stream_onnx_reshape_to(c, x, c->in[0]->rank, c->in[0]->dims);
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"RotaryEmbedding", NULL, 23, 3, 4, ONNX_FLOATING, rotary_embedding},
};

ONNX_FAMILY(stream_onnx_rotary, rows);
