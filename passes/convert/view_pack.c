/* linalg.pack and linalg.unpack, static: pad, split each tiled dimension, transpose; and back. */

#include "builder.h"

#include "stream/support/integer.h"

#include <string.h>

typedef struct {
    int32_t rank, n_tiles;          /* of the unpacked tensor */
    int64_t tile[STREAM_MAX_RANK];  /* of dimension d; 0: not tiled */
    int32_t inner[STREAM_MAX_RANK]; /* tile dimensions in packed order */
    int32_t
        outer[STREAM_MAX_RANK]; /* outer dimension i of the packed tensor is dimension outer[i] */
    int32_t split_at[STREAM_MAX_RANK]; /* position of dimension d in the split tensor */
} packing;

static stream_status read_packing(loader *l, MlirOperation op, int32_t rank, packing *out) {
    int64_t tiles[STREAM_MAX_RANK], dims[STREAM_MAX_RANK], outer[STREAM_MAX_RANK];
    *out = (packing){.rank = rank};
    int32_t n = (int32_t)stream_ir_as_i64s(stream_ir_attr(op, "inner_dims_pos"), dims, rank);
    stream_ir_as_i64s(stream_ir_attr(op, "static_inner_tiles"), tiles, STREAM_MAX_RANK);
    if (rank + n > STREAM_MAX_RANK)
        return unsupported(l, op, "packs to rank %d; up to %d is read", rank + n, STREAM_MAX_RANK);
    out->n_tiles = n;
    for (int32_t i = 0; i < n; ++i) {
        if (tiles[i] <= 0)
            return unsupported(l, op, "has a tile size that is not a constant");
        out->tile[dims[i]] = tiles[i];
        out->inner[i] = (int32_t)dims[i];
    }
    MlirAttribute perm = stream_ir_attr(op, "outer_dims_perm");
    bool given = stream_ir_as_i64s(perm, outer, STREAM_MAX_RANK) == rank;
    for (int32_t d = 0, at = 0; d < rank; ++d) {
        out->outer[d] = given ? (int32_t)outer[d] : d;
        out->split_at[d] = at;
        at += 1 + (out->tile[d] > 0);
    }
    return STREAM_OK;
}

/* permutation[p] = position in the split tensor of dimension p of the packed one. */
static void packed_order(const packing *p, int32_t *permutation) {
    for (int32_t d = 0; d < p->rank; ++d)
        permutation[d] = p->split_at[p->outer[d]];
    for (int32_t i = 0; i < p->n_tiles; ++i)
        permutation[p->rank + i] = p->split_at[p->inner[i]] + 1;
}

/* Shape and groups of the split tensor, of a tensor whose tiled dims are multiples of the tiles. */
static int32_t split_shape(const packing *p, const int64_t *shape, int64_t *split, int32_t *map) {
    int32_t n = 0;
    for (int32_t d = 0; d < p->rank; ++d) {
        map[n] = d;
        split[n++] = p->tile[d] ? shape[d] / p->tile[d] : shape[d];
        if (p->tile[d]) {
            map[n] = d;
            split[n++] = p->tile[d];
        }
    }
    return n;
}

static bool pad_to_tiles(const packing *p, const int64_t *shape, int64_t *padded, int64_t *high) {
    bool any = false;
    for (int32_t d = 0; d < p->rank; ++d) {
        padded[d] = p->tile[d] ? stream_round_up(shape[d], p->tile[d]) : shape[d];
        high[d] = padded[d] - shape[d];
        any |= high[d] > 0;
    }
    return any;
}

stream_status load_pack(loader *l, MlirOperation op) {
    packing p;
    int32_t map[STREAM_MAX_RANK], permutation[STREAM_MAX_RANK], rank;
    int64_t shape[STREAM_MAX_RANK], low[STREAM_MAX_RANK] = {0}, high[STREAM_MAX_RANK];
    MlirValue result = mlirOperationGetResult(op, 0);
    STREAM_TRY(tensor_shape(l, mlirValueGetType(result), op, "the result", &rank, shape));
    int32_t view = view_of(l, mlirOperationGetOperand(op, 0));
    STREAM_TRY(read_packing(l, op, view_at(l, view)->rank, &p));
    stream_view_origin origin = {.element = origin_of(l, view)->element};
    if (pad_to_tiles(&p, view_at(l, view)->shape, shape, high)) {
        if (mlirOperationGetNumOperands(op) > 2)
            origin.scalar = mlirOperationGetOperand(op, 2);
        if (mlirValueIsNull(origin.scalar) || !stream_scalar_is_constant(origin.scalar))
            return unsupported(l, op, "pads with a value that is not one constant");
    }
    view = view_pad(l, view, low, high, origin);
    memcpy(shape, view_at(l, view)->shape, sizeof shape);
    int64_t split[STREAM_MAX_RANK];
    int32_t n = split_shape(&p, shape, split, map);
    packed_order(&p, permutation);
    view = view_transpose(l, view_expand(l, view, n, split, map), permutation);
    value_map_set(&l->view_of, result, view);
    return STREAM_OK;
}

stream_status load_unpack(loader *l, MlirOperation op) {
    packing p;
    int32_t map[STREAM_MAX_RANK], permutation[STREAM_MAX_RANK], back[STREAM_MAX_RANK], rank;
    int64_t shape[STREAM_MAX_RANK], padded[STREAM_MAX_RANK], high[STREAM_MAX_RANK];
    int64_t split[STREAM_MAX_RANK], zero[STREAM_MAX_RANK] = {0};
    MlirValue result = mlirOperationGetResult(op, 0);
    STREAM_TRY(tensor_shape(l, mlirValueGetType(result), op, "the result", &rank, shape));
    STREAM_TRY(read_packing(l, op, rank, &p));
    pad_to_tiles(&p, shape, padded, high);
    int32_t n = split_shape(&p, padded, split, map);
    packed_order(&p, permutation);
    for (int32_t i = 0; i < n; ++i)
        back[permutation[i]] = i;
    int32_t view = view_transpose(l, view_of(l, mlirOperationGetOperand(op, 0)), back);
    view = view_collapse(l, view, rank, map);
    value_map_set(&l->view_of, result, view_slice(l, view, shape, zero, NULL));
    return STREAM_OK;
}
