/* tensor.extract_slice and tensor.insert_slice, static.
 *
 * A strided insertion along one dimension, of n elements at o, o + s, ... is made of views with
 * stride 1:
 *
 *     old   = into[o : o + (n - 1) s + 1]           SLICE
 *     old'  = old, padded at the end to n s          PAD
 *     new   = concat(source[n, 1], old'[n, 1:])      EXPAND, SLICE, CONCAT
 *     into  with new[0 : (n - 1) s + 1] at o         COLLAPSE, SLICE, INSERT
 *
 * and over several dimensions by inserting along the first into what is inserted along the others.
 */

#include "builder.h"
#include "slice_range.h"

#include <string.h>

typedef struct {
    int32_t rank;
    int64_t offset[STREAM_MAX_RANK], size[STREAM_MAX_RANK], stride[STREAM_MAX_RANK];
    bool dropped[STREAM_MAX_RANK]; /* unit dims that the smaller tensor does not have */
} slice;

static stream_status check_range(loader *l, MlirOperation op) {
    stream_slice_fault f;
    if (stream_slice_in_range(op, &f))
        return STREAM_OK;
    if (f.moves)
        return unsupported(l, op,
                           "is out of range at every offset: %lld elements with stride %lld of the "
                           "%lld in dimension %d",
                           (long long)f.size, (long long)f.stride, (long long)f.length, f.dim);
    return unsupported(l, op,
                       "is out of range: %lld elements with stride %lld at offset %lld of the %lld "
                       "in dimension %d",
                       (long long)f.size, (long long)f.stride, (long long)f.offset,
                       (long long)f.length, f.dim);
}

/* A dimension in which more than one element is inserted with a constant stride other than 1, or
 * -1.
 */
static int32_t strided_dim(MlirOperation op, int64_t *stride) {
    int64_t sizes[STREAM_MAX_RANK], strides[STREAM_MAX_RANK];
    intptr_t n = stream_ir_as_i64s(stream_ir_attr(op, "static_sizes"), sizes, STREAM_MAX_RANK);
    stream_ir_as_i64s(stream_ir_attr(op, "static_strides"), strides, STREAM_MAX_RANK);
    for (int32_t d = 0; d < n && n <= STREAM_MAX_RANK; ++d)
        if (sizes[d] > 1 && strides[d] != 1 &&
            strides[d] != mlirShapedTypeGetDynamicStrideOrOffset()) {
            *stride = strides[d];
            return d;
        }
    return -1;
}

stream_status refuse_slice(loader *l, MlirOperation op) {
    int64_t stride = 1;
    STREAM_TRY(check_range(l, op));
    int32_t d = stream_ir_is(op, "tensor.insert_slice") ? strided_dim(op, &stride) : -1;
    if (d >= 0)
        return unsupported(l, op,
                           "inserts with stride %lld in dimension %d: at offsets that data gives, "
                           "insertions need strides of 1",
                           (long long)stride, d);
    return unsupported(l, op, "has offsets, sizes or strides that are not constants");
}

/* `tensor` is the smaller side: the result of an extraction, the source of an insertion. */
static stream_status read_slice(loader *l, MlirOperation op, MlirType tensor, intptr_t n_tensors,
                                slice *out) {
    if (mlirOperationGetNumOperands(op) != n_tensors)
        return refuse_slice(l, op);
    STREAM_TRY(check_range(l, op));
    int32_t rank = 0, small = 0;
    int64_t shape[STREAM_MAX_RANK];
    STREAM_TRY(tensor_shape(l, tensor, op, "the slice", &rank, shape));
    MlirAttribute sizes = stream_ir_attr(op, "static_sizes");
    out->rank = (int32_t)stream_ir_as_i64s(sizes, out->size, STREAM_MAX_RANK);
    if (out->rank < 0 || out->rank > STREAM_MAX_RANK)
        return unsupported(l, op, "slices a tensor of rank %d; up to %d is read", out->rank,
                           STREAM_MAX_RANK);
    stream_ir_as_i64s(stream_ir_attr(op, "static_offsets"), out->offset, STREAM_MAX_RANK);
    stream_ir_as_i64s(stream_ir_attr(op, "static_strides"), out->stride, STREAM_MAX_RANK);
    for (int32_t d = 0; d < out->rank; ++d) {
        if (out->stride[d] < 1 || out->stride[d] > INT32_MAX)
            return unsupported(l, op, "has stride %lld in dimension %d", (long long)out->stride[d],
                               d);
        out->dropped[d] = !(small < rank && shape[small] == out->size[d]);
        small += !out->dropped[d];
    }
    return STREAM_OK;
}

/* map[d] = dim of the tensor without the dropped dims to whose group d belongs. */
static int32_t kept_dims(const slice *s, int32_t *map) {
    int32_t kept = 0;
    for (int32_t d = 0; d < s->rank; ++d) {
        kept += !s->dropped[d];
        map[d] = kept ? kept - 1 : 0;
    }
    for (int32_t d = 0; d < s->rank && kept == 0; ++d)
        map[d] = -1;
    return kept;
}

stream_status load_slice(loader *l, MlirOperation op) {
    slice s;
    int32_t map[STREAM_MAX_RANK];
    MlirValue result = mlirOperationGetResult(op, 0);
    STREAM_TRY(read_slice(l, op, mlirValueGetType(result), 1, &s));
    int32_t view = view_of(l, mlirOperationGetOperand(op, 0));
    view = view_slice(l, view, s.size, s.offset, s.stride);
    int32_t kept = kept_dims(&s, map);
    value_map_set(&l->view_of, result, view_collapse(l, view, kept, map));
    return STREAM_OK;
}

/* Shape of `view` with dimension `d` set to `size`. */
static void shape_with(const loader *l, int32_t view, int32_t d, int64_t size, int64_t *shape) {
    memcpy(shape, view_at(l, view)->shape, sizeof view_at(l, view)->shape);
    shape[d] = size;
}

/* Splits dimension `d` of `view` into [n, inner]. */
static int32_t split_dim(loader *l, int32_t view, int32_t d, int64_t n, int64_t inner) {
    int32_t rank = view_at(l, view)->rank, map[STREAM_MAX_RANK];
    int64_t shape[STREAM_MAX_RANK];
    for (int32_t i = 0; i <= rank; ++i) {
        int32_t from = i > d ? i - 1 : i;
        map[i] = from;
        shape[i] = i == d ? n : i == d + 1 ? inner : view_at(l, view)->shape[from];
    }
    return view_expand(l, view, rank + 1, shape, map);
}

static int32_t join_dim(loader *l, int32_t view, int32_t d) {
    int32_t rank = view_at(l, view)->rank, map[STREAM_MAX_RANK];
    for (int32_t i = 0; i < rank; ++i)
        map[i] = i > d ? i - 1 : i;
    return view_collapse(l, view, rank - 1, map);
}

/* The n x s elements of which every s-th, from the first on, is `source` and the others are `old`.
 */
static int32_t interleave(loader *l, int32_t source, int32_t old, int32_t d, int64_t n, int64_t s) {
    int64_t zero[STREAM_MAX_RANK] = {0}, one_in[STREAM_MAX_RANK] = {0}, high[STREAM_MAX_RANK] = {0};
    int64_t shape[STREAM_MAX_RANK];
    high[d] = s - 1;
    one_in[d + 1] = 1;
    stream_view_origin undefined = {.element = origin_of(l, old)->element};
    old = view_pad(l, old, zero, high, undefined);
    old = split_dim(l, old, d, n, s);
    shape_with(l, old, d + 1, s - 1, shape);
    int32_t parts[2] = {split_dim(l, source, d, n, 1), view_slice(l, old, shape, one_in, NULL)};
    int32_t mixed = join_dim(l, view_concat(l, 2, parts, d + 1), d);
    shape_with(l, mixed, d, (n - 1) * s + 1, shape);
    return view_slice(l, mixed, shape, zero, NULL);
}

/* `source` written into `into` as `s` says, from dimension `d` on (those before are whole). */
static int32_t insert_from(loader *l, int32_t source, int32_t into, const slice *s, int32_t d) {
    while (d < s->rank && (s->stride[d] == 1 || s->size[d] == 1))
        ++d;
    if (d == s->rank) {
        int64_t at[STREAM_MAX_RANK];
        memcpy(at, s->offset, sizeof at);
        return view_insert(l, source, into, at);
    }
    int64_t n = s->size[d], step = s->stride[d], shape[STREAM_MAX_RANK];
    int64_t at[STREAM_MAX_RANK] = {0}, strides[STREAM_MAX_RANK];
    at[d] = s->offset[d];
    for (int32_t i = 0; i < s->rank; ++i)
        strides[i] = i == d ? step : 1;
    slice rest = *s;
    rest.stride[d] = 1;
    rest.offset[d] = 0;
    shape_with(l, into, d, n, shape);
    source = insert_from(l, source, view_slice(l, into, shape, at, strides), &rest, d + 1);
    shape_with(l, into, d, (n - 1) * step + 1, shape);
    int32_t old = view_slice(l, into, shape, at, NULL);
    return view_insert(l, interleave(l, source, old, d, n, step), into, at);
}

stream_status load_insert(loader *l, MlirOperation op) {
    slice s;
    int32_t map[STREAM_MAX_RANK];
    MlirValue source = mlirOperationGetOperand(op, 0), into = mlirOperationGetOperand(op, 1);
    STREAM_TRY(read_slice(l, op, mlirValueGetType(source), 2, &s));
    for (int32_t d = 0; d < s.rank; ++d)
        if (s.stride[d] > 1 && s.size[d] > 1 && s.rank == STREAM_MAX_RANK)
            return unsupported(l, op, "is strided and has rank %d; up to %d is read", s.rank,
                               STREAM_MAX_RANK - 1);
    int32_t view = view_of(l, source);
    kept_dims(&s, map);
    view = view_expand(l, view, s.rank, s.size, map);
    view = insert_from(l, view, view_of(l, into), &s, 0);
    value_map_set(&l->view_of, mlirOperationGetResult(op, 0), view);
    return STREAM_OK;
}
